import Platform
import Scoring

/// What the changes of a plan mean for the people behind them, gathered change by change in bounded memory.
///
/// All of it is about the people of the plan: those of whom at least one contact would be written. A person with
/// several such contacts counts once, by the first of them in the order of the configuration.
public struct PlanInsight: Sendable {
  /// What one rule gives to the people of the plan.
  public struct RuleSum: Equatable, Sendable {
    /// The rule's id.
    public var rule: String
    /// The sum in units of 1/1024 point, before group clamps.
    public var units: Int64 = 0
    /// How many people it gives anything but 0.
    public var persons = 0
    /// How many activities it used.
    public var count = 0
  }

  /// How many people the plan is about.
  public private(set) var persons = 0
  /// Every rule of the model, in the order of the file.
  public var rules: [RuleSum]
  /// The largest rises of score, largest first.
  public private(set) var rises: [PlannedChange] = []
  /// The largest falls of score, largest first.
  public private(set) var falls: [PlannedChange] = []
  /// The bands whose entries are listed: those handed to sales, or else the highest one. By index.
  public var targets: [Int] = []
  /// How many people enter one of them from below.
  public private(set) var entered = 0
  /// How many people leave all of them.
  public private(set) var left = 0
  /// Those who enter, highest score first.
  public private(set) var entries: [PlannedChange] = []
  /// Scores of all contacts before and after; nil if nobody asked for a report.
  public var distribution: ScoreDistribution?

  /// How many rises and how many falls are kept.
  public static let mostMoves = 10
  /// How many entries are kept.
  public static let mostEntries = 25

  /// Nothing yet.
  public init(rules: [String] = [], targets: [Int] = []) {
    self.rules = rules.map { RuleSum(rule: $0) }
    self.targets = targets
  }

  /// Nothing yet of a plan by a model.
  init(_ model: Model) {
    let handed = model.bands.indices.filter { model.bands[$0].handoff }
    self.init(rules: model.ruleIDs, targets: handed.isEmpty && !model.bands.isEmpty ? [0] : handed)
  }

  /// Takes one person, by the first of the contacts that would be written.
  ///
  /// - Parameters:
  ///   - held: The highest band that one of the person's contacts holds, by index.
  ///   - wanted: The band the person gets.
  ///   - outcomes: What each rule gives, in the order of `rules`; empty if it is not known.
  mutating func add(
    _ change: PlannedChange, held: Int?, wanted: Int?, outcomes: ContiguousArray<RuleOutcome> = []
  ) {
    persons += 1
    for (index, outcome) in outcomes.enumerated() where outcome.units != 0 && index < rules.count {
      let (sum, isTooLarge) = rules[index].units.addingReportingOverflow(outcome.units)
      if !isTooLarge { rules[index].units = sum }
      rules[index].persons += 1
      rules[index].count += outcome.count
    }
    if change.move > 0 { Self.keep(change, in: &rises, most: Self.mostMoves, Self.isLarger) }
    if change.move < 0 { Self.keep(change, in: &falls, most: Self.mostMoves, Self.isLarger) }
    let (isIn, wasIn) = (wanted.map(targets.contains) ?? false, held.map(targets.contains) ?? false)
    if isIn, wanted ?? .max < held ?? .max {
      entered += 1
      Self.keep(change, in: &entries, most: Self.mostEntries, Self.isHigher)
    }
    if wasIn && !isIn { left += 1 }
  }

  private static func keep(
    _ change: PlannedChange, in list: inout [PlannedChange], most: Int,
    _ isBefore: (PlannedChange, PlannedChange) -> Bool
  ) {
    if list.count == most, let last = list.last, !isBefore(change, last) { return }
    list.insert(change, at: list.firstIndex { isBefore(change, $0) } ?? list.count)
    if list.count > most { list.removeLast() }
  }

  /// By size of the move, then by connection and id, so that the order never depends on how a store lies.
  static func isLarger(_ left: PlannedChange, _ right: PlannedChange) -> Bool {
    let (leftSize, rightSize) = (abs(left.move), abs(right.move))
    if leftSize != rightSize { return leftSize > rightSize }
    return (left.connection, ContactID(left.contact)) < (right.connection, ContactID(right.contact))
  }

  private static func isHigher(_ left: PlannedChange, _ right: PlannedChange) -> Bool {
    left.scoreTo == right.scoreTo ? isLarger(left, right) : left.scoreTo > right.scoreTo
  }
}

extension PlannedChange {
  /// How far the score moves; from nothing it moves as from 0. The largest number either way where it is more,
  /// since a platform may hold any number.
  public var move: Int {
    let (difference, isBeyond) = scoreTo.subtractingReportingOverflow(scoreFrom ?? 0)
    return isBeyond ? scoreTo > 0 ? .max : -.max : max(difference, -.max)
  }
}
