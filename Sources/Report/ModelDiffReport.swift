import Platform
import Scoring
import Store
import Sync

/// The comparison of two models for a terminal and for programs.
public struct ModelDiffReport {
  private let summary: ModelDiffSummary
  private let style: TextStyle
  private let columns: Int
  private var lines: [String] = []

  /// The report, ending with a line end.
  public static func text(_ summary: ModelDiffSummary, style: TextStyle, columns: Int = 80) -> String {
    var report = ModelDiffReport(summary: summary, style: style, columns: max(60, min(columns, 120)))
    report.make()
    return report.lines.joined(separator: "\n") + "\n"
  }

  private mutating func make() {
    let (from, to) = summary.models
    lines.append(style.bold("Models compared as of \(summary.asOf)"))
    lines.append(style.dim("on what was pulled; nothing was changed"))
    lines.append("  A  " + TerminalText.fitted("\(from.path)  \(from.model.name)", columns - 5))
    lines.append("  B  " + TerminalText.fitted("\(to.path)  \(to.model.name)", columns - 5))
    lines.append("")
    let changed = summary.higher + summary.lower
    let people = TerminalText.count(summary.persons, "person")
    if changed == 0 && summary.moved == 0 {
      lines.append("No difference: \(people) would keep score and band.")
    } else {
      lines += TerminalText.wrapped(
        "Of \(people), \(TerminalText.number(summary.moved)) would be in another band; \(TerminalText.number(summary.higher)) would have a higher score and \(TerminalText.number(summary.lower)) a lower one.",
        columns, indent: 0)
    }
    if summary.handoffs > 0 {
      lines.append(
        "\(TerminalText.count(summary.handoffs, "person")) would enter a band that is handed to sales.")
    }
    sizes()
    matrix()
    moves()
  }

  // MARK: Bands

  private mutating func sizes() {
    let (from, to) = (summary.sizesFrom, summary.sizesTo)
    func text(_ model: Model, _ sizes: [Int: Int]) -> String {
      let parts = model.bands.indices.map { "\(model.bands[$0].name) \(TerminalText.number(sizes[$0] ?? 0))" }
      let none = sizes[-1].map { ["no band \(TerminalText.number($0))"] } ?? []
      return (parts + none).joined(separator: ", ")
    }
    lines.append("")
    lines += TerminalText.wrapped("A: " + text(summary.models.from.model, from) + ".", columns, indent: 0)
    lines += TerminalText.wrapped("B: " + text(summary.models.to.model, to) + ".", columns, indent: 0)
  }

  private mutating func matrix() {
    guard !summary.matrix.isEmpty else { return }
    let (from, to) = (summary.models.from.model.bands.map(\.name), summary.models.to.model.bands.map(\.name))
    func used(_ names: [String], _ place: (PlanSummary.BandMove) -> Int) -> [Int] {
      (Array(names.indices) + [-1]).filter { band in summary.matrix.keys.contains { place($0) == band } }
    }
    let (rows, places) = (used(from, \.from), used(to, \.to))
    func name(_ place: Int, _ names: [String]) -> String { place < 0 ? "none" : names[place] }
    let first = min(20, max(12, rows.map { TerminalText.width(name($0, from)) + 2 }.max() ?? 12))
    let wide = max(9, min(14, (columns - first) / max(1, places.count)))
    let shown = Array(places.prefix(max(1, (columns - first) / wide)))
    lines.append("")
    lines.append(
      style.dim(
        TerminalText.left("A \\ B", first) + shown.map { TerminalText.right(name($0, to), wide) }.joined()))
    for row in rows {
      let cells = shown.map { column -> String in
        let count = summary.matrix[PlanSummary.BandMove(from: row, to: column)] ?? 0
        let text = TerminalText.right(count == 0 ? "·" : TerminalText.number(count), wide)
        if count == 0 { return style.dim(text) }
        return name(row, from) == name(column, to) ? text : style.yellow(text)
      }
      lines.append(TerminalText.left(name(row, from), first) + cells.joined())
    }
    if shown.count < places.count {
      lines.append(style.dim("(\(places.count - shown.count) more bands do not fit here)"))
    }
  }

  // MARK: The largest moves

  private mutating func moves() {
    guard !summary.largest.isEmpty else { return }
    lines.append("")
    lines.append(style.bold("Largest moves"))
    for move in summary.largest {
      let isUp = move.scoreTo > move.scoreFrom
      let scores = TerminalText.right("\(move.scoreFrom) → \(move.scoreTo)", 13)
      let bands =
        move.bandFrom == move.bandTo
        ? move.bandTo ?? "none" : "\(move.bandFrom ?? "none") → \(move.bandTo ?? "none")"
      lines.append(
        (isUp ? style.green(scores) : style.red(scores)) + "  " + TerminalText.left(move.name, columns - 33)
          + " " + TerminalText.left(bands, 16).trimmedEnd)
      let rules = move.rules.prefix(3).map { rule in
        "\(rule.label) \(PointsText.formatSigned(units: rule.from)) → \(PointsText.formatSigned(units: rule.to))"
      }.joined(separator: " · ")
      lines += TerminalText.wrapped(rules, columns, indent: 15).map(style.dim)
    }
  }

  // MARK: JSON

  /// For programs: one document.
  public static func json(_ summary: ModelDiffSummary) -> String {
    let (from, to) = summary.models
    func model(_ model: LoadedModel) -> String {
      #"{"name":\#(PlanJSON.quote(model.model.name)),"path":\#(PlanJSON.quote(model.path)),"sha256":"\#(model.sha256)"}"#
    }
    func band(_ place: Int, _ model: LoadedModel) -> String {
      place < 0 ? "null" : PlanJSON.quote(model.model.bands[place].name)
    }
    let moves = summary.matrix.sorted { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }.map {
      #"{"from":\#(band($0.key.from, from)),"to":\#(band($0.key.to, to)),"persons":\#($0.value)}"#
    }.joined(separator: ",")
    let largest = summary.largest.map(json).joined(separator: ",")
    return
      #"{"asOf":"\#(summary.asOf)","a":\#(model(from)),"b":\#(model(to)),"persons":\#(summary.persons),"#
      + #""higher":\#(summary.higher),"lower":\#(summary.lower),"moved":\#(summary.moved),"handoffs":\#(summary.handoffs),"#
      + #""moves":[\#(moves)],"largest":[\#(largest)]}"#
  }

  private static func json(_ move: ModelDiffSummary.Move) -> String {
    let contacts = move.contacts.map {
      #"{"connection":\#(PlanJSON.quote($0.connection)),"contact":\#(PlanJSON.quote($0.id.text)),"email":\#(PlanJSON.optional($0.email))}"#
    }.joined(separator: ",")
    let rules = move.rules.map {
      #"{"rule":\#(PlanJSON.quote($0.id)),"from":\#(PointsText.format(units: $0.from)),"to":\#(PointsText.format(units: $0.to))}"#
    }.joined(separator: ",")
    return
      #"{"person":{"name":\#(PlanJSON.quote(move.name)),"contacts":[\#(contacts)]},"#
      + #""score":{"from":\#(move.scoreFrom),"to":\#(move.scoreTo)},"#
      + #""band":{"from":\#(PlanJSON.optional(move.bandFrom)),"to":\#(PlanJSON.optional(move.bandTo))},"rules":[\#(rules)]}"#
  }
}
