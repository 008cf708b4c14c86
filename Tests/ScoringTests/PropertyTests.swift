import Scoring
import Testing

/// The engine against a plain scorer, over models and persons from seeds; a failure names its seed.
@Suite struct `The engine on random models and persons` {
  private static let blocks = Array(0..<8)
  private static let seedsPerBlock = 400

  /// Calls with each case of a block and an engine for it.
  private func forEach(
    of block: Int, upTo count: Int = seedsPerBlock, _ body: (RandomCase, CaseSession) throws -> Void
  ) throws {
    let first = block * Self.seedsPerBlock
    for group in stride(from: first, to: first + count, by: RandomCase.personsPerModel) {
      let session = try CaseSession(RandomCase(seed: UInt64(group)))
      for seed in group..<(group + RandomCase.personsPerModel) {
        try body(RandomCase(seed: UInt64(seed)), session)
      }
    }
  }

  private func comparable(_ explanation: Explanation) -> PlainScorer.Result {
    PlainScorer.Result(
      score: explanation.score, actions: explanation.actions, profile: explanation.profile,
      band: explanation.band,
      tags: Set(explanation.tags), units: explanation.rules.map { Int($0.units) })
  }

  @Test(arguments: blocks)
  func `gives what the specification says`(block: Int) throws {
    try forEach(of: block) { random, session in
      let person = random.person.inStoreOrder
      for offset in [0, -7, 9] {
        let moment = Timestamp(now.seconds + Int64(offset))
        let ours = try comparable(session.explain(person, at: moment))
        #expect(
          ours == random.plain.result(person, at: Int(moment.seconds)), "seed \(random.seed), \(offset) s")
      }
    }
  }

  @Test(arguments: blocks)
  func `gives the same for a person alone as for one among many`(block: Int) throws {
    try forEach(of: block, upTo: 80) { random, session in
      let alone = try random.scorer.explain(random.person, at: now)
      #expect(try session.explain(random.person.inStoreOrder, at: now) == alone, "seed \(random.seed)")
    }
  }

  @Test(arguments: blocks)
  func `gives the same whatever the order of arrival`(block: Int) throws {
    try forEach(of: block) { random, session in
      var person = random.person.inStoreOrder
      let expected = try session.explain(person, at: now)
      var order = SeededRandom(seed: random.seed &+ 77)
      for turn in 0..<3 {
        if turn == 0 { person.activities.reverse() } else { person.activities.shuffle(using: &order) }
        let other = try session.explain(person, at: now)
        #expect(comparable(other) == comparable(expected), "seed \(random.seed)")
        #expect(other.changesAt == expected.changesAt, "seed \(random.seed)")
        #expect(other.rules.map(\.count) == expected.rules.map(\.count), "seed \(random.seed)")
        #expect(other.rules.map(\.last) == expected.rules.map(\.last), "seed \(random.seed)")
      }
    }
  }

  @Test(arguments: blocks)
  func `sorts a person's activities before it explains`(block: Int) throws {
    try forEach(of: block, upTo: 40) { random, _ in
      var person = random.person
      let expected = try random.scorer.explain(person, at: now)
      person.activities.reverse()
      #expect(try random.scorer.explain(person, at: now) == expected, "seed \(random.seed)")
    }
  }

  @Test(arguments: blocks)
  func `says the very moment at which something changes by itself`(block: Int) throws {
    try forEach(of: block) { random, session in
      let seed = random.seed
      var moments = SeededRandom(seed: seed &+ 5)
      let explained = try session.explain(random.person, at: now)
      let before = comparable(explained)
      let plain = random.plain
      func later(_ seconds: Int64) -> PlainScorer.Result {
        plain.result(random.person, at: Int(now.seconds + seconds))
      }
      guard let change = explained.changesAt else {
        for after in (0..<6).map({ _ in Int64(moments.number(1...400)) }) + [1_000_000] {
          #expect(later(after) == before, "seed \(seed): changed after \(after) s, never was said")
        }
        return
      }
      let wait = change.seconds - now.seconds
      guard wait > 0 else {
        Issue.record("seed \(seed): the next change is said to be \(wait) s away")
        return
      }
      #expect(later(wait) != before, "seed \(seed): nothing changes after \(wait) s")
      #expect(later(wait - 1) == before, "seed \(seed): changed before \(wait) s")
      for _ in 0..<3 {
        let early = Int64(moments.number(0...Int(wait - 1)))
        #expect(later(early) == before, "seed \(seed): changed after \(early) s of \(wait)")
      }
    }
  }

  @Test(arguments: blocks)
  func `walks from change to change without missing one`(block: Int) throws {
    try forEach(of: block, upTo: 20) { random, session in
      let plain = random.plain
      var explained = try session.explain(random.person, at: Timestamp(now.seconds - 40))
      for offset in -40..<60 {
        let moment = Timestamp(now.seconds + Int64(offset))
        if explained.changesAt == moment { explained = try session.explain(random.person, at: moment) }
        guard comparable(explained) == plain.result(random.person, at: Int(moment.seconds)) else {
          Issue.record("seed \(random.seed) at \(offset) s")
          return
        }
      }
    }
  }

  @Test(arguments: blocks)
  func `explains with activities that fit what they gave`(block: Int) throws {
    try forEach(of: block) { random, session in
      let explained = try session.explain(random.person.inStoreOrder, at: now)
      #expect(explained.asOf == now)
      for rule in explained.rules.prefix(random.model.actions.count) {
        let place = "seed \(random.seed), rule \(rule.id)"
        #expect(rule.count == rule.activities.count, "\(place)")
        #expect(rule.last == rule.activities.first?.time, "\(place)")
        #expect(
          rule.activities.allSatisfy { $0.time <= now && random.person.activities.contains($0) }, "\(place)")
        #expect(Set(rule.activities.map(\.identity)).count == rule.count, "\(place)")
        let times = rule.activities.map { (-$0.time.seconds, $0.identity) }
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, "\(place)")
      }
    }
  }
}
