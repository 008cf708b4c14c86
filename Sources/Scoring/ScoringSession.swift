/// An engine behind a reference, for callers that hand it to closures and iterators.
public final class ScoringSession {
  private var engine: ScoringEngine

  /// Compiles a model: see `ScoringEngine`.
  public init(
    model: Model, domains: DomainLists, connections: [ConnectionLabel], texts: some TextSource
  ) throws {
    engine = try ScoringEngine(model: model, domains: domains, connections: connections, texts: texts)
  }

  /// The fields the model asks for; a buffer's slots are numbered in this order.
  public var fields: [String] { engine.fields }

  /// What each rule gave at the last scoring, in the order of `Model.ruleIDs`.
  public var outcomes: ContiguousArray<RuleOutcome> { engine.outcomes }

  /// A buffer that fits this engine.
  public func makeBuffer() -> PersonBuffer { engine.makeBuffer() }

  /// The score of a person at a moment. The buffer must be finished.
  public func score(_ person: borrowing PersonBuffer, at moment: Timestamp) throws -> ScoreResult {
    try engine.score(person, at: moment)
  }

  /// The score with all that led to it; `activity` gives the activity of an entry of the buffer.
  public func explanation(
    of person: borrowing PersonBuffer, at moment: Timestamp, activity: (Int) -> Activity
  ) throws -> Explanation {
    let result = try engine.explain(person, at: moment)
    return Explanation(result, of: engine, at: moment, activity: activity)
  }
}
