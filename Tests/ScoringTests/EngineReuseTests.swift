import Scoring
import Testing

/// One engine and one buffer for person after person, as a batch job has them.
@Suite struct `An engine used for many persons` {
  /// Everything a scoring tells.
  private struct Told: Equatable {
    var result: ScoreResult
    var outcomes: [RuleOutcome]
  }

  @Test func `tells of each what it would tell of them alone`() throws {
    for seed in stride(from: UInt64(10_000), to: 10_080, by: 4) {
      let random = RandomCase(seed: seed)
      let texts = TextTable()
      var engine = try ScoringEngine(
        model: random.model, domains: random.domains, connections: random.connections, texts: texts)
      var buffer = engine.makeBuffer()
      for other in seed..<(seed + 15) {
        let person = RandomCase(seed: other &* 31).person
        let alone = try random.scorer.explain(person, at: now)
        buffer.fill(with: person, fields: engine.fields, connections: random.connections, texts: texts)
        let result = other % 3 == 0 ? try engine.explain(buffer, at: now) : try engine.score(buffer, at: now)
        let place = "seed \(seed), person \(other)"
        #expect(
          (result.score, result.actions, result.profile) == (alone.score, alone.actions, alone.profile),
          "\(place)")
        #expect(result.changesAt == alone.changesAt, "\(place)")
        #expect(result.band.map { random.model.bands[$0].name } == alone.band, "\(place)")
        #expect(Array(engine.outcomes.map(\.units)) == alone.rules.map(\.units), "\(place)")
        #expect(Array(engine.outcomes.map(\.count)) == alone.rules.map(\.count), "\(place)")
        #expect(Array(engine.outcomes.map(\.last)) == alone.rules.map(\.last), "\(place)")
      }
    }
  }

  @Test func `explains as it scores`() throws {
    for seed in stride(from: UInt64(20_000), to: 20_800, by: 4) {
      let random = RandomCase(seed: seed)
      let texts = TextTable()
      var engine = try ScoringEngine(
        model: random.model, domains: random.domains, connections: random.connections, texts: texts)
      var buffer = engine.makeBuffer()
      buffer.fill(with: random.person, fields: engine.fields, connections: random.connections, texts: texts)
      let scored = Told(result: try engine.score(buffer, at: now), outcomes: Array(engine.outcomes))
      let explained = Told(result: try engine.explain(buffer, at: now), outcomes: Array(engine.outcomes))
      #expect(scored == explained, "seed \(seed)")
      for (index, outcome) in scored.outcomes.prefix(random.model.actions.count).enumerated() {
        let uses = engine.uses.filter { $0.rule == index }
        #expect(uses.count == outcome.count, "seed \(seed), rule \(index)")
        #expect(
          uses.map { buffer.entries[$0.entry].time }.max() == outcome.last?.seconds,
          "seed \(seed), rule \(index)")
      }
    }
  }

  @Test func `tells the same from behind a reference`() throws {
    for seed in UInt64(30_000)..<30_060 {
      let random = RandomCase(seed: seed)
      let texts = TextTable()
      let session = try ScoringSession(
        model: random.model, domains: random.domains, connections: random.connections, texts: texts)
      let person = random.person.inStoreOrder
      var buffer = session.makeBuffer()
      buffer.fill(with: person, fields: session.fields, connections: random.connections, texts: texts)
      let alone = try random.scorer.explain(person, at: now)
      #expect(try session.score(buffer, at: now).score == alone.score, "seed \(seed)")
      #expect(session.outcomes.map(\.units) == alone.rules.map(\.units), "seed \(seed)")
      let explained = try session.explanation(of: buffer, at: now) { person.activities[$0] }
      #expect(explained == alone, "seed \(seed)")
    }
  }

  @Test func `keeps far more texts apart than it can remember`() throws {
    let yaml = """
      name: t
      actions:
        - { id: even, on: page_visit, points: 1, where: { target: "*/p*[02468]" } }
        - { id: exact, on: page_visit, points: 1, where: { target: "X/P70001[1]" } }
        - { id: both, on: page_visit, points: 1, where: { target: "*[4]", campaign: "*[4]" } }
        - { id: three, on: page_visit, points: 1, distinct: target, atLeast: 3 }
      """
    let model = try Model(yaml: yaml, file: "m")
    let texts = TextTable()
    var engine = try ScoringEngine(model: model, domains: .empty, connections: [], texts: texts)
    var buffer = engine.makeBuffer()
    // Ids of texts 65,536 apart share a place in the engine's memory.
    let ids = (0..<140_000).map { texts.id(of: "x/p\($0)[\($0 % 10)]") }
    #expect(ids.count == 140_000)
    var random = SeededRandom(seed: 9)
    for round in 0..<4_000 {
      let first = random.number(0...73_000)
      let second = first + 65_536
      buffer.reset()
      for (target, campaign) in [(first, second), (second, first), (first, first)] {
        buffer.append(
          PersonBuffer.Entry(
            time: now.seconds - 5, target: ids[target], campaign: ids[campaign],
            kind: UInt32(KnownKind.pageVisit.rawValue)))
      }
      buffer.finish()
      _ = try engine.score(buffer, at: now)
      let given = engine.outcomes.map { Int($0.units / 1_024) }
      func fours(_ target: Int, _ campaign: Int) -> Int { target % 10 == 4 && campaign % 10 == 4 ? 1 : 0 }
      let expected = [
        0, [first, second, first].filter { $0 == 70_001 }.count,
        fours(first, second) + fours(second, first) + fours(first, first), 0,
      ]
      #expect(given == expected, "round \(round): \(first) and \(second)")
    }
  }

  @Test func `reads a buffer that was filled in any order`() throws {
    let model = try Model(yaml: actionModel("on: page_visit, max: 1, halvesEvery: 1d"), file: "m")
    var engine = try ScoringEngine(model: model, domains: .empty, connections: [], texts: TextTable())
    var buffer = engine.makeBuffer()
    for age in [3, 1, 2, 0, 5] {
      buffer.append(
        PersonBuffer.Entry(time: now.seconds - Int64(age) * day, kind: UInt32(KnownKind.pageVisit.rawValue)))
    }
    buffer.finish()
    #expect(buffer.entries.map(\.time) == buffer.entries.map(\.time).sorted())
    #expect(try engine.score(buffer, at: now).score == 10)
  }

  @Test func `matches rules without where even if no connection was named`() throws {
    let model = try Model(yaml: actionModel("on: page_visit"), file: "m")
    var engine = try ScoringEngine(model: model, domains: .empty, connections: [], texts: TextTable())
    var buffer = engine.makeBuffer()
    buffer.append(PersonBuffer.Entry(time: now.seconds, kind: UInt32(KnownKind.pageVisit.rawValue)))
    buffer.finish()
    #expect(try engine.score(buffer, at: now).score == 10)
  }

  @Test func `knows a person since the earliest of the moments noted`() {
    var buffer = PersonBuffer(fieldCount: 0)
    #expect(buffer.knownSince == nil)
    for moment in [Int64(50), 20, 90] { buffer.note(createdAt: moment) }
    #expect(buffer.knownSince == 20)
    buffer.reset()
    #expect(buffer.knownSince == nil)
  }
}
