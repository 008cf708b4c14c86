import Platform
import Scoring
import Sync

/// The dry-run report for a terminal: totals, movement between bands, the largest moves with their reasons,
/// fuses, and what could not be used. Readable at 80 columns.
public struct PlanReport {
  let summary: PlanSummary
  let style: TextStyle
  let columns: Int
  private let isDryRun: Bool
  var lines: [String] = []

  /// A report of at most so many columns; `isDryRun` says that nothing was written.
  public init(_ summary: PlanSummary, style: TextStyle, columns: Int = 80, isDryRun: Bool = true) {
    self.summary = summary
    self.style = style
    self.columns = max(60, min(columns, 120))
    self.isDryRun = isDryRun
  }

  /// The report, ending with a line end.
  public static func text(
    _ summary: PlanSummary, style: TextStyle, columns: Int = 80, isDryRun: Bool = true
  ) -> String {
    var report = PlanReport(summary, style: style, columns: columns, isDryRun: isDryRun)
    report.make()
    return report.lines.joined(separator: "\n") + "\n"
  }

  /// The totals in one line.
  public static func brief(_ summary: PlanSummary) -> String {
    let header = summary.header
    guard summary.changes > 0 else {
      return
        "As of \(header.asOf): nothing to do, \(TerminalText.count(header.contacts, "contact")) \(header.contacts == 1 ? "holds" : "hold") what the model says."
    }
    return
      "As of \(header.asOf): \(TerminalText.count(summary.changes, "change")) among \(TerminalText.count(header.contacts, "contact"))."
  }

  private mutating func make() {
    head()
    connections()
    bands()
    scores()
    entries()
    moves()
    rules()
    trouble()
    fuses()
  }

  private mutating func head() {
    let header = summary.header
    let name = TerminalText.fitted(header.modelName, columns - 40)
    lines.append(style.bold("Plan as of \(header.asOf)") + "  model: \(name)")
    let changes = summary.changes
    lines += TerminalText.wrapped(
      changes == 0
        ? "Nothing to do: \(TerminalText.count(header.contacts, "contact")) \(header.contacts == 1 ? "holds" : "hold") what the model says."
        : "\(TerminalText.count(changes, "change")) among \(TerminalText.count(header.contacts, "contact"))"
          + (isDryRun ? "; nothing has been written." : "."), columns, indent: 0
    )
  }

  // MARK: Connections

  private mutating func connections() {
    lines.append("")
    let wide = max(
      10, min(24, columns - 48, summary.connections.map { TerminalText.width($0.name) }.max() ?? 10))
    lines.append(
      style.dim(
        TerminalText.left("connection", wide) + TerminalText.right("contacts", 12)
          + TerminalText.right("to write", 12)
          + TerminalText.right("new", 11) + TerminalText.right("band moves", 13)))
    for connection in summary.connections {
      var line =
        TerminalText.left(connection.name, wide)
        + TerminalText.right(TerminalText.number(connection.contacts), 12)
      if let failure = connection.failure {
        line += "  " + style.red("not read: " + TerminalText.fitted(failure.what, columns - wide - 26))
      } else if connection.isReadOnly {
        line += style.dim(TerminalText.right("read only", 12))
      } else {
        line += TerminalText.right(TerminalText.number(connection.changes), 12)
        line += TerminalText.right(TerminalText.number(connection.firstScores), 11)
        line += TerminalText.right(TerminalText.number(connection.bandChanges), 13)
      }
      lines.append(line)
    }
    for connection in summary.connections {
      guard let forecast = connection.forecast else { continue }
      let quotas = connection.quotas.compactMap(QuotaText.left)
      let left = quotas.isEmpty ? "" : " Left: \(quotas.joined(separator: ", "))."
      lines += TerminalText.wrapped(
        "\(connection.name): \(QuotaText.line(forecast, writes: connection.changes)).\(left)", columns,
        indent: 0)
    }
  }

  // MARK: Bands

