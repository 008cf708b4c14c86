import Scoring

/// What would bring a person into the next band up.
public struct WayUp: Equatable, Sendable {
  /// Further activities, or a field that becomes known, and what the engine says to them.
  public struct Step: Equatable, Sendable {
    /// The rule it is about.
    public var rule: String
    /// What a person reads.
    public var label: String
    /// What would have to happen, so many times; nil for a profile rule.
    public var kind: ActivityKind?
    /// How many activities; 1 for a profile rule.
    public var count: Int
    /// True if the rule counted activities before.
    public var isMore: Bool
    /// Which targets or campaigns, as the model writes it.
    public var patterns: [String]
    /// True if each has to have another target.
    public var isDistinct: Bool
    /// The fields that would have to be known; empty for an actions rule.
    public var fields: [String]
    /// The score then.
    public var score: Int
    /// The band then; nil if none fits.
    public var band: String?
  }

  /// The band's name.
  public var band: String
  /// From which score on it holds.
  public var from: Int
  /// Score points that are missing; 0 if only a demand on a section is not met.
  public var missing: Int
  /// The demand on the actions that is not met; nil if there is none.
  public var actions: Comparison?
  /// The demand on the profile that is not met; nil if there is none.
  public var profile: Comparison?
  /// Single rules that would do, the fewest activities first.
  public var steps: [Step]
  /// If none would do: those that would give most with one activity.
  public var most: [Step]

  static let shown = 4
}

/// Tries out further activities of one person on the engine.
struct WayUpSearch {
  private static let mostActivities = 50
  /// Further activities of one kind are this far apart, so that nobody takes them for a robot's.
  private static let apart: Int64 = 11

  let model: Model
  let engine: ScoringSession
  let texts: SupposedTexts
  let connections: [ConnectionLabel]
  let person: PersonBuffer
  /// Index of the connection of each of the person's contacts.
  let contacts: [Int]
  let moment: Timestamp
  let now: ScoreResult
  let outcomes: ContiguousArray<RuleOutcome>

  /// Nil if there is no band above.
  func search() throws -> WayUp? {
    let target = (now.band ?? model.bands.count) - 1
    guard model.bands.indices.contains(target) else { return nil }
    let band = model.bands[target]
    var way = WayUp(
      band: band.name, from: band.from, missing: max(0, band.from - now.score),
      actions: band.requiresActions.flatMap { $0.holds(for: Double(now.actions)) ? nil : $0 },
      profile: band.requiresProfile.flatMap { $0.holds(for: Double(now.profile)) ? nil : $0 }, steps: [],
      most: [])
    var singles: [WayUp.Step] = []
    for index in model.actions.indices where model.actions[index].points > 0 {
      try tryActions(index, target, &way, &singles)
    }
    for index in model.profile.indices where model.profile[index].points > 0 {
      try tryProfile(index, target, &way, &singles)
    }
    way.steps = Array(
      way.steps.enumerated().sorted {
        ($0.element.count, -$0.element.score, $0.offset)
          < ($1.element.count, -$1.element.score, $1.offset)
      }.map(\.element).prefix(WayUp.shown))
    if way.steps.isEmpty {
      way.most = Array(
        singles.enumerated().sorted { (-$0.element.score, $0.offset) < (-$1.element.score, $1.offset) }
          .map(\.element).prefix(WayUp.shown - 1))
    }
    return way
  }

  private func reaches(_ result: ScoreResult, _ target: Int) -> Bool { (result.band ?? .max) <= target }

  private func bandName(_ result: ScoreResult) -> String? { result.band.map { model.bands[$0].name } }

  // MARK: Activities

  private func tryActions(
    _ index: Int, _ target: Int, _ way: inout WayUp, _ singles: inout [WayUp.Step]
  ) throws {
    let rule = model.actions[index]
    guard let kind = rule.kinds.example, let code = try texts.code(of: kind),
      let place = place(for: rule.filter)
    else { return }
    let most: Int
    var isDistinct = false
    switch rule.form {
    case .absence: return
    case .each(let max, _): most = min(Self.mostActivities, max ?? 10)
    case .threshold(let atLeast, let distinct, _):
      most = min(Self.mostActivities, atLeast)
      isDistinct = distinct
    }
    var buffer = person
    for count in 1...most {
      guard let targetID = targetID(rule, count, isDistinct) else { return }
      buffer.append(
        PersonBuffer.Entry(
          time: moment.seconds - Int64(count - 1) * Self.apart, value: rule.filter.value?.example ?? .nan,
          target: targetID, campaign: campaignID(rule), kind: code,
          contact: place.contact, connection: place.connection))
      var tried = buffer
      tried.finish()
      let result = try engine.score(tried, at: moment)
      guard result.score > now.score || reaches(result, target) else { continue }
      let step = WayUp.Step(
        rule: rule.id, label: rule.label, kind: kind, count: count, isMore: outcomes[index].count > 0,
        patterns: (rule.filter.target ?? rule.filter.campaign ?? []).map(\.pattern), isDistinct: isDistinct,
        fields: [], score: result.score, band: bandName(result))
      if reaches(result, target) {
        way.steps.append(step)
        return
      }
      if count == 1 || !singles.contains(where: { $0.rule == rule.id }) { singles.append(step) }
    }
  }

