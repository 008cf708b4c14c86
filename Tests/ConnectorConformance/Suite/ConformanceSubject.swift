import Platform
import Scoring

/// A platform as the suite sees it: something that makes fresh accounts, and what it can't be made to do.
public protocol ConformanceSubject: Sendable {
  /// How the subject is called in messages: `hubspot`.
  var name: String { get }

  /// What is written. Needs two bands and two owned tags, if it has bands and tags at all.
  var layout: WriteLayout { get }

  /// Text that must appear nowhere: passwords, tokens, keys, webhook paths.
  var secrets: [String] { get }

  /// So many contacts, and so many activities, fill at least three pages.
  var recordsForThreePages: Int { get }

  /// An id of the platform's form that no contact has; it stands behind all others in the order of ids.
  var unknownContact: ContactID { get }

  /// After so many readings at most a removed contact is noticed.
  var readingsUntilRemovalShows: Int { get }

  /// What the subject can't do or be made to do; the checks that need it are skipped and say so.
  var unsupported: [UnsupportedAbility] { get }

  /// A fresh account without contacts.
  func makeAccount() async throws -> any ConformanceAccount
}

extension ConformanceSubject {
  /// `lead_score`, `lead_band`, `lead_reasons`, hot, warm and cold with a tag each.
  public var layout: WriteLayout { .standard }
  /// Seven: the page size of the subject is 2 or 3.
  public var recordsForThreePages: Int { 7 }
  /// The id `999999999`.
  public var unknownContact: ContactID { ContactID("999999999") }
  /// The next reading.
  public var readingsUntilRemovalShows: Int { 1 }
}

/// Something that a check needs from a subject.
public enum ConformanceAbility: String, CaseIterable, Sendable {
  /// The connection can write.
  case writing
  /// The platform has tags.
  case tags
  /// `account.addActivity`
  case activities
  /// `account.addActivity` with a time that lies before the window.
  case oldActivities
  /// Two activities of the same content are told apart from one that is listed twice.
  case alikeActivities
  /// `account.remove`
  case removing
  /// `account.merge`, and the readings tell of it.
  case merging
  /// A write to a merged contact is answered with its new id.
  case moving
  /// `account.setForeignField`
  case foreignFields
  /// `account.editScore`
  case editingScores
  /// `ConformanceFault.refusal`
  case refusing
  /// `ConformanceFault.lostAnswer` after the write was done.
  case losingAnswersAfterWriting
  /// `ConformanceFault.lostAnswer` before the write was done.
  case losingAnswersBeforeWriting
  /// `ConformanceFault.outage`
  case outages
  /// `ConformanceFault.wrongCredentials`
  case wrongCredentials
  /// `ConformanceFault.unusableRecord`
  case unusableRecords
}

/// An ability that a subject lacks, and why.
public struct UnsupportedAbility: Hashable, Sendable {
  /// What it lacks.
  public let ability: ConformanceAbility
  /// Why: a fact about the platform, not an excuse.
  public let reason: String

  /// An ability that a subject lacks.
  public init(_ ability: ConformanceAbility, _ reason: String) {
    self.ability = ability
    self.reason = reason
  }
}

/// Something to go wrong on the platform until `calm`.
public enum ConformanceFault: Hashable, Sendable {
  /// The platform refuses writes of this contact.
  case refusal(ContactID)
  /// Answers to writes of this contact never arrive, after the write was done or before.
  case lostAnswer(ContactID, written: Bool)
  /// No request is answered usefully.
  case outage
  /// The credentials are refused.
  case wrongCredentials
  /// There is a record among the contacts or activities that cannot be used.
  case unusableRecord
}

/// One account on the platform: the hands that act behind the connector's back, and the eyes that see what
/// really stands there.
public protocol ConformanceAccount: Sendable {
  /// A connector in a new process: nothing but the account and its settings is shared with earlier ones.
  ///
  /// It must be able to read what is held before anything was prepared.
  func connector() async throws -> any Connector

  /// The window of a pull that is made now. It begins at least 30 days ago.
  func window() async throws -> PullWindow

  /// Lets time pass on the account's clock, if it has one.
  func passTime(seconds: Int64) async throws

  /// Adds a contact with this address and first name.
  func addContact(email: String, firstName: String) async throws -> ContactID

  /// Changes the first name.
  func rename(_ contact: ContactID, firstName: String) async throws

  /// Removes a contact.
  func remove(_ contact: ContactID) async throws

  /// Makes one contact of two.
  func merge(_ loser: ContactID, into winner: ContactID) async throws

  /// Adds one activity, of a kind of the account's choice; the same number and time give the same content.
  func addActivity(of contact: ContactID, number: Int, at time: Timestamp) async throws

  /// What the platform really holds, with all tags; nil if there is no such contact.
  func held(_ contact: ContactID) async throws -> HeldState?

  /// Gives the contact another score by someone else's hand.
  func editScore(_ contact: ContactID, _ score: Int) async throws

  /// Gives the contact a tag that we don't own.
  func addForeignTag(_ contact: ContactID, _ tag: String) async throws

  /// Sets a field that is not ours.
  func setForeignField(_ contact: ContactID, _ value: String) async throws

  /// Everything that is not ours on the contact, as the platform really has it.
  func foreignFields(_ contact: ContactID) async throws -> [String: String]

  /// How many requests that may change something the platform has had; or how often it did change.
  func changingRequests() async throws -> Int

  /// Makes something go wrong until `calm`.
  func provoke(_ fault: ConformanceFault) async throws

  /// Ends all provoked faults.
  func calm() async throws
}

extension ConformanceAccount {
  private func missing(_ name: String) -> ConformanceFailure {
    ConformanceFailure(
      "The account's \(name) was called", expected: "an implementation, or an entry under `unsupported`",
      found: "neither")
  }

  /// The account has no clock.
  public func passTime(seconds: Int64) async throws {}
  /// Missing.
  public func remove(_ contact: ContactID) async throws { throw missing("remove") }
  /// Missing.
  public func merge(_ loser: ContactID, into winner: ContactID) async throws { throw missing("merge") }
  /// Missing.
  public func addActivity(of contact: ContactID, number: Int, at time: Timestamp) async throws {
    throw missing("addActivity")
  }
  /// Missing.
  public func editScore(_ contact: ContactID, _ score: Int) async throws { throw missing("editScore") }
  /// Missing.
  public func addForeignTag(_ contact: ContactID, _ tag: String) async throws {
    throw missing("addForeignTag")
  }
  /// Missing.
  public func setForeignField(_ contact: ContactID, _ value: String) async throws {
    throw missing("setForeignField")
  }
  /// Missing.
  public func foreignFields(_ contact: ContactID) async throws -> [String: String] {
    throw missing("foreignFields")
  }
  /// Missing.
  public func provoke(_ fault: ConformanceFault) async throws { throw missing("provoke(\(fault))") }
  /// Nothing to end.
  public func calm() async throws {}
}
