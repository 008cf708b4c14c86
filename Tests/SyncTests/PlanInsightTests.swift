import ConnectorConformance
import Foundation
import Platform
import Scoring
import Store
import Testing

@testable import Sync

@Suite("What a plan means for people")
struct PlanInsightTests {
  /// Three people on the first connection; 1 and 2 stand on the second one too. 1 is worth 50 points, 2 25.
  private func ready() throws -> (bench: Workbench, other: InMemoryConnector) {
    let bench = try Workbench()
    let other = InMemoryConnector(.web)
    bench.connector.edit { content in
      for number in 1...3 { content.contacts["\(number)"] = InMemoryContact("p\(number)@example.com") }
      for _ in 0..<5 { content.addActivity(of: "1", .pageVisit, at: Timestamp(bench.now.seconds - 3_600)) }
      for _ in 0..<2 { content.addActivity(of: "2", .pageVisit, at: Timestamp(bench.now.seconds - 3_600)) }
      content.contacts["2"]?.fields["job_title"] = "ceo"
    }
    other.edit { content in
      for number in 1...2 { content.contacts["b\(number)"] = InMemoryContact("p\(number)@example.com") }
    }
    return (bench, other)
  }

  private func plan(_ bench: Workbench, _ other: InMemoryConnector? = nil, path: String? = nil) async throws
    -> PlanSummary
  {
    let run = try LeadRun("plan", context: bench.context(also: other))
    return try #require(try await run.plan(at: bench.now, pulls: true, path: path).plan)
  }

  @Test("a person with contacts on two connections counts once, for rules, rises and entries")
  func persons() async throws {
    let (bench, other) = try ready()
    let plan = try await plan(bench, other)
    #expect(plan.changes == 5)
    let insight = plan.insight
    #expect(insight.persons == 3)
    let rules: [PlanInsight.RuleSum] = [
      PlanInsight.RuleSum(rule: "visit", units: 71_680, persons: 2, count: 7),
      PlanInsight.RuleSum(rule: "boss", units: 5_120, persons: 1, count: 1),
    ]
    #expect(insight.rules == rules)
    #expect(insight.rises.map(\.contact) == ["1", "2"] && insight.falls.isEmpty)
    #expect(insight.entered == 1 && insight.entries.map(\.contact) == ["1"])
  }

  @Test("a person who holds the band on one connection does not enter it by a contact on another")
  func entries() async throws {
    let (bench, other) = try ready()
    _ = try await LeadRun("sync", context: bench.context()).sync(at: bench.now, approves: false)
    let plan = try await plan(bench, other)
    #expect(plan.changes == 2 && plan.moves == [.init(from: -1, to: 0): 1, .init(from: -1, to: 1): 1])
    #expect(plan.insight.entered == 0 && plan.insight.entries.isEmpty)
  }

