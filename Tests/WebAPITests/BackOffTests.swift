import Testing
import WebAPI

@Suite("Waiting before repetitions")
struct BackOffTests {
  @Test("Waits double from half a second and stay within their bounds, whatever the chance")
  func staysWithinBounds() async {
    let limits = [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    var longest = [Double](repeating: 0, count: 9)
    var shortest = [Double](repeating: .infinity, count: 9)
    for seed in 0..<200 {
      let bench = Bench(
        ScriptedTransport { _, _ in .none(.unreachable, .neverSent) }, policy: RetryPolicy(tries: 10),
        chance: SeededChance.numbers(UInt64(seed)))
      #expect(await bench.failure(of: .read)?.tries == 10)
      let sleeps = bench.clock.sleeps
      #expect(sleeps.count == 9)
      for (index, seconds) in sleeps.enumerated() {
        longest[index] = max(longest[index], seconds)
        shortest[index] = min(shortest[index], seconds)
      }
    }
    for (index, limit) in limits.enumerated() {
      #expect(longest[index] < limit)
      // Full jitter uses the whole range: of 200 draws some come near each end.
      #expect(longest[index] > limit * 0.9)
      #expect(shortest[index] < limit * 0.1)
      #expect(shortest[index] >= 0)
    }
  }

  @Test("The same seed gives the same waits")
  func isRepeatable() async {
    func sleeps() async -> [Double] {
      let bench = Bench(
        ScriptedTransport { _, _ in .answer(503) }, chance: SeededChance.numbers(7))
      _ = await bench.failure(of: .read)
      return bench.clock.sleeps
    }
    let first = await sleeps()
    #expect(first.count == 4)
    #expect(await sleeps() == first)
  }

  @Test("A very high number of tries does not overflow")
  func doesNotOverflow() async {
    let bench = Bench(
      ScriptedTransport { _, _ in .answer(503) },
      policy: RetryPolicy(tries: 2000, budgetMinimum: 5_000, restAfter: 5_000))
    #expect(await bench.failure(of: .read)?.tries == 2000)
    #expect(bench.clock.sleeps.max() == 15)
  }

  @Test("The seconds spent waiting are counted")
  func countsSeconds() async {
    let bench = Bench([.answer(503), .answer(429, [WebHeader("Retry-After", "7")]), .answer(200)])
    _ = await bench.failure(of: .read)
    #expect(abs(bench.client.counters.secondsWaited - 7.25) < 1e-6)
  }

  /// 2026-11-27T11:41:00Z
  static let now = 1_795_779_660.0

  @Test(
    "A platform's wish to be left alone is honoured in each form",
    arguments: [
      ("Retry-After: 7", 7), ("retry-after: 0", 0.25), ("Retry-After:  12 ", 12), ("Retry-After: 1.5", 1.5),
      ("Retry-After: Fri, 27 Nov 2026 11:41:30 GMT", 30),
      ("Retry-After: Friday, 27-Nov-26 11:42:00 GMT", 60),
      ("Retry-After: Fri Nov 27 11:41:10 2026", 10),
      ("Retry-After: Fri, 27 Nov 2026 11:00:00 GMT", 0.25),
      ("Retry-After: soon", 0.25), ("Retry-After: -5", 0.25), ("Retry-After: 1e2x", 0.25),
      ("Retry-After:", 0.25),
      ("X-RateLimit-Reset: 1795779680", 20), ("X-RateLimit-Reset: 1795779000", 0.25),
      ("X-RateLimit-Reset: never", 0.25), ("X-Other: 9", 0.25),
    ])
  func honoursWish(header: String, seconds: Double) async throws {
    let parts = header.split(separator: ":", maxSplits: 1).map { String($0) }
    let bench = Bench(
      [
        .answer(429, [WebHeader(parts[0], String(parts.dropFirst().joined().drop { $0 == " " }))]),
        .answer(200),
      ],
      policy: RetryPolicy(resetHeader: "x-ratelimit-reset"))
    #expect(try await bench.client.send(.create).status == 200)
    #expect(bench.clock.sleeps == [seconds])
  }

  @Test("The reset header counts only on a 429, and only if the policy names it")
  func readsResetHeaderOnlyIfNamed() async throws {
    let reset = [WebHeader("X-RateLimit-Reset", "1795779680")]
    let unnamed = Bench([.answer(429, reset), .answer(200)])
    _ = try await unnamed.client.send(.read)
    #expect(unnamed.clock.sleeps == [0.25])
    let other = Bench(
      [.answer(503, reset), .answer(200)], policy: RetryPolicy(resetHeader: "X-RateLimit-Reset"))
    _ = try await other.client.send(.read)
    #expect(other.clock.sleeps == [0.25])
  }

  @Test("Retry-After goes before the reset header")
  func prefersRetryAfter() async throws {
    let headers = [WebHeader("X-RateLimit-Reset", "1795779680"), WebHeader("Retry-After", "3")]
    let bench = Bench(
      [.answer(429, headers), .answer(200)], policy: RetryPolicy(resetHeader: "X-RateLimit-Reset"))
    _ = try await bench.client.send(.read)
    #expect(bench.clock.sleeps == [3])
  }

  @Test("Dates are meant by the server's own clock")
  func usesTheServersClock() async throws {
    let headers = [
      WebHeader("Date", "Fri, 27 Nov 2026 10:00:00 GMT"),
      WebHeader("Retry-After", "Fri, 27 Nov 2026 10:00:05 GMT"),
    ]
    let bench = Bench([.answer(503, headers), .answer(200)])
    _ = try await bench.client.send(.read)
    #expect(bench.clock.sleeps == [5])
  }

  @Test("A wish beyond what the policy allows is not waited for; the failure tells when it will be free")
  func givesUpOnLongWaits() async {
    let bench = Bench([.answer(429, [WebHeader("Retry-After", "3600")])])
    let failure = await bench.failure(of: .read)
    #expect(failure?.kind == .busy(status: 429))
    #expect(failure?.tries == 1)
    #expect(failure?.freeAt == Self.now + 3600)
    #expect(
      failure?.what == "GET /api/contacts: the platform answered 429 and asks to wait until "
        + "2026-11-27T12:41:00Z, longer than the 300 s that are waited at most (1 try)")
    #expect(bench.clock.sleeps.isEmpty)
  }

  @Test("A wish of absurd length is a failure too", arguments: ["99999999999999999999", "1e300"])
  func survivesAbsurdWaits(wish: String) async {
    let bench = Bench([.answer(429, [WebHeader("Retry-After", wish)])])
    #expect(await bench.failure(of: .read)?.kind == .busy(status: 429))
  }

  @Test("The last failure tells when the platform will be free even if nothing is left to try")
  func tellsWhenFree() async {
    let bench = Bench([.answer(503, [WebHeader("Retry-After", "60")])])
    #expect(await bench.failure(of: .create)?.freeAt == Self.now + 60)
  }

  @Test("While the platform wants to be left alone other calls wait too, and need not find out by a refusal")
  func holdsOtherCalls() async throws {
    let clock = VirtualClock(passesBySleeping: false)
    let transport = ScriptedTransport([
      .answer(429, [WebHeader("Retry-After", "10")]), .answer(200), .answer(200),
    ])
    let bench = Bench(transport, clock: clock)
    async let first = bench.client.send(.read)
    await clock.sleepers(1)
    async let second = bench.client.send(.update)
    await clock.sleepers(2)
    #expect(transport.requests.count == 1)
    clock.advance(by: 10)
    #expect(try await first.status == 200)
    #expect(try await second.status == 200)
    #expect(clock.now() == Self.now + 10)
  }
}
