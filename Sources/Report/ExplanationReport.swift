import Platform
import Scoring
import Sync

/// A person's score as a salesperson understands it: first in a paragraph, then every rule that gave points with its
/// activities, when the score will change by itself, and what would bring the person into the next band.
public struct ExplanationReport {
  private let person: ExplainedPerson
  private let style: TextStyle
  private let columns: Int
  private var lines: [String] = []

  private var explanation: Explanation { person.explanation }

  /// The report for a terminal.
  public static func text(_ person: ExplainedPerson, style: TextStyle, columns: Int = 80) -> String {
    var report = ExplanationReport(person: person, style: style, columns: max(60, min(columns, 120)))
    report.make()
    return report.lines.joined(separator: "\n") + "\n"
  }

  private mutating func make() {
    lines.append(
      style.bold(TerminalText.fitted(person.name, columns - 30))
        + "  score \(explanation.score)"
        + (explanation.band.map { ", \(TerminalText.safe($0))" } ?? ", no band"))
    lines += TerminalText.wrapped(ExplanationWords.paragraph(person), columns, indent: 0)
    lines.append("")
    lines.append(
      style.dim("as of \(explanation.asOf): actions \(explanation.actions) + profile \(explanation.profile)"))
    for contact in person.contacts {
      let emails = contact.emails.joined(separator: ", ")
      lines += TerminalText.wrapped(
        "\(contact.connection)/\(contact.id)" + (emails.isEmpty ? "" : "  \(emails)"), columns, indent: 2)
    }
    if !explanation.tags.isEmpty {
      lines += TerminalText.wrapped("tags: " + explanation.tags.joined(separator: ", "), columns, indent: 2)
    }
    lines.append("")
    rules()
    outlook()
    wayUp()
  }

  // MARK: Rules

  private mutating func rules() {
    let giving = explanation.rules.filter { $0.units != 0 }
    for rule in giving {
      lines.append(
        TerminalText.right(PointsText.formatSigned(units: rule.units), 9) + "  "
          + TerminalText.fitted(rule.label, columns - 11))
      lines += Self.activities(rule.activities, columns: columns).map(style.dim)
    }
    if giving.isEmpty { lines.append("No rule gives points.") }
    let others = explanation.rules.filter { $0.units == 0 && $0.count > 0 && $0.needed != nil }
    guard !others.isEmpty else { return }
    lines += ["", "Not enough yet:"]
    for rule in others {
      lines.append(
        "  "
          + TerminalText.fitted(
            "\(rule.label): \(rule.count) so far, \(rule.needed ?? 0) needed", columns - 2))
    }
  }

  private static func activities(_ activities: [Activity], columns: Int) -> [String] {
    var lines: [String] = []
    for activity in activities.prefix(5) {
      var line = "\(activity.time)  \(activity.kind.name)"
      if let target = activity.target { line += "  \(target)" }
      if let campaign = activity.campaign { line += "  (\(campaign))" }
      if let value = activity.value { line += "  \(ReportJSON.number(value))" }
      lines.append("           " + TerminalText.fitted(line, columns - 11))
    }
    if activities.count > 5 { lines.append("           … and \(activities.count - 5) more") }
    return lines
  }

  // MARK: What comes

  private mutating func outlook() {
    lines.append("")
    guard let next = person.nextScore else {
      lines.append(
        explanation.changesAt == nil
          ? "Does not change without new activity." : "The score does not change without new activity.")
      return
    }
    lines.append(style.bold("Without new activity"))
    turn(next)
    if let band = person.nextBand, band.at != next.at { turn(band) }
  }

  private mutating func turn(_ turn: ScoreTurn) {
    let band = turn.band == explanation.band ? "" : ", \(turn.band ?? "no band")"
    lines.append(
      "  \(turn.at)  \(explanation.score) → \(turn.score)" + TerminalText.fitted(band, columns - 50))
    for rule in turn.rules.prefix(3) {
      let move = "\(PointsText.formatSigned(units: rule.from)) → \(PointsText.formatSigned(units: rule.to))"
      lines.append(
        style.dim("      " + TerminalText.fitted("\(move)  \(rule.label)", columns - 6)))
    }
  }

  private mutating func wayUp() {
    guard let way = person.wayUp else { return }
    lines.append("")
    let head = "To become \(way.band): " + ExplanationWords.missing(way, explanation)
    lines += TerminalText.wrapped(head, columns, indent: 0).map(style.bold)
    for step in way.steps.isEmpty ? way.most : way.steps {
      let gain = step.score - explanation.score
      let sign = gain < 0 ? "" : "+"
      let band = step.band == explanation.band ? "" : ", \(step.band ?? "no band")"
      lines.append(
        TerminalText.right("\(sign)\(gain)", 9) + "  "
          + TerminalText.fitted("\(ExplanationWords.step(step)) → \(step.score)\(band)", columns - 11))
      let patterns = step.patterns.isEmpty ? "" : " (" + step.patterns.joined(separator: ", ") + ")"
      lines.append(
        style.dim("           " + TerminalText.fitted(step.label + patterns, columns - 11)))
    }
    if way.steps.isEmpty {
      lines.append(
        way.most.isEmpty
          ? "  No single rule gives more points now."
          : style.dim("  No single rule would do; these give most."))
    }
  }
}

