import Platform
import Scoring
import Store

/// One person's score with everything that led to it.
public struct ExplainedPerson: Sendable {
  /// Every contact, as people know it.
  public var contacts: [(connection: String, id: ContactID, emails: [String])]
  /// The person's first address, or the id of the first contact.
  public var name: String
  /// The score.
  public var explanation: Explanation
  /// The profile values that rules look at.
  public var profile: [(field: String, value: String)]
  /// When the earliest contact was created, if that is later than the moment of the score.
  public var knownOnlySince: Timestamp?
  /// The next moment with another score or band, without new activity; nil if there is none.
  public var nextScore: ScoreTurn?
  /// The next moment with another band, without new activity; nil if there is none.
  public var nextBand: ScoreTurn?
  /// What would bring the person into the next band up; nil if there is none.
  public var wayUp: WayUp?
}

/// Explains persons from what the store knows; asks no platform.
public struct Explainer: Sendable {
  let context: RunContext

  /// Explains from a context.
  public init(context: RunContext) {
    self.context = context
  }

  /// Explains whoever an address or `connection/id` names; empty if nobody is known by it. Activities later than
  /// the moment do not exist.
  public func explain(_ query: String, at moment: Timestamp) throws -> [ExplainedPerson] {
    try persons(query).compactMap { try explain($0, at: moment) }
  }

  private func persons(_ query: String) throws -> [Int64] {
    if let slash = query.firstIndex(of: "/"),
      let connection = context.connections.first(where: { $0.name == query[..<slash] })
    {
      let id = ContactID(String(query[query.index(after: slash)...]))
      return try context.store.find(id, on: connection.stored).map { [$0] } ?? []
    }
    guard let address = EmailAddress(query) else { return [] }
    return try context.store.persons(having: address)
  }

  private func explain(_ person: Int64, at moment: Timestamp) throws -> ExplainedPerson? {
    let texts = context.store.makeTexts()
    let supposed = SupposedTexts(texts)
    let model = context.model.model
    let engine = try ScoringSession(
      model: model, domains: context.domains, connections: context.labels, texts: supposed)
    return try context.store.withPerson(person, layout: context.layout, texts: texts) { stored, names in
      let buffer = stored.buffer.until(moment)
      let activities = try buffer.entries.map { try activity($0, texts, supposed) }
      let explanation = try engine.explanation(of: buffer, at: moment) { activities[$0] }
      let now = try engine.score(buffer, at: moment)
      let outcomes = engine.outcomes
      let turns = try ScoreTurn.next(
        of: buffer, now: now, outcomes: outcomes, engine: engine, model: model)
      let search = WayUpSearch(
        model: model, engine: engine, texts: supposed, connections: context.labels, person: buffer,
        contacts: stored.contacts.map(\.connection), moment: moment, now: now, outcomes: outcomes)
      return ExplainedPerson(
        contacts: names.map { (context.connections[$0.connection].name, $0.id, $0.emails) },
        name: names.lazy.compactMap(\.emails.first).first ?? names.first?.id.text ?? "",
        explanation: explanation,
        profile: engine.fields.enumerated().compactMap { slot, field in
          buffer.field(slot).map { (field, $0) }
        },
        knownOnlySince: buffer.knownSince.flatMap { $0 > moment.seconds ? Timestamp($0) : nil },
        nextScore: turns.score, nextBand: turns.band, wayUp: try search.search())
    }
  }

  private func activity(
    _ entry: PersonBuffer.Entry, _ texts: StoreTexts, _ supposed: SupposedTexts
  ) throws -> Activity {
    try supposed.note(entry.target)
    return Activity(
      try texts.kind(entry.kind) ?? .known(.note), at: Timestamp(entry.time),
      target: try texts.text(entry.target), campaign: try texts.text(entry.campaign),
      value: entry.value.isNaN ? nil : entry.value, contact: Int(entry.contact))
  }
}
