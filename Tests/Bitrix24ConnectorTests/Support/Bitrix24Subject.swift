import Bitrix24Simulator
import ConnectorConformance
import Foundation
import Platform
import Scoring
import WebAPI

@testable import Bitrix24Connector

/// Bitrix24 as a subject of the suite, two rows a page.
struct Bitrix24Subject: ConformanceSubject {
  /// What differs between portals.
  enum Sort: String, CaseIterable {
    case usual = "bitrix24"
    case listed = "bitrix24, listed at every run"
    case app = "bitrix24 by OAuth2"
    case classic = "bitrix24 with leads"
    case universal = "bitrix24 without the classic methods"
  }

  let sort: Sort
  var name: String { sort.rawValue }
  let secrets = ["w3bh00ks3cret", "client-s3cret", "refresh-s3cret"]
  /// Each reading comes an hour after the one before, and everybody is listed once a day.
  var readingsUntilRemovalShows: Int { sort == .listed ? 1 : 25 }

  var unsupported: [UnsupportedAbility] {
    let reason = "Nothing in Bitrix24 names the contacts that went into another one: they are gone"
    return [UnsupportedAbility(.merging, reason), UnsupportedAbility(.moving, reason)]
  }

  func makeAccount() async throws -> any ConformanceAccount { Bitrix24TestPortal(sort) }
}

/// A portal with a clock of its own, and other people at work on it.
final class Bitrix24TestPortal: ConformanceAccount {
  let network: SimulatedTransport<Bitrix24Server>
  let clock = VirtualClock(1_795_000_000)
  let folder = FileManager.default.temporaryDirectory.appending(path: "bitrix24-\(UUID().uuidString)").path
  private let sort: Bitrix24Subject.Sort
  private let layout = WriteLayout.standard
  private let counter = Tally()
  private let numbers = Numbers()
  private let pageSize: Int

