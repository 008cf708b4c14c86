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
}
