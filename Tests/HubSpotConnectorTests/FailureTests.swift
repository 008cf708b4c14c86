import ConnectorConformance
import HubSpotSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import HubSpotConnector

@Suite("Errors of HubSpot are said with their cure")
struct FailureTests {
  private let account = HubSpotTestAccount()
  private static let list = "GET /crm/objects/2026-03/contacts"

  private func reading(_ answer: SimulatedAnswer) async throws -> ConnectorFailure {
    account.answer(Self.list, with: answer)
    let found = await failure {
      _ = try await account.hubspot().page(of: StreamName("contacts"), after: nil, window: account.window())
    }
    let said = try #require(found)
    #expect(!said.cure.isEmpty)
    return said
  }

  @Test(
    "Each body of an error is told apart",
    arguments: [
      (
        401,
        #"{"status":"error","message":"Authentication credentials not found.","category":"INVALID_AUTHENTICATION"}"#,
        HubSpotTrouble.Kind.authentication, ConnectorFailure.Kind.forbidden
      ),
      (530, "error code: 1016", .authentication, .forbidden),
      (
        403,
        #"{"status":"error","category":"MISSING_SCOPES","errors":[{"message":"one or more","context":{"requiredGranularScopes":["crm.objects.contacts.read"]}}]}"#,
        .scopes(["crm.objects.contacts.read"]), .forbidden
      ),
      (
        403,
        #"{"status":"error","category":"MISSING_SCOPES","context":{"requiredGranularScopes":["forms"]}}"#,
        .scopes(["forms"]), .forbidden
      ),
      (403, "{}", .scopes([]), .forbidden),
      (
        400,
        #"{"status":"error","message":"Property values were not valid: [{\"isValid\":false}]","errors":[{"message":"Property \"x\" does not exist","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["x"]}}],"category":"VALIDATION_ERROR"}"#,
        .unknownProperty("x"), .configuration
      ),
      (400, #"{"status":"error","message":"Unable to infer object type from: x"}"#, .validation, .badData),
      (404, #"{"status":"error","category":"OBJECT_NOT_FOUND"}"#, .notFound, .configuration),
      (
        409, #"{"status":"error","category":"CONFLICT","message":"Contact already exists. Existing ID: 1"}"#,
        .conflict, .badData
      ),
      (414, "<html>", .tooLong, .badData), (500, "{}", .server, .unavailable),
    ])
  func bodies(
    status: Int, body: String, kind: HubSpotTrouble.Kind, failure: ConnectorFailure.Kind
  ) async throws {
    let json = try JSONValue.parse(Array((body.hasPrefix("{") ? body : "null").utf8))
    #expect(HubSpotTrouble(status: status, json).kind == kind)
    #expect(try await reading(.json(body, status: status)).kind == failure)
  }

  @Test("The message of a validation that holds a JSON text is not shown, those of its errors are")
  func plainMessage() throws {
    let json = try JSONValue.parse(
      Array(
        #"{"message":"Property values were not valid: [{\"isValid\":false}]","errors":[{"message":"9 is not a number"}]}"#
          .utf8))
    #expect(HubSpotTrouble(status: 400, json).message == "9 is not a number")
  }

  @Test("The support's number of a request is said, and no secret that is repeated")
  func correlation() async throws {
    let found = try await reading(
      .json(#"{"message":"no pat-na1-s3cret here.","correlationId":"c033cdaa"}"#, status: 400))
    #expect(found.what.hasSuffix(": no *** here (correlation id c033cdaa)"))
  }

  @Test("A redirect and a page in place of JSON are told")
  func noJSON() async throws {
    let moved = SimulatedAnswer(status: 302, headers: [SimulatedPair("Location", "https://x.example")])
    #expect(try await reading(moved).kind == .configuration)
    #expect(try await reading(.json("<html>")).kind == .unavailable)
    #expect(try await reading(.json("<html>", status: 403)).kind == .unavailable)
  }

  @Test("An account that is being moved ends the run at once")
  func moving() async throws {
    account.change { server, _ in server.failNext(1, status: 477, retryAfter: 7_200) }
    let found = await failure { try await account.hubspot().prepare(.standard) }
    #expect(found?.kind == .unavailable)
    #expect(found?.what.contains("moved to another data centre") == true)
    #expect(account.network.requests.count == 1)
  }

  @Test("A locked record is tried again, as nothing was done")
  func locked() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    account.change { server, _ in server.failNext(2, status: 423) }
    #expect(try await connector.write([ContactWrite(ids[0], 9)]).first?.isWritten == true)
    #expect(account.held(ids[0])?.properties["lead_score"] == "9")
  }

  @Test(
    "What a busy server did with a batch is not known, and it is not sent again before somebody looked",
    arguments: [502, 503, 504, 521, 523, 524])
  func busy(status: Int) async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    let before = account.batches.count
    account.change { server, _ in server.failNext(1, status: status) }
    #expect(try await connector.write([ContactWrite(ids[0], 9)]) == [.unknown])
    #expect(account.batches.count == before + 1)
  }

  @Test("A busy server is asked again", arguments: [502, 503, 504, 521, 523, 524])
  func asked(status: Int) async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    account.change { server, _ in server.failNext(2, status: status) }
    #expect(try await connector.current([ContactID("\(ids[0])")]).count == 1)
  }

  @Test("The day's quota that is used up ends the run and says so")
  func daily() async throws {
    let account = HubSpotTestAccount { $0.dailyLimit = 3 }
    _ = try await account.people(9)
    var pull = Pull()
    let found = await failure { try await pull.read("contacts", account.hubspot(), account.window()) }
    #expect(found?.kind == .unavailable)
    #expect(found?.cure.contains("of this day are used up") == true)
  }

  @Test("The limits are kept to without one refusal", arguments: [HubSpotPlan.free, .professional])
  func limits(plan: HubSpotPlan) async throws {
    let account = HubSpotTestAccount { $0.plan = plan }
    _ = try await account.people(500)
    let refusals = Tally()
    account.countRefusals(refusals)
    var settings = account.settings
    settings.plan = plan == .free ? .free : .professional
    let begun = account.clock.now()
    var pull = Pull()
    let connector = account.hubspot(settings: settings)
    try await pull.read("contacts", connector, account.window())
    account.clock.advance(60)
    try await pull.read("contacts", connector, account.window())
    #expect(refusals.next() == 1)
    // 250 pages to list, 250 to search.
    #expect(account.clock.now() - begun >= 100)
    #expect(await connector.quotas().map(\.name) == ["burst", "search", "daily"])
  }

  @Test("Searches right behind many other requests wait for the same limit")
  func searchesAfterLists() async throws {
    let account = HubSpotTestAccount { $0.plan = .professional }
    _ = try await account.people(372)
    let refusals = Tally()
    account.countRefusals(refusals)
    var settings = account.settings
    settings.plan = .professional
    var pull = Pull()
    let connector = account.hubspot(settings: settings)
    // 187 requests of the 190 that may be sent in ten seconds.
    try await pull.read("contacts", connector, account.window(days: 365))
    for stream in ["calls", "meetings", "emails", "notes", "tasks", "deals"] {
      try await pull.read(stream, connector, account.window(days: 365))
    }
    #expect(refusals.next() == 1)
  }

  @Test("A token that has ended is renewed in the middle of a reading, and kept for the next process")
  func renewed() async throws {
    let account = HubSpotTestAccount(.app) { $0.rotatesRefreshToken = true }
    _ = try await account.people(6)
    var pull = Pull()
    for _ in 0..<3 {
      account.clock.advance(3_600)
      try await pull.read("contacts", account.hubspot(), account.window())
    }
    #expect(account.routes().filter { $0 == "POST /oauth/2026-03/token" }.count == 3)
  }

  @Test("A wait that nobody can count ends in a failure, not in a trap")
  func endlessWait() async throws {
    let wait = SimulatedPair("Retry-After", "99999999999999999999")
    let said = try await reading(.json("{}", status: 429, headers: [wait]))
    #expect(said.kind == .unavailable)
    #expect(said.what.contains("a time far away"))
  }

  @Test("Pages of forms that lead to each other in a ring are read once")
  func ring() async throws {
    let counted = Tally()
    account.network.decide { request in
      guard request.path.hasPrefix("/marketing/"), request.path.hasSuffix("/forms") else { return .answered }
      let after = request.query.first { $0.name == "after" }?.value
      let next = after == "1" ? "2" : "1"
      _ = counted.next()
      return .altered { _ in
        .json(#"{"results":[{"id":"f\#(next)","name":"F"}],"paging":{"next":{"after":"\#(next)"}}}"#)
      }
    }
    _ = try await account.hubspot().page(of: StreamName("forms"), after: nil, window: account.window())
    #expect(counted.next() == 4)
  }

  @Test("An answer about other contacts than those asked for says nothing of them")
  func others() async throws {
    let id = ContactID("\(try await account.people(1)[0])")
    account.answer(
      "POST /crm/objects/2026-03/contacts/batch/read",
      with: .json(#"{"results":[{"id":"31022000000","properties":{}},{"id":"\#(id)","properties":{}}]}"#))
    #expect(Array(try await account.hubspot().current([id]).keys) == [id])
  }

}
