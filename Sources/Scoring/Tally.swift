/// What one rule has counted so far, walking from the most recent activity back.
struct Tally {
  /// After more halvings than this an activity gives nothing.
  static let mostHalvings: Int64 = 10

  /// Activities that counted.
  var count: Int32 = 0
  /// Activities, or different targets, that were used.
  var used: Int32 = 0
  var units: Int64 = 0
  var last: Int64 = .min
  /// The activity whose leaving the window changes the points.
  var boundary: Int64 = .min
  /// When the points change by age alone.
  var next: Int64 = .max

  /// Takes one activity that counts. Different targets are counted by the caller, who also sees to it that a
  /// plain rule takes no more than its limit.
  @inline(__always)
  mutating func count(_ rule: CompiledModel.ActionRule, time: Int64, age: Int64) {
    switch rule.form {
    case .each:
      used += 1
      let halvings = rule.halvesEvery > 0 ? age / rule.halvesEvery : 0
      if halvings <= Self.mostHalvings {
        units += rule.units / (1 << halvings)
        boundary = time
        if rule.halvesEvery > 0 { next = min(next, time + (halvings + 1) * rule.halvesEvery) }
      }
    case .threshold:
      used += 1
      if used == rule.limit { boundary = time }
    case .distinctThreshold, .absence:
      break
    }
    count += 1
    last = max(last, time)
  }
}
