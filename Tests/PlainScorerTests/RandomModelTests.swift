import PlainScorer
import Testing

/// What models and people by chance are worth: everything that a model file can say has to occur, and to matter.
@Suite struct `Random models and people` {
  private static let seeds: Range<UInt64> = 0..<400

  @Test(
    arguments: [
      "robots: count", "score: { min", "score: { max", "min: -100, max: 5 ", "limits:", "groups:",
      "\"email\": { max",
      "label: ", "on: any", "on: [", "where:", "target: \"", "target: [", "campaign: ", "platform: ",
      "connection: ",
      "value: 30", "value: \">= ", "value: \"> ", "value: \"<= ", "value: \"< ", "value: \"= ",
      "value: \"!= ",
      "group: ", "within: 90s", "within: 15m", "within: 12h", "within: 1d", "within: 2w", "atLeast: ",
      "distinct: target", "max: ", "once: true", "halvesEvery: ", "absentFor: ", "points: -", "is: ",
      "isNot: ",
      "contains: ", "notContains: ", "matches: ", "atMost: ", "emailDomain: business", "emailDomain: free",
      "emailDomain: disposable", "filled: [", "missing: [", "tag: ", "requires:", "handoff: true",
      "segments:",
      "rule: ", "  score: ", "  actions: ", "  profile: ", "custom:",
    ])
  func `every key of the model file occurs`(key: String) {
    #expect(Self.seeds.contains { RandomModel.make(seed: $0).yaml.contains(key) })
  }

  @Test func `a seed gives the same model and the same people again, and another seed others`() {
    #expect(RandomModel.make(seed: 7) == RandomModel.make(seed: 7))
    #expect(RandomPeople.make(seed: 7) == RandomPeople.make(seed: 7))
    #expect(RandomModel.make(seed: 7) != RandomModel.make(seed: 8))
    #expect(RandomPeople.make(seed: 7) != RandomPeople.make(seed: 8))
  }

  @Test func `people of several contacts, crowds, scanners, bands and tags occur`() {
    var joined = 0
    var crowds = 0
    var scanners = 0
    var bands: Set<String> = []
    var tagged = 0
    for seed in Self.seeds {
      let world = RandomPeople.make(seed: seed)
      let people = world.people()
      var counting = RandomModel.make(seed: seed)
      joined += people.filter { $0.contacts.count > 1 }.count
      crowds += world.contacts.contains { $0.id == "crowd10" } ? 1 : 0
      for person in people {
        counting.skipsRobots = true
        let skipped = counting.score(person, asOf: RandomPeople.asOf, free: [], disposable: [])
        counting.skipsRobots = false
        let counted = counting.score(person, asOf: RandomPeople.asOf, free: [], disposable: [])
        scanners += skipped == counted ? 0 : 1
        if let band = skipped.band { bands.insert(band) }
        tagged += skipped.tags.contains { $0.hasPrefix("seg_") } ? 1 : 0
      }
    }
    #expect(joined > 100)
    #expect(crowds > 20)
    #expect(scanners > 30)
    #expect(bands.count == 4)
    #expect(tagged > 100)
  }
}
