extension PlainModel {
  /// The model file that a user would have written for this.
  public var yaml: String {
    var lines = ["name: \(quoted(name))"]
    if !skipsRobots { lines.append("robots: count") }
    let score = PlainBounds(min: scoreMin, max: scoreMax)
    if !score.isEmpty { lines.append("score: \(written(score))") }
    if !actionLimits.isEmpty || !profileLimits.isEmpty {
      lines.append("limits:")
      if !actionLimits.isEmpty { lines.append("  actions: \(written(actionLimits))") }
      if !profileLimits.isEmpty { lines.append("  profile: \(written(profileLimits))") }
    }
    if !groups.isEmpty {
      lines.append("groups:")
      for (name, bounds) in groups.sorted(by: { $0.key < $1.key }) {
        lines.append("  \(quoted(name)): \(written(bounds))")
      }
    }
    lines += list("actions", actions.map(entries))
    lines += list("profile", profile.map(entries))
    lines += list("bands", bands.map(entries))
    lines += list("segments", segments.map(entries))
    return lines.joined(separator: "\n") + "\n"
  }

  private func list(_ name: String, _ items: [[String]]) -> [String] {
    guard !items.isEmpty else { return [] }
    return ["\(name):"]
      + items.flatMap { item in
        item.enumerated().map { ($0.offset == 0 ? "  - " : "    ") + $0.element }
      }
  }

  private func entries(of rule: PlainActionRule) -> [String] {
    var lines = ["id: \(quoted(rule.id))"]
    if let label = rule.label { lines.append("label: \(quoted(label))") }
    lines.append("on: \(rule.on.isEmpty ? "any" : oneOrMany(rule.on))")
    if !rule.demands.isEmpty {
      lines.append("where:")
      lines += entries(of: rule.demands).map { "  " + $0 }
    }
    if let group = rule.group { lines.append("group: \(quoted(group))") }
    if let within = rule.within { lines.append("within: \(duration(within))") }
    if let atLeast = rule.atLeast { lines.append("atLeast: \(atLeast)") }
    if rule.distinctTargets { lines.append("distinct: target") }
    if let max = rule.max { lines.append("max: \(max)") }
    if rule.once { lines.append("once: true") }
    if let halvesEvery = rule.halvesEvery { lines.append("halvesEvery: \(duration(halvesEvery))") }
    if let absentFor = rule.absentFor { lines.append("absentFor: \(duration(absentFor))") }
    lines.append("points: \(rule.points)")
    return lines
  }

  private func entries(of demands: PlainDemands) -> [String] {
    var lines: [String] = []
    if !demands.target.isEmpty { lines.append("target: \(oneOrMany(demands.target))") }
    if !demands.campaign.isEmpty { lines.append("campaign: \(oneOrMany(demands.campaign))") }
    if !demands.platform.isEmpty { lines.append("platform: \(oneOrMany(demands.platform))") }
    if !demands.connection.isEmpty { lines.append("connection: \(oneOrMany(demands.connection))") }
    if let value = demands.value { lines.append("value: \(written(value))") }
    return lines
  }

  private func entries(of rule: PlainProfileRule) -> [String] {
    var lines = ["id: \(quoted(rule.id))"]
    if let label = rule.label { lines.append("label: \(quoted(label))") }
    if let field = rule.field { lines.append("field: \(quoted(field))") }
    switch rule.test {
    case .equals(let texts): lines.append("is: \(oneOrMany(texts))")
    case .equalsNone(let texts): lines.append("isNot: \(oneOrMany(texts))")
    case .contains(let texts): lines.append("contains: \(oneOrMany(texts))")
    case .containsNone(let texts): lines.append("notContains: \(oneOrMany(texts))")
    case .matches(let patterns): lines.append("matches: \(oneOrMany(patterns))")
    case .atLeast(let number): lines.append("atLeast: \(written(number))")
    case .atMost(let number): lines.append("atMost: \(written(number))")
    case .emailDomain(let sort): lines.append("emailDomain: \(sort)")
    case .filled(let fields): lines.append("filled: \(many(fields))")
    case .missing(let fields): lines.append("missing: \(many(fields))")
    }
    if let group = rule.group { lines.append("group: \(quoted(group))") }
    lines.append("points: \(rule.points)")
    return lines
  }

  private func entries(of band: PlainBand) -> [String] {
    var lines = ["name: \(quoted(band.name))", "from: \(band.from)"]
    if let tag = band.tag { lines.append("tag: \(quoted(tag))") }
    if band.actions != nil || band.profile != nil {
      lines.append("requires:")
      if let actions = band.actions { lines.append("  actions: \(written(actions))") }
      if let profile = band.profile { lines.append("  profile: \(written(profile))") }
    }
    if band.handoff { lines.append("handoff: true") }
    return lines
  }

  private func entries(of segment: PlainSegment) -> [String] {
    var lines = ["tag: \(quoted(segment.tag))", "when:"]
    if let rule = segment.rule { lines.append("  rule: \(quoted(rule))") }
    if let score = segment.score { lines.append("  score: \(written(score))") }
    if let actions = segment.actions { lines.append("  actions: \(written(actions))") }
    if let profile = segment.profile { lines.append("  profile: \(written(profile))") }
    return lines
  }

  private func written(_ bounds: PlainBounds) -> String {
    let parts = [bounds.min.map { "min: \($0)" }, bounds.max.map { "max: \($0)" }]
    return "{ " + parts.compactMap { $0 }.joined(separator: ", ") + " }"
  }

  private func written(_ comparison: PlainComparison) -> String {
    guard let sign = comparison.sign else { return written(comparison.number) }
    return quoted("\(sign.rawValue) \(written(comparison.number))")
  }

  private func written(_ number: Double) -> String {
    number == number.rounded() ? String(Int64(number)) : String(number)
  }

  private func duration(_ seconds: Int64) -> String {
    for (length, unit) in [(604_800, "w"), (86400, "d"), (3600, "h"), (60, "m")] as [(Int64, String)]
    where seconds % length == 0 {
      return "\(seconds / length)\(unit)"
    }
    return "\(seconds)s"
  }

  private func oneOrMany(_ texts: [String]) -> String {
    texts.count == 1 ? quoted(texts[0]) : many(texts)
  }

  private func many(_ texts: [String]) -> String {
    "[" + texts.map(quoted).joined(separator: ", ") + "]"
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
