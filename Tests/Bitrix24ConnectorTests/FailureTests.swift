import Bitrix24Simulator
import ConnectorConformance
import Foundation
import Platform
import Scoring
import Testing
import WebAPI

@testable import Bitrix24Connector

@Suite("When Bitrix24 does not answer as it should")
struct FailureTests {
  private let portal = Bitrix24TestPortal()

  private func reading(_ portal: Bitrix24TestPortal) async -> ConnectorFailure? {
    await failure {
      var pull = Pull()
      try await pull.read(portal.bitrix24(), portal.window(days: 365))
    }
  }

  @Test(
    "Failures say what happened and the cure",
    arguments: [
      (401, "NO_AUTH_FOUND", ConnectorFailure.Kind.forbidden, "refused the credentials"),
      (403, "ACCESS_DENIED", .forbidden, "does not allow"),
      (403, "insufficient_scope", .forbidden, "does not allow"),
      (410, "PORTAL_DELETED", .configuration, "does not exist any more"),
      (500, "INTERNAL_SERVER_ERROR", .unavailable, "status 500"),
      (503, "OVERLOAD_LIMIT", .unavailable, "503"),
    ])
  func kinds(status: Int, code: String, kind: ConnectorFailure.Kind, what: String) async {
    portal.act { server, _ in server.failNext(100, status: status, code: code) }
    let found = await reading(portal)
    #expect(found?.kind == kind)
    #expect(found?.what.contains(what) == true, "\(found?.what ?? "none")")
    #expect(found?.cure.isEmpty == false)
  }

  @Test("A portal that was blocked by hand is asked once, not again and again")
  func overload() async {
    portal.act { server, _ in server.failNext(100, status: 503, code: "OVERLOAD_LIMIT") }
    _ = await reading(portal)
    #expect(portal.network.requests.count == 1)
  }

  @Test(
    "Pages in place of JSON are told from refusals by their status", arguments: [403, 429, 500, 502, 503])
  func pages(status: Int) async throws {
    portal.act { server, _ in server.failNext(1, status: status) }
    let found = await reading(portal)
    // Those that say "later" are tried again.
    let isLater = status == 429 || status == 502 || status == 503
    #expect((found == nil) == isLater, "\(found?.what ?? "none")")
  }

  @Test("Too many requests are waited for, and so is a used-up budget")
  func limits() async throws {
    _ = try await portal.people(3)
    for (status, code) in [(503, "QUERY_LIMIT_EXCEEDED"), (429, "OPERATION_TIME_LIMIT")] {
      let before = portal.clock.now()
      portal.act { server, _ in server.failNext(1, status: status, code: code) }
      #expect(await reading(portal) == nil)
      #expect(portal.clock.now() > before)
    }
  }

  @Test("A renamed portal is spoken to under its new address, by POST, and the run says so")
  func renamed() async throws {
    let ids = try await portal.people(3)
    portal.act { server, _ in server.redirectNext(1, to: "https://new.bitrix24.com") }
    var pull = Pull()
    try await pull.read(portal.bitrix24(), portal.window())
    #expect(pull.ids() == ids.map(\.text))
    #expect(portal.network.requests.allSatisfy { $0.method == "POST" })
    let note = try #require(pull.rejected("contacts").first)
    #expect(note.reason.contains("https://new.bitrix24.com"))
    #expect(!note.reason.contains("s3cret"))
  }

  @Test(
    "No other redirect is followed",
    arguments: ["https://evil.example", "http://new.bitrix24.com", "https://bitrix24.com.evil.example"])
  func redirects(base: String) async {
    portal.act { server, _ in server.redirectNext(1, to: base) }
    let found = await reading(portal)
    #expect(found?.kind == .configuration)
    #expect(portal.network.requests.count == 1)
    #expect(found?.description.contains("s3cret") == false)
  }

