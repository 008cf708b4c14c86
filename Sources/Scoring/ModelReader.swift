import StrictYAML

extension Model {
  /// Reads a model from the text of its file.
  ///
  /// - Parameters:
  ///   - text: YAML 1.2 in UTF-8.
  ///   - file: The file's name for messages.
  /// - Throws: `InputProblems` with all that is wrong, each with line, column and cure.
  public init(yaml text: String, file: String) throws(InputProblems) {
    let problems = ProblemCollector(file: file)
    let root = try YAMLDocument.mapping(in: text, problems: problems)
    self = ModelReader(problems: problems).model(root)
    try problems.throwIfAny()
  }
}

/// Turns a document into a model and reports whatever does not fit.
struct ModelReader {
  let problems: ProblemCollector

  /// Points beyond this could overflow the arithmetic of a long history.
  static let mostPoints = 1_000_000

  func model(_ root: YAMLMapping) -> Model {
    var model = Model(name: "")
    model.name =
      root.required("name", cure: "Give the model a name, it stands in every plan")?.text() ?? ""
    model.places = places(root)
    model.reviewed = root.optional("reviewed").flatMap(date)
    model.reviewEvery = root.optional("reviewEvery").flatMap(span)
    if let value = root.optional("robots") { model.robots = choice(value, .skip) }
    if let value = root.optional("score") { model.scoreLimits = limits(value, "score", lowest: 0) }
    if let value = root.optional("limits")?.mapping() {
      model.places.actionLimits = value.position(of: "actions") ?? value.position
      model.places.profileLimits = value.position(of: "profile") ?? value.position
      if let actions = value.optional("actions") { model.actionLimits = limits(actions, "limits.actions") }
      if let profile = value.optional("profile") { model.profileLimits = limits(profile, "limits.profile") }
      value.demandValues()
      value.finish("limits")
    }
    for (name, position, value) in root.optional("groups")?.mapping()?.named() ?? [] {
      checkID(name, "group", at: position)
      model.groups.append(
        RuleGroup(name: name, limits: limits(value, "groups.\(name)"), position: position))
    }
    let groups = model.groups.map(\.name)
    let rules = RuleReader(problems: problems, groups: groups)
    let (actions, profile) = (items(root, "actions"), items(root, "profile"))
    model.actions = actions.compactMap(rules.action)
    model.profile = profile.compactMap(rules.profile)
    // A rule that could not be read is there all the same: no segment is blamed for naming it.
    let ruleIDs = uniqueRuleIDs(model).union((actions + profile).compactMap { $0.optional("id")?.rawText })
    model.bands = items(root, "bands").compactMap(band)
    model.segments = items(root, "segments").compactMap { segment($0, ruleIDs: ruleIDs) }
    root.finish("the model")
    checkBands(model)
    if model.actions.isEmpty && model.profile.isEmpty && problems.problems.isEmpty {
      problems.report("the model has no rule", at: root.position, cure: "Add a rule under actions or profile")
    }
    if model.ownedTags.count > Model.mostTags {
      problems.report(
        "the model owns \(model.ownedTags.count) tags", at: root.position(of: "segments") ?? root.position,
        cure: "Keep to \(Model.mostTags) tags")
    }
    return model
  }

  private func places(_ root: YAMLMapping) -> ModelPlaces {
    var places = ModelPlaces()
    places.reviewed = root.position(of: "reviewed") ?? .start
    return places
  }

  private func items(_ root: YAMLMapping, _ key: String) -> [YAMLMapping] {
    root.optional(key)?.list(expected: "a list, each entry starting with '- '")?
      .compactMap { $0.mapping() } ?? []
  }

  private func uniqueRuleIDs(_ model: Model) -> Set<String> {
    var seen: [String: SourcePosition] = [:]
    let places = model.actions.map { ($0.id, $0.position) } + model.profile.map { ($0.id, $0.position) }
    for (id, position) in places {
      if let first = seen[id] {
        problems.report(
          "the id '\(id)' is used in line \(first.line) already", at: position,
          cure: "Ids are unique in the whole file; rename one")
      }
      seen[id] = seen[id] ?? position
    }
    return Set(seen.keys)
  }

  // MARK: Bands and segments

  private func band(_ map: YAMLMapping) -> Band? {
    let name = map.required("name", cure: "Name the band, for example hot")?.text()
    let from = map.required("from", cure: "Say from which score on the band holds")?.integer()
    var band = Band(name: name ?? "", from: from ?? 0)
    band.position = map.position
    band.tag = map.optional("tag").flatMap(tag)
    if let requires = map.optional("requires")?.mapping() {
      band.requiresActions = requires.optional("actions").flatMap(comparison)
      band.requiresProfile = requires.optional("profile").flatMap(comparison)
      requires.demandValues()
      requires.finish("requires")
    }
    band.handoff = map.optional("handoff")?.boolean() ?? false
    map.demandValues()
    map.finish("a band")
    return name == nil || from == nil ? nil : band
  }

