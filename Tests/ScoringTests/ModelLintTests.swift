import Scoring
import StrictYAML
import Testing

@Suite("What is allowed in a model and yet probably not meant")
struct ModelLintTests {
  private static let sound = """
    name: t
    reviewed: 2027-01-01
    reviewEvery: 90d
    score: { min: 0, max: 100 }
    groups:
      mail: { max: 9 }
    actions:
      - { id: visit, on: page_visit, points: 1 }
      - { id: click, on: email_click, points: 2, group: mail }
    profile:
      - { id: boss, field: job_title, is: boss, points: 3 }
    bands:
      - { name: hot, from: 50 }
      - { name: cold, from: 0 }
    """

  private func findings(
    _ old: String = "", _ new: String = "", at moment: String = "2027-01-15",
    connections: [ConnectionLabel] = []
  ) throws -> [LintFinding] {
    #expect(old.isEmpty || Self.sound.contains(old))
    let text = old.isEmpty ? Self.sound : Self.sound.replacing(old, with: new)
    let moment = try #require(Timestamp(moment))
    return try Model(yaml: text, file: "m.yaml").lint(at: moment, connections: connections)
  }

  @Test("a sound model is clean")
  func clean() throws {
    #expect(try findings().isEmpty)
  }

  @Test(
    "each is found alone, with its line and a cure",
    arguments: [
      ("reviewed: 2027-01-01\nreviewEvery: 90d\n", "", 1, "the model has no review date"),
      ("points: 1", "points: 0", 8, "the rule 'visit' gives 0 points"),
      ("points: 3", "points: 0", 11, "the rule 'boss' gives 0 points"),
      (", group: mail", "", 1, "no rule is in the group 'mail'"),
      ("from: 0", "from: 10", 14, "scores from 0 to 9 are in no band"),
      ("from: 50", "from: 101", 13, "nobody can reach the band 'hot': it starts from 101"),
      ("bands:\n  - { name: hot, from: 50 }\n  - { name: cold, from: 0 }", "", 1, "the model has no bands"),
    ])
  func each(old: String, new: String, line: Int, what: String) throws {
    let found = try findings(old, new)
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.what.contains(what) == true, "\(found)")
    #expect(found.first?.position.line == line, "\(found)")
    #expect(found.first?.cure.isEmpty == false)
  }

  @Test(
    "a review holds to its last second",
    arguments: [("2027-04-01T00:00:00Z", 0), ("2027-04-01T00:00:01Z", 1)])
  func review(moment: String, count: Int) throws {
    let found = try findings(at: moment)
    #expect(found.count == count, "\(found)")
    #expect(found.allSatisfy { $0.what.contains("last reviewed on 2027-01-01, more than 90d ago") })
  }

  @Test("a review without reviewEvery holds for ever")
  func noPeriod() throws {
    #expect(try findings("reviewEvery: 90d\n", "", at: "2040-01-01").isEmpty)
  }

  @Test("a connection that the configuration lacks is found if the configuration is known")
  func connections() throws {
    let change = ("on: page_visit", "on: page_visit, where: { connection: [web, wbe] }")
    let web = ConnectionLabel(name: "web", platform: "mautic")
    let found = try findings(change.0, change.1, connections: [web])
    #expect(
      found.map(\.what) == [
        "the rule 'visit' names the connection 'wbe', which the configuration does not have"
      ])
    #expect(try findings(change.0, change.1).isEmpty)
  }

  @Test("without a lowest score nothing is below the last band, and without a highest every band is reached")
  func openEnds() throws {
    #expect(try findings("score: { min: 0, max: 100 }", "score: { min: -50 }").count == 1)
    #expect(try findings("from: 50", "from: 100").isEmpty)
    #expect(
      try findings("score: { min: 0, max: 100 }\n", "").isEmpty, "no maximum unless it is named")
  }

  @Test("several stand in the order of the file")
  func order() throws {
    let text = Self.sound.replacing("points: 1", with: "points: 0").replacing("from: 0 ", with: "from: 9 ")
      .replacing("points: 3", with: "points: 0")
    let found = try Model(yaml: text, file: "m.yaml").lint(
      at: try #require(Timestamp("2028-01-01")), connections: [])
    #expect(found.map(\.position.line) == [1, 8, 11, 14])
  }

  @Test("a segment is not blamed for naming a rule that is broken itself")
  func consequences() {
    let model =
      "name: t\nactions: [{ id: a, on: vist, points: 1 }]\nsegments: [{ tag: aa, when: { rule: a } }]"
    #expect(problems(in: model).map(\.line) == [2])
    let whole = model.replacing("vist", with: "page_visit").replacing("rule: a", with: "rule: b")
    #expect(problems(in: whole).map(\.line) == [3])
  }
}
