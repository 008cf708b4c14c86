import Curl
import Testing

@testable import WebAPI

@Suite("Calls on a platform in trouble")
struct ResilienceTests {
  @Test("After fifteen tries in a row without an answer calls fail at once, with the last error and the time")
  func rests() async {
    let bench = Bench(ScriptedTransport { _, _ in .none(.unreachable, .neverSent, what: "no connection") })
    for _ in 0..<3 { #expect(await bench.failure(of: .read)?.tries == 5) }
    let before = bench.clock.now()
    let failure = await bench.failure(of: .update)
    #expect(bench.transport.requests.count == 15)
    #expect(bench.clock.now() == before)
    #expect(failure?.kind == .unreachable)
    #expect(failure?.standing == .neverSent)
    #expect(failure?.tries == 0)
    #expect(
      failure?.what.hasPrefix("PATCH /api/contacts/1/edit: no connection; not tried again before 2026-11-27T")
        == true)
    #expect(failure?.what.hasSuffix("since 15 tries in a row have failed (0 tries)") == true)
  }

  @Test("After its rest one call goes ahead; its answer opens the way for all")
  func recovers() async throws {
    let bench = Bench(
      ScriptedTransport { _, number in number <= 15 ? .answer(503) : .answer(200) },
      policy: RetryPolicy(base: 0))
    for _ in 0..<3 { _ = await bench.failure(of: .read) }
    #expect(await bench.failure(of: .read)?.kind == .busy(status: 503))
    #expect(bench.transport.requests.count == 15)
    bench.clock.advance(by: 30)
    #expect(try await bench.client.send(.read).status == 200)
    #expect(try await bench.client.send(.read).status == 200)
    #expect(bench.transport.requests.count == 17)
  }

  @Test("If the call that goes ahead fails, the next rest is twice as long, up to ten times the first")
  func restsLonger() {
    var breaker = CircuitBreaker(threshold: 2, firstRest: 10, longestRest: 100)
    var now = 0.0
    for _ in 0..<2 { breaker.fail(at: now) }
    for rest in [10.0, 20, 40, 80, 100, 100] {
      #expect(breaker.verdict(at: now + rest - 0.1) == .rest(until: now + rest))
      now += rest
      #expect(breaker.verdict(at: now) == .pass)
      // The others wait for what becomes of it.
      #expect(breaker.verdict(at: now) != .pass)
      breaker.fail(at: now)
    }
    now += 100
    #expect(breaker.verdict(at: now) == .pass)
    breaker.succeed()
    #expect(breaker.verdict(at: now) == .pass)
    #expect(breaker.failures == 0)
  }

  @Test("A call that went ahead and was cancelled tells nothing: the next one goes ahead")
  func forgetsCancelled() {
    var breaker = CircuitBreaker(threshold: 1, firstRest: 10, longestRest: 100)
    breaker.fail(at: 0)
    #expect(breaker.verdict(at: 10) == .pass)
    breaker.forget()
    #expect(breaker.verdict(at: 10) == .pass)
  }

  @Test("A clock that is set back by a day keeps nobody resting for a day")
  func survivesClockSetBack() {
    var breaker = CircuitBreaker(threshold: 1, firstRest: 10, longestRest: 100)
    breaker.fail(at: 100_000)
    #expect(breaker.verdict(at: 100_001) != .pass)
    #expect(breaker.verdict(at: 13_600) == .pass)
  }