  /// A contact on a connection that the rule allows; any such connection if the person has no contact there.
  private func place(for filter: ActivityFilter) -> (contact: UInt16, connection: UInt8)? {
    func fits(_ index: Int) -> Bool {
      (filter.platform?.contains(connections[index].platform) ?? true)
        && (filter.connection?.contains(connections[index].name) ?? true)
    }
    if let contact = contacts.firstIndex(where: fits) {
      return (UInt16(clamping: contact), UInt8(clamping: contacts[contact]))
    }
    guard let connection = connections.indices.first(where: fits) else { return nil }
    return (UInt16(clamping: contacts.count), UInt8(clamping: connection))
  }

  /// One that the rule is about; nil if the person has seen all that can be counted.
  private func targetID(_ rule: ActionRule, _ number: Int, _ isDistinct: Bool) -> TextID? {
    guard isDistinct else { return rule.filter.target.map { texts.id(of: $0.first?.sample() ?? "") } ?? 0 }
    let globs = rule.filter.target ?? [Glob("*")]
    let plain = globs.filter { !$0.hasStar }.map { $0.sample() }.filter { !texts.isKnown($0) }
    if number <= plain.count { return texts.id(of: plain[number - 1]) }
    guard let open = globs.first(where: \.hasStar) else { return nil }
    var filling = "another-\(number)"
    while texts.isKnown(open.sample(filling: filling)) { filling += "-more" }
    return texts.id(of: open.sample(filling: filling))
  }

  private func campaignID(_ rule: ActionRule) -> TextID {
    rule.filter.campaign?.first.map { texts.id(of: $0.sample(filling: "another")) } ?? 0
  }

  // MARK: Profile

  /// Only fields that are empty: what somebody is does not change because it would suit.
  private func tryProfile(
    _ index: Int, _ target: Int, _ way: inout WayUp, _ singles: inout [WayUp.Step]
  ) throws {
    let rule = model.profile[index]
    let offset = model.actions.count + index
    guard outcomes[offset].units == 0 else { return }
    var values: [(slot: Int, name: String, value: String)] = []
    for (field, value) in rule.test.examples {
      guard let slot = engine.fields.firstIndex(of: field) else { return }
      if person.field(slot) == nil {
        values.append((slot, field, value))
      } else if rule.test.fields.count == 1 {
        return
      }
    }
    guard !values.isEmpty else { return }
    var tried = person
    for value in values { tried.setField(value.slot, to: value.value) }
    let result = try engine.score(tried, at: moment)
    guard engine.outcomes[offset].units > 0, result.score > now.score || reaches(result, target) else {
      return
    }
    let step = WayUp.Step(
      rule: rule.id, label: rule.label, kind: nil, count: 1, isMore: false, patterns: [], isDistinct: false,
      fields: values.map(\.name), score: result.score, band: bandName(result))
    if reaches(result, target) { way.steps.append(step) } else { singles.append(step) }
  }
}

extension KindSelection {
  /// A kind that the selection takes.
  fileprivate var example: ActivityKind? {
    switch self {
    case .kinds(let kinds): return kinds.first
    case .any: return .known(.pageVisit)
    }
  }
}

extension Comparison {
  /// A number that meets the demand.
  fileprivate var example: Double {
    switch relation {
    case .atLeast, .atMost, .equal: return bound
    case .above, .different: return bound + 1
    case .below: return bound - 1
    }
  }
}

extension ProfileTest {
  /// Values with which the test passes, for tests that a field which becomes known can pass.
  fileprivate var examples: [(field: String, value: String)] {
    func number(_ value: Double) -> String { Int64(exactly: value).map(String.init) ?? "\(value)" }
    switch self {
    case .equals(let field, let texts), .contains(let field, let texts):
      return texts.first.map { [(field, $0)] } ?? []
    case .matches(let field, let globs): return globs.first.map { [(field, $0.sample(filling: "x"))] } ?? []
    case .atLeast(let field, let bound), .atMost(let field, let bound): return [(field, number(bound))]
    case .filled(let fields): return fields.map { ($0, "x") }
    case .equalsNone, .containsNone, .emailDomain, .missing: return []
    }
  }
}
