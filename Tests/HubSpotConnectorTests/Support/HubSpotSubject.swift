import ConnectorConformance
import Foundation
import HubSpotSimulator
import Platform
import Scoring
import WebAPI

@testable import HubSpotConnector

/// HubSpot as a subject of the suite, two entries a page.
struct HubSpotSubject: ConformanceSubject {
  /// What differs between accounts.
  enum Sort: String, CaseIterable {
    case usual = "hubspot"
    case listed = "hubspot, listed at every run"
    case app = "hubspot by OAuth2"
    case lists = "hubspot with static lists"
  }

  let sort: Sort
  var name: String { sort.rawValue }
  let secrets = ["pat-na1-s3cret", "client-s3cret", "refresh-s3cret"]
  /// Each reading comes an hour after the one before, and everybody is listed once a day.
  var readingsUntilRemovalShows: Int { sort == .listed ? 1 : 25 }

  var unsupported: [UnsupportedAbility] { [] }

  func makeAccount() async throws -> any ConformanceAccount { HubSpotTestAccount(sort) }
}

/// A HubSpot account with a clock of its own, and other people at work on it.
final class HubSpotTestAccount: ConformanceAccount {
  let network: SimulatedTransport<HubSpotServer>
  let clock = VirtualClock(1_795_000_000)
  let folder = FileManager.default.temporaryDirectory.appending(path: "hubspot-\(UUID().uuidString)").path
  private let sort: HubSpotSubject.Sort
  private let layout = WriteLayout.standard
  private let counter = Tally()
  private let numbers = Numbers()