  private func checkBands(_ model: Model) {
    var names: Set<String> = []
    for (index, band) in model.bands.enumerated() {
      if !names.insert(band.name).inserted {
        problems.report(
          "the band '\(band.name)' stands twice", at: band.position, cure: "Give each band a name of its own")
      }
      if index > 0, band.from > model.bands[index - 1].from {
        problems.report(
          "the band '\(band.name)' starts higher than the one before it", at: band.position,
          cure: "List the bands from the highest to the lowest")
      }
    }
  }

  private func segment(_ map: YAMLMapping, ruleIDs: Set<String>) -> Segment? {
    let name = map.required("tag", cure: "Name the tag that marks the segment").flatMap(tag)
    let when = map.required("when", cure: "Say when the tag is set, for example when: { score: \">= 60\" }")?
      .mapping()
    var segment = Segment(tag: name ?? "")
    segment.position = map.position
    if let when {
      if let rule = when.optional("rule"), let id = rule.text() {
        segment.rule = id
        if !ruleIDs.contains(id) {
          let near = YAMLMapping.nearest(to: id, in: Array(ruleIDs))
          rule.report(
            "there is no rule with the id '\(id)'",
            cure: near.map { "Did you mean '\($0)'" } ?? "Name the id of a rule of this model")
        }
      }
      segment.score = when.optional("score").flatMap(comparison)
      segment.actions = when.optional("actions").flatMap(comparison)
      segment.profile = when.optional("profile").flatMap(comparison)
      when.demandValues()
      when.finish("when")
      if when.keys.isEmpty {
        problems.report(
          "'when' names nothing", at: when.position, cure: "Name rule, score, actions or profile")
      }
    }
    map.demandValues()
    map.finish("a segment")
    return name == nil || when == nil ? nil : segment
  }

  private func tag(_ value: YAMLValue) -> String? {
    guard let text = value.text() else { return nil }
    let allowed = text.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
    }
    guard allowed, (2...60).contains(text.utf8.count) else {
      value.report(
        "'\(text.prefix(80))' is no tag that is valid everywhere",
        cure: "Use 2 to 60 of the characters a-z, 0-9 and _")
      return nil
    }
    return text
  }

  // MARK: Small values

  private func date(_ value: YAMLValue) -> Timestamp? {
    guard let text = value.text(expected: "a date such as 2026-11-01") else { return nil }
    guard let date = Timestamp(text), date.description == text + "T00:00:00Z" else {
      value.report("'\(text)' is no date", cure: "Write it as 2026-11-01")
      return nil
    }
    return date
  }

  private func limits(_ value: YAMLValue, _ what: String, lowest: Int? = nil) -> Limits {
    var limits = Limits(min: lowest, max: nil)
    guard let map = value.mapping(expected: "limits such as { min: 0, max: 100 }") else { return limits }
    if let min = map.optional("min") { limits.min = whole(min) }
    if let max = map.optional("max") { limits.max = whole(max) }
    map.demandValues()
    map.finish(what)
    if map.keys.isEmpty {
      problems.report(
        "'\(what)' names neither min nor max", at: map.position, cure: "Name at least one of them")
    }
    if let min = limits.min, let max = limits.max, min > max {
      problems.report("min \(min) is above max \(max)", at: map.position, cure: "Swap them")
    }
    return limits
  }
}

// MARK: - Values that rules and bands share

extension ModelReader {
  func whole(_ value: YAMLValue) -> Int? {
    guard let number = value.integer(expected: "a whole number of points") else { return nil }
    guard number.magnitude <= Self.mostPoints else {
      value.report(
        "\(number) is out of range", cure: "Keep between -\(Self.mostPoints) and \(Self.mostPoints)")
      return nil
    }
    return number
  }

  func span(_ value: YAMLValue) -> TimeSpan? {
    guard let text = value.text(expected: "a duration such as 7d") else { return nil }
    guard let span = TimeSpan(text) else {
      value.report(
        "'\(text)' is no duration", cure: "Write a whole number and s, m, h, d or w, for example 7d")
      return nil
    }
    return span
  }

  func comparison(_ value: YAMLValue) -> Comparison? {
    let wanted = "a comparison such as \">= 30\""
    guard let text = value.text(expected: wanted) else { return nil }
    guard let comparison = Comparison(text) else {
      value.report(
        "'\(text)' is no comparison",
        cure: "Write a sign (>= > <= < = !=) and a number, for example \">= 30\"")
      return nil
    }
    return comparison
  }

  func choice<Choice>(_ value: YAMLValue, _ fallback: Choice) -> Choice
  where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    guard let text = value.text(expected: "one of \(names)") else { return fallback }
    guard let choice = Choice(rawValue: text) else {
      value.report("'\(text)' is not possible here", cure: "Write one of \(names)")
      return fallback
    }
    return choice
  }

  func checkID(_ id: String, _ what: String, at position: SourcePosition) {
    let allowed = id.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
    }
    guard allowed, (1...100).contains(id.utf8.count) else {
      problems.report(
        "'\(id.prefix(80))' is no \(what) id", at: position, cure: "Use the characters a-z, 0-9 and -")
      return
    }
  }
}
