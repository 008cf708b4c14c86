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
}

/// Explains persons from what the store knows; asks no platform.
public struct Explainer: Sendable {
  let context: RunContext

  /// Explains from a context.
  public init(context: RunContext) {
    self.context = context
  }

  /// Explains whoever an address or `connection/id` names; empty if nobody is known by it.
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
    let engine = try ScoringSession(
      model: context.model.model, domains: context.domains, connections: context.labels, texts: texts)
    let fields = engine.fields
    return try context.store.withPerson(person, layout: context.layout, texts: texts) { stored, names in
      let entries = stored.buffer.entries
      let activities = try entries.map { entry in
        Activity(
          try texts.kind(entry.kind) ?? .known(.note), at: Timestamp(entry.time),
          target: try texts.text(entry.target),
          campaign: try texts.text(entry.campaign), value: entry.value.isNaN ? nil : entry.value,
          contact: Int(entry.contact))
      }
      let explanation = try engine.explanation(of: stored.buffer, at: moment) { activities[$0] }
      return ExplainedPerson(
        contacts: names.map { (context.connections[$0.connection].name, $0.id, $0.emails) },
        name: names.lazy.compactMap(\.emails.first).first ?? names.first?.id.text ?? "",
        explanation: explanation,
        profile: fields.enumerated().compactMap { slot, field in
          stored.buffer.field(slot).map { (field, $0) }
        })
    }
  }
}
