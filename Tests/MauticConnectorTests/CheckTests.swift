import ConnectorConformance
import Foundation
import MauticSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import MauticConnector

@Suite("What check finds in a Mautic")
struct CheckTests {
  private let account = MauticTestAccount()

  private func check(plain: Bool = false) async -> [Finding] {
    var settings = account.settings
    settings.hasPlainSecret = plain
    let connector = MauticConnector(
      settings: settings,
      context: ConnectorContext(name: "web", folder: "/", fields: WriteLayout.standard.fields),
      surroundings: WebSurroundings(transport: account.network, clock: account.clock, random: { 0.5 }))
    return await connector.check(now: Timestamp(Int64(account.clock.now())))
  }

  /// What is not fine; each has to have a cure, and none may change anything or show a secret.
  private func troubles(plain: Bool = false) async -> [Finding] {
    let changes = account.network.withServer { server, _ in server.changingRequests }
    let findings = await check(plain: plain)
    #expect(account.network.withServer { server, _ in server.changingRequests } == changes)
    #expect(findings.allSatisfy { !$0.text.contains("pass-w0rd") && !$0.cure.contains("pass-w0rd") })
    let troubles = findings.filter { $0.severity != .fine }
    #expect(troubles.allSatisfy { !$0.cure.isEmpty })
    return troubles
  }

