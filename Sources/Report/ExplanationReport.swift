import Platform
import Scoring
import Sync

/// A person's score as a salesperson understands it: every rule that gave points, its activities, and when the
/// score will change by itself.
public enum ExplanationReport {
  /// The report for a terminal.
  public static func text(_ person: ExplainedPerson, style: TextStyle, columns: Int = 80) -> String {
    let explanation = person.explanation
    var lines = [
      style.bold(TerminalText.fitted(person.name, columns - 30))
        + "  score \(explanation.score)" + (explanation.band.map { ", \($0)" } ?? ", no band")
    ]
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
    let giving = explanation.rules.filter { $0.units != 0 }
    for rule in giving {
      lines.append(
        TerminalText.right(PointsText.formatSigned(units: rule.units), 9) + "  "
          + TerminalText.fitted(rule.label, columns - 11))
      lines += activities(rule.activities, columns: columns).map(style.dim)
    }
    if giving.isEmpty { lines.append("No rule gives points.") }
    let others = explanation.rules.filter { $0.units == 0 && $0.count > 0 && $0.needed != nil }
    if !others.isEmpty {
      lines.append("")
      lines.append("Not enough yet:")
      for rule in others {
        lines.append(
          "  "
            + TerminalText.fitted(
              "\(rule.label): \(rule.count) so far, \(rule.needed ?? 0) needed", columns - 2))
      }
    }
    lines.append("")
    lines.append(
      explanation.changesAt.map { "Changes by itself at \($0)." } ?? "Does not change without new activity.")
    return lines.joined(separator: "\n") + "\n"
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
}