/// The sentences of an explanation.
enum ExplanationWords {
  /// Who, score, band, why, what comes, and what would help.
  static func paragraph(_ person: ExplainedPerson) -> String {
    let explanation = person.explanation
    let band = explanation.band.map { "is \($0)" } ?? "is in no band"
    var sentences = [
      "\(person.name) \(band) with a score of \(explanation.score) on \(PlainWords.date(explanation.asOf))."
    ]
    if let since = person.knownOnlySince {
      sentences.append("No contact was known before \(PlainWords.date(since)).")
    }
    let strongest = explanation.rules.enumerated().filter { $0.element.units != 0 }
      .sorted {
        (-Int64($0.element.units.magnitude), $0.offset) < (-Int64($1.element.units.magnitude), $1.offset)
      }
      .prefix(ReasonsText.most).map(\.element)
    if strongest.isEmpty {
      sentences.append("No rule gives points.")
    } else {
      let reasons = strongest.map { "\($0.label) (\(PointsText.formatSigned(units: $0.units)))" }
      sentences.append("What counts most: \(reasons.joined(separator: ", ")).")
    }
    if let last = explanation.rules.flatMap(\.activities).map(\.time).max() {
      sentences.append("The last activity that counts was on \(PlainWords.day(last, now: explanation.asOf)).")
    }
    if let next = person.nextScore { sentences.append(turn(next, person)) }
    if let band = person.nextBand, band != person.nextScore { sentences.append(bandTurn(band, person)) }
    if let way = person.wayUp { sentences.append(wayUp(way, person)) }
    return sentences.joined(separator: " ")
  }

  private static func turn(_ next: ScoreTurn, _ person: ExplainedPerson) -> String {
    let now = person.explanation
    let verb = next.score < now.score ? "falls to" : next.score > now.score ? "rises to" : "stays at"
    let band = next.band == now.band ? "" : next.band.map { " and becomes \($0)" } ?? " and leaves all bands"
    let reason = next.rules.first.map { ", because \(why($0))" } ?? ""
    return
      "Without new activity it \(verb) \(next.score)\(band) on \(PlainWords.day(next.at, now: now.asOf))\(reason)."
  }

  private static func why(_ rule: ScoreTurn.Rule) -> String {
    if rule.to == 0 && rule.from > 0 { return "“\(rule.label)” no longer holds" }
    if rule.from == 0 && rule.to != 0 { return "“\(rule.label)” begins to hold" }
    if rule.to == 0 && rule.from < 0 { return "“\(rule.label)” is over" }
    return
      "“\(rule.label)” gives \(PointsText.format(units: rule.to)) points instead of \(PointsText.format(units: rule.from))"
  }

  private static func bandTurn(_ next: ScoreTurn, _ person: ExplainedPerson) -> String {
    "On \(PlainWords.day(next.at, now: person.explanation.asOf)) it is \(next.score) and "
      + (next.band.map { "\($0)." } ?? "in no band.")
  }

  /// What is missing to the band, without a full stop.
  static func missing(_ way: WayUp, _ now: Explanation) -> String {
    var parts: [String] = []
    if way.missing > 0 {
      parts.append(
        "\(TerminalText.count(way.missing, "point")) \(way.missing == 1 ? "is" : "are") missing to \(way.from)"
      )
    }
    for (demand, name, points) in [
      (way.actions, "actions", now.actions), (way.profile, "profile", now.profile),
    ] {
      guard let demand else { continue }
      let sign = demand.relation == .atLeast ? "" : demand.relation.rawValue + " "
      parts.append(
        "it asks for \(sign)\(ReportJSON.number(demand.bound)) points of \(name), and there are \(points)")
    }
    return parts.isEmpty ? "it begins at \(way.from)" : parts.joined(separator: ", and ")
  }

  private static func wayUp(_ way: WayUp, _ person: ExplainedPerson) -> String {
    guard let step = way.steps.first else {
      return "To become \(way.band), \(missing(way, person.explanation)); no single rule gives that now."
    }
    let gain = step.score - person.explanation.score
    return
      "To become \(way.band), this would do: \(Self.step(step)) for “\(step.label)” (\(gain < 0 ? "" : "+")\(gain))."
  }

  /// `1 more page visit`, `a value for job_title`.
  static func step(_ step: WayUp.Step) -> String {
    guard let kind = step.kind else {
      return step.fields.count == 1
        ? "a fitting value for \(step.fields[0])" : "values for \(step.fields.joined(separator: ", "))"
    }
    return PlainWords.activities(step.count, kind, isMore: step.isMore)
      + (step.isDistinct && step.count > 1 ? ", each another one" : "")
  }
}
