/// What the stored data say about a model, for its lint.
public struct LintData: Sendable {
  /// How far back activities are looked at: the last 90 days.
  public static let recent = TimeSpan.days(90)
  /// More names than this of one sort are not looked at.
  public static let mostNames = 20_000

  /// How many persons there are.
  public var persons = 0
  /// For each actions rule, how many persons have a recent activity that it is about.
  public var matched: [Int]
  /// For each band, how many persons are in it now.
  public var bandSizes: [Int]
  /// Names of all fields that contacts have.
  public var fields: Set<String> = []
  /// Tags that contacts hold.
  public var tags: Set<String> = []
  /// Names of campaigns and forms of activities.
  public var names: Set<String> = []

  /// Nothing was looked at yet.
  public init(for model: Model) {
    matched = Array(repeating: 0, count: model.actions.count)
    bandSizes = Array(repeating: 0, count: model.bands.count)
  }
}

extension Model {
  /// The same model asking of each actions rule only whether an activity of the last 90 days is what it is about.
  public var probe: Model {
    var probe = self
    probe.actions = actions.map { rule in
      var rule = rule
      if case .threshold(_, let isDistinct, _) = rule.form {
        rule.form = .threshold(atLeast: 1, distinctTargets: isDistinct, halvesEvery: nil)
      } else {
        rule.form = .threshold(atLeast: 1, distinctTargets: false, halvesEvery: nil)
      }
      rule.within = LintData.recent
      return rule
    }
    probe.profile = []
    probe.segments = []
    return probe
  }
}
