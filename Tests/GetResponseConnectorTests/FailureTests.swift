import ConnectorConformance
import GetResponseSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import GetResponseConnector

@Suite("Errors of GetResponse are said with their cure")
struct FailureTests {
  private let account = GetResponseTestAccount()
  private static let list = "GET /v3/contacts"

  private func reading(_ answer: SimulatedAnswer) async throws -> ConnectorFailure {
    account.answer(Self.list, with: answer)
    let found = await failure {
      var pull = Pull()
      try await pull.read("contacts", account.getResponse(), account.year(.model()))
    }
    let said = try #require(found)
    #expect(!said.cure.isEmpty)
    return said
  }

  @Test(
    "Each code of an error is told apart, with GetResponse's words and what its support asks for",
    arguments: [
      (500, 1, ConnectorFailure.Kind.unavailable), (400, 1000, .badData), (400, 1001, .changedMeanwhile),
      (400, 1002, .badData), (400, 1003, .badData), (400, 1004, .badData), (400, 1005, .badData),
      (400, 1006, .badData), (400, 1007, .badData), (409, 1008, .badData), (400, 1009, .badData),
      (404, 1013, .configuration), (401, 1014, .forbidden), (403, 1014, .forbidden),
      (403, 1016, .forbidden), (403, 1017, .forbidden), (403, 1018, .forbidden), (503, 1019, .unavailable),
      (400, 1021, .configuration), (403, 1023, .forbidden), (404, 1024, .configuration),
      (400, 1027, .badData), (400, 1028, .badData), (400, 1029, .badData),
    ])
  func codes(status: Int, code: Int, kind: ConnectorFailure.Kind) async throws {
    let said = try await reading(.trouble(status, code))
    #expect(said.kind == kind)
    guard status < 500 else { return }
    #expect(said.what.contains("words of \(code)"))
    #expect(said.what.contains("uuid u-1"))
  }

  @Test("What is not understood is shown with the field that it is about")
  func context() async throws {
    let context = #"{"validationType":"invalid","fieldName":"scoring","errorDescription":"is no number"}"#
    let said = try await reading(.trouble(400, 1000, context: context))
    #expect(said.what.contains("scoring: is no number"))
  }

