/// A score with everything that led to it.
public struct Explanation: Equatable, Sendable {
  /// One rule and what it gave.
  public struct Rule: Equatable, Sendable {
    /// The rule's id.
    public var id: String
    /// What a person reads.
    public var label: String
    /// In units of 1/1024 point, before group clamps.
    public var units: Int64
    /// How many activities were used.
    public var count: Int
    /// The most recent activity used.
    public var last: Timestamp?
    /// How many a threshold rule needs; nil for other rules.
    public var needed: Int?
    /// The activities used, most recent first.
    public var activities: [Activity]
  }

  /// When it was true.
  public var asOf: Timestamp
  /// The clamped sum.
  public var score: Int
  /// Rounded points of the actions.
  public var actions: Int
  /// Rounded points of the profile.
  public var profile: Int
  /// The band's name; nil if none fits.
  public var band: String?
  /// The wanted tags in the model's order.
  public var tags: [String]
  /// Every rule, in the order of the file.
  public var rules: [Rule]
  /// When it changes without new activity; nil if never.
  public var changesAt: Timestamp?
}

/// Scores and explains single persons that are given as values.
public struct Scorer: Sendable {
  /// The model that is applied.
  public let model: Model
  /// Which mail domains are free or disposable.
  public let domains: DomainLists
  /// The connections whose names and platforms rules may ask for.
  public let connections: [ConnectionLabel]

  /// A scorer; persons' contacts on connections that are not listed match no rule that names one.
  public init(model: Model, domains: DomainLists = .empty, connections: [ConnectionLabel] = []) {
    self.model = model
    self.domains = domains
    self.connections = connections
  }

  /// The score of a person at a moment, with every rule, its activities and its points.
  public func explain(_ person: Person, at moment: Timestamp) throws -> Explanation {
    let texts = TextTable()
    var labels = connections
    for contact in person.contacts where !labels.contains(where: { $0.name == contact.connection }) {
      labels.append(ConnectionLabel(name: contact.connection, platform: ""))
    }
    // Kinds that only the model names get their number first, so that the engine finds them.
    var engine = try ScoringEngine(model: model, domains: domains, connections: labels, texts: texts)
    var buffer = engine.makeBuffer()
    // Later entries are counted first within a second, so the smaller identity has to come last.
    let activities = person.activities.sorted {
      ($0.time, $1.identity) < ($1.time, $0.identity)
    }
    for activity in activities {
      let name =
        person.contacts.indices.contains(activity.contact) ? person.contacts[activity.contact].connection : ""
      buffer.append(
        PersonBuffer.Entry(
          time: activity.time.seconds, value: activity.value ?? .nan, target: texts.id(of: activity.target),
          campaign: texts.id(of: activity.campaign), kind: texts.code(of: activity.kind),
          contact: UInt16(clamping: activity.contact),
          connection: UInt8(clamping: labels.firstIndex { $0.name == name } ?? 0)))
    }
    buffer.finish()
    for contact in person.contacts {
      if let created = contact.createdAt { buffer.note(createdAt: created.seconds) }
    }
    for (slot, field) in engine.fields.enumerated() {
      if let value = person.profile[field] { buffer.setField(slot, to: value) }
    }
    let result = try engine.explain(buffer, at: moment)
    return Explanation(result, of: engine, at: moment) { activities[$0] }
  }
}

extension Explanation {
  /// Names what an engine's last explanation says in numbers.
  ///
  /// - Parameter activity: The activity of an entry of the buffer.
  public init(
    _ result: ScoreResult, of engine: borrowing ScoringEngine, at moment: Timestamp,
    activity: (Int) -> Activity
  ) {
    let model = engine.model
    asOf = moment
    score = result.score
    actions = result.actions
    profile = result.profile
    band = result.band.map { model.bands[$0].name }
    tags = model.ownedTags.enumerated().filter { result.tags & (1 << UInt64($0.offset)) != 0 }.map(\.element)
    changesAt = result.changesAt
    var used: [[Activity]] = Array(repeating: [], count: engine.outcomes.count)
    for use in engine.uses { used[use.rule].append(activity(use.entry)) }
    let labels = model.ruleLabels
    rules = model.ruleIDs.enumerated().map { index, id in
      let outcome = engine.outcomes[index]
      return Rule(
        id: id, label: labels[index], units: outcome.units, count: outcome.count, last: outcome.last,
        needed: model.actions.indices.contains(index) ? model.actions[index].form.needed : nil,
        activities: used[index])
    }
  }

  /// The three strongest reasons as a short stable text.
  public var reasons: String {
    ReasonsText.text(
      ContiguousArray(rules.map { RuleOutcome(units: $0.units, count: $0.count, last: $0.last) }),
      labels: rules.map(\.label))
  }
}

extension RuleForm {
  /// How many a threshold rule needs; nil for other rules.
  var needed: Int? {
    guard case .threshold(let atLeast, _, _) = self else { return nil }
    return atLeast
  }
}