  init(
    _ sort: Bitrix24Subject.Sort = .usual, pageSize: Int = 2,
    change: (inout Bitrix24ServerSettings) -> Void = { _ in }
  ) {
    self.sort = sort
    self.pageSize = pageSize
    var settings = Bitrix24ServerSettings()
    settings.webhookSecret = "w3bh00ks3cret"
    settings.clientSecret = "client-s3cret"
    settings.refreshToken = "refresh-s3cret"
    settings.pageSize = pageSize
    settings.classicMode = sort == .classic
    if sort == .universal {
      settings.missingMethods = [
        "crm.contact.list", "crm.contact.get", "crm.contact.update", "crm.contact.fields",
      ]
    }
    change(&settings)
    network = SimulatedTransport(Bitrix24Server(settings: settings), clock: clock)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var settings: Bitrix24Settings {
    let login: Bitrix24Settings.Login =
      sort == .app
      ? .app(
        url: "https://portal.bitrix24.com", id: "client-id", secret: "client-s3cret",
        refreshToken: "refresh-s3cret")
      : .webhook(address: "https://portal.bitrix24.com/rest/1/w3bh00ks3cret", secret: "w3bh00ks3cret")
    var settings = Bitrix24Settings(login: login)
    settings.sweep = sort == .listed ? TimeSpan(seconds: 1_800) : .days(1)
    return settings
  }

  /// A connector in a new process; short pages come in short chains.
  func bitrix24(
    settings: Bitrix24Settings? = nil, through transport: (any WebTransport)? = nil
  ) -> Bitrix24Connector {
    Bitrix24Connector(
      settings: settings ?? self.settings,
      context: ConnectorContext(name: "crm", folder: folder, fields: layout.fields, privateFolder: folder),
      surroundings: WebSurroundings(transport: transport ?? network, clock: clock, random: { 0.5 }),
      sizes: pageSize < 50 ? ChainSizes(rows: pageSize, longest: 2) : ChainSizes())
  }

  func connector() async throws -> any Connector { bitrix24() }

  func window() async throws -> PullWindow { window(days: 365) }

  func passTime(seconds: Int64) async throws { clock.advance(Double(seconds)) }

  // MARK: People

  func addContact(email: String, firstName: String) async throws -> ContactID {
    let number = counter.next()
    let id = network.withServer { server, now -> ContactID in
      server.add(
        SimulatedContact(
          number: number, email: email, fields: [ContactField("first_name", firstName)], createdAt: now))
      let id = server.id(ofContact: number) ?? 0
      return ContactID(server.isLead(number) ? "L\(id)" : "\(id)")
    }
    numbers.set(id, number)
    return id
  }

  /// Under which number somebody was added.
  func number(of contact: ContactID) -> Int { numbers.number(of: contact) ?? 0 }

  private static func place(_ contact: ContactID) -> (id: Int64, isLead: Bool) {
    let isLead = contact.text.hasPrefix("L")
    return (Int64(contact.text.dropFirst(isLead ? 1 : 0)) ?? 0, isLead)
  }

  func change(_ contact: ContactID, _ body: @Sendable (inout Bitrix24Server, Int64, Bool, Timestamp) -> Void)
  {
    let (id, isLead) = Self.place(contact)
    network.withServer { server, now in body(&server, id, isLead, now) }
  }

  func rename(_ contact: ContactID, firstName: String) async throws {
    change(contact) { $0.rename($1, to: firstName, isLead: $2, at: $3) }
  }

  func remove(_ contact: ContactID) async throws {
    change(contact) { server, id, isLead, _ in server.delete(id, isLead: isLead) }
  }

  func addActivity(of contact: ContactID, number: Int, at time: Timestamp) async throws {
    let person = self.number(of: contact)
    network.withServer { server, _ in
      server.add(
        SimulatedActivity(
          contact: person, kind: .known(.call), time: time, target: "Call \(number)", value: 60))
    }
  }

  // MARK: What is held

  func holding(_ contact: ContactID) -> Bitrix24Holding? {
    let (id, isLead) = Self.place(contact)
    return network.withServer { server, _ in server.held(id, isLead: isLead) }
  }

  func held(_ contact: ContactID) async throws -> HeldState? {
    guard let holding = holding(contact) else { return nil }
    var state = HeldState()
    state.tags = Set(holding.fields["UF_CRM_LEAD_TAGS"] ?? []).subtracting(["-"])
    state.score = holding.value("UF_CRM_LEAD_SCORE").flatMap { Int($0) }
    state.band = holding.value("UF_CRM_LEAD_BAND")
    state.reasons = holding.value("UF_CRM_LEAD_REASONS")
    return state
  }

  func editScore(_ contact: ContactID, _ score: Int) async throws {
    change(contact) { $0.setField($1, "UF_CRM_LEAD_SCORE", to: "\(score)", isLead: $2, at: $3) }
  }

  func addForeignTag(_ contact: ContactID, _ tag: String) async throws {
    change(contact) { $0.addValue($1, "UF_CRM_LEAD_TAGS", tag, isLead: $2, at: $3) }
  }

  func setForeignField(_ contact: ContactID, _ value: String) async throws {
    change(contact) { $0.setField($1, "POST", to: value, isLead: $2, at: $3) }
  }

  func foreignFields(_ contact: ContactID) async throws -> [String: String] {
    (holding(contact)?.fields ?? [:]).filter { !$0.key.hasPrefix("UF_CRM_LEAD_") }
      .mapValues { $0.joined(separator: ";") }
  }

  func changingRequests() async throws -> Int { network.withServer { server, _ in server.changingRequests } }

  // MARK: What goes wrong

  func provoke(_ fault: ConformanceFault) async throws {
    switch fault {
    case .refusal(let contact):
      change(contact) { server, id, isLead, _ in
        server.refuse(id, message: "a rule of the portal forbids it", isLead: isLead)
      }
    case .lostAnswer(let contact, let written):
      let (id, isLead) = Self.place(contact)
      let needle = "crm.item.update?entityTypeId=\(isLead ? 1 : 3)&id=\(id)&"
      network.decide { request in
        String(decoding: request.body, as: UTF8.self).contains(needle) ? .lost(acted: written) : .answered
      }
    case .outage: network.decide { _ in .unreachable }
    case .wrongCredentials:
      network.withServer { server, _ in
        server.settings.webhookSecret = "another"
        server.settings.clientSecret = "another"
        server.expireAccessTokens()
      }
    case .unusableRecord:
      network.decide { request in
        let asked = String(decoding: request.body, as: UTF8.self)
        guard asked.contains("crm.activity.list") || asked.contains("voximplant") else { return .answered }
        return .altered { answer in
          var answer = answer
          var text = String(decoding: answer.body, as: UTF8.self)
          for name in ["CREATED", "START_TIME", "CALL_START_DATE"] {
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
      server.settings.webhookSecret = "w3bh00ks3cret"
      server.settings.clientSecret = "client-s3cret"
    }
  }

  func window(days: Int64) -> PullWindow {
    let now = Int64(clock.now())
    return PullWindow(since: Timestamp(now - days * 86_400), now: Timestamp(now))
  }
}
