import Foundation
import Testing

@Suite("One run at a time works on a state")
struct LockTests {
  /// Holds the lock as another run would.
  private func whileLocked<Result>(
    _ place: Workplace, _ body: () async throws -> Result
  ) async throws -> Result {
    let descriptor = open(place.at("state/leadgauge.db.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    try #require(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    defer { close(descriptor) }
    ftruncate(descriptor, 0)
    let holder = Array("sync, process 4711, since noon".utf8)
    pwrite(descriptor, holder, holder.count, 0)
    return try await body()
  }

  @Test(
    "a second run ends at once with 75, names the first, and does nothing",
    arguments: [
      ["pull"], ["plan"], ["sync"], ["backfill", "--since", "2026-01-01"], ["apply", "monday.plan"],
    ])
  func second(command: [String]) async throws {
    let place = try Workplace.small()
    #expect(try await place.runAsOf("plan", "-o", "monday.plan").status == 0)
    let runs = try await place.run("runs", "--json").out
    try await whileLocked(place) {
      let outcome = try await Program.run(command, in: place.path)
      #expect(outcome.status == 75, "\(outcome)")
      #expect(outcome.out.isEmpty)
      #expect(outcome.err.contains("sync, process 4711, since noon"), "\(outcome)")
    }
    #expect(!place.exists("scores.csv"))
    #expect(try await place.run("runs", "--json").out == runs)
    #expect(try await Program.run(command, in: place.path).status == 0)
  }

  @Test(
    "looking needs no lock",
    arguments: [["check"], ["status"], ["runs"], ["explain", "list/1"], ["model", "lint"]])
  func looking(command: [String]) async throws {
    let place = try Workplace.small()
    #expect(try await place.runAsOf("sync").status == 0)
    try await whileLocked(place) {
      let outcome = try await Program.run(command, in: place.path)
      #expect(outcome.status == 0, "\(outcome)")
    }
  }

  @Test("of several runs that start together each is done or turned away, and what is written is right")
  func together() async throws {
    let place = try Workplace.crowd(300)
    try place.warmUp(1...20)
    let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
      for _ in 0..<5 { group.addTask { try await place.runAsOf("sync", "--json") } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.allSatisfy { [0, 75].contains($0.status) }, "\(outcomes)")
    let written = try outcomes.filter { $0.status == 0 }.map { try $0.document(ResultForm.self).written ?? 0 }
    #expect(written.reduce(0, +) == 300, "\(outcomes)")
    #expect(try place.scores().values.count { $0.score == 50 } == 20)
  }
}
