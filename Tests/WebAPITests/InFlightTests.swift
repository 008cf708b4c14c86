import Testing
import WebAPI

@Suite("Requests at once")
struct InFlightTests {
  @Test("No more requests are under way than the limit allows", arguments: [1, 3])
  func limitsRequests(limit: Int) async throws {
    let (log, latch) = (Log(), Latch())
    let transport = ScriptedTransport { _, _ in
      log.add("in")
      _ = await latch.wait()
      log.add("out")
      return .answer(200)
    }
    let bench = Bench(transport, governor: Governor([RateLimit("in flight", .inFlight(limit))]))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 { group.addTask { _ = try await bench.client.send(.read) } }
      await latch.arrivals(limit)
      #expect(transport.requests.count == limit)
      latch.open()
      try await group.waitForAll()
    }
    var (inside, most) = (0, 0)
    for entry in log.entries {
      inside += entry == "in" ? 1 : -1
      most = max(most, inside)
    }
    #expect(most == limit)
    #expect(bench.client.counters.requests == 20)
  }

  @Test("A call that waits before its repetition leaves its place to others")
  func leavesPlaceWhileWaiting() async throws {
    let clock = VirtualClock(passesBySleeping: false)
    let transport = ScriptedTransport([
      .answer(503), .answer(200, body: "second"), .answer(200, body: "first"),
    ])
    let bench = Bench(transport, clock: clock, governor: .oneAtATime)
    async let first = bench.client.send(.read)
    await clock.sleepers(1)
    #expect(try await bench.client.send(.read).body == Array("second".utf8))
    clock.advance(by: 1)
    #expect(try await first.body == Array("first".utf8))
  }

  @Test("The rate limit spaces requests, and the waiting is counted")
  func spacesRequests() async throws {
    let transport = ScriptedTransport { _, _ in .answer(200) }
    let bench = Bench(transport, governor: Governor([RateLimit("rate", .bucket(rate: 2, burst: 1))]))
    for _ in 0..<3 { _ = try await bench.client.send(.read) }
    #expect(abs(bench.clock.now() - BackOffTests.now - 1) < 1e-6)
    #expect(abs(bench.client.counters.secondsWaited - 1) < 1e-6)
  }
}
