import Testing

@testable import WebAPI

@Suite("Places")
struct TurnstileTests {
  @Test("A hundred tasks never take more places than there are, and all get one")
  func limitsPlaces() async throws {
    let turnstile = Turnstile(places: 3)
    let (log, latch) = (Log(), Latch())
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<100 {
        group.addTask {
          guard (try? await turnstile.enter()) != nil else { return }
          log.add("in")
          _ = await latch.wait()
          log.add("out")
          turnstile.leave()
        }
      }
      await latch.arrivals(3)
      #expect(log.entries == ["in", "in", "in"])
      latch.open()
    }
    var (inside, most) = (0, 0)
    for entry in log.entries {
      inside += entry == "in" ? 1 : -1
      most = max(most, inside)
    }
    #expect(log.entries.count == 200)
    #expect(most == 3)
    #expect(turnstile.queueLength == 0)
  }

  @Test("A task that is cancelled in the queue leaves it, and the place goes to the next")
  func letsCancelledGo() async throws {
    let turnstile = Turnstile(places: 1)
    try await turnstile.enter()
    let cancelled = Task { try await turnstile.enter() }
    while turnstile.queueLength < 1 { await Task.yield() }
    let next = Task { try await turnstile.enter() }
    while turnstile.queueLength < 2 { await Task.yield() }
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    #expect(turnstile.queueLength == 1)
    turnstile.leave()
    try await next.value
    #expect(turnstile.queueLength == 0)
  }

  @Test("A task that is cancelled already takes no place")
  func refusesCancelled() async throws {
    let turnstile = Turnstile(places: 1)
    let latch = Latch()
    let task = Task {
      _ = await latch.wait()
      try await turnstile.enter()
    }
    await latch.arrivals(1)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    try await turnstile.enter()
  }

  @Test("Ten thousand tasks of which every third is cancelled leave no place taken and none waiting")
  func survivesManyCancellations() async throws {
    let turnstile = Turnstile(places: 2)
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<10_000 {
        group.addTask {
          let task = Task {
            try await turnstile.enter()
            await Task.yield()
            turnstile.leave()
          }
          if number % 3 == 0 { task.cancel() }
          _ = await task.result
        }
      }
    }
    #expect(turnstile.queueLength == 0)
    for _ in 0..<2 { try await turnstile.enter() }
  }
}
