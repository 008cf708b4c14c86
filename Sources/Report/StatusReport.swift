import Platform
import Scoring
import Store
import Sync

/// What the store knows of itself and its connections.
public struct StatusSummary: Sendable {
  /// One connection's part.
  public struct Connection: Sendable {
    /// The connection's name.
    public var name: String
    /// The platform's name.
    public var platform: String
    /// How many contacts are known.
    public var contacts: Int
    /// How many wait for a write.
    public var pending: Int
    /// Activities before this were not asked for.
    public var since: Timestamp?
    /// Names and states of the streams.
    public var streams: [(name: StreamName, state: StreamState)]
    /// What could not be used.
    public var rejected: [RejectedRecord]
    /// How many records could not be used.
    public var rejectedCount: Int
    /// What is left of the account's quotas, as far as it was last known.
    public var quotas: [Quota]
    /// What it would take to write all that waits; nil if nothing waits or nobody knows.
    public var forecast: WriteForecast?
  }

  /// In the order of the configuration.
  public var connections: [Connection]
  /// Fuses that are blown.
  public var latches: [Latch]
  /// Where fuses blow.
  public var limits: FuseLimits
  /// The last run; nil if there was none.
  public var lastRun: RunRecord?
  /// When somebody's score changes next by itself.
  public var nextMoment: Timestamp?
  /// Who waits to be told of.
  public var outbox: [OutboxCount]

  /// Asks the store.
  public init(_ context: RunContext, rejectedLimit: Int) async throws {
    let store = context.store
    let stored = try store.connections()
    connections = []
    for connection in context.working {
      let record = stored.first { $0.id == connection.stored.id } ?? connection.stored
      let pending = try store.pendingCount(on: record)
      let connector = connection.connector
      connections.append(
        Connection(
          name: connection.name, platform: connector.platform, contacts: record.contacts, pending: pending,
          since: record.since, streams: try store.streams(on: record),
          rejected: try store.rejected(on: record, limit: rejectedLimit),
          rejectedCount: try store.rejectedCount(on: record), quotas: await connector.quotas(),
          forecast: pending > 0 ? await connector.forecast(writes: pending) : nil))
    }
    latches = try store.latches()
    limits = context.fuses
    lastRun = try store.runs(limit: 1).first
    nextMoment = try store.nextMoment()
    outbox = try store.outboxCounts()
  }
}

/// `status` for people and for programs.
public enum StatusReport {
  /// The report for a terminal.
  public static func text(_ status: StatusSummary, style: TextStyle, columns: Int = 80) -> String {
    var lines: [String] = []
    if let run = status.lastRun {
      let end = run.exit.map { "exit \($0)" } ?? "not ended"
      lines += TerminalText.wrapped(
        "Last run: \(run.command) at \(run.startedAt), \(end), \(TerminalText.count(run.written, "contact")) written, \(TerminalText.number(run.refused)) refused.",
        columns, indent: 0)
    } else {
      lines.append("No run yet.")
    }
    for connection in status.connections {
      lines.append("")
      lines.append(
        style.bold(TerminalText.fitted(connection.name, columns - 52))
          + " (\(connection.platform)): \(TerminalText.count(connection.contacts, "contact")), \(TerminalText.number(connection.pending)) to write"
      )
      if let since = connection.since { lines.append("  activities since \(since)") }
      for (name, state) in connection.streams {
        let when = state.pulledAt.map { "read \($0)" } ?? "never read"
        lines.append("  \(name): \(when)" + (state.isComplete ? "" : ", unfinished"))
      }
      for quota in connection.quotas { lines.append("  " + QuotaText.line(quota)) }
      if let forecast = connection.forecast {
        lines.append("  " + QuotaText.line(forecast, writes: connection.pending))
      }
      if connection.rejectedCount > 0 {
        lines.append(
          "  " + style.yellow("\(TerminalText.count(connection.rejectedCount, "record")) could not be used:"))
        for record in connection.rejected.prefix(10) {
          lines += TerminalText.wrapped("\(record.place): \(record.reason)", columns, indent: 4)
        }
      }
    }
    lines.append("")
    lines += FuseReport.status(status.latches, status.limits, style: style, columns: columns)
    lines += HandoffReport.status(status.outbox, columns: columns)
    if let next = status.nextMoment { lines.append("A score changes by itself next at \(next).") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same as one JSON document.
  public static func json(_ status: StatusSummary) -> String {
    let connections = status.connections.map { connection -> String in
      let streams = connection.streams.map {
        #"{"stream":\#(PlanJSON.quote($0.name.text)),"readAt":\#(ReportJSON.time($0.state.pulledAt)),"complete":\#($0.state.isComplete)}"#
      }.joined(separator: ",")
      let rejected = connection.rejected.map {
        #"{"place":\#(PlanJSON.quote($0.place)),"reason":\#(PlanJSON.quote($0.reason))}"#
      }.joined(separator: ",")
      return
        #"{"connection":\#(PlanJSON.quote(connection.name)),"platform":\#(PlanJSON.quote(connection.platform)),"#
        + #""contacts":\#(connection.contacts),"pending":\#(connection.pending),"since":\#(ReportJSON.time(connection.since)),"#
        + #""quotas":[\#(connection.quotas.map(QuotaText.json).joined(separator: ","))],"#
        + #""forecast":\#(connection.forecast.map(QuotaText.json) ?? "null"),"#
        + #""streams":[\#(streams)],"rejected":\#(connection.rejectedCount),"rejectedRecords":[\#(rejected)]}"#
    }.joined(separator: ",")
    let latches = status.latches.map {
      #"{"fuse":\#(PlanJSON.quote($0.fuse)),"connection":\#(PlanJSON.quote($0.connection)),"blownAt":"\#($0.blownAt)","run":\#(PlanJSON.quote($0.run)),"message":\#(PlanJSON.quote($0.message))}"#
    }.joined(separator: ",")
    let run = status.lastRun.map { ReportJSON.runs([$0]).dropFirst().dropLast() }.map(String.init) ?? "null"
    return
      #"{"lastRun":\#(run),"connections":[\#(connections)],"fuses":[\#(latches)],"outbox":\#(HandoffReport.json(status.outbox)),"#
      + #""nextChangeAt":\#(ReportJSON.time(status.nextMoment))}"#
  }
}
