import Platform
import Store
import Testing

@testable import Report
@testable import Sync

@Suite("What a plan means for people, in the terminal")
struct PlanReportInsightTests {
  private func words(_ plan: PlanSummary) -> String { Shown(PlanReport.text(plan, style: .plain)).words }

  @Test("who becomes hot is told with reasons, five of them, and how many more there are")
  func entries() {
    var plan = Samples.plan()
    plan.insight = PlanInsight(targets: [0])
    for number in 1...7 {
      plan.insight.add(Samples.change("\(number)", to: 50 + number), held: 1, wanted: 0)
    }
    plan.insight.add(Samples.change("8", from: 60, to: 30), held: 0, wanted: 1)
    let words = words(plan)
    #expect(words.contains("7 people become hot, 1 person no longer is 0 → 57 crm/7"))
    #expect(words.contains("0 → 53 crm/3 none … and 2 more"))
  }

  @Test("nobody who becomes hot is said only where somebody leaves")
  func nobody() {
    var plan = Samples.plan()
    plan.insight = PlanInsight(targets: [0])
    #expect(!words(plan).contains("become"))
    for number in 1...2 {
      plan.insight.add(Samples.change("\(number)", from: 60, to: 30), held: 0, wanted: 1)
    }
    #expect(words(plan).contains("Nobody becomes hot, 2 people no longer are"))
  }

  @Test("rules are told by how many people they touch, and those that touch nobody are counted")
  func rules() {
    var plan = Samples.plan()
    plan.labels = ["a": "Came", "b": "Left"]
    plan.insight = PlanInsight(rules: ["a", "b", "c"])
    for number in 1...1_500 {
      plan.insight.add(
        Samples.change("\(number)", to: 1), held: nil, wanted: nil,
        outcomes: [.init(units: number == 1 ? 1_024 : 0), .init(units: -2_048), .init()])
    }
    let words = words(plan)
    #expect(
      words.contains("rules for the 1,500 people of this plan people points Left 1,500 -3,000 Came 1 +1"))
    #expect(words.contains("1 rule gives nobody of them any points."))
  }

  @Test("scores are told now and then, in at most twelve lines")
  func scores() {
    var plan = Samples.plan()
    plan.header.changes = 1
    plan.insight.distribution = ScoreDistribution(over: 0...100)
    for score in 0...100 { plan.insight.distribution?.add(held: score, count: 10) }
    plan.insight.distribution?.add(held: nil, count: 3)
    plan.insight.distribution?.move(from: nil, to: 95)
    let lines = Shown(PlanReport.text(plan, style: .plain)).lines
    let start = lines.firstIndex { $0.hasPrefix("contacts by score") } ?? 0
    let rows = lines[(start + 1)...].prefix { !$0.isEmpty }.map { $0.split(separator: " ").prefix(5) }
    #expect(rows.count == 11)
    #expect(rows.first == ["0", "to", "9", "100", "100"] && rows[9] == ["90", "to", "100", "110", "111"])
    #expect(rows.last == ["no", "score", "3", "2"])
  }

  @Test("what the writing takes, and what was refused the last time")
  func forecastAndRefused() {
    var part = Samples.connection()
    part.changes = 100
    part.forecast = WriteForecast(requests: 2, seconds: 3, heldBy: nil)
    part.quotas = [
      Quota(
        name: "daily", unit: "requests", left: 1_234.9, count: 5_000, resetsAt: nil, asOf: Samples.moment),
      Quota(name: "burst", unit: "requests", left: nil, count: nil, resetsAt: nil, asOf: Samples.moment),
    ]
    part.refused = 7
    part.refusedSamples = [RefusedWrite(contact: ContactID("9"), reason: "is archived")]
    let words = words(Samples.plan([part]))
    #expect(words.contains("crm: at this rate 100 writes take about 3 s (2 requests)."))
    #expect(words.contains("Left: 1,234 of 5,000 requests (daily)."))
    #expect(
      words.contains("7 contacts of these were refused by crm the last time, and would be tried again:"))
    #expect(words.contains("9: is archived … and 6 more"))
  }

  @Test(
    "a file's name is one word of a command line, whatever is in it",
    arguments: [
      ("monday.plan", "monday.plan"), ("thứ hai.plan", "'thứ hai.plan'"), ("it's", "'it'\\''s'"),
      ("-o", "./-o"), ("a;rm", "'a;rm'"), ("", "''"), ("/tmp/kế-hoạch", "/tmp/kế-hoạch"),
      ("a'\u{301};rm", "'a'\\''\u{301};rm'"),
    ])
  func shellWords(name: String, word: String) {
    #expect(ShellText.word(name) == word)
  }
}
