import PlainScorer
import Scoring
import Testing

/// The engine against the plain scorer, over models written as files and people on several connections.
@Suite struct `The engine and the plain scorer` {
  private static let blocks = Array(0..<10)
  private static let seedsPerBlock: UInt64 = 300
  private static let domains = DomainLists(
    free: RandomWords.free.joined(separator: "\n"), disposable: RandomWords.disposable.joined(separator: "\n")
  )

  private func seeds(of block: Int) -> Range<UInt64> {
    UInt64(block) * Self.seedsPerBlock..<UInt64(block + 1) * Self.seedsPerBlock
  }

  private func plainScore(_ person: PlainPerson, _ model: PlainModel, asOf: Int64) -> PlainScore {
    model.score(person, asOf: asOf, free: RandomWords.free, disposable: RandomWords.disposable)
  }

  @Test(arguments: blocks)
  func `agree on each rule, the score, the sections, the band and the tags`(block: Int) throws {
    for seed in seeds(of: block) {
      let plain = RandomModel.make(seed: seed)
      let scorer = Scorer(
        model: try Model(yaml: plain.yaml, file: "seed \(seed)"), domains: Self.domains,
        connections: RandomWords.connections.map { ConnectionLabel(name: $0.0, platform: $0.1) })
      for (number, person) in RandomPeople.make(seed: seed).people().enumerated() {
        for asOf in [RandomPeople.asOf, RandomPeople.asOf + 1, RandomPeople.asOf + 604_800] {
          let ours = try PlainScore(scorer.explain(Person(person), at: Timestamp(asOf)))
          #expect(
            ours == plainScore(person, plain, asOf: asOf), "seed \(seed), person \(number), as of \(asOf)")
        }
      }
    }
  }

  @Test(arguments: blocks)
  func `agree on which addresses are the same`(block: Int) {
    for seed in seeds(of: block) {
      for address in RandomPeople.make(seed: seed).contacts.flatMap(\.addresses) {
        #expect(EmailAddress(address)?.normalized == PlainAddress.normalised(address), "seed \(seed)")
      }
    }
  }
}

extension PlainScore {
  /// What the engine says, in the plain scorer's words.
  init(_ explanation: Explanation) {
    self.init(
      score: Int64(explanation.score), actions: Int64(explanation.actions),
      profile: Int64(explanation.profile),
      band: explanation.band, tags: Set(explanation.tags),
      rules: Dictionary(uniqueKeysWithValues: explanation.rules.map { ($0.id, $0.units) }))
  }
}

extension Person {
  /// A person of the plain scorer, as the engine takes it.
  init(_ plain: PlainPerson) {
    self.init(
      contacts: plain.contacts.map {
        Person.Contact(connection: $0.connection, createdAt: $0.createdAt.map { Timestamp($0) })
      },
      profile: plain.profile,
      activities: plain.activities.map { activity in
        Activity(
          ActivityKind(activity.kind) ?? .custom("a test misspelt \(activity.kind)"),
          at: Timestamp(activity.time),
          target: activity.target, campaign: activity.campaign, value: activity.value,
          identity: activity.identity,
          contact: plain.contacts.firstIndex {
            $0.connection == activity.connection && $0.id == activity.contact
          } ?? 0)
      })
  }
}
