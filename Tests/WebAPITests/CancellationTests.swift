import Testing
import WebAPI

@Suite("Cancelled calls")
struct CancellationTests {
  /// The failure of a task that sends a call.
  private func failure(of task: Task<WebResponse, any Error>) async -> APIFailure? {
    do {
      _ = try await task.value
      return nil
    } catch {
      return error as? APIFailure
    }
  }

  private func start(_ call: APICall, _ bench: Bench) -> Task<WebResponse, any Error> {
    Task { try await bench.client.send(call) }
  }

  @Test("While waiting for a repetition")
  func whileBackingOff() async {
    let clock = VirtualClock(passesBySleeping: false)
    let bench = Bench(ScriptedTransport([.answer(429, [WebHeader("Retry-After", "60")])]), clock: clock)
    let task = start(.create, bench)
    await clock.sleepers(1)
    task.cancel()
    let failure = await failure(of: task)
    #expect(failure?.kind == .cancelled)
    #expect(failure?.tries == 1)
    #expect(failure?.mayHaveActed == false)
    #expect(failure?.what == "POST /api/contacts/new: cancelled (1 try)")
    #expect(clock.now() == BackOffTests.now)
  }

  @Test("While waiting after a try that may have acted, which the failure tells")
  func whileInDoubt() async {
    let clock = VirtualClock(passesBySleeping: false)
    let bench = Bench(ScriptedTransport([.answer(503)]), clock: clock)
    let task = start(.update, bench)
    await clock.sleepers(1)
    task.cancel()
    let failure = await failure(of: task)
    #expect(failure?.kind == .cancelled)
    #expect(failure?.mayHaveActed == true)
  }

  @Test("While waiting for a place, which stays free for the next")
  func whileWaitingForAPlace() async throws {
    let latch = Latch()
    let transport = ScriptedTransport { _, _ in
      _ = await latch.wait()
      return .answer(200)
    }
    let bench = Bench(transport, governor: .oneAtATime)
    let first = start(.read, bench)
    await latch.arrivals(1)
    let second = start(.read, bench)
    second.cancel()
    let failure = await failure(of: second)
    #expect(failure?.kind == .cancelled)
    #expect(failure?.tries == 0)
    let third = start(.read, bench)
    latch.open()
    #expect(try await first.value.status == 200)
    #expect(try await third.value.status == 200)
    #expect(transport.requests.count == 2)
  }

  @Test("While waiting for the rate limit, and the place is given back")
  func whileWaitingForAToken() async throws {
    let clock = VirtualClock(passesBySleeping: false)
    let bench = Bench(
      ScriptedTransport([.answer(200), .answer(200)]), clock: clock,
      governor: Governor([
        RateLimit("in flight", .inFlight(1)), RateLimit("rate", .bucket(rate: 1, burst: 1)),
      ]))
    _ = try await bench.client.send(.read)
    let task = start(.read, bench)
    await clock.sleepers(1)
    task.cancel()
    #expect(await failure(of: task)?.kind == .cancelled)
    let next = start(.read, bench)
    await clock.sleepers(1)
    clock.advance(by: 1)
    #expect(try await next.value.status == 200)
  }

  @Test("Before it has begun")
  func beforeItHasBegun() async {
    let latch = Latch()
    let bench = Bench([])
    let task = Task {
      _ = await latch.wait()
      return try await bench.client.send(.read)
    }
    await latch.arrivals(1)
    task.cancel()
    let failure = await failure(of: task)
    #expect(failure?.kind == .cancelled)
    #expect(failure?.tries == 0)
  }

  @Test("The machine's clock wakes a cancelled sleeper")
  func systemClock() async {
    let task = Task { try await SystemClock().sleep(seconds: .greatestFiniteMagnitude) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test(
    "The machine's clock takes waits that make no sense as none",
    arguments: [-1, 0, .nan, .infinity] as [Double])
  func systemClockNonsense(seconds: Double) async throws {
    let clock = SystemClock()
    let began = clock.now()
    try await clock.sleep(seconds: seconds)
    #expect(began > 1_700_000_000)
    #expect(clock.now() - began < 1_000)
  }
}
