import Foundation
import Testing

@testable import WebAPI

@Suite("Logging in by OAuth 2 client credentials")
struct OAuth2Tests {
  private static let tokenURL = "https://crm.example.test/oauth/v2/token"

  private static func authorization(
    placement: OAuth2ClientCredentials.Placement = .form, scope: String? = nil
  ) -> OAuth2ClientCredentials {
    OAuth2ClientCredentials(
      tokenURL: tokenURL, clientID: "id 1", clientSecret: "se:cret&1", scope: scope, placement: placement)
  }

  private static func token(_ number: Int, life: String = "3600") -> ScriptedTransport.Outcome {
    .answer(200, body: #"{"access_token":"token\#(number)","expires_in":\#(life),"token_type":"bearer"}"#)
  }

  /// Gives token1, token2, … and lets a test answer the calls.
  private static func platform(
    life: String = "3600", _ answer: @escaping @Sendable (WebRequest, Int) async -> ScriptedTransport.Outcome
  ) -> ScriptedTransport {
    let fetches = Log()
    return ScriptedTransport { request, number in
      guard request.url == tokenURL else { return await answer(request, number) }
      fetches.add("fetch")
      return token(fetches.entries.count, life: life)
    }
  }

  private func fetches(_ bench: Bench) -> Int {
    bench.transport.requests.filter { $0.url == Self.tokenURL }.count
  }

  private func tokens(_ bench: Bench) -> [String] {
    bench.transport.requests.filter { $0.url != Self.tokenURL }.map { $0.headers.last?.value ?? "" }
  }

  @Test("The token is asked for by a form and sent with every call")
  func fetchesToken() async throws {
    let bench = Bench(
      Self.platform { _, _ in .answer(200) }, authorization: Self.authorization(scope: "read write"))
    for _ in 0..<3 { _ = try await bench.client.send(.read) }
    let asked = bench.transport.requests[0]
    #expect(asked.method == "POST")
    #expect(
      asked.body
        == Array(
          "grant_type=client_credentials&client_id=id%201&client_secret=se%3Acret%261&scope=read%20write".utf8
        ))
    #expect(
      asked.headers == [
        WebHeader("Accept", "application/json"),
        WebHeader("Content-Type", "application/x-www-form-urlencoded"),
      ])
    #expect(tokens(bench) == ["Bearer token1", "Bearer token1", "Bearer token1"])
    #expect(fetches(bench) == 1)
    #expect(bench.client.counters.requests == 4)
  }

  @Test("The id and the secret may stand in a header, percent-encoded")
  func fetchesTokenByHeader() async throws {
    let bench = Bench(
      Self.platform { _, _ in .answer(200) }, authorization: Self.authorization(placement: .basicHeader))
    _ = try await bench.client.send(.read)
    let asked = bench.transport.requests[0]
    let pair = Data("id%201:se%3Acret%261".utf8).base64EncodedString()
    #expect(asked.body == Array("grant_type=client_credentials".utf8))
    #expect(asked.headers.last == WebHeader("Authorization", "Basic \(pair)"))
  }

  @Test("Fifty calls at once fetch one token")
  func fetchesOnce() async throws {
    let latch = Latch()
    let transport = ScriptedTransport { request, _ in
      guard request.url == Self.tokenURL else { return .answer(200) }
      _ = await latch.wait()
      return Self.token(1)
    }
    let authorization = Self.authorization()
    let bench = Bench(transport, authorization: authorization)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        // Clients of their own, since one does not send fifty calls at once.
        let bench = Bench(transport, authorization: authorization)
        group.addTask { _ = try await bench.client.send(.read) }
      }
      while authorization.waiterCount < 50 { await Task.yield() }
      latch.open()
      try await group.waitForAll()
    }
    #expect(fetches(bench) == 1)
    #expect(tokens(bench).count == 50)
  }

  @Test(
    "A token is replaced shortly before its end",
    arguments: [("3600", 3539, 3541), ("30", 26.9, 27.1), ("\"100\"", 89.9, 90.1)])
  func renewsBeforeTheEnd(life: String, stillGood: Double, tooLate: Double) async throws {
    let clock = VirtualClock(passesBySleeping: false)
    let bench = Bench(
      Self.platform(life: life) { _, _ in .answer(200) }, clock: clock, authorization: Self.authorization())
    _ = try await bench.client.send(.read)
    clock.advance(by: stillGood)
    _ = try await bench.client.send(.read)
    clock.advance(by: tooLate - stillGood)
    _ = try await bench.client.send(.read)
    #expect(tokens(bench) == ["Bearer token1", "Bearer token1", "Bearer token2"])
  }

  @Test("A token without a life is used until it is refused")
  func usesTokenWithoutLife() async throws {
    let clock = VirtualClock(passesBySleeping: false)
    let bench = Bench(
      Self.platform(life: "null") { _, _ in .answer(200) }, clock: clock, authorization: Self.authorization())
    _ = try await bench.client.send(.read)
    clock.advance(by: 1e8)
    _ = try await bench.client.send(.read)
    #expect(fetches(bench) == 1)
  }

  @Test("A 401 leads to one new token and one repetition, of a call that must not be repeated too")
  func renewsAfterRefusal() async throws {
    let bench = Bench(
      Self.platform { request, _ in
        .answer(request.headers.last?.value == "Bearer token1" ? 401 : 201)
      }, authorization: Self.authorization(), policy: .never)
    #expect(try await bench.client.send(.create).status == 201)
    #expect(tokens(bench) == ["Bearer token1", "Bearer token2"])
    #expect(bench.client.counters.retries == 1)
  }

  @Test("A second 401 is the final answer")
  func stopsAtSecondRefusal() async throws {
    let bench = Bench(Self.platform { _, _ in .answer(401) }, authorization: Self.authorization())
    #expect(try await bench.client.send(.read).status == 401)
    #expect(fetches(bench) == 2)
    #expect(tokens(bench).count == 2)
  }

  @Test("Many calls that are refused with the same token fetch one new token")
  func renewsOnceForAll() async throws {
    let latch = Latch()
    let transport = Self.platform { request, _ in
      guard request.headers.last?.value == "Bearer token1" else { return .answer(200) }
      _ = await latch.wait()
      return .answer(401)
    }
    let authorization = Self.authorization()
    let bench = Bench(transport, authorization: authorization)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        let bench = Bench(transport, authorization: authorization)
        group.addTask {
          let status = try await bench.client.send(.read).status
          #expect(status == 200)
        }
      }
      await latch.arrivals(20)
      latch.open()
      try await group.waitForAll()
    }
    #expect(fetches(bench) == 2)
  }

  @Test("The renewal does not use up a try, nor a try the renewal")
  func countsApart() async throws {
    let bench = Bench(
      Self.platform { _, number in
        // Request 1 fetches, 2 and 3 are busy, 4 is refused, 5 fetches again.
        [2: .answer(503), 3: .answer(503), 4: .answer(401), 6: .answer(200)][number] ?? .answer(418)
      }, authorization: Self.authorization(), policy: RetryPolicy(tries: 3))
    #expect(try await bench.client.send(.read).status == 200)
    #expect(tokens(bench).count == 4)
  }

  @Test(
    "A refused fetch fails with the platform's own words",
    arguments: [
      (
        400, #"{"errors":[{"message":"The client credentials are invalid","code":400}]}"#,
        "The client credentials are invalid"
      ),
      (401, #"{"error":"invalid_client","error_description":"No\n such  client"}"#, "No such client"),
      (403, #"{"error":"access_denied"}"#, "access_denied"), (403, #"{"message":"Not you"}"#, "Not you"),
      (400, #"{"error":{"message":"Nope"}}"#, "Nope"), (400, #"{"message":"  ","error":"x"}"#, "x"),
      (404, "<html>", "status 404"), (500, "{}", "status 500"),
      (200, "{}", "the answer holds no access_token"), (200, "<html>", "the answer holds no access_token"),
      (200, #"{"access_token":""}"#, "the answer holds no access_token"),
      (400, #"{"message":"se:cret&1 is wrong, client_secret=zzz"}"#, "*** is wrong, client_secret=***"),
    ])
  func failsWithMessage(status: Int, body: String, said: String) async {
    let bench = Bench(
      ScriptedTransport([.answer(status, body: body)]), authorization: Self.authorization())
    let failure = await bench.failure(of: .create)
    #expect(failure?.kind == (status >= 500 ? .busy(status: status) : .unauthorized(said)))
    #expect(failure?.mayHaveActed == false)
    #expect(failure?.what == "the platform gave no access token (status \(status)): \(said)")
  }

  @Test("A long message is cut off, and no part of a secret is left at the cut")
  func cutsMessage() async {
    let body = #"{"message":"\#(String(repeating: "x", count: 195))se:cret&1"}"#
    let bench = Bench(
      ScriptedTransport([.answer(400, body: body)]), authorization: Self.authorization())
    let failure = await bench.failure(of: .read)
    #expect(failure?.kind == .unauthorized(String(repeating: "x", count: 195) + "***"))
  }

  @Test("A fetch is repeated like a read, also on a client of one request at a time")
  func repeatsFetch() async throws {
    let transport = ScriptedTransport([
      .none(.timedOut, .maybeReceived), .answer(503), .answer(429), Self.token(1), .answer(200),
    ])
    let client = APIClient(
      base: "https://crm.example.test", authorization: Self.authorization(),
      governor: Governor([RateLimit("in flight", .inFlight(1))]),
      surroundings: WebSurroundings(transport: transport, clock: VirtualClock(), random: { 0.5 }))
    #expect(try await client.send(.create).status == 200)
  }

  @Test("A fetch that comes to nothing fails the call by its own reason; the next call fetches again")
  func failsByFetch() async throws {
    let bench = Bench(
      ScriptedTransport([.none(.certificate, .neverSent, what: "not trusted"), Self.token(1), .answer(200)]),
      authorization: Self.authorization())
    let failure = await bench.failure(of: .create)
    #expect(failure?.kind == .certificate)
    #expect(failure?.what == "fetching an access token: not trusted (1 try)")
    #expect(failure?.mayHaveActed == false)
    #expect(try await bench.client.send(.create).status == 200)
  }

  @Test("A fetch that fails after a try in doubt leaves the doubt")
  func keepsDoubt() async {
    // The token ends during the wait that follows the 503.
    let bench = Bench(
      ScriptedTransport([Self.token(1, life: "10"), .answer(503), .answer(401, body: "{}")]),
      authorization: Self.authorization(), policy: RetryPolicy(base: 100, cap: 100))
    let failure = await bench.failure(of: .update)
    #expect(failure?.kind == .unauthorized("status 401"))
    #expect(failure?.mayHaveActed == true)
  }

  @Test("The secret in a Basic header is masked, however it is encoded there")
  func masksBasicHeader() async {
    let transport = ScriptedTransport { request, _ in
      .none(.badRequest, .neverSent, what: "bad header \(request.headers.last?.value ?? "")")
    }
    let bench = Bench(transport, authorization: Self.authorization(placement: .basicHeader))
    let failure = await bench.failure(of: .read)
    #expect(failure?.what == "fetching an access token: bad header Basic *** (1 try)")
  }

  @Test("The call that began a fetch may be cancelled; the others get the token")
  func survivesCancelledLeader() async throws {
    let latch = Latch()
    let transport = ScriptedTransport { request, _ in
      guard request.url == Self.tokenURL else { return .answer(200) }
      return await latch.wait() ? Self.token(1) : .none(.cancelled, .maybeReceived)
    }
    let authorization = Self.authorization()
    let bench = Bench(transport, authorization: authorization)
    let leader = Task { try await bench.client.send(.read) }
    await latch.arrivals(1)
    let follower = Task { try await bench.client.send(.read) }
    while authorization.waiterCount < 2 { await Task.yield() }
    leader.cancel()
    let failure = await #expect(throws: APIFailure.self) { try await leader.value }
    #expect(failure?.kind == .cancelled)
    latch.open()
    #expect(try await follower.value.status == 200)
  }

  @Test("A fetch that nobody waits for any more is cancelled, and the next call begins another")
  func cancelsAbandonedFetch() async throws {
    let (latch, log) = (Latch(), Log())
    let transport = ScriptedTransport { request, number in
      guard request.url == Self.tokenURL else { return .answer(200) }
      if number > 1 { return Self.token(2) }
      let opened = await latch.wait()
      log.add(opened ? "opened" : "cancelled")
      return opened ? Self.token(1) : .none(.cancelled, .maybeReceived)
    }
    let bench = Bench(transport, authorization: Self.authorization())
    let only = Task { try await bench.client.send(.read) }
    await latch.arrivals(1)
    only.cancel()
    await #expect(throws: APIFailure.self) { try await only.value }
    #expect(try await bench.client.send(.read).status == 200)
    #expect(tokens(bench) == ["Bearer token2"])
    while log.entries.isEmpty { await Task.yield() }
    #expect(log.entries == ["cancelled"])
  }
}
