/// What a model says about a person.
public struct PlainScore: Sendable, Equatable {
  /// The score.
  public var score: Int64
  /// The actions section, rounded.
  public var actions: Int64
  /// The profile section, rounded.
  public var profile: Int64
  /// The band; nil if none fits.
  public var band: String?
  /// The tags that have to be set.
  public var tags: Set<String>
  /// What each rule of the model gives, in 1/1024 points, before any clamp.
  public var rules: [String: Int64]

  /// Says a score.
  public init(
    score: Int64, actions: Int64, profile: Int64, band: String?, tags: Set<String>, rules: [String: Int64]
  ) {
    self.score = score
    self.actions = actions
    self.profile = profile
    self.band = band
    self.tags = tags
    self.rules = rules
  }
}

extension PlainModel {
  /// The score of a person.
  ///
  /// - Parameters:
  ///   - asOf: The time for which it is asked, in seconds since 1970.
  ///   - free: Domains of free mailboxes.
  ///   - disposable: Domains of throw-away mailboxes.
  public func score(
    _ person: PlainPerson, asOf: Int64, free: Set<String>, disposable: Set<String>
  ) -> PlainScore {
    let activities = activitiesThatExist(person, asOf: asOf)
    let fields = person.profile
    var rules: [String: Int64] = [:]
    for rule in actions { rules[rule.id] = units(of: rule, person, activities, asOf: asOf) }
    for rule in profile {
      let passes = passes(rule, fields, free: free, disposable: disposable)
      rules[rule.id] = passes ? rule.points * 1024 : 0
    }
    var result = PlainScore(
      score: 0,
      actions: section(actions.map { ($0.group, rules[$0.id] ?? 0) }, actionLimits),
      profile: section(profile.map { ($0.group, rules[$0.id] ?? 0) }, profileLimits),
      band: nil, tags: [], rules: rules)
    result.score = Swift.max(result.actions + result.profile, scoreMin ?? 0)
    if let scoreMax { result.score = Swift.min(result.score, scoreMax) }
    result.band = bands.first { result.score >= $0.from && meetsRequirements($0, result) }?.name
    result.tags = tags(result)
    return result
  }

  /// The highest of the bands that a person's contacts hold; nil if none of them is one of the model.
  public func highestBand(of held: [String]) -> String? {
    bands.first { held.contains($0.name) }?.name
  }

  /// The score with the band that the person stays in: the one held, if it is higher, while `score + bandSlack` reaches
  /// it and its `requires` hold.
  public func settled(_ score: PlainScore, highestHeld: String?, bandSlack: Int64) -> PlainScore {
    let own = bands.firstIndex { $0.name == score.band } ?? bands.count
    guard let held = bands.firstIndex(where: { $0.name == highestHeld }), held < own,
      score.score + bandSlack >= bands[held].from, meetsRequirements(bands[held], score)
    else { return score }
    var result = score
    result.band = bands[held].name
    result.tags = tags(result)
    return result
  }

  private func section(_ rules: [(group: String?, units: Int64)], _ limits: PlainBounds) -> Int64 {
    var sum = rules.filter { $0.group == nil }.map(\.units).reduce(0, +)
    for name in Set(rules.compactMap(\.group)) {
      let ofGroup = rules.filter { $0.group == name }.map(\.units).reduce(0, +)
      sum += (groups[name] ?? PlainBounds()).clamp(ofGroup)
    }
    return floorOfQuotient(limits.clamp(sum) + 512, 1024)
  }

  private func floorOfQuotient(_ number: Int64, _ divisor: Int64) -> Int64 {
    let towardZero = number / divisor
    return number < 0 && towardZero * divisor != number ? towardZero - 1 : towardZero
  }

  private func meetsRequirements(_ band: PlainBand, _ score: PlainScore) -> Bool {
    (band.actions?.holds(Double(score.actions)) ?? true)
      && (band.profile?.holds(Double(score.profile)) ?? true)
  }

  private func tags(_ score: PlainScore) -> Set<String> {
    var result: Set<String> = []
    if let tag = bands.first(where: { $0.name == score.band })?.tag { result.insert(tag) }
    for segment in segments where holds(segment, score) { result.insert(segment.tag) }
    return result
  }

  private func holds(_ segment: PlainSegment, _ score: PlainScore) -> Bool {
    if let rule = segment.rule, score.rules[rule] ?? 0 == 0 { return false }
    if let demand = segment.score, !demand.holds(Double(score.score)) { return false }
    if let demand = segment.actions, !demand.holds(Double(score.actions)) { return false }
    if let demand = segment.profile, !demand.holds(Double(score.profile)) { return false }
    return true
  }
}