  init(_ sort: HubSpotSubject.Sort = .usual, change: (inout HubSpotServerSettings) -> Void = { _ in }) {
    self.sort = sort
    var settings = HubSpotServerSettings()
    settings.token = "pat-na1-s3cret"
    settings.clientSecret = "client-s3cret"
    settings.refreshToken = "refresh-s3cret"
    settings.plan = .enterprise
    // The suite merges into a contact that keeps its id, as merges before the rework did.
    settings.mergeMakesNewID = false
    change(&settings)
    network = SimulatedTransport(HubSpotServer(settings: settings), clock: clock)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var settings: HubSpotSettings {
    let login: HubSpotSettings.Login =
      sort == .app
      ? .app(id: "client-id", secret: "client-s3cret", refreshToken: "refresh-s3cret")
      : .token("pat-na1-s3cret")
    var settings = HubSpotSettings(login: login)
    settings.portal = "12345678"
    settings.plan = .enterprise
    settings.lists = sort == .lists
    if sort == .listed { settings.fullList = TimeSpan(seconds: 1_800) }
    return settings
  }

  func hubspot(pageSize: Int = 2, settings: HubSpotSettings? = nil) -> HubSpotConnector {
    var sizes = ContactReader.PageSizes()
    if pageSize < 50 {
      sizes = ContactReader.PageSizes(
        list: pageSize, search: pageSize, emailEvents: pageSize, events: pageSize, submissions: pageSize)
    }
    return HubSpotConnector(
      settings: settings ?? self.settings,
      context: ConnectorContext(name: "hub", folder: folder, fields: layout.fields, privateFolder: folder),
      surroundings: WebSurroundings(transport: network, clock: clock, random: { 0.5 }), sizes: sizes)
  }

  func connector() async throws -> any Connector { hubspot() }

  func window() async throws -> PullWindow { window(days: 365) }

  func passTime(seconds: Int64) async throws { clock.advance(Double(seconds)) }

  func addContact(email: String, firstName: String) async throws -> ContactID {
    let number = counter.next()
    let id = network.withServer { server, now in
      server.add(
        SimulatedContact(
          number: number, email: email, fields: [ContactField("first_name", firstName)], createdAt: now))
      return server.id(ofContact: number) ?? 0
    }
    numbers.set(id, number)
    return ContactID("\(id)")
  }

  func rename(_ contact: ContactID, firstName: String) async throws {
    network.withServer { $0.rename(Self.id(contact), to: firstName, at: $1) }
  }

  func remove(_ contact: ContactID) async throws {
    network.withServer { $0.archive(Self.id(contact), at: $1) }
  }

  func merge(_ loser: ContactID, into winner: ContactID) async throws {
    network.withServer { server, now in _ = server.merge(Self.id(loser), into: Self.id(winner), at: now) }
  }

  func addActivity(of contact: ContactID, number: Int, at time: Timestamp) async throws {
    guard let person = numbers.number(of: Self.id(contact)) else { return }
    network.withServer { server, now in
      server.add(
        SimulatedActivity(
          contact: person, kind: .known(.call), time: time, target: "Call", value: 60))
      // It is noted now, whenever it was made.
      let path = "/crm/objects/2026-03/calls"
      let list = Self.ask(&server, "GET", path, [SimulatedPair("limit", "100")], at: now)
      let ids = list["results"].elements.compactMap { $0["id"].integer }
      let title = JSONOutput.object([("hs_call_title", .text("Call \(number)"))])
      _ = Self.ask(
        &server, "PATCH", "\(path)/\(ids.max() ?? 0)", body: .object([("properties", title)]), at: now)
    }
  }

  /// Somebody else's request.
  static func ask(
    _ server: inout HubSpotServer, _ method: String, _ path: String, _ query: [SimulatedPair] = [],
    body: JSONOutput? = nil, at now: Timestamp
  ) -> JSONValue {
    let answer = server.answer(
      SimulatedRequest(
        method: method, path: path, query: query,
        headers: [
          SimulatedPair("Authorization", "Bearer \(server.settings.token)"),
          SimulatedPair("Content-Type", "application/json"),
        ], body: body?.bytes ?? []), at: now)
    guard let json = try? JSONValue.parse(answer.body) else { fatalError("no JSON") }
    return json
  }

  func held(_ contact: ContactID) async throws -> HeldState? {
    network.withServer { server, _ -> HeldState? in
      guard let held = server.held(Self.id(contact)), held.id == Self.id(contact) else { return nil }
      var state = HeldState()
      state.tags = held.values(of: "lead_tags")
      state.score = held.properties["lead_score"].flatMap { Double($0) }.map { Int($0) }
      state.band = held.properties["lead_band"].flatMap { $0.isEmpty ? nil : $0 }
      state.reasons = held.properties["lead_reasons"].flatMap { $0.isEmpty ? nil : $0 }
      return state
    }
  }

  func editScore(_ contact: ContactID, _ score: Int) async throws {
    network.withServer { $0.setProperty(Self.id(contact), "lead_score", to: "\(score)", at: $1) }
  }

  func addForeignTag(_ contact: ContactID, _ tag: String) async throws {
    network.withServer { $0.addValue(Self.id(contact), "lead_tags", tag, at: $1) }
  }

  func setForeignField(_ contact: ContactID, _ value: String) async throws {
    network.withServer { $0.setProperty(Self.id(contact), "jobtitle", to: value, at: $1) }
  }

  func foreignFields(_ contact: ContactID) async throws -> [String: String] {
    let ours = ["lead_score", "lead_band", "lead_reasons", "lead_tags"]
    let held = network.withServer { server, _ in server.held(Self.id(contact)) }
    return held?.properties.filter { !ours.contains($0.key) } ?? [:]
  }

  func changingRequests() async throws -> Int { network.withServer { server, _ in server.changingRequests } }

  func provoke(_ fault: ConformanceFault) async throws {
    switch fault {
    case .refusal(let contact):
      network.withServer { server, _ in
        server.refuse(Self.id(contact), message: "a rule of the account forbids it")
      }
    case .lostAnswer(let contact, let written):
      let needle = "\"id\":\"\(contact.text)\""
      network.decide { request in
        let isWrite =
          request.path.hasSuffix("/batch/update")
          && String(decoding: request.body, as: UTF8.self).contains(needle)
        return isWrite ? .lost(acted: written) : .answered
      }
    case .outage: network.decide { _ in .unreachable }
    case .wrongCredentials:
      network.withServer { server, _ in
        server.settings.token = "another"
        server.settings.clientSecret = "another"
      }
    case .unusableRecord:
      network.decide { request in
        guard request.path.hasSuffix("/calls/search") else { return .answered }
        return .altered { answer in
          var answer = answer
          var text = String(decoding: answer.body, as: UTF8.self)
          for name in ["hs_timestamp", "hs_createdate", "createdAt"] {
            text = text.replacingOccurrences(of: "\"\(name)\":\"20", with: "\"\(name)\":\"x")
          }
          answer.body = Array(text.utf8)
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
      server.settings.token = "pat-na1-s3cret"
      server.settings.clientSecret = "client-s3cret"
    }
  }

  static func id(_ contact: ContactID) -> Int64 { Int64(contact.text) ?? 0 }

  func window(days: Int64) -> PullWindow {
    let now = Int64(clock.now())
    return PullWindow(since: Timestamp(now - days * 86_400), now: Timestamp(now))
  }
}
