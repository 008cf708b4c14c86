import Platform
import Scoring
import Synchronization

/// The platform in memory as a subject of the suite; a wrapper may stand between it and the suite.
public struct InMemorySubject: ConformanceSubject {
  /// How it is called in messages.
  public let name: String
  /// What is written.
  public var layout = WriteLayout.standard
  /// Text that must appear nowhere.
  public let secrets = ["s3cret key"]
  /// The platform.
  public let options: InMemoryOptions
  /// Puts something around every connector.
  public let wrapping: @Sendable (InMemoryConnector) -> any Connector

  /// A platform in memory.
  public init(
    _ name: String, _ options: InMemoryOptions, layout: WriteLayout = .standard,
    wrapping: @escaping @Sendable (InMemoryConnector) -> any Connector = { $0 }
  ) {
    self.name = name
    self.options = options
    self.layout = layout
    self.wrapping = wrapping
  }

  /// A platform with full listings has no merges; one without tags in its layout has no tags.
  public var unsupported: [UnsupportedAbility] {
    var result: [UnsupportedAbility] = []
    if options.style == .fullListing {
      result.append(UnsupportedAbility(.merging, "a full listing does not say where a contact went"))
    }
    if !layout.fields.tags { result.append(UnsupportedAbility(.tags, "the layout has none")) }
    if !options.capabilities.canWrite {
      result.append(UnsupportedAbility(.writing, "there is nowhere to write to"))
    }
    return result
  }

  /// A fresh account.
  public func makeAccount() async throws -> any ConformanceAccount {
    let platform = InMemoryConnector(options)
    platform.layout = layout
    return InMemoryAccount(platform: platform, wrapping: wrapping)
  }
}

/// An account on the platform in memory, with a clock of its own.
final class InMemoryAccount: ConformanceAccount {
  private let platform: InMemoryConnector
  private let wrapping: @Sendable (InMemoryConnector) -> any Connector
  private let now = Mutex<Int64>(1_795_000_000)

  init(platform: InMemoryConnector, wrapping: @escaping @Sendable (InMemoryConnector) -> any Connector) {
    self.platform = platform
    self.wrapping = wrapping
  }

  func connector() async throws -> any Connector { wrapping(platform.reopened()) }

  func window() async throws -> PullWindow {
    let now = now.withLock { $0 }
    return PullWindow(since: Timestamp(now - 365 * 86_400), now: Timestamp(now))
  }

  func passTime(seconds: Int64) async throws {
    now.withLock { $0 += seconds }
  }

  func addContact(email: String, firstName: String) async throws -> ContactID {
    let id = "\(platform.content.contacts.count + 1)"
    platform.edit { $0.contacts[id] = InMemoryContact(email, fields: ["first_name": firstName]) }
    return ContactID(id)
  }

  func rename(_ contact: ContactID, firstName: String) async throws {
    platform.edit { $0.contacts[contact.text]?.fields["first_name"] = firstName }
  }

  func remove(_ contact: ContactID) async throws {
    platform.edit { $0.contacts[contact.text] = nil }
  }

  func merge(_ loser: ContactID, into winner: ContactID) async throws {
    platform.edit { $0.merge(loser.text, into: winner.text) }
  }

  func addActivity(of contact: ContactID, number: Int, at time: Timestamp) async throws {
    platform.edit {
      $0.addActivity(of: contact.text, .pageVisit, at: time, target: "https://example.com/\(number)")
    }
  }

  func held(_ contact: ContactID) async throws -> HeldState? { platform.held(contact.text) }

  func editScore(_ contact: ContactID, _ score: Int) async throws {
    let field = platform.layout.fields.score
    platform.edit {
      switch field {
      case .field(let name): $0.contacts[contact.text]?.fields[name] = "\(score)"
      case .native: $0.contacts[contact.text]?.nativeScore = score
      }
    }
  }

  func addForeignTag(_ contact: ContactID, _ tag: String) async throws {
    platform.edit { _ = $0.contacts[contact.text]?.tags.insert(tag) }
  }

  func setForeignField(_ contact: ContactID, _ value: String) async throws {
    platform.edit { $0.contacts[contact.text]?.fields["job_title"] = value }
  }

  func foreignFields(_ contact: ContactID) async throws -> [String: String] {
    let layout = platform.layout
    var ours = [layout.fields.band, layout.fields.reasons].compactMap { $0 }
    if case .field(let name) = layout.fields.score { ours.append(name) }
    return platform.content.contacts[contact.text]?.fields.filter { !ours.contains($0.key) } ?? [:]
  }

  func changingRequests() async throws -> Int { platform.requests.count }

  func provoke(_ fault: ConformanceFault) async throws {
    switch fault {
    case .refusal(let id): platform.refuse(id.text, "is archived", times: nil)
    case .lostAnswer(let id, let written): platform.loseAnswer(id.text, written: written, times: nil)
    case .outage: platform.fail(nil, times: nil)
    case .wrongCredentials:
      let failure = ConnectorFailure(.forbidden, "The key was refused", cure: "Make a new one")
      platform.fail(nil, failure, times: nil)
    case .unusableRecord:
      let record = RejectedRecord(place: "contacts/77", reason: "has no id")
      platform.script(.rejected(StreamName("contacts"), record))
    }
  }

  func calm() async throws { platform.calm() }
}
