import Curl
import Foundation
import Testing

@testable import WebAPI

@Suite("The governor")
struct GovernorTests {
  private static let reading = RequestDemand()
  private static let writing = RequestDemand(priority: .writing)

  /// A governor whose requests begin and end at once.
  private func take(
    _ governor: Governor, _ clock: VirtualClock, _ demand: RequestDemand = GovernorTests.reading
  ) async throws {
    let ticket = try await governor.enter(demand, longest: 1e9, clock: clock)
    governor.leave(ticket, RequestEnd(), clock: clock)
  }

  @Test("A bucket lets as many as the burst go at once, the others at its rate")
  func keepsTheRate() async throws {
    let clock = VirtualClock(at: 0)
    let governor = Governor([RateLimit("rate", .bucket(rate: 4, burst: 3))])
    var times: [Double] = []
    for _ in 0..<7 {
      try await take(governor, clock)
      times.append(clock.now())
    }
    #expect(times == [0, 0, 0, 0.25, 0.5, 0.75, 1])
  }

  @Test("A thousand requests by the wall clock keep the rate despite rounding")
  func doesNotDrift() async throws {
    let clock = VirtualClock()
    let began = clock.now()
    let governor = Governor([RateLimit("rate", .bucket(rate: 7, burst: 1))])
    for _ in 0..<1001 { try await take(governor, clock) }
    #expect(abs(clock.now() - began - 1000.0 / 7) < 0.01)
  }

  @Test(
    "A clock that is set back by an hour makes nobody wait for an hour",
    arguments: [
      RateLimit.Shape.bucket(rate: 1, burst: 1), .rolling(count: 1, seconds: 1),
    ])
  func survivesClockSetBack(shape: RateLimit.Shape) async throws {
    let clock = VirtualClock(at: 10_000)
    let governor = Governor([RateLimit("rate", shape)])
    try await take(governor, clock)
    for _ in 0..<2 {
      clock.advance(by: -3_600)
      let before = clock.now()
      try await take(governor, clock)
      #expect(clock.now() - before <= 1.001)
    }
  }

  @Test("A limit that makes no sense is a slow one", arguments: [0, -5, .nan] as [Double])
  func survivesNonsense(rate: Double) async throws {
    let clock = VirtualClock(at: 0)
    let governor = Governor([RateLimit("rate", .bucket(rate: rate, burst: -1))])
    for _ in 0..<2 { try await take(governor, clock) }
    #expect(abs(clock.now() - 1_000) < 1e-6)
  }

  @Test("Writing goes before reading that has waited longer")
  func letsWritingGoFirst() async throws {
    let clock = VirtualClock(at: 0, passesBySleeping: false)
    let governor = Governor.oneAtATime
    let served = Log()
    let first = try await governor.enter(Self.reading, longest: 1e9, clock: clock)
    let tasks = [("read", Self.reading), ("write", Self.writing), ("write later", Self.writing)].map {
      name, demand in
      let before = governor.queueLength
      let task = Task {
        let ticket = try await governor.enter(demand, longest: 1e9, clock: clock)
        served.add(name)
        governor.leave(ticket, RequestEnd(), clock: clock)
      }
      return (task, before)
    }
    // The order among the two that write is that in which they came, whichever that was.
    while governor.queueLength < 3 { await Task.yield() }
    governor.leave(first, RequestEnd(), clock: clock)
    for (task, _) in tasks { try await task.value }
    #expect(served.entries.last == "read")
  }

  @Test("Who waits for a limit of its own holds up nobody whom that limit does not count")
  func letsOthersPass() async throws {
    let clock = VirtualClock(at: 0, passesBySleeping: false)
    let search = RequestDemand(kind: "search", priority: .writing)
    let governor = Governor([RateLimit("search", .rolling(count: 1, seconds: 100), only: "search")])
    _ = try await governor.enter(search, longest: 1e9, clock: clock)
    let waiting = Task { try await governor.enter(search, longest: 1e9, clock: clock) }
    await clock.sleepers(1)
    // It would wait for ever, since the clock stands still.
    _ = try await governor.enter(Self.reading, longest: 1e9, clock: clock)
    waiting.cancel()
    await #expect(throws: Governor.Refusal.cancelled) { try await waiting.value }
  }

