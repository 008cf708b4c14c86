import ConnectorConformance
import Foundation
import GetResponseSimulator
import Platform
import Scoring
import WebAPI

@testable import GetResponseConnector

/// GetResponse as a subject of the suite, two entries a page.
struct GetResponseSubject: ConformanceSubject {
  /// What differs between accounts.
  enum Sort: String, CaseIterable {
    case usual = "getresponse, its own score and tags, listed at every run"
    case daily = "getresponse, nothing but its own score, nothing kept beside the state"
    case banded = "getresponse, its own score, with band and tags"
    case fields = "getresponse by OAuth2, with custom fields"
  }

  let sort: Sort
  var name: String { sort.rawValue }
  let secrets = ["key-s3cret", "client-s3cret", "refresh-s3cret"]
  let unknownContact = ContactID("zzzzzzzz")

  var layout: WriteLayout { Self.layout(sort) }

  /// Each reading comes an hour after the one before; who left is looked for once a day.
  var readingsUntilRemovalShows: Int { sort == .daily || sort == .fields ? 25 : 1 }

  var unsupported: [UnsupportedAbility] {
    let merging = "GetResponse has no contact merge call"
    return [
      UnsupportedAbility(.merging, merging), UnsupportedAbility(.moving, merging),
      UnsupportedAbility(.alikeActivities, "GetResponse's activities have no ids"),
    ]
      + (sort == .daily ? [UnsupportedAbility(.tags, "no tags are written")] : [])
  }

  static func layout(_ sort: Sort) -> WriteLayout {
    var layout = WriteLayout.standard
    layout.bandFloors = [80, 40, 0]
    switch sort {
    case .usual:
      layout.fields = WrittenFields(score: .native, band: nil, reasons: nil, tags: true)
    case .daily:
      layout.fields = WrittenFields(score: .native, band: nil, reasons: nil, tags: false)
    case .banded: layout.fields = WrittenFields(score: .native, band: "lead_band", reasons: nil, tags: true)
    case .fields: break
    }
    return layout
  }

  func makeAccount() async throws -> any ConformanceAccount { GetResponseTestAccount(sort) }
}

/// A GetResponse account with a clock of its own, and other people at work on it.
final class GetResponseTestAccount: ConformanceAccount {
  let network: SimulatedTransport<GetResponseServer>
  let clock = VirtualClock(1_795_000_000)
  let folder = FileManager.default.temporaryDirectory.appending(path: "getresponse-\(UUID().uuidString)").path
  let layout: WriteLayout
  private let sort: GetResponseSubject.Sort
  private let counter = Tally()

