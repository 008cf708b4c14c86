import Platform
import Scoring
import Store

/// Who would move between bands if another model were taken, and by how much scores would change.
public struct ModelDiffSummary: Sendable {
  /// One person's move.
  public struct Move: Sendable {
    /// Every contact, as people know it.
    public var contacts: [(connection: String, id: ContactID, email: String?)]
    /// The first address, or connection and id of the first contact.
    public var name: String
    /// The score by the first model.
    public var scoreFrom: Int
    /// The score by the second model.
    public var scoreTo: Int
    /// The band by the first model; nil if none fits.
    public var bandFrom: String?
    /// The band by the second model; nil if none fits.
    public var bandTo: String?
    /// The rules that make the difference, the largest first.
    public var rules: [ScoreTurn.Rule]
  }

  /// Names and files of the two models, first and second.
  public var models: (from: LoadedModel, to: LoadedModel)
  /// The moment of the scores.
  public var asOf: Timestamp
  /// How many persons were scored.
  public var persons = 0
  /// How many of them would have a higher score.
  public var higher = 0
  /// How many of them would have a lower score.
  public var lower = 0
  /// How many of them would be in another band, by its name.
  public var moved = 0
  /// How many would enter a band that is handed to sales.
  public var handoffs = 0
  /// Persons by the band of each model, by index; -1 stands for none.
  public var matrix: [PlanSummary.BandMove: Int] = [:]
  /// The largest moves of score, largest first, ties by name.
  public var largest: [Move] = []

  /// How many of the largest moves are kept.
  public static let largestCount = 10

  /// How many persons are in each band by the first model; -1 stands for none.
  public var sizesFrom: [Int: Int] { matrix.reduce(into: [:]) { $0[$1.key.from, default: 0] += $1.value } }

  /// How many persons are in each band by the second model; -1 stands for none.
  public var sizesTo: [Int: Int] { matrix.reduce(into: [:]) { $0[$1.key.to, default: 0] += $1.value } }
}

/// Scores everybody in the store by two models, in one walk over one snapshot. Changes nothing, needs no lock, and
/// memory does not grow with the number of persons.
public struct ModelDiff: Sendable {
  private let store: LeadStore
  private let people: KnownConnections
  private let domains: DomainLists

  /// A comparison over the persons on the connections of a configuration.
  public init(store: LeadStore, configuration: Configuration, domains: DomainLists) throws(StoreFailure) {
    self.store = store
    self.domains = domains
    people = try KnownConnections(store: store, configuration: configuration)
  }

  /// Compares two models at a moment.
  public func compare(
    _ from: LoadedModel, with to: LoadedModel, at moment: Timestamp, progress: (Int) -> Void = { _ in }
  ) throws -> ModelDiffSummary {
    let texts = store.makeTexts()
    func engine(_ model: Model) throws -> ScoringSession {
      try ScoringSession(model: model, domains: domains, connections: people.labels, texts: texts)
    }
    let engines = try (from: engine(from.model), to: engine(to.model))
    let fields = Array(Set(engines.from.fields + engines.to.fields)).sorted()
    func slots(_ engine: ScoringSession) -> [Int] {
      engine.fields.map { field in fields.firstIndex(of: field) ?? 0 }
    }
    let slots = (from: slots(engines.from), to: slots(engines.to))
    var collector = ModelDiffCollector(from: from, to: to, at: moment, connections: people)
    try store.forEachPerson(
      layout: ReadingLayout(connections: people.stored, fields: fields), texts: texts
    ) { person, names in
      let before = try engines.from.score(person.buffer.arranged(slots.from), at: moment)
      let after = try engines.to.score(person.buffer.arranged(slots.to), at: moment)
      try collector.add(
        before, after, names: names, outcomes: { (engines.from.outcomes, engines.to.outcomes) })
      if collector.summary.persons.isMultiple(of: 4_096) { progress(collector.summary.persons) }
    }
    return collector.summary
  }
}

/// The connections of a configuration that the store knows.
struct KnownConnections: Sendable {
  let stored: [StoredConnection]
  let labels: [ConnectionLabel]

