import Platform
import Scoring
import Sync

/// What the changes mean for people, for a terminal.
extension PlanReport {
  /// How many rules, and how many rises, falls and entries, are shown.
  private static let most = 5

  // MARK: Scores before and after

  mutating func scores() {
    guard let distribution = summary.insight.distribution, summary.changes > 0 else { return }
    let bars = Self.halved(distribution.bars).filter { $0.before > 0 || $0.after > 0 }
    let largest = max(1, bars.map { max($0.before, $0.after) }.max() ?? 1)
    lines.append("")
    lines.append(
      style.dim(
        TerminalText.left("contacts by score", 20) + TerminalText.right("now", 10)
          + TerminalText.right("then", 10)))
    for bar in bars {
      let range = bar.from == bar.to ? "\(bar.from)" : "\(bar.from) to \(bar.to)"
      let wide = (bar.after * (columns - 43) + largest - 1) / largest
      lines.append(
        row(range, bar.before, bar.after) + "  " + String(repeating: "▪", count: max(0, wide)))
    }
    if distribution.noneBefore > 0 || distribution.noneAfter > 0 {
      lines.append(row("no score", distribution.noneBefore, distribution.noneAfter))
    }
  }

  private func row(_ name: String, _ before: Int, _ after: Int) -> String {
    TerminalText.left(name, 20) + TerminalText.right(TerminalText.number(before), 10)
      + TerminalText.right(TerminalText.number(after), 10)
  }

  /// Neighbours together, so that a terminal has room for them.
  private static func halved(_ bars: [ScoreDistribution.Bar]) -> [ScoreDistribution.Bar] {
    guard bars.count > 12 else { return bars }
    return stride(from: 0, to: bars.count, by: 2).map { index in
      var bar = bars[index]
      if index + 1 < bars.count {
        bar.to = bars[index + 1].to
        bar.before += bars[index + 1].before
        bar.after += bars[index + 1].after
      }
      return bar
    }
  }

  // MARK: People

  mutating func entries() {
    let insight = summary.insight
    let names = insight.targets.compactMap {
      summary.bandNames.indices.contains($0) ? summary.bandNames[$0] : nil
    }
    guard insight.entered > 0 || insight.left > 0, !names.isEmpty else { return }
    lines.append("")
    let bands = TerminalText.fitted(names.joined(separator: " or "), columns - 44)
    let entered =
      insight.entered == 0
      ? "Nobody becomes" : people(insight.entered) + (insight.entered == 1 ? " becomes" : " become")
    let left =
      insight.left == 0
      ? "" : ", \(people(insight.left)) no longer \(insight.left == 1 ? "is" : "are")"
    lines.append(style.bold("\(entered) \(bands)") + left)
    for change in insight.entries.prefix(Self.most) { show(change) }
    rest(of: insight.entered, shown: min(Self.most, insight.entries.count))
  }

  mutating func moves() {
    for (title, changes) in [
      ("Largest rises", summary.insight.rises), ("Largest falls", summary.insight.falls),
    ] where !changes.isEmpty {
      lines.append("")
      lines.append(style.bold(title))
      for change in changes.prefix(Self.most) { show(change) }
    }
  }

  private func people(_ count: Int) -> String {
    count == 1 ? "1 person" : "\(TerminalText.number(count)) people"
  }

  private mutating func rest(of count: Int, shown: Int) {
    if count > shown { lines.append("               … and \(TerminalText.number(count - shown)) more") }
  }

  private mutating func show(_ change: PlannedChange) {
    let move = "\(change.scoreFrom.map(String.init) ?? "-") → \(change.scoreTo)"
    let who = change.email ?? "\(change.connection)/\(change.contact)"
    let band = "\(change.bandFrom ?? "none") → \(change.bandTo ?? "none")"
    let bandText = change.bandFrom == change.bandTo ? change.bandTo ?? "none" : band
    let bandWide = 16
    let whoWide = columns - 14 - bandWide - 2
    let moved = TerminalText.right(move, 13)
    lines.append(
      (change.move >= 0 ? style.green(moved) : style.red(moved)) + "  "
        + TerminalText.left(who, whoWide - 1) + " " + TerminalText.left(bandText, bandWide).trimmedEnd)
    let reasons = change.reasons.map {
      "\(summary.labels[$0.rule] ?? $0.rule) \(PointsText.formatSigned(units: $0.units))"
    }.joined(separator: " · ")
    if !reasons.isEmpty { lines += TerminalText.wrapped(reasons, columns, indent: 15).map(style.dim) }
  }

  // MARK: Rules

  mutating func rules() {
    let used = summary.insight.rules.filter { $0.persons > 0 }.sorted {
      $0.persons == $1.persons ? $0.units.magnitude > $1.units.magnitude : $0.persons > $1.persons
    }
    guard !used.isEmpty else { return }
    lines.append("")
    let wide = columns - 22
    lines.append(
      style.dim(
        TerminalText.left("rules for the \(people(summary.insight.persons)) of this plan", wide)
          + TerminalText.right("people", 10) + TerminalText.right("points", 12)))
    for rule in used.prefix(2 * Self.most) {
      lines.append(
        TerminalText.left(summary.labels[rule.rule] ?? rule.rule, wide - 1) + " "
          + TerminalText.right(TerminalText.number(rule.persons), 10)
          + TerminalText.right(PointsText.signedWhole(units: rule.units), 12))
    }
    let silent = summary.insight.rules.count - used.count
    if used.count > 2 * Self.most {
      lines.append(
        style.dim("… and \(TerminalText.number(used.count - 2 * Self.most)) more that give points"))
    }
    if silent > 0 {
      lines.append(
        style.dim(
          "\(TerminalText.count(silent, "rule")) \(silent == 1 ? "gives" : "give") nobody of them any points."
        ))
    }
  }
}

extension PointsText {
  /// Sums of points, rounded to whole ones: `+12,345`.
  static func signedWhole(units: Int64) -> String {
    let whole = (units.magnitude + 512) / 1_024
    return (units < 0 ? "-" : "+") + TerminalText.number(Int(whole))
  }
}
