import Testing
import WebAPI

@Suite("Limits in time")
struct TokenBucketTests {
  @Test("After a pause as many as the burst go at once, the others at the rate")
  func keepsTheRate() async throws {
    let clock = VirtualClock(at: 0)
    let bucket = TokenBucket(rate: 4, burst: 3)
    var times: [Double] = []
    for _ in 0..<7 {
      try await bucket.take(clock: clock)
      times.append(clock.now())
    }
    #expect(times == [0, 0, 0, 0.25, 0.5, 0.75, 1])
  }

  @Test("A long pause fills the bucket, but not beyond the burst")
  func fillsToTheBurst() async throws {
    let clock = VirtualClock(at: 0)
    let bucket = TokenBucket(rate: 1, burst: 2)
    for _ in 0..<3 { try await bucket.take(clock: clock) }
    clock.advance(by: 1000)
    for _ in 0..<3 { try await bucket.take(clock: clock) }
    #expect(clock.now() == 1002)
  }

  @Test("A thousand requests by the wall clock keep the rate despite rounding")
  func doesNotDrift() async throws {
    let clock = VirtualClock()
    let began = clock.now()
    let bucket = TokenBucket(rate: 7, burst: 1)
    for _ in 0..<1001 { try await bucket.take(clock: clock) }
    #expect(abs(clock.now() - began - 1000.0 / 7) < 0.001)
  }

  @Test("Who asks first is served first")
  func isFair() async throws {
    let clock = VirtualClock(at: 0, passesBySleeping: false)
    let bucket = TokenBucket(rate: 1, burst: 1)
    let served = Log()
    try await bucket.take(clock: clock)
    let first = Task {
      try await bucket.take(clock: clock)
      served.add("first")
    }
    await clock.sleepers(1)
    let second = Task {
      try await bucket.take(clock: clock)
      served.add("second")
    }
    clock.advance(by: 1)
    try await first.value
    await clock.sleepers(1)
    clock.advance(by: 1)
    try await second.value
    #expect(served.entries == ["first", "second"])
  }

  @Test("Who is cancelled while waiting leaves at once and uses up nothing")
  func freesThePlace() async throws {
    let clock = VirtualClock(at: 0, passesBySleeping: false)
    let bucket = TokenBucket(rate: 1, burst: 1)
    try await bucket.take(clock: clock)
    let impatient = Task { try await bucket.take(clock: clock) }
    await clock.sleepers(1)
    impatient.cancel()
    await #expect(throws: CancellationError.self) { try await impatient.value }
    let patient = Task { try await bucket.take(clock: clock) }
    await clock.sleepers(1)
    clock.advance(by: 1)
    try await patient.value
    #expect(clock.now() == 1)
  }

  @Test("A clock that is set back by an hour makes nobody wait for an hour")
  func survivesClockSetBack() async throws {
    let clock = VirtualClock(at: 10_000)
    let bucket = TokenBucket(rate: 1, burst: 1)
    try await bucket.take(clock: clock)
    clock.advance(by: -3600)
    try await bucket.take(clock: clock)
    #expect(clock.sleeps == [1])
    clock.advance(by: -3600)
    try await bucket.take(clock: clock)
    #expect(clock.sleeps == [1, 1])
  }

  @Test("A rate that makes no sense is a slow one", arguments: [0, -5, .nan] as [Double])
  func survivesNonsense(rate: Double) async throws {
    let clock = VirtualClock(at: 0)
    let bucket = TokenBucket(rate: rate, burst: -1)
    for _ in 0..<2 { try await bucket.take(clock: clock) }
    #expect(clock.now() == 1000)
  }
}
