import PlainScorer
import Scoring
import Testing

/// The engine against the plain scorer, over models written as files and people on several connections.
@Suite struct `The engine and the plain scorer` {
  private static let blocks = Array(0..<10)
  private static let seedsPerBlock: UInt64 = 300

  private func seeds(of block: Int) -> Range<UInt64> {
    UInt64(block) * Self.seedsPerBlock..<UInt64(block + 1) * Self.seedsPerBlock
  }

  @Test(arguments: blocks)
  func `agree on each rule, the score, the sections, the band and the tags`(block: Int) throws {
    for seed in seeds(of: block) {
      let plain = RandomModel.make(seed: seed)
      let engine = try EngineUnderTest(plain)
      for (number, person) in RandomPeople.make(seed: seed).people().enumerated() {
        for asOf in [RandomPeople.asOf, RandomPeople.asOf + 604_800] {
          let wanted = plain.score(
            person, asOf: asOf, free: RandomWords.free, disposable: RandomWords.disposable)
          let given = try engine.score(person, asOf: asOf)
          let rules = wanted.rules.filter { $0.value != given.rules[$0.key] }.keys.sorted()
          #expect(given == wanted, "seed \(seed), person \(number), as of \(asOf), rules \(rules)")
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