  @Test("An empty context may be a list, and an id may be missing")
  func bareError() async throws {
    let answer = SimulatedAnswer.json(
      #"{"httpStatus":400,"code":1002,"message":"no","context":[]}"#, status: 400)
    #expect(try await reading(answer).what.hasSuffix("no (code 1002)"))
  }

  @Test("After a block nothing more is sent")
  func blocked() async throws {
    _ = try await account.people(1)
    let connector = account.getResponse()
    account.answer(Self.list, with: .trouble(403, 1017))
    var pull = Pull()
    #expect(
      await failure { try await pull.read("contacts", connector, account.year(.model())) }?.kind == .forbidden
    )
    let before = account.network.requests.count
    #expect(await failure { try await pull.read("orders", connector, account.year()) }?.kind == .forbidden)
    #expect(
      await failure { _ = try await connector.write([ContactWrite(ContactID("a"), 1)]) }?.kind == .forbidden)
    #expect(account.network.requests.count == before)
  }

  @Test(
    "An error inside GetResponse and maintenance are tried again",
    arguments: [(500, 1, 1), (503, 1019, 3), (502, nil, 3)])
  func triedAgain(status: Int, code: Int?, times: Int) async throws {
    _ = try await account.people(1)
    account.change { server, _ in server.failNext(times, status: status, code: code) }
    var pull = Pull()
    try await pull.read("contacts", account.getResponse(), account.year(.model()))
    #expect(pull.contacts().count == 1)
  }

  @Test("A write that an error inside GetResponse keeps from ending is unknown")
  func unknownWrite() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    account.change { server, _ in server.failNext(20, status: 500, code: 1) }
    #expect(try await connector.write([ContactWrite(ids[0], 1)]) == [.unknown])
  }

  @Test(
    "A refusal for the second is waited for as Retry-After says, or the reset header, or the body",
    arguments: ["Retry-After", "X-Ratelimit-Reset", "body"])
  func second(told: String) async throws {
    let account = GetResponseTestAccount()
    _ = try await account.people(1)
    let context = told == "body" ? #"{"currentLimit":80,"timeToReset":"2 seconds"}"# : "[]"
    let headers =
      told == "Retry-After"
      ? [SimulatedPair("Retry-After", "2")]
      : told == "body" ? [] : [SimulatedPair("X-Ratelimit-Reset", "2 seconds")]
    let limited = SimulatedAnswer.json(
      #"{"httpStatus":429,"code":1015,"message":"m","context":\#(context)}"#, status: 429,
      headers: [SimulatedPair("X-Ratelimit-Limit", "80"), SimulatedPair("X-Ratelimit-Remaining", "0")]
        + headers)
    let tally = Tally()
    account.network.decide { request in
      request.path == "/v3/contacts" && tally.next() == 1 ? .altered { _ in limited } : .answered
    }
    let start = account.clock.now()
    let connector = account.getResponse(pageSize: 1_000)
    var pull = Pull()
    try await pull.read("contacts", connector, account.year(.model()))
    #expect(pull.contacts().count == 1)
    #expect((2...6).contains(account.clock.now() - start))
    // The 80 of a second are not taken for those of the frame.
    #expect(await connector.quotas().first { $0.name == "frame" }?.count == 30_000)
  }

  @Test("A frame that is used up is waited for, by the text that says how long")
  func frame() async throws {
    let account = GetResponseTestAccount { $0.retryAfter = [] }
    _ = try await account.people(1)
    account.change { server, now in server.spend(30_000, at: now) }
    let start = account.clock.now()
    var pull = Pull()
    try await pull.read("contacts", account.getResponse(pageSize: 1_000), account.year(.model()))
    #expect(pull.contacts().count == 1)
    let waited = account.clock.now() - start
    #expect(waited > 1 && waited <= 601)
  }

  @Test("A wrong MAX host leads to a web page, which is said and not followed")
  func redirect() async throws {
    let account = GetResponseTestAccount { $0.isWrongHost = true }
    var pull = Pull()
    let found = await failure {
      try await pull.read("contacts", account.getResponse(), account.year(.model()))
    }
    #expect(found?.kind == .configuration)
    #expect(found?.what.contains("wrong address") == true)
    #expect(account.network.requests.count == 1)
  }

  @Test("A page in place of an answer is shown, short")
  func htmlPage() async throws {
    let page = SimulatedAnswer(status: 200, body: Array("<html>\n<b>proxy</b></html>".utf8))
    let said = try await reading(page)
    #expect(said.kind == .unavailable)
    #expect(said.what.contains("<html> <b>proxy"))
  }

  @Test("A MAX account is named in every request, those for tokens too")
  func max() async throws {
    let account = GetResponseTestAccount(.fields) {
      $0.domain = "example.com"
      $0.parentLogin = "boss@example.com"
    }
    _ = try await account.people(1)
    var settings = account.settings
    var pull = Pull()
    #expect(
      await failure {
        try await pull.read("contacts", account.getResponse(settings: settings), account.year())
      }
        != nil)
    settings.domain = "example.com"
    settings.parentLogin = "boss@example.com"
    let before = account.network.requests.count
    try await pull.read("contacts", account.getResponse(settings: settings), account.year())
    #expect(pull.contacts().count == 1)
    let sent = account.network.requests.dropFirst(before)
    #expect(sent.contains { $0.path == "/v3/token" })
    #expect(sent.allSatisfy { $0.header("X-Domain") == "example.com" })
  }

  @Test("An access token that has ended is renewed, with the newest refresh token")
  func renewal() async throws {
    let account = GetResponseTestAccount(.fields)
    _ = try await account.people(1)
    var pull = Pull()
    let connector = account.getResponse()
    for _ in 0..<3 {
      try await pull.read("contacts", connector, account.year())
      account.change { server, _ in server.revokeAccessTokens() }
      account.clock.advance(60)
    }
    try await pull.read("contacts", account.getResponse(), account.year())
    #expect(account.routes().filter { $0 == "POST /v3/token" }.count == 4)
  }

  @Test("An unknown stream is refused")
  func unknownStream() async throws {
    var pull = Pull()
    #expect(
      await failure { try await pull.read("page_hits", account.getResponse(), account.year()) }?.kind
        == .configuration)
  }

  @Test("A cursor that is not understood is said to be damaged")
  func damagedCursor() async throws {
    for stream in try await account.getResponse().streams().map(\.name) {
      let found = await failure {
        _ = try await account.getResponse().page(of: stream, after: Cursor("x"), window: account.year())
      }
      #expect(found?.kind == .badData)
    }
  }

  @Test("A wait that nobody can count ends in a failure, not in a trap")
  func endlessWait() async throws {
    let wait = SimulatedPair("Retry-After", "99999999999999999999")
    let answer = SimulatedAnswer(status: 429, headers: [wait], body: Array("{}".utf8))
    let said = try await reading(answer)
    #expect(said.kind == .unavailable)
    #expect(said.what.contains("a time far away"))
  }
}