  @Test("A token is renewed when it is refused and not before, and the new refresh token is kept")
  func tokens() async throws {
    let portal = Bitrix24TestPortal(.app)
    _ = try await portal.people(1)
    var pull = Pull()
    try await pull.read(portal.bitrix24(), portal.window())
    func renewals() -> Int { portal.network.requests.filter { $0.path == "/oauth/token/" }.count }
    #expect(renewals() == 1)
    try await pull.read(portal.bitrix24(), portal.window())
    #expect(renewals() == 1)
    portal.clock.advance(7_200)
    try await pull.read(portal.bitrix24(), portal.window())
    #expect(renewals() == 2)
    #expect(portal.network.requests.filter { $0.path == "/oauth/token/" }.allSatisfy { $0.method == "GET" })
  }

  @Test("A connector whose token another process renewed, and whose token ended too, renews it once more")
  func twoTokens() async throws {
    let portal = Bitrix24TestPortal(.app)
    _ = try await portal.people(1)
    var pull = Pull()
    let first = portal.bitrix24()
    try await pull.read(first, portal.window())
    portal.clock.advance(7_200)
    try await pull.read(portal.bitrix24(), portal.window())
    portal.clock.advance(7_200)
    try await pull.read(first, portal.window())
    #expect(pull.pages["contacts"]?.isEmpty == false)
  }

  @Test("A refused refresh token says what to do")
  func refusedToken() async {
    let portal = Bitrix24TestPortal(.app)
    portal.act { server, _ in server.settings.refreshToken = "another" }
    let found = await reading(portal)
    #expect(found?.kind == .forbidden)
    #expect(found?.cure.contains("refreshToken") == true)
    #expect(found?.description.contains("s3cret") == false)
  }

  @Test("The address of the webhook stands in no trace and no counter's name")
  func traces() async throws {
    let watch = Watch()
    let connector = Bitrix24Connector(
      settings: portal.settings,
      context: ConnectorContext(name: "crm", folder: portal.folder, privateFolder: portal.folder),
      surroundings: WebSurroundings(
        transport: portal.network, clock: portal.clock, random: { 0.5 }, observer: watch))
    _ = try await connector.page(of: StreamName("contacts"), after: nil, window: portal.window())
    #expect(!watch.seen.isEmpty)
    #expect(watch.seen.allSatisfy { !$0.contains("w3bh00ks3cret") }, "\(watch.seen)")
  }

  @Test("A cursor that is damaged is refused")
  func damaged() async {
    let found = await failure {
      _ = try await portal.bitrix24().page(
        of: StreamName("contacts"), after: Cursor("{}"), window: portal.window(days: 1))
    }
    #expect(found?.kind == .badData)
  }

  @Test("A mode that is not told makes no leads go: the run ends")
  func unknownMode() async throws {
    let portal = Bitrix24TestPortal(.classic)
    _ = try await portal.people(6)
    portal.clock.advance(3_600)
    var pull = Pull()
    try await pull.read(portal.bitrix24(), portal.window())
    portal.clock.advance(2 * 86_400)
    portal.answer("crm.settings.mode.get") {
      $0.replacing("crm_settings_mode_get__q", with: "another")
    }
    let cursors = pull.cursors
    let found = await failure {
      var next = Pull()
      next.cursors = cursors
      try await next.read(portal.bitrix24(), portal.window(days: 365))
    }
    #expect(found?.kind == .unavailable)
  }

  @Test("A wait that nobody can count ends in a failure, not in a trap")
  func endlessWait() async throws {
    portal.network.decide { _ in
      .altered { _ in
        SimulatedAnswer(
          status: 429, headers: [SimulatedPair("Retry-After", "99999999999999999999")],
          body: Array("{}".utf8))
      }
    }
    let found = await reading(portal)
    #expect(found?.kind == .unavailable)
    #expect(found?.what.contains("a time far away") == true, "\(found?.what ?? "none")")
  }
}
