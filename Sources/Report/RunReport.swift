import Platform
import Scoring
import Store
import Sync

/// What a run came to, in a few lines that are good as a cron mail.
public enum RunReport {
  /// The end of `sync`, `apply` and `backfill`.
  public static func text(_ result: RunResult, style: TextStyle, columns: Int = 80) -> String {
    var lines: [String] = []
    if result.isHeldBack {
      lines.append(style.red(style.bold("Nothing was written: a fuse is blown.")))
      for fuse in result.blown {
        lines += TerminalText.wrapped("\(fuse.fuse): \(fuse.message). \(fuse.cure).", columns, indent: 2)
      }
    } else if let apply = result.apply {
      // What the connection's failure says below is not said of each contact again.
      let own = apply.refusals.filter { result.failures[$0.connection]?.what != $0.reason }
      lines.append(
        style.bold("\(TerminalText.count(apply.written, "contact")) written")
          + (apply.refused > 0
            ? style.yellow(
              ", \(TerminalText.number(apply.refused)) not written\(own.isEmpty ? "." : ":")") : "."))
      for refusal in own.prefix(20) {
        lines += TerminalText.wrapped(
          "\(refusal.connection)/\(refusal.contact): \(refusal.reason)", columns, indent: 2)
      }
      let rest = apply.refused - min(20, own.count)
      if rest > 0, !own.isEmpty {
        lines.append("  … and \(TerminalText.number(rest)) more; they are tried again by the next run.")
      }
      if apply.leftByLimit > 0 {
        lines.append(
          "\(TerminalText.count(apply.leftByLimit, "less important change")) left for the next run (--limit)."
        )
      }
    }
    for (name, failure) in result.failures.sorted(by: { $0.key < $1.key }) {
      lines += TerminalText.wrapped("\(name): \(failure)", columns, indent: 0).map(style.red)
    }
    lines += HandoffReport.lines(result.handoff, style: style, columns: columns)
    return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
  }

  /// `runs`: one line each, 80 columns wide. A run without exit status has not ended, or was killed.
  public static func text(_ runs: [RunRecord]) -> String {
    guard !runs.isEmpty else { return "No run yet.\n" }
    let head = line("run", "started", "command", "exit", "written", "changes")
    let lines = runs.map { run in
      line(
        run.id, "\(run.startedAt)", run.command, run.exit.map(String.init) ?? "-",
        TerminalText.number(run.written), TerminalText.number(run.changes))
    }
    return ([head] + lines).joined(separator: "\n") + "\n"
  }

  private static func line(
    _ run: String, _ started: String, _ command: String, _ exit: String, _ written: String, _ changes: String
  ) -> String {
    // Numbers are never cut: a line that is too long says more than a wrong number.
    func number(_ text: String) -> String { String(repeating: " ", count: max(0, 8 - text.count)) + text }
    return TerminalText.left(run, 26) + " " + TerminalText.left(started, 20) + "  "
      + TerminalText.left(command, 8) + " " + TerminalText.right(exit, 4) + " " + number(written) + " "
      + number(changes)
  }

  /// The end of `pull`.
  public static func text(_ pull: PullSummary, style: TextStyle, columns: Int = 80) -> String {
    var lines: [String] = []
    for connection in pull.connections {
      if let failure = connection.failure {
        lines += TerminalText.wrapped("\(connection.name): \(failure)", columns, indent: 0).map(style.red)
        continue
      }
      var line = "\(connection.name): \(TerminalText.count(connection.recordsRead, "record")) read"
      if connection.rejected > 0 { line += ", \(TerminalText.number(connection.rejected)) could not be used" }
      if connection.leftOut > 0 {
        line += ", \(TerminalText.count(connection.leftOut, "unknown visitor")) left out"
      }
      if connection.skippedAsOlder > 0 {
        line += ", \(TerminalText.number(connection.skippedAsOlder)) older than the history"
      }
      if connection.missing > 0 {
        line += ", \(TerminalText.number(connection.missing)) missing and kept (maxShrink)"
      }
      lines += TerminalText.wrapped(line + ".", columns, indent: 0)
    }
    let merge = pull.merge
    lines += TerminalText.wrapped(
      "New: \(TerminalText.count(merge.newContacts, "contact")), \(TerminalText.number(merge.newActivities)) activities. Changed: \(TerminalText.count(merge.changedContacts, "contact")). Gone: \(TerminalText.count(merge.forgottenContacts, "contact")).",
      columns, indent: 0)
    return lines.joined(separator: "\n") + "\n"
  }
}
