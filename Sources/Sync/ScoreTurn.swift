import Scoring

/// A moment at which a person's score or band becomes another one without new activity.
public struct ScoreTurn: Equatable, Sendable {
  /// One rule that gives other points then.
  public struct Rule: Equatable, Sendable {
    /// The rule's id.
    public var id: String
    /// What a person reads.
    public var label: String
    /// Before, in units of 1/1024 point.
    public var from: Int64
    /// Then, in units of 1/1024 point.
    public var to: Int64
  }

  /// When.
  public var at: Timestamp
  /// The score then.
  public var score: Int
  /// The band then; nil if none fits.
  public var band: String?
  /// The rules that make the difference, the largest first.
  public var rules: [Rule]

  /// More moments than this are not looked at.
  private static let most = 2_000

  /// The next moment with another score or band, and the next one with another band; nil where there is none.
  ///
  /// Each moment is scored by the engine itself, one after another, as long as it takes.
  static func next(
    of person: PersonBuffer, now: ScoreResult, outcomes: ContiguousArray<RuleOutcome>, engine: ScoringSession,
    model: Model
  ) throws -> (score: ScoreTurn?, band: ScoreTurn?) {
    var first: ScoreTurn?
    var moment = now.changesAt
    for _ in 0..<most {
      guard let at = moment else { break }
      let result = try engine.score(person, at: at)
      if result.score != now.score || result.band != now.band {
        let turn = ScoreTurn(
          at: at, score: result.score, band: result.band.map { model.bands[$0].name },
          rules: changes(from: outcomes, to: engine.outcomes, model))
        first = first ?? turn
        if result.band != now.band { return (first, turn) }
      }
      moment = result.changesAt
    }
    return (first, nil)
  }

  /// Rules that give other points, the largest difference first, ties in the model's order.
  static func changes(
    from: ContiguousArray<RuleOutcome>, to: ContiguousArray<RuleOutcome>, _ model: Model
  ) -> [Rule] {
    let (ids, labels) = (model.ruleIDs, model.ruleLabels)
    let changed = from.indices.filter { from[$0].units != to[$0].units }
    func size(_ index: Int) -> UInt64 { (to[index].units - from[index].units).magnitude }
    return changed.sorted { (size($1), $0) < (size($0), $1) }.map {
      Rule(id: ids[$0], label: labels[$0], from: from[$0].units, to: to[$0].units)
    }
  }
}
