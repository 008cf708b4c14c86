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
      lines.append(
        style.bold("\(TerminalText.count(apply.written, "contact")) written")
          + (apply.refused > 0 ? style.yellow(", \(TerminalText.number(apply.refused)) not written:") : "."))
      for refusal in apply.refusals.prefix(20) {
        lines += TerminalText.wrapped(
          "\(refusal.connection)/\(refusal.contact): \(refusal.reason)", columns, indent: 2)
      }
      if apply.refused > 20 {
        lines.append(
          "  … and \(TerminalText.number(apply.refused - 20)) more; they are tried again by the next run.")
      }
    }
    for (name, failure) in result.failures.sorted(by: { $0.key < $1.key }) {
      lines += TerminalText.wrapped("\(name): \(failure)", columns, indent: 0).map(style.red)
    }
    return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
  }

  /// `runs`: one line each.
  public static func text(_ runs: [RunRecord], columns: Int = 80) -> String {
    guard !runs.isEmpty else { return "No run yet.\n" }
    let lines = runs.map { run in
      let exit = run.exit.map { "exit \($0)" } ?? "not ended"
      return "\(run.id)  \(run.startedAt)  " + TerminalText.left(run.command, 8) + "  "
        + TerminalText.left(exit, 9)
        + "  \(TerminalText.number(run.written)) of \(TerminalText.number(run.changes))"
    }
    return lines.map { TerminalText.fitted($0, max(80, columns)).trimmedEnd }.joined(separator: "\n") + "\n"
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