  @Test("A request that would wait too long is refused at once, by name and time, and uses up nothing")
  func refusesLongWaits() async throws {
    let clock = VirtualClock(at: 0)
    let governor = Governor([RateLimit("daily", .daily(count: 1, offset: 0))])
    try await take(governor, clock)
    await #expect(throws: Governor.Refusal.exhausted(limit: "daily", until: 86_400)) {
      try await governor.enter(Self.reading, longest: 300, clock: clock)
    }
    #expect(clock.sleeps.isEmpty)
    clock.advance(by: 86_400)
    try await take(governor, clock)
  }

  @Test("Two thousand tasks of which every third is cancelled leave no place taken and none waiting")
  func survivesManyCancellations() async throws {
    let clock = VirtualClock(at: 0)
    let governor = Governor([RateLimit("in flight", .inFlight(2))])
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<2_000 {
        group.addTask {
          let task = Task {
            let ticket = try await governor.enter(Self.reading, longest: 1e9, clock: clock)
            await Task.yield()
            governor.leave(ticket, RequestEnd(), clock: clock)
          }
          if number % 3 == 0 { task.cancel() }
          _ = await task.result
        }
      }
    }
    #expect(governor.queueLength == 0)
    for _ in 0..<2 { _ = try await governor.enter(Self.reading, longest: 1e9, clock: clock) }
  }

  @Test("A task that is cancelled already takes no place")
  func refusesCancelled() async throws {
    let clock = VirtualClock(at: 0)
    let governor = Governor.oneAtATime
    let latch = Latch()
    let task = Task {
      _ = await latch.wait()
      return try await governor.enter(Self.reading, longest: 1e9, clock: clock)
    }
    await latch.arrivals(1)
    task.cancel()
    await #expect(throws: Governor.Refusal.cancelled) { try await task.value }
    _ = try await governor.enter(Self.reading, longest: 1e9, clock: clock)
  }

  // MARK: From run to run

  private final class Notes: GovernorMemory {
    let bytes = Guarded<[UInt8]?>(nil)
    init(_ text: String? = nil) { bytes.withLock { $0 = text.map { Array($0.utf8) } } }
    func load() -> [UInt8]? { bytes.withLock { $0 } }
    func save(_ new: [UInt8]) { bytes.withLock { $0 = new } }
  }

  @Test("What a day has used up is known to the next process, and forgotten the day after")
  func keepsTheDaysUse() async throws {
    let clock = VirtualClock(at: 1_000)
    let notes = Notes()
    let limits = [RateLimit("daily", .daily(count: 3, offset: 0))]
    let first = Governor(limits, memory: notes)
    for _ in 0..<2 { try await take(first, clock) }
    first.save(at: clock.now())
    let second = Governor(limits, memory: notes)
    #expect(second.quotas(at: clock.now()).map(\.left) == [1])
    try await take(second, clock)
    await #expect(throws: Governor.Refusal.self) {
      try await second.enter(Self.reading, longest: 300, clock: clock)
    }
    second.save(at: clock.now())
    clock.advance(by: 86_400)
    let third = Governor(limits, memory: notes)
    #expect(third.quotas(at: clock.now()).map(\.left) == [3])
  }

  @Test("A late answer about the frame before says nothing of the new one")
  func lateAnswer() async throws {
    let clock = VirtualClock(at: 0)
    let governor = Governor([RateLimit("frame", .frame(count: 10, seconds: 600))])
    func told(_ left: Int, _ resetsIn: Double) -> RequestEnd {
      RequestEnd(observations: [.quota(limit: "frame", count: 10, left: left, resetsIn: resetsIn)])
    }
    let first = try await governor.enter(Self.reading, longest: 1e9, clock: clock)
    governor.leave(first, told(2, 100), clock: clock)
    let late = try await governor.enter(Self.reading, longest: 1e9, clock: clock)
    clock.advance(by: 101)
    try await take(governor, clock)
    governor.leave(late, told(1, 1), clock: clock)
    for _ in 0..<6 { try await take(governor, clock) }
    #expect(clock.now() == 101)
  }

  @Test("A full bucket, the rest of a frame and the cost of methods are known to the next process")
  func keepsWhatWasLearnt() async throws {
    let clock = VirtualClock(at: 1_000)
    let notes = Notes()
    let limits = [
      RateLimit("rate", .bucket(rate: 1, burst: 4)), RateLimit("frame", .frame(count: nil, seconds: 600)),
      RateLimit("operating", .operating(seconds: 100, window: 600, baskets: 10)),
    ]
    let demand = RequestDemand(methods: ["update": 2])
    let first = Governor(limits, memory: notes)
    let ticket = try await first.enter(demand, longest: 1e9, clock: clock)
    first.leave(
      ticket,
      RequestEnd(observations: [
        .quota(limit: "frame", count: 50, left: 20, resetsIn: 300),
        .operating(limit: "operating", method: "update", used: 60, leavesAt: nil),
      ]), clock: clock)
    first.save(at: clock.now())
    clock.advance(by: 1)
    let readings = Governor(limits, memory: notes).quotas(at: clock.now())
    #expect(readings.map(\.limit) == ["rate", "frame", "operating update"])
    #expect(readings.map(\.left) == [4, 20, 40])
    #expect(readings[1].resetsAt == 1_300)
  }

  /// Five requests that get no answer, on a platform that may have told before what one costs.
  private func failing(after told: [LimitObservation]) async throws -> VirtualClock {
    let clock = VirtualClock(at: 1_000)
    let governor = Governor([RateLimit("operating", .operating(seconds: 100, window: 600, baskets: 10))])
    let demand = RequestDemand(methods: ["batch": 100])
    let first = try await governor.enter(demand, longest: 1e9, clock: clock)
    governor.leave(first, RequestEnd(observations: told), clock: clock)
    for _ in 0..<5 {
      let ticket = try await governor.enter(demand, longest: 1e9, clock: clock)
      var end = RequestEnd()
      end.isGood = false
      governor.leave(ticket, end, clock: clock)
    }
    return clock
  }

  @Test("Requests that fail are not charged to a method of which no answer has told a cost")
  func failuresWithoutCost() async throws {
    #expect(try await failing(after: []).sleeps.isEmpty)
  }

  @Test("Requests that fail are charged with what their like has cost")
  func failuresWithCost() async throws {
    let told = LimitObservation.operating(limit: "operating", method: "batch", used: 40, leavesAt: nil)
    #expect(try await !failing(after: [told]).sleeps.isEmpty)
  }

  @Test(
    "A memory that is damaged, foreign or from the future is passed over",
    arguments: [
      "", "nonsense", "[]", #"{"version":2}"#, #"{"version":1,"limits":[]}"#,
      #"{"version":1,"limits":{"daily":{"day":99999999,"used":5,"left":0}}}"#,
      #"{"version":1,"limits":{"daily":{"day":0,"used":-7,"left":null,"exhaustedUntil":null}}}"#,
    ])
  func survivesBadMemory(text: String) async throws {
    let clock = VirtualClock(at: 1_000)
    let governor = Governor([RateLimit("daily", .daily(count: 2, offset: 0))], memory: Notes(text))
    try await take(governor, clock)
    #expect(clock.sleeps.isEmpty)
  }

  @Test("A file keeps it, its folder is made, and one that cannot be made costs nothing")
  func keepsAFile() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("governor-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = GovernorFile(path: folder.appendingPathComponent("limits.json").path)
    #expect(file.load() == nil)
    file.save([1, 2])
    file.save([3])
    #expect(file.load() == [3])
    let fresh = GovernorFile(path: folder.path + "/new/limits.json")
    fresh.save([1])
    #expect(fresh.load() == [1])
    let blocked = GovernorFile(path: folder.path + "/limits.json/limits.json")
    blocked.save([1])
    #expect(blocked.load() == nil)
  }
}
