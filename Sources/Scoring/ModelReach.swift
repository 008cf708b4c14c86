/// The fewest and the most points that something can give, in units of 1/1024 point; nil where there is no end.
///
/// Profile rules that exclude each other count all the same, so the true ends may be nearer, never farther.
struct PointReach: Equatable {
  var lowest: Int64?
  var highest: Int64?

  static let nothing = PointReach(lowest: 0, highest: 0)

  static func + (left: PointReach, right: PointReach) -> PointReach {
    PointReach(
      lowest: left.lowest.flatMap { low in right.lowest.map { low + $0 } },
      highest: left.highest.flatMap { high in right.highest.map { high + $0 } })
  }

  func clamped(to limits: Limits) -> PointReach {
    func clamp(_ value: Int64?, isHigh: Bool) -> Int64? {
      let (min, max) = (limits.min.map(Self.units), limits.max.map(Self.units))
      guard var value else { return isHigh ? max : min }
      if let max { value = Swift.min(value, max) }
      if let min { value = Swift.max(value, min) }
      return value
    }
    return PointReach(lowest: clamp(lowest, isHigh: false), highest: clamp(highest, isHigh: true))
  }

  private static func units(_ points: Int) -> Int64 { Int64(points) * CompiledModel.unitsPerPoint }

  /// The most whole points; nil without an end.
  var mostPoints: Int? { highest.map { Int($0 / CompiledModel.unitsPerPoint) } }
  /// The fewest whole points; nil without an end.
  var fewestPoints: Int? { lowest.map { Int($0 / CompiledModel.unitsPerPoint) } }

  /// False only if no number between the ends meets the demand.
  func mayMeet(_ demand: Comparison) -> Bool {
    let bound = demand.bound * Double(CompiledModel.unitsPerPoint)
    let low = lowest.map(Double.init) ?? -.infinity
    let high = highest.map(Double.init) ?? .infinity
    switch demand.relation {
    case .atLeast: return high >= bound
    case .above: return high > bound
    case .atMost: return low <= bound
    case .below: return low < bound
    case .equal: return low <= bound && bound <= high
    case .different: return low != high || low != bound
    }
  }
}

extension ActionRule {
  /// What the rule alone can give, before its group.
  var reach: PointReach {
    let unit = Int64(points) * CompiledModel.unitsPerPoint
    let end: Int64?
    switch form {
    case .each(let max, _): end = unit == 0 ? 0 : max.map { unit * Int64($0) }
    case .threshold, .absence: end = unit
    }
    return points < 0 ? PointReach(lowest: end, highest: 0) : PointReach(lowest: 0, highest: end)
  }
}

extension ProfileRule {
  /// What the rule alone can give, before its group.
  var reach: PointReach {
    let unit = Int64(points) * CompiledModel.unitsPerPoint
    return points < 0 ? PointReach(lowest: unit, highest: 0) : PointReach(lowest: 0, highest: unit)
  }
}

/// What the parts of a model can give.
struct ModelReach {
  /// Before the clamp, by the group's name; one entry for each section in which a rule names it.
  private(set) var groups: [String: [PointReach]] = [:]
  /// Before the section's limits.
  let rawActions: PointReach
  let rawProfile: PointReach
  let actions: PointReach
  let profile: PointReach
  let score: PointReach

  init(_ model: Model) {
    var groups: [String: [PointReach]] = [:]
    func section(_ rules: [(group: String?, reach: PointReach)]) -> PointReach {
      var sum = rules.filter { $0.group == nil }.reduce(.nothing) { $0 + $1.reach }
      for group in model.groups {
        let members = rules.filter { $0.group == group.name }
        guard !members.isEmpty else { continue }
        let reach = members.reduce(.nothing) { $0 + $1.reach }
        groups[group.name, default: []].append(reach)
        sum = sum + reach.clamped(to: group.limits)
      }
      return sum
    }
    rawActions = section(model.actions.map { ($0.group, $0.reach) })
    rawProfile = section(model.profile.map { ($0.group, $0.reach) })
    actions = rawActions.clamped(to: model.actionLimits)
    profile = rawProfile.clamped(to: model.profileLimits)
    score = (actions + profile).clamped(to: model.scoreLimits)
    self.groups = groups
  }
}
