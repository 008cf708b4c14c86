import Platform
import Scoring
import Testing

@testable import Report
@testable import Store
@testable import Sync

@Suite("The status report")
struct StatusReportTests {
  /// A state in which nothing has happened yet.
  private func empty() async throws -> StatusSummary {
    let configuration = Configuration(
      file: "t.yaml", folder: ".", modelPath: "m.yaml", statePath: ":memory:", history: .days(1),
      connections: [], fuses: .standard)
    let context = try RunContext(
      store: .temporary(), configuration: configuration,
      model: LoadedModel(model: Model(name: "t"), sha256: "", path: "m.yaml"), domains: .empty, chosen: [],
      environment: RunEnvironment(milliseconds: { 0 }, random: { 0 }))
    return try await StatusSummary(context, rejectedLimit: 10)
  }

  private func full(name: String, reason: String) async throws -> StatusSummary {
    var status = try await empty()
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
        rejected: [RejectedRecord(place: "a.csv:3", reason: reason)], rejectedCount: 1, quotas: [])
    ]
    status.latches = [
      Latch(connection: name, fuse: "maxShrink", blownAt: Samples.moment, run: "01", message: reason)
    ]
    status.nextMoment = Samples.moment
    return status
  }

  @Test("a new state has nothing to tell")
  func nothing() async throws {
    let text = StatusReport.text(try await empty(), style: .plain)
    #expect(
      text == "No run yet.\n\nFuses: all whole. Limits: maxChanges 25 %, maxWrites 50,000, maxShrink 20 %.\n")
  }

  @Test("last run, connections, streams, records that could not be used, fuses, the next change")
  func everything() async throws {
    let status = try await full(name: "crm", reason: "is odd")
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

        Fuse maxShrink blown since 2026-09-21T14:13:20Z, nothing is written: is odd.
        A score changes by itself next at 2026-09-21T14:13:20Z.

        """)
    let coloured = StatusReport.text(status, style: TextStyle(hasColor: true))
    #expect(coloured.contains("\u{1B}[31mFuse") && Shown(coloured).lines == Shown(text).lines)
  }

  @Test("nothing wild comes through, and nothing is wider than the terminal", arguments: WildText.names)
  func wild(text: String) async throws {
    let status = try await full(name: String(text.prefix(60)), reason: text + " " + text)
    Shown(StatusReport.text(status, style: .plain)).expectTame(columns: 80)
  }

  @Test("a run that has not ended says so")
  func running() async throws {
    var status = try await empty()
    status.lastRun = RunRecord(id: "01", command: "sync", startedAt: Samples.moment)
    #expect(StatusReport.text(status, style: .plain).contains("not ended"))
  }

  @Test(
    "a forecast is said in the unit that reads best",
    arguments: [
      (0.4, "1 s"), (89, "89 s"), (540, "9 min"), (5_000, "84 min"), (7_300, "3 h"), (200_000, "3 days"),
    ] as [(Double, String)])
  func forecasts(seconds: Double, text: String) async throws {
    var status = try await full(name: "hub", reason: "is odd")
    status.connections[0].pending = 18_400
    status.connections[0].forecast = WriteForecast(requests: 184, seconds: seconds, heldBy: nil)
    let lines = StatusReport.text(status, style: .plain).split(separator: "\n")
    #expect(lines.contains("  at this rate 18,400 writes take about \(text) (184 requests)"))
  }

  @Test("quotas say what is left, of how much, until when, and what holds the writing up")
  func quotas() async throws {
    var status = try await full(name: "hub", reason: "is odd")
    status.connections[0].quotas = [
      Quota(
        name: "daily", unit: "requests", left: 231_400, count: 250_000, resetsAt: Samples.moment,
        asOf: Samples.moment)
    ]
    status.connections[0].pending = 1
    status.connections[0].forecast = WriteForecast(requests: 1, seconds: .infinity, heldBy: "daily")
    let text = StatusReport.text(status, style: .plain)
    #expect(
      text.contains(
        """
          quota daily: 231,400 of 250,000 requests left, resets at 2026-09-21T14:13:20Z (as of 2026-09-21T14:13:20Z)
          1 write: the quota daily does not allow it

        """))
    let json = StatusReport.json(status)
    #expect(
      json.contains(
        #""quotas":[{"name":"daily","unit":"requests","left":231400,"count":250000,"#
          + #""resetsAt":"2026-09-21T14:13:20Z","asOf":"2026-09-21T14:13:20Z"}],"#
          + #""forecast":{"requests":1,"seconds":null,"heldBy":"daily"}"#))
  }
}
