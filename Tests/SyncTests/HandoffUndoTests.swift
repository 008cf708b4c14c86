import ConnectorConformance
import Platform
import Scoring
import Store
import Sync
import Testing

@Suite("Handoffs of runs that are taken back")
struct HandoffUndoTests {
  private func undo(_ bench: HandoffBench, _ run: String, approves: Bool = true) async throws -> RunResult {
    let context = try bench.context()
    defer { context.store.close() }
    return try await LeadRun("undo", context: context).undo(run, approves: approves)
  }

  @Test("what nobody was told yet is not told any more, and coming back is a new entry")
  func waiting() async throws {
    let bench = try HandoffBench()
    bench.people(1...5)
    try await bench.sync()
    bench.warmUp(1)
    bench.receiver.answer(.failed("down"))
    let wrong = try await bench.sync()
    #expect(wrong.handoff?.waiting.first?.waiting == 1)
    bench.pass(.days(1))
    let result = try await undo(bench, wrong.record.id)
    #expect(result.apply?.written == 1)
    #expect(result.handoff?.waiting.isEmpty == true)
    #expect(bench.receiver.accepted.isEmpty)
    try await bench.sync()
    #expect(bench.receiver.accepted.count == 1)
  }

  @Test("an undo that leads back into the band tells nobody, and neither does the next write within it")
  func backIn() async throws {
    let bench = try HandoffBench()
    bench.people(1...5)
    try await bench.sync()
    bench.warmUp(1)
    try await bench.sync()
    #expect(bench.receiver.accepted.count == 1)
    bench.pass(.days(1))
    let lower = HandoffBench.model.replacing("max: 8", with: "max: 2")
    let wrong = try await bench.sync(bench.context(model: lower))
    #expect(bench.connector.held("1")?.band == "warm")
    bench.pass(.days(1))
    _ = try await undo(bench, wrong.record.id)
    #expect(bench.connector.held("1")?.band == "hot")
    bench.connector.edit { $0.addActivity(of: "1", .pageVisit, at: bench.now) }
    try await bench.sync()
    #expect(bench.connector.held("1")?.score == 50)
    #expect(bench.receiver.accepted.count == 1)
  }
}
