import Platform
import Scoring
import Testing

@testable import Report
@testable import Sync

@Suite("The report on one person")
struct ExplanationReportTests {
  private let model = """
    name: t
    actions:
      - { id: visit, label: Saw a page, on: page_visit, points: 3, halvesEvery: 10d }
      - { id: many, label: Saw 20 pages, on: page_visit, atLeast: 20, points: 30 }
      - { id: quiet, label: Silent, on: call, absentFor: 30d, points: -4 }
    profile:
      - { id: boss, label: Decides, field: job_title, is: boss, points: 7 }
    bands:
      - { name: hot, from: 20 }
    """

  private func person(
    visits: Int, model: String? = nil, name: String = "an@example.com", target: String = "/p"
  ) throws -> ExplainedPerson {
    let activities = (0..<visits).map { number in
      Activity(
        .known(.pageVisit), at: Timestamp(Samples.moment.seconds - Int64(number) * 86_400), target: target,
        campaign: target, value: 2.5, identity: "\(number)")
    }
    let contact = Person.Contact(
      connection: "crm", createdAt: Timestamp(Samples.moment.seconds - 100 * 86_400))
    let explanation = try Scorer(model: Model(yaml: model ?? self.model, file: "m.yaml")).explain(
      Person(contacts: [contact], profile: ["job_title": "boss"], activities: activities), at: Samples.moment)
    return ExplainedPerson(
      contacts: [(connection: "crm", id: ContactID("1"), emails: [name])], name: name,
      explanation: explanation, profile: [])
  }

  private func shown(_ person: ExplainedPerson) -> Shown {
    Shown(ExplanationReport.text(person, style: .plain))
  }

  @Test("the points shown add up to the score", arguments: [0, 1, 10, 12, 25])
  func sums(visits: Int) throws {
    let person = try person(visits: visits)
    let lines = shown(person).lines
    let points = lines.compactMap { line in
      line.firstMatch(of: #/^ *([+-][0-9.]+)  /#).flatMap { Double($0.1) }
    }
    let sum = Int((points.reduce(0, +) + 0.5).rounded(.down))
    #expect(sum == person.explanation.score)
    let head = try #require(
      lines.lazy.compactMap { $0.firstMatch(of: #/as of .*: actions (-?\d+) \+ profile (-?\d+)/#) }.first)
    #expect(Int(head.1) == person.explanation.actions && Int(head.2) == person.explanation.profile)
    #expect(lines[0].hasSuffix("score \(sum)" + (sum >= 20 ? ", hot" : ", no band")))
    #expect(points.count == (visits == 0 ? 2 : visits < 20 ? 3 : 4))
  }

  @Test("five activities of a rule are listed, the others counted")
  func activities() throws {
    let lines = shown(try person(visits: 12)).lines
    #expect(lines.filter { $0.contains("page_visit  /p  (/p)  2.5") }.count == 5)
    #expect(lines.contains("           … and 7 more"))
  }

  @Test("a threshold that is not reached says what it needs, and one that nobody began says nothing")
  func notEnough() throws {
    #expect(shown(try person(visits: 12)).lines.contains("  Saw 20 pages: 12 so far, 20 needed"))
    #expect(!shown(try person(visits: 20)).words.contains("Not enough yet"))
    #expect(!shown(try person(visits: 0)).words.contains("Not enough yet"))
  }

  @Test("when nothing gives points and nothing will change, both are said")
  func nothing() throws {
    let model = "name: t\nprofile: [{ id: a, field: x, is: y, points: 1 }]"
    let words = shown(try person(visits: 0, model: model)).words
    #expect(words.contains("No rule gives points. Does not change without new activity."))
  }

  @Test("nothing wild comes through, and nothing is wider than the terminal", arguments: WildText.names)
  func wild(text: String) throws {
    let tags = (0..<30).map { "- { tag: some_tag_\($0), when: { score: 0 } }" }.joined(separator: "\n  ")
    var person = try person(
      visits: 8, model: model + "\nsegments:\n  " + tags, name: text, target: text)
    for index in person.explanation.rules.indices { person.explanation.rules[index].label = text }
    shown(person).expectTame(columns: 80)
    let coloured = ExplanationReport.text(person, style: TextStyle(hasColor: true))
    #expect(Shown(coloured).lines == shown(person).lines)
  }

  @Test(
    "what comes and what would help is as tame, whatever rules, bands and fields are called",
    arguments: WildText.names)
  func wildOutlook(text: String) throws {
    var person = try person(visits: 3, name: text)
    let rules = (0..<5).map { ScoreTurn.Rule(id: "r\($0)", label: text, from: 9_999_999, to: -9_999_999) }
    let turn = ScoreTurn(at: Samples.moment, score: -1_000_000, band: text, rules: rules)
    person.nextScore = turn
    person.nextBand = ScoreTurn(at: Timestamp(1_900_000_000), score: 1, band: nil, rules: rules)
    person.knownOnlySince = Samples.moment
    let step = WayUp.Step(
      rule: "r", label: text, kind: .custom(text), count: 50, isMore: true, patterns: [text, text],
      isDistinct: true, fields: [text], score: 1_000_000, band: text)
    var profile = step
    profile.kind = nil
    var way = WayUp(
      band: text, from: 1_000_000, missing: 999_999, actions: Comparison(.above, 0.5), profile: nil,
      steps: [step, profile], most: [])
    person.wayUp = way
    shown(person).expectTame(columns: 80)
    (way.steps, way.most) = ([], [profile, step])
    person.wayUp = way
    shown(person).expectTame(columns: 80)
    #expect(!ReportJSON.explanation(person).contains("\u{1B}"))
  }

  @Test("the paragraph says who, score, band, why, what comes and what would do, in this order")
  func paragraph() throws {
    var person = try person(visits: 12)
    person.nextScore = ScoreTurn(
      at: Timestamp(1_790_000_000 + 40 * 86_400), score: 4, band: nil,
      rules: [ScoreTurn.Rule(id: "visit", label: "Saw a page", from: 1_024, to: 0)])
    person.wayUp = WayUp(
      band: "hot", from: 90, missing: 1, actions: nil, profile: nil,
      steps: [
        WayUp.Step(
          rule: "many", label: "Saw 20 pages", kind: .known(.pageVisit), count: 1, isMore: true, patterns: [],
          isDistinct: false, fields: [], score: 99, band: "hot")
      ], most: [])
    let score = person.explanation.score
    #expect(
      shown(person).words.contains(
        "an@example.com is hot with a score of \(score) on 21 September 2026. What counts most: Saw a page (+33), Decides (+7), Silent (-4). The last activity that counts was on 21 September. Without new activity it falls to 4 and leaves all bands on 31 October, because “Saw a page” no longer holds. To become hot, this would do: 1 more page visit for “Saw 20 pages” (+\(99 - score))."
      ), "\(shown(person).words)")
  }
}