  init(store: LeadStore, configuration: Configuration) throws(StoreFailure) {
    let known = try store.connections()
    var (stored, labels): ([StoredConnection], [ConnectionLabel]) = ([], [])
    for connection in configuration.connections {
      guard let found = known.first(where: { $0.name == connection.name }) else { continue }
      stored.append(found)
      labels.append(ConnectionLabel(name: connection.name, platform: connection.connector.platform))
    }
    (self.stored, self.labels) = (stored, labels)
  }
}

/// Adds up the persons of a comparison.
private struct ModelDiffCollector {
  var summary: ModelDiffSummary
  private let connections: KnownConnections
  /// Rules of both models by id, those of the second behind those that only the first has.
  private let rules: [(id: String, label: String, from: Int?, to: Int?)]

  init(from: LoadedModel, to: LoadedModel, at moment: Timestamp, connections: KnownConnections) {
    summary = ModelDiffSummary(models: (from, to), asOf: moment)
    self.connections = connections
    let (old, new) = (from.model.ruleIDs, to.model.ruleIDs)
    let (oldLabels, newLabels) = (from.model.ruleLabels, to.model.ruleLabels)
    var rules: [(id: String, label: String, from: Int?, to: Int?)] = []
    for (index, id) in old.enumerated() {
      let other = new.firstIndex(of: id)
      rules.append((id, other.map { newLabels[$0] } ?? oldLabels[index], index, other))
    }
    for (index, id) in new.enumerated() where !old.contains(id) {
      rules.append((id, newLabels[index], nil, index))
    }
    self.rules = rules
  }

  mutating func add(
    _ before: ScoreResult, _ after: ScoreResult, names: () throws -> [NamedContact],
    outcomes: () -> (from: ContiguousArray<RuleOutcome>, to: ContiguousArray<RuleOutcome>)
  ) throws {
    summary.persons += 1
    summary.matrix[PlanSummary.BandMove(from: before.band ?? -1, to: after.band ?? -1), default: 0] += 1
    let bands = (
      from: before.band.map { summary.models.from.model.bands[$0] },
      to: after.band.map { summary.models.to.model.bands[$0] }
    )
    if bands.from?.name != bands.to?.name { summary.moved += 1 }
    if bands.to?.handoff == true, bands.from?.handoff != true { summary.handoffs += 1 }
    if after.score > before.score { summary.higher += 1 }
    if after.score < before.score { summary.lower += 1 }
    let size = abs(after.score - before.score)
    guard size > 0 else { return }
    let smallest = summary.largest.last.map { abs($0.scoreTo - $0.scoreFrom) } ?? 0
    guard summary.largest.count < ModelDiffSummary.largestCount || size >= smallest else { return }
    let contacts = try names()
    let name =
      contacts.lazy.compactMap(\.emails.first).first
      ?? contacts.first.map { "\(connections.labels[$0.connection].name)/\($0.id)" } ?? ""
    let place =
      summary.largest.firstIndex {
        (-abs($0.scoreTo - $0.scoreFrom), $0.name) > (-size, name)
      } ?? summary.largest.count
    guard place < ModelDiffSummary.largestCount else { return }
    let move = ModelDiffSummary.Move(
      contacts: contacts.map { (connections.labels[$0.connection].name, $0.id, $0.emails.first) }, name: name,
      scoreFrom: before.score, scoreTo: after.score, bandFrom: bands.from?.name, bandTo: bands.to?.name,
      rules: changes(outcomes()))
    summary.largest.insert(move, at: place)
    if summary.largest.count > ModelDiffSummary.largestCount { summary.largest.removeLast() }
  }

  private func changes(
    _ outcomes: (from: ContiguousArray<RuleOutcome>, to: ContiguousArray<RuleOutcome>)
  ) -> [ScoreTurn.Rule] {
    let all = rules.map { rule in
      ScoreTurn.Rule(
        id: rule.id, label: rule.label, from: rule.from.map { outcomes.from[$0].units } ?? 0,
        to: rule.to.map { outcomes.to[$0].units } ?? 0)
    }
    return all.enumerated().filter { $0.element.from != $0.element.to }.sorted {
      let sizes = (($0.element.to - $0.element.from).magnitude, ($1.element.to - $1.element.from).magnitude)
      return sizes.0 != sizes.1 ? sizes.0 > sizes.1 : $0.offset < $1.offset
    }.map(\.element)
  }
}
