import StrictYAML

/// Clamps, bands and segments that no sum of points can reach.
extension Model {
  /// The maximum of the score is a scale that people know, so it may be out of reach.
  func limitFindings(_ reach: ModelReach) -> [LintFinding] {
    var findings = groupFindings(reach)
    findings += unreached(
      actionLimits, reach.rawActions, "limits.actions", "the actions rules", at: places.actionLimits)
    findings += unreached(
      profileLimits, reach.rawProfile, "limits.profile", "the profile rules", at: places.profileLimits)
    return findings + capFindings()
  }

  private func groupFindings(_ reach: ModelReach) -> [LintFinding] {
    groups.flatMap { group -> [LintFinding] in
      guard let sections = reach.groups[group.name] else {
        return [
          .init(
            position: group.position, what: "no rule is in the group '\(group.name)'",
            cure: "Drop the group, or name it in a rule")
        ]
      }
      let widest = sections.dropFirst().reduce(sections[0]) { sum, next in
        PointReach(
          lowest: sum.lowest.flatMap { low in next.lowest.map { Swift.min(low, $0) } },
          highest: sum.highest.flatMap { high in next.highest.map { Swift.max(high, $0) } })
      }
      return unreached(
        group.limits, widest, "the group '\(group.name)'", "its rules", at: group.position)
    }
  }

  private func unreached(
    _ limits: Limits, _ reach: PointReach, _ name: String, _ who: String, at position: SourcePosition
  ) -> [LintFinding] {
    var findings: [LintFinding] = []
    if let max = limits.max, let most = reach.mostPoints, max > most {
      findings.append(
        .init(
          position: position, what: "\(name) is capped at \(max), but \(who) give \(most) at most",
          cure: "Lower the max to \(most) or less, or drop it"))
    }
    if let min = limits.min, let fewest = reach.fewestPoints, min < fewest {
      findings.append(
        .init(
          position: position,
          what: "\(name) never falls to its min of \(min): \(who) give \(fewest) at least",
          cure: "Raise the min to \(fewest) or more, or drop it"))
    }
    return findings
  }

  /// A rule's own `max` of which the last activities can never count, because the group is full before.
  private func capFindings() -> [LintFinding] {
    actions.compactMap { rule in
      guard case .each(let max?, nil) = rule.form, rule.points > 0, let name = rule.group,
        let clamp = groups.first(where: { $0.name == name })?.limits.max, clamp > 0,
        // Deductions would make room for more than the clamp.
        !actions.contains(where: { $0.group == name && $0.points < 0 })
      else { return nil }
      let needed = (clamp + rule.points - 1) / rule.points
      guard max > needed else { return nil }
      return .init(
        position: rule.position,
        what:
          "the rule '\(rule.id)' counts up to \(max) activities, but its group '\(name)' is full after \(needed)",
        cure: "Lower its max to \(needed), or raise the max of the group")
    }
  }

  func bandFindings(_ reach: ModelReach) -> [LintFinding] {
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
    for band in bands { findings += unreachable(band, reach) }
    return findings
  }

  private func unreachable(_ band: Band, _ reach: ModelReach) -> [LintFinding] {
    let what = "nobody can reach the band '\(band.name)'"
    if let highest = scoreLimits.max, band.from > highest {
      return [
        .init(
          position: band.position, what: "\(what): it starts from \(band.from), and scores end at \(highest)",
          cure: "Lower its from, or raise the maximum of score")
      ]
    }
    if let most = reach.score.mostPoints, band.from > most {
      return [
        .init(
          position: band.position,
          what: "\(what): it starts from \(band.from), and all rules give \(most) at most",
          cure: "Lower its from, or give rules more points")
      ]
    }
    let demands = [
      (band.requiresActions, reach.actions, "actions"), (band.requiresProfile, reach.profile, "profile"),
    ]
    for case (let demand?, let section, let name) in demands where !section.mayMeet(demand) {
      return [
        .init(
          position: band.position,
          what: "\(what): it requires \(name) \(demand.relation.rawValue) \(Int(demand.bound))",
          cure:
            "Lower the demand; the \(name) rules give \(section.mostPoints.map(String.init) ?? "more") at most"
        )
      ]
    }
    return []
  }

  func segmentFindings(_ reach: ModelReach) -> [LintFinding] {
    segments.compactMap { segment in
      let demands = [
        (segment.score, reach.score, "score"), (segment.actions, reach.actions, "actions"),
        (segment.profile, reach.profile, "profile"),
      ]
      for case (let demand?, let part, let name) in demands where !part.mayMeet(demand) {
        return .init(
          position: segment.position,
          what:
            "nobody can get the tag '\(segment.tag)': it asks for \(name) \(demand.relation.rawValue) \(Int(demand.bound))",
          cure: "Change the demand to one that points can meet")
      }
      return nil
    }
  }
}