  @Test(
    "Refusals and errors of single calls are answers: they make nobody rest", arguments: [400, 404, 422, 500])
  func answersAreNoTrouble(status: Int) async throws {
    let bench = Bench(ScriptedTransport { _, _ in .answer(status) })
    for _ in 0..<30 { #expect(try await bench.client.send(.read).status == status) }
    #expect(bench.transport.requests.count == 30)
  }

  @Test("A run has a budget of repetitions; when it is spent the last error is reported, and says so")
  func keepsToTheBudget() async {
    let bench = Bench(
      ScriptedTransport { _, number in number % 2 == 1 ? .answer(503) : .answer(200) },
      policy: RetryPolicy(base: 0, budgetMinimum: 3, budgetShare: 0))
    for _ in 0..<3 { #expect(await bench.failure(of: .read) == nil) }
    let failure = await bench.failure(of: .read)
    #expect(failure?.kind == .busy(status: 503))
    #expect(
      failure?.what
        == "GET /api/contacts: the platform answered 503 (1 try); no more repetitions are made in this run")
    #expect(bench.client.counters.retries == 3)
  }

  @Test("The budget grows with the requests that are made")
  func budgetGrows() async throws {
    // Every tenth request fails.
    let bench = Bench(
      ScriptedTransport { _, number in number % 10 == 0 ? .answer(503) : .answer(200) },
      policy: RetryPolicy(base: 0, budgetMinimum: 0, budgetShare: 0.2))
    for _ in 0..<500 { #expect(try await bench.client.send(.read).status == 200) }
    #expect(bench.client.counters.retries == 55)
  }

  @Test("A failure says what may follow")
  func tellsStanding() {
    func standing(_ kind: APIFailure.Kind, _ mayHaveActed: Bool = false) -> APIFailure.Standing {
      APIFailure(kind: kind, tries: 1, what: "", mayHaveActed: mayHaveActed).standing
    }
    #expect(standing(.unreachable) == .neverSent)
    #expect(standing(.busy(status: 429)) == .tryLater)
    #expect(standing(.exhausted(limit: "daily")) == .tryLater)
    #expect(standing(.lost) == .tryLater)
    #expect(standing(.lost, true) == .unknown)
    #expect(standing(.busy(status: 503), true) == .unknown)
    #expect(standing(.certificate) == .refusedForGood)
    #expect(standing(.unauthorized("")) == .refusedForGood)
  }
}

@Suite("Refusals by a platform's own signs")
struct RefusalSignTests {
  private static let signs = LimitSigns(refusals: [
    LimitSigns.Refusal(status: 503, member: ["error"], code: "QUERY_LIMIT_EXCEEDED", limit: "rate"),
    LimitSigns.Refusal(status: 503, member: ["error"], code: "OVERLOAD_LIMIT", isFinal: true),
    LimitSigns.Refusal(status: 429, member: ["code"], code: "1015", waitMember: ["context", "timeToReset"]),
  ])

  private func bench(_ outcomes: [ScriptedTransport.Outcome]) -> Bench {
    Bench(
      ScriptedTransport(outcomes),
      governor: Governor([RateLimit("rate", .bucket(rate: 2, burst: 5))], signs: Self.signs))
  }

  @Test("A 503 that is a refusal has done nothing: even what must not be repeated is sent again")
  func repeatsRefused() async throws {
    let bench = bench([.answer(503, body: #"{"error":"query_limit_exceeded"}"#), .answer(200)])
    #expect(try await bench.client.send(.create).status == 200)
    // The bucket is full: the next one waits until something has leaked out.
    #expect(bench.clock.now() - BackOffTests.now >= 0.5)
  }

  @Test("A 503 that is none may have been a write", arguments: [#"{"error":"OTHER"}"#, "<html>", ""])
  func doesNotRepeatOther(body: String) async {
    let failure = await bench([.answer(503, body: body)]).failure(of: .create)
    #expect(failure?.standing == .unknown)
  }

  @Test("A refusal that a person has to lift is not knocked at again")
  func stopsForGood() async {
    let bench = bench([.answer(503, body: #"{"error":"OVERLOAD_LIMIT"}"#)])
    #expect(await bench.failure(of: .read)?.kind == .busy(status: 503))
    #expect(bench.transport.requests.count == 1)
  }

  @Test("A wait that stands in the body is kept to")
  func readsTheBody() async throws {
    let bench = bench([
      .answer(429, body: #"{"code":1015,"context":{"timeToReset":"100 seconds"}}"#), .answer(200),
    ])
    #expect(try await bench.client.send(.create).status == 200)
    #expect(bench.clock.now() - BackOffTests.now >= 100)
  }

  @Test(
    "A wait is read as seconds, whatever words follow",
    arguments: [
      ("525 seconds", 525), ("1 second", 1), (" 7 s", 7), ("0", 0), ("3 2", nil), ("12:30", nil),
      ("5-6", nil),
      ("seconds", nil), ("1s2", nil),
    ] as [(String, Double?)])
  func readsText(text: String, seconds: Double?) {
    #expect(ServerWait.leadingNumber(text) == seconds)
  }

  @Test("Headers with one name for two limits are told apart by their count")
  func tellsLimitsApart() {
    let signs = LimitSigns(headers: [
      LimitSigns.Headers(
        "frame", count: "X-RateLimit-Limit", left: "X-RateLimit-Remaining", reset: "X-RateLimit-Reset",
        counts: 1_000...Int.max)
    ])
    func seen(_ count: String, _ left: String, _ reset: String) -> [LimitObservation] {
      signs.observations(
        WebResponse(
          status: 200,
          headers: [
            WebHeader("x-ratelimit-limit", count), WebHeader("x-ratelimit-remaining", left),
            WebHeader("x-ratelimit-reset", reset),
          ]), to: RequestDemand(), wait: nil, now: 0)
    }
    #expect(
      seen("30000", "29990", "525 seconds")
        == [.quota(limit: "frame", count: 30_000, left: 29_990, resetsIn: 525)])
    #expect(seen("80", "79", "1 seconds").isEmpty)
    #expect(seen("30000", "many", "525 seconds").isEmpty)
    #expect(seen("1e400", "5", "1").isEmpty)
  }
}

@Suite("Hosts that were renamed")
struct RenameTests {
  private static let rule = RenameRule(suffixes: [".bitrix24.com", ".bitrix24.eu"])

  private func client(_ transport: ScriptedTransport, _ rule: RenameRule?) -> APIClient {
    APIClient(
      base: "https://old.bitrix24.com/rest/1/abcdefghij", authorization: NoAuthorization(), rename: rule,
      surroundings: WebSurroundings(transport: transport, clock: VirtualClock(), random: { 0.5 }))
  }

  @Test(
    "The call goes to the new host as it was, and so do all that follow", arguments: [301, 302, 307, 308])
  func follows(status: Int) async throws {
    let transport = ScriptedTransport { request, _ in
      request.url.hasPrefix("https://old.")
        ? .answer(
          status, [WebHeader("Location", "https://new.bitrix24.eu/rest/1/abcdefghij/crm.contact.update")])
        : .answer(200)
    }
    let client = client(transport, Self.rule)
    let call = APICall(method: "POST", path: "/crm.contact.update", body: Array("{}".utf8))
    for _ in 0..<2 { #expect(try await client.send(call).status == 200) }
    #expect(
      transport.requests.map(\.url) == [
        "https://old.bitrix24.com/rest/1/abcdefghij/crm.contact.update",
        "https://new.bitrix24.eu/rest/1/abcdefghij/crm.contact.update",
        "https://new.bitrix24.eu/rest/1/abcdefghij/crm.contact.update",
      ])
    #expect(transport.requests.allSatisfy { $0.method == "POST" && $0.body == Array("{}".utf8) })
    #expect(client.renamedTo == "https://new.bitrix24.eu")
  }

  @Test(
    "Anything else is an answer and is not followed",
    arguments: [
      "http://new.bitrix24.eu/rest/1/abcdefghij/crm.contact.update",
      "https://evil.example/rest/1/abcdefghij/crm.contact.update",
      "https://new.bitrix24.eu.evil.example/rest/1/abcdefghij/crm.contact.update",
      "https://user@new.bitrix24.eu/rest/1/abcdefghij/crm.contact.update",
      "https://new.bitrix24.eu:8443/rest/1/abcdefghij/crm.contact.update",
      "https://new.bitrix24.eu/login", "/rest/1/abcdefghij/crm.contact.update", "https://bitrix24.eu/x", "",
      "https://old.bitrix24.com/rest/1/abcdefghij/crm.contact.update",
    ])
  func refusesOthers(location: String) async throws {
    let transport = ScriptedTransport { _, _ in .answer(302, [WebHeader("Location", location)]) }
    let client = client(transport, Self.rule)
    #expect(try await client.send(APICall(method: "POST", path: "/crm.contact.update")).status == 302)
    #expect(transport.requests.count == 1)
    #expect(client.renamedTo == nil)
  }

  @Test("Without a rule nothing is followed")
  func followsNothing() async throws {
    let transport = ScriptedTransport { _, _ in
      .answer(302, [WebHeader("Location", "https://new.bitrix24.eu/rest/1/abcdefghij/x")])
    }
    #expect(try await client(transport, nil).send(APICall(path: "/x")).status == 302)
    #expect(transport.requests.count == 1)
  }

  @Test("Two hosts that send to each other are not followed in circles")
  func endsCircles() async throws {
    let transport = ScriptedTransport { request, _ in
      let other =
        request.url.hasPrefix("https://old.") ? "https://new.bitrix24.eu" : "https://old.bitrix24.com"
      return .answer(302, [WebHeader("Location", other + "/rest/1/abcdefghij/x")])
    }
    #expect(try await client(transport, Self.rule).send(APICall(path: "/x")).status == 302)
    #expect(transport.requests.count == 2)
  }
}

@Suite("What an observer sees")
struct ObserverTests {
  private final class Notes: WebObserver {
    let seen = Guarded<[WebExchange]>([])
    func saw(_ exchange: WebExchange) { seen.withLock { $0.append(exchange) } }
  }

  @Test(
    "A route has no numbers and no UUIDs, and keeps all else",
    arguments: [
      ("/a/17", "/a/{id}"), ("/a/25bc345f-0644-9e6c-1989-53688d143779/b", "/a/{id}/b"),
      ("/a/2026-03", "/a/2026-03"),
      ("/a/b2b", "/a/b2b"), ("/a/cafe", "/a/cafe"), ("/a//1?x=2", "/a//{id}"), ("/", "/"),
    ])
  func findsRoutes(path: String, route: String) async throws {
    let notes = Notes()
    let bench = Bench(ScriptedTransport([.answer(200)]), observer: notes)
    _ = try await bench.client.send(APICall(path: path))
    #expect(notes.seen.withLock { $0.map(\.route) } == ["GET \(route)"])
  }

  @Test("Every request with its try, its wait, its route and a redactor that knows its log-in")
  func seesAll() async throws {
    let notes = Notes()
    let bench = Bench(
      ScriptedTransport([.answer(429, [WebHeader("Retry-After", "7")]), .answer(200)]),
      authorization: BearerAuthorization(token: "canary-token-1"), observer: notes)
    _ = try await bench.client.send(APICall(path: "/api/contacts/17/tags/x9"))
    let seen = notes.seen.withLock { $0 }
    #expect(seen.map(\.number) == [1, 2])
    #expect(seen.map(\.waited) == [0, 7])
    #expect(seen.map(\.route) == Array(repeating: "GET /api/contacts/{id}/tags/x9", count: 2))
    #expect(seen.map(\.begun) == [BackOffTests.now, BackOffTests.now + 7])
    #expect(seen[0].redactor.redact("it is canary-token-1") == "it is ***")
  }
}
