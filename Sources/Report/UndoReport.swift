import Platform
import Store
import Sync

/// What an undo came to, or would.
public enum UndoReport {
  private static let mostListed = 60

  /// The report for a terminal.
  public static func text(_ result: RunResult, style: TextStyle, columns: Int = 80) -> String {
    guard let undo = result.undo else { return "" }
    var lines = head(undo, style, columns)
    lines += table(undo, style)
    lines += movements(undo, style, columns)
    lines += kept(undo, style, columns)
    if result.isHeldBack {
      lines += ["", style.red(style.bold("Nothing was written: a fuse is blown."))]
      for fuse in result.blown {
        lines += TerminalText.wrapped("\(fuse.fuse): \(fuse.message). \(fuse.cure).", columns, indent: 2)
      }
    }
    if undo.isDryRun {
      for fuse in result.blown {
        lines += TerminalText.wrapped(
          "Fuse \(fuse.fuse): \(fuse.message). This undo would not be written without --approve.", columns,
          indent: 0
        ).map(style.red)
      }
    }
    lines += left(undo, result, style, columns)
    for (name, failure) in result.failures.sorted(by: { $0.key < $1.key }) {
      lines += TerminalText.wrapped("\(name): \(failure)", columns, indent: 0).map(style.red)
    }
    if let apply = result.apply {
      lines += [
        "",
        style.bold("\(TerminalText.count(apply.written, "contact")) taken back")
          + (apply.refused > 0
            ? style.yellow(", \(TerminalText.number(apply.refused)) left as they are.") : "."),
      ]
    }
    if undo.changes > 0 { lines += afterwards(undo, result, columns) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func head(_ undo: UndoSummary, _ style: TextStyle, _ columns: Int) -> [String] {
    let run = undo.run
    var lines = TerminalText.wrapped(
      (undo.isDryRun ? "Dry run: nothing is written. " : "") + "Undo of run \(run.id): \(run.command) at"
        + " \(run.startedAt).", columns, indent: 0
    ).map(style.bold)
    if let first = undo.redoes {
      lines += TerminalText.wrapped(
        "That run was an undo itself: this writes again what it took back of run \(first).", columns,
        indent: 0)
    }
    if let earlier = undo.earlier {
      lines += TerminalText.wrapped(
        "It was undone in part, or written again, before: run \(earlier.id) at \(earlier.startedAt). This takes"
          + " back what is still there.", columns, indent: 0)
    }
    return lines
  }

  private static func table(_ undo: UndoSummary, _ style: TextStyle) -> [String] {
    func row(_ name: String, _ cells: [String]) -> String {
      TerminalText.left(name, 24) + cells.map { TerminalText.right($0, 13) }.joined()
    }
    var lines = ["", style.dim(row("connection", ["run wrote", "to take back", "left as is"]))]
    for part in undo.connections {
      lines.append(
        row(part.name, [part.written, part.takenBack, part.left].map(TerminalText.number)))
      if let obstacle = part.obstacle {
        lines += TerminalText.wrapped(obstacle + ".", 80, indent: 2).map(style.yellow)
      }
    }
    return lines
  }

  private static func movements(_ undo: UndoSummary, _ style: TextStyle, _ columns: Int) -> [String] {
    var lines: [String] = []
    let moves = undo.moves.filter { $0.key.from != $0.key.to }
      .sorted {
        ($1.value, $0.key.from ?? "", $0.key.to ?? "") < ($0.value, $1.key.from ?? "", $1.key.to ?? "")
      }
    if !moves.isEmpty { lines += ["", style.bold("Bands")] }
    for (move, count) in moves.prefix(12) {
      lines += TerminalText.wrapped(
        "\(move.from ?? "none") → \(move.to ?? "none"): \(TerminalText.number(count))", columns, indent: 2)
    }
    if moves.count > 12 { lines.append("  … and \(moves.count - 12) more kinds of moves") }
    if !undo.largest.isEmpty { lines += ["", style.bold("Largest moves back")] }
    for change in undo.largest {
      let from = change.scoreFrom.map(String.init) ?? "none"
      let to = change.clearsScore ? "none" : "\(change.scoreTo)"
      let who = change.email ?? "\(change.connection)/\(change.contact)"
      lines += TerminalText.wrapped("\(from) → \(to) \(who)", columns, indent: 2)
    }
    return lines
  }

  private static func kept(_ undo: UndoSummary, _ style: TextStyle, _ columns: Int) -> [String] {
    guard undo.keptScoreCount > 0 else { return [] }
    var lines = ["", style.bold("\(TerminalText.count(undo.keptScoreCount, "contact")) keep their score")]
    for contact in undo.keptScores.prefix(5) { lines += line(contact, columns) }
    if undo.keptScoreCount > 5 {
      lines.append("  … and \(TerminalText.number(undo.keptScoreCount - 5)) more (--json lists them)")
    }
    return lines
  }

  private static func left(
    _ undo: UndoSummary, _ result: RunResult, _ style: TextStyle, _ columns: Int
  ) -> [String] {
    let all = result.apply.map(\.refusals) ?? undo.left
    guard !all.isEmpty else { return [] }
    let count = max(all.count, undo.connections.filter { $0.obstacle == nil }.reduce(0) { $0 + $1.left })
    var lines = ["", style.bold("\(TerminalText.count(count, "contact")) left as they are")]
    for contact in all.prefix(mostListed) { lines += line(contact, columns) }
    if count > mostListed {
      lines.append("  … and \(TerminalText.number(count - mostListed)) more (--json lists up to 1,000)")
    }
    return lines
  }

  private static func line(_ contact: ApplySummary.Refusal, _ columns: Int) -> [String] {
    TerminalText.wrapped("\(contact.connection)/\(contact.contact): \(contact.reason)", columns, indent: 2)
  }

  /// What an undo cannot do, and what comes next.
  private static func afterwards(_ undo: UndoSummary, _ result: RunResult, _ columns: Int) -> [String] {
    var lines = [""]
    lines += TerminalText.wrapped(
      "What can't be taken back: automations that the platforms started because of the run's scores, bands and"
        + " tags, and what they sent."
        + (undo.handoffs > 0
          ? " The run brought \(TerminalText.count(undo.handoffs, "contact")) into a band with a handoff: sales may"
            + " have been told of them already." : ""),
      columns, indent: 0)
    lines += TerminalText.wrapped(
      "The next sync writes by the model again. To keep the old values, stop it from running, or put the older model"
        + " back, or set write: false for the connection.", columns, indent: 0)
    if !undo.isDryRun, result.apply != nil {
      lines += TerminalText.wrapped(
        "To take this undo back: leadgauge undo \(result.record.id)", columns, indent: 0)
    }
    return lines
  }

  /// The same as one JSON object.
  static func json(_ undo: UndoSummary) -> String {
    func list(_ contacts: [ApplySummary.Refusal]) -> String {
      contacts.map {
        #"{"connection":\#(PlanJSON.quote($0.connection)),"contact":\#(PlanJSON.quote($0.contact)),"reason":\#(PlanJSON.quote($0.reason))}"#
      }.joined(separator: ",")
    }
    let connections = undo.connections.map {
      #"{"connection":\#(PlanJSON.quote($0.name)),"written":\#($0.written),"takenBack":\#($0.takenBack),"#
        + #""left":\#($0.left),"obstacle":\#(PlanJSON.optional($0.obstacle))}"#
    }.joined(separator: ",")
    let moves = undo.moves.sorted {
      ($0.key.from ?? "", $0.key.to ?? "") < ($1.key.from ?? "", $1.key.to ?? "")
    }.map {
      #"{"from":\#(PlanJSON.optional($0.key.from)),"to":\#(PlanJSON.optional($0.key.to)),"contacts":\#($0.value)}"#
    }.joined(separator: ",")
    return
      #"{"run":\#(PlanJSON.quote(undo.run.id)),"command":\#(PlanJSON.quote(undo.run.command)),"dryRun":\#(undo.isDryRun),"#
      + #""changes":\#(undo.changes),"connections":[\#(connections)],"moves":[\#(moves)],"#
      + #""left":\#(undo.leftCount),"leftContacts":[\#(list(undo.left))],"#
      + #""keptScores":\#(undo.keptScoreCount),"keptScoreContacts":[\#(list(undo.keptScores))],"handoffs":\#(undo.handoffs)}"#
  }
}