  private mutating func bands() {
    let names = summary.bandNames
    guard !names.isEmpty else { return }
    lines.append("")
    let sizes = summary.bandSizes
    let parts = names.indices.map { "\(names[$0]) \(TerminalText.number(sizes[$0] ?? 0))" }
    let none = sizes[-1].map { ["no band \(TerminalText.number($0))"] } ?? []
    lines += TerminalText.wrapped(
      "Persons by band: " + (parts + none).joined(separator: ", ") + ".", columns, indent: 0)
    guard !summary.moves.isEmpty else { return }
    lines.append("")
    let places = Array(names.indices) + [-1]
    let used = places.filter { place in summary.moves.keys.contains { $0.from == place || $0.to == place } }
    func name(_ place: Int) -> String { place < 0 ? "none" : names[place] }
    let first = min(20, max(12, used.map { TerminalText.width(name($0)) + 2 }.max() ?? 12))
    let wide = max(9, min(14, (columns - first) / max(1, used.count)))
    let shown = Array(used.prefix(max(1, (columns - first) / wide)))
    lines.append(
      style.dim(
        TerminalText.left("from \\ to", first) + shown.map { TerminalText.right(name($0), wide) }.joined()))
    for from in used where summary.moves.keys.contains(where: { $0.from == from }) {
      let cells = shown.map { to -> String in
        let count = summary.moves[PlanSummary.BandMove(from: from, to: to)] ?? 0
        let text = TerminalText.right(count == 0 ? "·" : TerminalText.number(count), wide)
        if count == 0 { return style.dim(text) }
        return from == to ? text : rank(to) < rank(from) ? style.green(text) : style.yellow(text)
      }
      lines.append(TerminalText.left(name(from), first) + cells.joined())
    }
    if shown.count < used.count {
      lines.append(style.dim("(\(used.count - shown.count) more bands do not fit here)"))
    }
    if summary.handoffs > 0 {
      lines.append(
        "\(TerminalText.count(summary.handoffs, "contact")) would enter a band that is handed to sales.")
    }
  }

  private func rank(_ band: Int) -> Int { band < 0 ? .max : band }

  // MARK: What went wrong

  private mutating func trouble() {
    for connection in summary.connections where connection.refused > 0 {
      lines.append("")
      lines += TerminalText.wrapped(
        "\(TerminalText.count(connection.refused, "contact")) of these \(connection.refused == 1 ? "was" : "were") refused by \(connection.name) the last time, and would be tried again:",
        columns, indent: 0
      ).map(style.yellow)
      for refused in connection.refusedSamples.prefix(5) {
        lines += TerminalText.wrapped("\(refused.contact.text): \(refused.reason)", columns, indent: 2)
      }
      let rest = connection.refused - min(5, connection.refusedSamples.count)
      if rest > 0 { lines.append("  … and \(TerminalText.number(rest)) more") }
    }
    for connection in summary.connections where connection.rejected > 0 {
      lines.append("")
      lines.append(
        style.yellow(
          "\(TerminalText.count(connection.rejected, "record")) of \(connection.name) could not be used:"))
      for record in connection.rejectedSamples.prefix(5) {
        lines += TerminalText.wrapped("\(record.place): \(record.reason)", columns, indent: 2)
      }
      if connection.rejected > 5 { lines.append("  … all of them: leadgauge status --json") }
    }
    for connection in summary.pull?.connections ?? [] where connection.skippedAsOlder > 0 {
      lines.append("")
      let isOne = connection.skippedAsOlder == 1
      lines += TerminalText.wrapped(
        "\(TerminalText.count(connection.skippedAsOlder, "record")) of \(connection.name) \(isOne ? "is" : "are") older than the history that is read; leadgauge backfill --since TIME reads \(isOne ? "it" : "them").",
        columns, indent: 0)
    }
  }

  private mutating func fuses() {
    let blown = summary.fuses.filter(\.isBlown)
    guard !blown.isEmpty else { return }
    lines.append("")
    for fuse in blown {
      let place = fuse.connection.isEmpty ? "" : " on \(fuse.connection)"
      let of = fuse.total.map { " of \(TerminalText.number($0))" } ?? ""
      let limit = fuse.total == nil ? TerminalText.number(fuse.limit) : FuseLimits.percent(fuse.limit)
      lines += TerminalText.wrapped(
        "The fuse \(fuse.fuse) would blow\(place): \(TerminalText.number(fuse.count))\(of), the limit is \(limit). sync would not write this plan; apply FILE or sync --approve would.",
        columns, indent: 0
      ).map(style.red)
    }
  }
}

extension String {
  var trimmedEnd: String {
    var text = Substring(self)
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