  @Test("Nothing is wrong with a good server")
  func good() async throws {
    _ = try await account.people(3)
    let fresh = await check()
    #expect(fresh.allSatisfy { $0.severity == .fine })
    #expect(
      fresh.map(\.text) == [
        "https://m.example.com is Mautic 5.1.1, and the credentials are good", "contacts can be read: 3",
        "the audit log tells of changes and deletions",
        "the user is an administrator: contacts and fields can be written",
        "the field 'lead_score' is not there yet; the first write makes it",
        "the field 'lead_band' is not there yet; the first write makes it",
        "the field 'lead_reasons' is not there yet; the first write makes it",
      ])
    _ = try await account.prepared()
    #expect(
      await check().suffix(3).map(\.text) == [
        "the field 'lead_score' is there", "the field 'lead_band' is there",
        "the field 'lead_reasons' is there",
      ])
  }

  @Test("Of who is no administrator it says that reading does not show whether they may write")
  func reader() async throws {
    account.network.withServer { server, _ in _ = server.settings.rights.remove(.editContacts) }
    let found = await check().first { $0.text.contains("shows only at the first write") }
    #expect(found?.severity == .fine)
    #expect(found?.cure.contains("edit contacts") == true)
  }

  @Test("A secret in the configuration is warned of")
  func plainSecret() async {
    let found = await troubles(plain: true)
    #expect(found.map(\.severity) == [.warning])
    #expect(found.first?.text.contains("plain text") == true)
  }

  @Test("A connection that is only read from says so")
  func notWritten() async {
    let connector = MauticConnector(
      settings: account.settings, context: ConnectorContext(name: "web", folder: "/"),
      surroundings: WebSurroundings(transport: account.network, clock: account.clock))
    let findings = await connector.check(now: Timestamp(Int64(account.clock.now())))
    #expect(findings.last == Finding(.fine, "nothing is written here"))
  }

  @Test(
    "A clock that is off by more than five minutes is warned of",
    arguments: [(300, nil), (-300, nil), (420, "7 min ahead"), (-3_600, "60 min behind")]
      as [(Int64, String?)])
  func clock(_ offset: Int64, _ says: String?) async {
    account.change { $0.settings.clockOffset = offset }
    let found = await troubles()
    guard let says else {
      #expect(found.isEmpty)
      return
    }
    #expect(found.map(\.severity) == [.warning])
    #expect(found.first?.text == "the server's clock is \(says)")
  }

  @Test("A server that does not answer is the only finding", arguments: [true, false])
  func unreachable(_ isThere: Bool) async {
    if isThere {
      account.change { $0.settings.password = "another" }
    } else {
      account.network.decide { _ in .unreachable }
    }
    let found = await check()
    #expect(found.map(\.severity) == [.error])
    #expect(found.first?.cure.isEmpty == false)
  }

  @Test("Without the right to view contacts nothing else is looked at")
  func noContacts() async {
    account.change { $0.settings.rights.remove(.viewContacts) }
    let found = await troubles()
    #expect(found.map(\.severity) == [.error])
    #expect(found.first?.text.contains("does not allow /api/contacts") == true)
  }

  @Test("Without the right to read tables, all of them are named")
  func noStats() async {
    account.change { $0.settings.rights.remove(.stats) }
    let found = await troubles()
    for table in ActivityTable.allCases {
      let finding = found.first { $0.text.contains("/api/stats/\(table.rawValue):") }
      #expect(finding?.severity == (table.isOptional ? .warning : .error), "\(table)")
    }
    #expect(found.count == ActivityTable.allCases.count + 1)
  }

  @Test("Without the audit log, what follows from it is told")
  func noAudit() async {
    account.change { $0.settings.auditLogAllowed = false }
    let found = await troubles()
    #expect(found.map(\.severity) == [.warning])
    #expect(found.first?.text.contains("changes are found by date, deletions once a week") == true)
  }

  @Test("Without the right to see names, rules go by numbers", arguments: ["emails", "forms", "assets"])
  func noNames(_ sort: String) async {
    account.answer(
      "GET /api/\(sort)", with: .json("{\"errors\":[{\"message\":\"no\",\"code\":403}]}", status: 403))
    let found = await troubles()
    #expect(found.map(\.severity) == [.warning])
    #expect(found.first?.text.contains("the names of \(sort) cannot be read") == true)
  }

  @Test("A server that fails for some of it only is told for that")
  func partial() async {
    account.network.decide { request in
      ["/api/stats/page_hits", "/api/stats/audit_log", "/api/forms", "/api/fields/contact"].contains(
        request.path)
        ? .unreachable : .answered
    }
    let found = await troubles()
    #expect(found.map(\.severity) == [.error, .error, .error, .error])
  }

  @Test("A table that is not there is warned of")
  func noTable() async {
    account.answer("GET /api/stats/video_hits", with: .json("{\"availableTables\":[]}"))
    let found = await troubles()
    #expect(
      found == [
        Finding(
          .warning, "there is no table video_hits, so its activities are missing",
          cure: found.first?.cure ?? "")
      ])
  }

  @Test("A version that nobody knows is warned of", arguments: ["3.3.5", "8.0.0-dev"])
  func version(_ version: String) async {
    account.change { $0.settings.version = version }
    let found = await troubles()
    #expect(found.map(\.severity) == [.warning])
    #expect(found.first?.text.contains("is Mautic \(version); known are 4 to 7") == true)
  }

  @Test("Known versions are fine", arguments: ["4.4.13", "5.2.0", "6.0.1", "7.1.0-dev"])
  func knownVersion(_ version: String) async {
    account.change { $0.settings.version = version }
    #expect(await troubles().isEmpty)
  }

  @Test("A version that is not told is warned of", arguments: ["", "unknown"])
  func noVersion(_ version: String) async {
    account.change { $0.settings.version = version }
    let found = await troubles()
    #expect(found.map(\.severity) == [.warning])
    #expect(found.first?.text.contains("does not say which version") == true)
  }

  @Test("Few calls that are left in the hour are warned of", arguments: [(90, true), (500, false)])
  func calls(_ limit: Int, _ isLow: Bool) async {
    account.change { $0.settings.rateLimit = limit }
    let found = await check().filter { $0.text.contains("calls are left in this hour") }
    #expect(found.map(\.severity) == [isLow ? .warning : .fine])
    #expect(found.first?.text == "\(limit - 1) calls are left in this hour")
    #expect(found.first?.cure.isEmpty == !isLow)
  }

  @Test("A field that cannot be used is an error")
  func field() async throws {
    let time = Timestamp(1_795_000_000)
    account.change { $0.addField(alias: "lead_score", type: "text", at: time) }
    let found = await troubles()
    #expect(found.map(\.severity) == [.error])
    #expect(found.first?.text.contains("of the type text, not number") == true)
  }

  @Test("A choice field for the band is not an error: its choices show at the first write")
  func choice() async throws {
    let time = Timestamp(1_795_000_000)
    account.change { $0.addField(alias: "lead_band", type: "select", at: time) }
    account.alter({ $0.path == "/api/fields/contact" }) {
      $0.replacingOccurrences(of: "\"properties\":{}}", with: "\"properties\":{\"list\":[\"hot\"]}}")
    }
    #expect(await troubles().isEmpty)
  }
}
