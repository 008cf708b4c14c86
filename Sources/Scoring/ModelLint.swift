import StrictYAML

/// Something in a model that is allowed and yet probably not meant.
public struct LintFinding: Hashable, Sendable {
  /// Where it stands in the model file.
  public let position: SourcePosition
  /// What it is.
  public let what: String
  /// What to do about it.
  public let cure: String
}

extension Model {
  /// What is inconsistent in the model, in the order of the file.
  ///
  /// - Parameter now: The time of the check, for the review date.
  public func lint(at now: Timestamp, connections: [ConnectionLabel]) -> [LintFinding] {
    var findings = reviewFindings(at: now) + groupFindings() + bandFindings()
    for rule in actions {
      if rule.points == 0 {
        findings.append(
          .init(
            position: rule.position, what: "the rule '\(rule.id)' gives 0 points",
            cure: "Give it points or drop it"))
      }
      for name in rule.filter.connection ?? []
      where !connections.isEmpty && !connections.contains(where: { $0.name == name }) {
        findings.append(
          .init(
            position: rule.position,
            what:
              "the rule '\(rule.id)' names the connection '\(name)', which the configuration does not have",
            cure: "Check the name"))
      }
    }
    for rule in profile where rule.points == 0 {
      findings.append(
        .init(
          position: rule.position, what: "the rule '\(rule.id)' gives 0 points",
          cure: "Give it points or drop it"))
    }
    return findings.sorted { ($0.position.line, $0.position.column) < ($1.position.line, $1.position.column) }
  }

  private func reviewFindings(at now: Timestamp) -> [LintFinding] {
    guard let reviewed else {
      return [
        .init(
          position: .start, what: "the model has no review date",
          cure: "Write reviewed: with today's date and reviewEvery: 90d")
      ]
    }
    guard let reviewEvery, now > reviewed + reviewEvery else { return [] }
    let day = String(reviewed.description.prefix(10))
    return [
      .init(
        position: .start, what: "the model was last reviewed on \(day), more than \(reviewEvery) ago",
        cure: "Look at it with the sales team, then write the new date under reviewed:")
    ]
  }

  private func groupFindings() -> [LintFinding] {
    let used = Set(actions.compactMap(\.group) + profile.compactMap(\.group))
    return groups.filter { !used.contains($0.name) }.map {
      .init(
        position: .start, what: "no rule is in the group '\($0.name)'",
        cure: "Drop the group, or name it in a rule")
    }
  }

  private func bandFindings() -> [LintFinding] {
    var findings: [LintFinding] = []
    guard let last = bands.last else {
      return [
        .init(position: .start, what: "the model has no bands", cure: "Add bands such as hot, warm and cold")
      ]
    }
    if let lowest = scoreLimits.min, last.from > lowest {
      findings.append(
        .init(
          position: last.position, what: "scores from \(lowest) to \(last.from - 1) are in no band",
          cure: "Let the last band start from \(lowest)"))
    }
    for band in bands {
      if let highest = scoreLimits.max, band.from > highest {
        findings.append(
          .init(
            position: band.position,
            what:
              "nobody can reach the band '\(band.name)': it starts from \(band.from), and scores end at \(highest)",
            cure: "Lower its from, or raise the maximum of score"))
      }
    }
    return findings
  }
}
