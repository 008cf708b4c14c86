import ConnectorConformance
import Platform
import Scoring
import Store
import Sync
import Testing

@Suite("Whatever a platform answers to a write")
struct WriteOutcomeTests {
  /// 1 made five visits, 2 one, 3 none.
  private func bench(_ options: InMemoryOptions = .web) throws -> Workbench {
    let bench = try Workbench(options)
    bench.connector.edit { content in
      for number in 1...3 { content.contacts["\(number)"] = InMemoryContact("p\(number)@example.com") }
      for _ in 0..<5 { content.addActivity(of: "1", .pageVisit, at: Timestamp(bench.now.seconds - 3_600)) }
      content.addActivity(of: "2", .pageVisit, at: Timestamp(bench.now.seconds - 7_200))
    }
    return bench
  }

  private func sync(_ bench: Workbench) async throws -> RunResult {
    try await LeadRun("sync", context: bench.context()).sync(at: bench.now, approves: false)
  }

  /// Acts once, right before the first call of a sort.
  private func before(
    _ call: InMemoryCall, of bench: Workbench, _ change: @escaping @Sendable (inout InMemoryContent) -> Void
  ) {
    bench.connector.beforeEachCall { connector, now in
      guard now == call else { return }
      connector.beforeEachCall(nil)
      connector.edit(change)
    }
  }

  @Test("a contact that is gone is listed and forgotten, and stops no other", arguments: [true, false])
  func gone(isFile: Bool) async throws {
    let bench = try bench(isFile ? .file : .web)
    before(.write, of: bench) { $0.contacts["2"] = nil }
    let result = try await sync(bench)
    #expect(result.apply?.written == 2)
    #expect(result.apply?.refusals.map(\.reason) == ["the contact is gone"])
    #expect(ExitStatus.of(result) == .someRefused)
    #expect(try bench.context().store.connections().map(\.contacts) == [2])
    #expect(try await sync(bench).apply?.written == 0)
  }

  @Test("a contact that became a part of another is left, and the other is scored by what both did")
  func moved() async throws {
    let bench = try bench()
    before(.write, of: bench) { $0.merge("1", into: "3") }
    let result = try await sync(bench)
    #expect(result.apply?.refusals.map(\.contact) == ["1"])
    #expect(
      result.apply?.refusals.map(\.reason)
        == ["the contact became a part of 3, which the next run scores anew"])
    // What was planned for 3 is what 3 did.
    #expect(bench.connector.held("3")?.score == 0)
    let again = try await sync(bench)
    #expect(again.apply?.refused == 0)
    #expect(bench.connector.held("3")?.score == 50)
    #expect(bench.connector.held("3")?.band == "hot")
    #expect(bench.connector.writes.filter { $0.contact == ContactID("3") }.map(\.score) == [0, 50])
  }

  @Test("an undo leaves a contact that became a part of another")
  func movedInUndo() async throws {
    let bench = try bench()
    let written = try await sync(bench)
    let before = bench.connector.held("3")
    self.before(.write, of: bench) { $0.merge("1", into: "3") }
    let result = try await LeadRun("undo", context: bench.context()).undo(
      written.record.id, approves: true)
    #expect(result.apply?.refusals.contains { $0.reason == "the contact became a part of 3" } == true)
    #expect(before != nil)
  }

  @Test("a lost answer about a contact that is gone by then is told as such")
  func lostAndGone() async throws {
    let bench = try bench()
    bench.connector.loseAnswer("2", written: false)
    before(.current, of: bench) { $0.contacts["2"] = nil }
    let result = try await sync(bench)
    #expect(result.apply?.written == 2)
    #expect(result.apply?.refusals.map(\.reason) == ["the answer was lost and the contact is gone"])
  }

  @Test("a connection that cannot be prepared is left alone, with the reason, and so is all that was for it")
  func unprepared() async throws {
    let bench = try bench()
    bench.connector.fail(.prepare)
    let result = try await sync(bench)
    #expect(result.apply?.written == 0)
    #expect(result.apply?.refused == 3)
    #expect(Set(result.apply?.refusals.map(\.reason) ?? []) == ["The platform in memory does not answer"])
    #expect(ExitStatus.of(result) == .unavailable)
    #expect(try await sync(bench).apply?.written == 3)
  }

  @Test("writes that cannot be settled keep a connection from being written, until they can")
  func unsettled() async throws {
    let bench = try bench()
    bench.connector.loseAnswer("2", written: false)
    bench.connector.fail(.current, times: nil)
    _ = try await sync(bench)
    let failure = await #expect(throws: ConnectorFailure.self) { try await sync(bench) }
    #expect(failure?.kind == .unavailable)
    bench.connector.calm()
    let third = try await sync(bench)
    #expect(third.apply?.written == 1)
    #expect(bench.connector.held("2")?.score == 10)
  }

  @Test("a stream that changes while it is read is read anew, and nothing counts twice", arguments: [1, 2])
  func changedMeanwhile(times: Int) async throws {
    let bench = try bench(InMemoryOptions(.fullListing, pageSize: 2))
    bench.connector.fail(
      .page("activities"), ConnectorFailure(.changedMeanwhile, "it changed while it was read"), skipping: 1,
      times: times)
    _ = try await sync(bench)
    #expect(bench.connector.held("1")?.score == 50)
    #expect(bench.connector.held("2")?.score == 10)
  }

  @Test("a stream that never holds still fails its connection")
  func neverStill() async throws {
    let bench = try bench(.file)
    bench.connector.fail(
      .page("contacts"), ConnectorFailure(.changedMeanwhile, "it changed while it was read"), times: nil)
    let failure = await #expect(throws: ConnectorFailure.self) { try await sync(bench) }
    #expect(failure?.kind == .changedMeanwhile)
  }
}