  @Test("who leaves the band is counted, and falls")
  func leaving() async throws {
    let (bench, _) = try ready()
    _ = try await LeadRun("sync", context: bench.context()).sync(at: bench.now, approves: false)
    let later = Timestamp(bench.now.seconds + 40 * 86_400)
    let plan = try #require(
      try await LeadRun("plan", context: bench.context()).plan(at: later, pulls: true, path: nil).plan)
    #expect(plan.insight.left == 1 && plan.insight.entered == 0)
    #expect(plan.insight.falls.map(\.move) == [-50, -20])
  }

  @Test("the bands that are handed to sales are those whose entries are listed; without any, the highest one")
  func targets() throws {
    var model = try Model(yaml: Workbench.model, file: "model.yaml")
    #expect(PlanInsight(model).targets == [0])
    model.bands[1].handoff = true
    #expect(PlanInsight(model).targets == [1])
    model.bands = []
    #expect(PlanInsight(model).targets.isEmpty)
  }

  @Test("scores before and after count every contact, and the next plan begins where this one ends")
  func distribution() async throws {
    let (bench, other) = try ready()
    let first = try #require(try await plan(bench, other).insight.distribution)
    #expect(first.noneBefore == 5 && first.noneAfter == 0)
    #expect(first.bars.map(\.before).reduce(0, +) == 0 && first.bars.map(\.after).reduce(0, +) == 5)
    _ = try await LeadRun("sync", context: bench.context(also: other)).sync(at: bench.now, approves: false)
    bench.connector.edit { $0.addActivity(of: "3", .pageVisit, at: Timestamp(bench.now.seconds - 60)) }
    let second = try #require(try await plan(bench, other).insight.distribution)
    #expect(second.bars.map(\.before) == first.bars.map(\.after) && second.noneBefore == 0)
    #expect(second.bars.map(\.after).reduce(0, +) == 5)
    #expect(zip(second.bars, second.bars.map(\.after)).contains { $0.before != $1 })
  }

  @Test("contacts that a platform refused the last time are named, until they are written")
  func refused() async throws {
    let (bench, _) = try ready()
    bench.connector.refuse("2", "is archived")
    _ = try await LeadRun("sync", context: bench.context()).sync(at: bench.now, approves: false)
    let plan = try await plan(bench)
    #expect(plan.connections[0].refused == 1)
    #expect(
      plan.connections[0].refusedSamples == [RefusedWrite(contact: ContactID("2"), reason: "is archived")])
    _ = try await LeadRun("sync", context: bench.context()).sync(at: bench.now, approves: false)
    #expect(try await self.plan(bench).connections[0].refused == 0)
  }

  @Test("a plan that nobody asked to see counts only what changes")
  func notAsked() async throws {
    let (bench, _) = try ready()
    let result = try await LeadRun("sync", context: bench.context()).sync(at: bench.now, approves: false)
    #expect(result.plan?.insight.distribution == nil && result.plan?.insight.persons == 3)
  }

  @Test("only so many rises, falls and entries are kept, and they are the largest")
  func bounded() {
    var insight = PlanInsight(rules: [], targets: [0])
    for number in (1...1_000).shuffled() {
      for isUp in [true, false] {
        let change = PlannedChange(
          connection: "crm", contact: "\(number)", email: nil, scoreFrom: isUp ? 0 : number,
          scoreTo: isUp ? number : 0, bandFrom: nil, bandTo: nil, addTags: [], removeTags: [], reasons: [])
        insight.add(change, held: nil, wanted: isUp ? 0 : 1)
      }
    }
    #expect(insight.rises.map(\.move) == Array((991...1_000).reversed()))
    #expect(insight.falls.map(\.move) == Array(-1_000 ... -991))
    #expect(insight.entered == 1_000 && insight.entries.map(\.scoreTo) == Array((976...1_000).reversed()))
  }
}

@Suite("Scores before and after")
struct ScoreDistributionTests {
  @Test(
    "bars are of round widths, and about twenty",
    arguments: [
      (0...100, 5, 20), (0...10, 1, 10), (0...1_000, 50, 20), (-50...100, 10, 15), (0...1, 1, 1),
      (0...123_456, 10_000, 13),
    ])
  func widths(range: ClosedRange<Int>, width: Int, count: Int) {
    let bars = ScoreDistribution(over: range).bars
    #expect(bars.count == count, "\(bars.map(\.from))")
    #expect(zip(bars, bars.dropFirst()).allSatisfy { $1.from - $0.from == width && $0.to + 1 == $1.from })
    #expect(bars[0].from <= range.lowerBound && bars[bars.count - 1].to >= range.upperBound)
  }

  @Test("what lies beyond the range is counted in the outer bars, whatever it is")
  func outliers() {
    var distribution = ScoreDistribution(over: -10...90)
    for score in [Int.min, -11, -10, 90, 91, Int.max] { distribution.add(held: score) }
    #expect(distribution.bars.first?.before == 3 && distribution.bars.last?.before == 3)
    #expect(distribution.bars.map(\.before).reduce(0, +) == 6)
  }

  @Test("every score is in the bar that says so", arguments: [0...100, -37...64, 0...7])
  func places(range: ClosedRange<Int>) {
    for score in range {
      var distribution = ScoreDistribution(over: range)
      distribution.move(from: nil, to: score)
      let bar = distribution.bars.first { $0.after == 1 }
      #expect((bar?.from ?? .max)...(bar?.to ?? .max) ~= score)
      #expect(distribution.noneAfter == -1)
    }
  }
}
