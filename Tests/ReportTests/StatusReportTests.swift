import Platform
import Scoring
import Testing

@testable import Report
@testable import Store
@testable import Sync

@Suite("The status report")
struct StatusReportTests {
  /// A state in which nothing has happened yet.
  private func empty() throws -> StatusSummary {
    let configuration = Configuration(
      file: "t.yaml", folder: ".", modelPath: "m.yaml", statePath: ":memory:", history: .days(1),
      connections: [], fuses: .standard)
    let context = try RunContext(
      store: .temporary(), configuration: configuration,
      model: LoadedModel(model: Model(name: "t"), sha256: "", path: "m.yaml"), domains: .empty, chosen: [],
      environment: RunEnvironment(milliseconds: { 0 }, random: { 0 }))
    return try StatusSummary(context, rejectedLimit: 10)
  }

  private func full(name: String, reason: String) throws -> StatusSummary {
    var status = try empty()
    var run = RunRecord(id: "01", command: "sync", startedAt: Samples.moment)
    (run.exit, run.written, run.refused) = (3, 1, 2)
    status.lastRun = run
    let streams = [
      (StreamName("contacts"), StreamState(cursor: nil, isComplete: true, pulledAt: Samples.moment)),
      (StreamName("activities"), StreamState(cursor: nil, isComplete: false, pulledAt: nil)),
    ]
    status.connections = [
      StatusSummary.Connection(
        name: name, platform: "files", contacts: 1_234_567, pending: 12, since: Samples.moment,
        streams: streams.map { (name: $0.0, state: $0.1) },
        rejected: [RejectedRecord(place: "a.csv:3", reason: reason)], rejectedCount: 1)
    ]
    status.latches = [
      Latch(connection: name, fuse: "maxShrink", blownAt: Samples.moment, run: "01", message: reason)
    ]
    status.nextMoment = Samples.moment
    return status
  }

  @Test("a new state has nothing to tell")
  func nothing() throws {
    let text = StatusReport.text(try empty(), style: .plain)
    #expect(text == "No run yet.\n\nFuses: all whole.\n")
  }

  @Test("last run, connections, streams, records that could not be used, fuses, the next change")
  func everything() throws {
    let status = try full(name: "crm", reason: "is odd")
    let text = StatusReport.text(status, style: .plain)
    #expect(
      text == """
        Last run: sync at 2026-09-21T14:13:20Z, exit 3, 1 contact written, 2 refused.

        crm (files): 1,234,567 contacts, 12 to write
          activities since 2026-09-21T14:13:20Z
          contacts: read 2026-09-21T14:13:20Z
          activities: never read, unfinished
          1 record could not be used:
            a.csv:3: is odd

        Fuse maxShrink blown since 2026-09-21T14:13:20Z: is odd
        A score changes by itself next at 2026-09-21T14:13:20Z.

        """)
    let coloured = StatusReport.text(status, style: TextStyle(hasColor: true))
    #expect(coloured.contains("\u{1B}[31mFuse") && Shown(coloured).lines == Shown(text).lines)
  }

  @Test("nothing wild comes through, and nothing is wider than the terminal", arguments: WildText.names)
  func wild(text: String) throws {
    let status = try full(name: String(text.prefix(60)), reason: text + " " + text)
    Shown(StatusReport.text(status, style: .plain)).expectTame(columns: 80)
  }

  @Test("a run that has not ended says so")
  func running() throws {
    var status = try empty()
    status.lastRun = RunRecord(id: "01", command: "sync", startedAt: Samples.moment)
    #expect(StatusReport.text(status, style: .plain).contains("not ended"))
  }
}
