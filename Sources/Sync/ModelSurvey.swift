import Platform
import Scoring
import Store

/// Looks at everybody in the store for the lint of a model. Changes nothing.
public struct ModelSurvey: Sendable {
  private let store: LeadStore
  private let people: KnownConnections
  private let domains: DomainLists

  /// A survey of the persons on the connections of a configuration.
  public init(store: LeadStore, configuration: Configuration, domains: DomainLists) throws(StoreFailure) {
    self.store = store
    self.domains = domains
    people = try KnownConnections(store: store, configuration: configuration)
  }

  /// How far back activities are known on every connection; nil before the first pull.
  public func reach(at moment: Timestamp) -> TimeSpan? {
    let since = people.stored.map(\.since)
    guard !since.isEmpty, let latest = since.compactMap(\.self).max(), !since.contains(nil) else {
      return nil
    }
    return TimeSpan(seconds: max(0, moment.seconds - latest.seconds))
  }

  /// What the data say about a model at a moment.
  public func data(for model: Model, at moment: Timestamp) throws -> LintData {
    var data = LintData(for: model)
    data.fields = Set(try store.fieldNames() + ContactField.canonicalNames)
    let texts = store.makeTexts()
    let engine = try ScoringSession(model: model, domains: domains, connections: people.labels, texts: texts)
    let probe = try ScoringSession(
      model: model.probe, domains: domains, connections: people.labels, texts: texts)
    var seen: Set<TextID> = []
    let form = UInt32(KnownKind.formSubmit.rawValue)
    try store.forEachPerson(
      layout: ReadingLayout(connections: people.stored, fields: model.profileFields), texts: texts
    ) { person, _ in
      data.persons += 1
      if let band = try engine.score(person.buffer, at: moment).band { data.bandSizes[band] += 1 }
      _ = try probe.score(person.buffer, at: moment)
      for index in data.matched.indices where probe.outcomes[index].count > 0 { data.matched[index] += 1 }
      for contact in person.contacts where data.tags.count < LintData.mostNames {
        for tag in (contact.held?.tags ?? "").split(separator: "\n") { data.tags.insert(String(tag)) }
      }
      for entry in person.buffer.entries where seen.count < LintData.mostNames {
        let name = entry.campaign != 0 ? entry.campaign : entry.kind == form ? entry.target : 0
        if name != 0 { seen.insert(name) }
      }
    }
    for id in seen {
      if let name = try texts.text(id) { data.names.insert(name) }
    }
    return data
  }
}