  init(
    _ sort: GetResponseSubject.Sort = .usual, change: (inout GetResponseServerSettings) -> Void = { _ in }
  ) {
    self.sort = sort
    layout = GetResponseSubject.layout(sort)
    var settings = GetResponseServerSettings()
    settings.apiKey = "key-s3cret"
    settings.clientSecret = "client-s3cret"
    settings.refreshToken = "refresh-s3cret"
    change(&settings)
    network = SimulatedTransport(GetResponseServer(settings: settings), clock: clock)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var settings: GetResponseSettings {
    var settings = GetResponseSettings(
      login: sort == .fields
        ? .app(id: "client-id", secret: "client-s3cret", refreshToken: "refresh-s3cret") : .key("key-s3cret"))
    settings.emptyTags = true
    if sort == .usual || sort == .banded {
      settings.fullList = TimeSpan(seconds: 1_800)
      settings.activityRefresh = TimeSpan(seconds: 1_800)
    } else {
      settings.activityRefresh = TimeSpan(seconds: 0)
    }
    return settings
  }

  func getResponse(
    pageSize: Int = 2, settings: GetResponseSettings? = nil, fields: WrittenFields?? = nil,
    keeps: Bool = true
  ) -> GetResponseConnector {
    var sizes = ContactReader.PageSizes()
    if pageSize < 100 {
      sizes = ContactReader.PageSizes(list: pageSize, details: pageSize, activityContacts: pageSize)
    }
    return GetResponseConnector(
      settings: settings ?? self.settings,
      context: ConnectorContext(
        name: "mail", folder: folder, fields: fields ?? layout.fields, privateFolder: keeps ? folder : nil),
      surroundings: WebSurroundings(transport: network, clock: clock, random: { 0.5 }), sizes: sizes)
  }

  func connector() async throws -> any Connector { getResponse(keeps: sort != .daily) }

  func window() async throws -> PullWindow { window(days: 365) }

  func passTime(seconds: Int64) async throws { clock.advance(Double(seconds)) }

  func addContact(email: String, firstName: String) async throws -> ContactID {
    let number = counter.next()
    let id = network.withServer { server, now in
      server.add(
        SimulatedContact(
          number: number, email: email, fields: [ContactField("first_name", firstName)], createdAt: now))
      return server.id(ofContact: number) ?? ""
    }
    return ContactID(id)
  }

  func rename(_ contact: ContactID, firstName: String) async throws {
    network.withServer { $0.rename(contact.text, to: firstName, at: $1) }
  }

  func remove(_ contact: ContactID) async throws {
    network.withServer { $0.remove(contact.text, at: $1) }
  }

  func addActivity(of contact: ContactID, number: Int, at time: Timestamp) async throws {
    network.withServer { server, _ in
      server.addActivity(
        contact.text, .emailClick, subject: "News", url: "https://www.example.com/\(number)", at: time)
    }
  }

  func held(_ contact: ContactID) async throws -> HeldState? {
    let fields = layout.fields
    return network.withServer { server, _ -> HeldState? in
      guard let held = server.held(contact.text) else { return nil }
      var state = HeldState()
      func value(_ name: String?) -> String? {
        name.flatMap { held.fields[$0] }.flatMap { $0.isEmpty ? nil : $0 }
      }
      switch fields.score {
      case .native: state.score = held.scoring.map { Int($0) }
      case .field(let name): state.score = value(name).flatMap { Int($0) }
      }
      state.band = value(fields.band)
      state.reasons = value(fields.reasons)
      state.tags = held.tags
      return state
    }
  }

  func editScore(_ contact: ContactID, _ score: Int) async throws {
    let isNative = layout.fields.score == .native
    network.withServer { server, now in
      if isNative {
        server.setScore(contact.text, to: Double(score), at: now)
      } else {
        server.setField(contact.text, "lead_score", to: "\(score)", at: now)
      }
    }
  }

  func addForeignTag(_ contact: ContactID, _ tag: String) async throws {
    network.withServer { $0.addTag(contact.text, tag, at: $1) }
  }

  func setForeignField(_ contact: ContactID, _ value: String) async throws {
    network.withServer { $0.setField(contact.text, "job_title", to: value, at: $1) }
  }

  func foreignFields(_ contact: ContactID) async throws -> [String: String] {
    let ours = ContactMapping.written(layout.fields)
    let held = network.withServer { server, _ in server.held(contact.text) }
    var fields = held?.fields.filter { !ours.contains($0.key) } ?? [:]
    fields["email"] = held?.email
    fields["list"] = held?.list
    return fields
  }

  func changingRequests() async throws -> Int { network.withServer { server, _ in server.changingRequests } }

  func provoke(_ fault: ConformanceFault) async throws {
    switch fault {
    case .refusal(let contact):
      network.withServer { server, _ in server.refuse(contact.text, message: "the contact is blacklisted") }
    case .lostAnswer(let contact, let written):
      network.decide { request in
        request.method == "POST" && request.path.hasPrefix("/v3/contacts/\(contact.text)")
          ? .lost(acted: written) : .answered
      }
    case .outage: network.decide { _ in .unreachable }
    case .wrongCredentials:
      network.withServer { server, _ in
        server.settings.apiKey = "another"
        server.settings.clientSecret = "another"
      }
    case .unusableRecord:
      network.decide { request in
        guard request.path.hasSuffix("/activities") else { return .answered }
        return .altered { answer in
          var answer = answer
          let text = String(decoding: answer.body, as: UTF8.self)
          answer.body = Array(
            text.replacingOccurrences(of: "\"createdOn\":\"20", with: "\"createdOn\":\"x").utf8)
          return answer
        }
      }
    }
  }

  func calm() async throws {
    network.decide { _ in .answered }
    // A client that has met an outage rests for a while.
    clock.advance(400)
    network.withServer { server, _ in
      server.calm()
      server.settings.apiKey = "key-s3cret"
      server.settings.clientSecret = "client-s3cret"
    }
  }

  func window(days: Int64, needs: PullNeeds? = nil) -> PullWindow {
    let now = Int64(clock.now())
    return PullWindow(since: Timestamp(now - days * 86_400), now: Timestamp(now), needs: needs)
  }
}
