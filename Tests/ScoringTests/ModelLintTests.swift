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
      mail: { max: 60 }
    actions:
      - { id: visit, label: V, on: page_visit, points: 1 }
      - { id: click, label: C, on: email_click, points: 2, group: mail }
    profile:
      - { id: boss, label: B, field: job_title, is: boss, points: 3 }
    bands:
      - { name: hot, from: 50 }
      - { name: cold, from: 0 }
    """

  private func findings(
    _ old: String = "", _ new: String = "", at moment: String = "2027-01-15",
    connections: [ConnectionLabel] = [], history: TimeSpan? = nil,
    data: ((inout LintData) -> Void)? = nil
  ) throws -> [LintFinding] {
    #expect(old.isEmpty || Self.sound.contains(old))
    let text = old.isEmpty ? Self.sound : Self.sound.replacing(old, with: new)
    let model = try Model(yaml: text, file: "m.yaml")
    var context = LintContext(
      now: try #require(Timestamp(moment)), connections: connections, history: history)
    if let data {
      var all = LintData(for: model)
      all.persons = 10
      all.matched = all.matched.map { _ in 5 }
      all.bandSizes = all.bandSizes.map { _ in 5 }
      data(&all)
      context.data = all
    }
    return model.lint(context)
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
      (", group: mail", "", 6, "no rule is in the group 'mail'"),
      ("from: 0", "from: 10", 14, "scores from 0 to 9 are in no band"),
      ("from: 50", "from: 101", 13, "nobody can reach the band 'hot': it starts from 101"),
      ("bands:\n  - { name: hot, from: 50 }\n  - { name: cold, from: 0 }", "", 1, "the model has no bands"),
      ("label: V, ", "", 8, "the rule 'visit' has no label"),
      ("mail: { max: 60 }", "mail: { max: 60, min: -5 }", 6, "the group 'mail' never falls to its min of -5"),
      ("points: 2, group: mail", "points: 2, max: 3, group: mail", 6, "capped at 60, but its rules give 6"),
      (
        "points: 2, group: mail", "points: 2, max: 40, group: mail", 9,
        "up to 40 activities, but its group 'mail' is full after 30"
      ),
      ("on: email_click", "on: page_visit", 9, "the rules 'visit' and 'click' give points for the very same"),
      (
        "from: 50 }", "from: 50, requires: { profile: 4 } }", 13,
        "nobody can reach the band 'hot': it requires profile >= 4"
      ),
      ("bands:", "segments: [{ tag: aa, when: { profile: 4 } }]\nbands:", 12, "nobody can get the tag 'aa'"),
      (
        "score: {", "limits: { profile: { max: 7 } }\nscore: {", 4,
        "limits.profile is capped at 7, but the profile rules give 3"
      ),
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

  @Test("a profile that may outweigh what people do is found, unless it is clamped or actions have no end")
  func outweighs() throws {
    let bounded = "on: page_visit, points: 1, max: 2"
    let few = Self.sound.replacing("on: page_visit, points: 1", with: bounded)
      .replacing("points: 2, group: mail", with: "points: 2, max: 3").replacing(
        "groups:\n  mail: { max: 60 }\n", with: ""
      )
      .replacing("from: 50", with: "from: 5")
    func found(_ text: String) throws -> [String] {
      let now = try #require(Timestamp("2027-01-15"))
      return try Model(yaml: text, file: "m.yaml").lint(LintContext(now: now)).map(\.what)
    }
    #expect(try found(few).isEmpty)
    let heavy = few.replacing("points: 3 }", with: "points: 30 }")
    #expect(try found(heavy) == ["the profile may give up to 30 points, what people do only 8"])
    #expect(try found(heavy.replacing("score: {", with: "limits: { profile: { max: 8 } }\nscore: {")).isEmpty)
    #expect(try findings("points: 3", "points: 300").isEmpty, "visits have no end")
  }

  @Test("26 rules are too many, 25 are not", arguments: [(22, 0), (23, 1)])
  func many(more: Int, count: Int) throws {
    let rules = (0..<more).map {
      "  - { id: r\($0), label: R, on: page_visit, where: { target: /\($0) }, points: 1 }\n"
    }
    let found = try findings("profile:", rules.joined() + "profile:")
    #expect(found.count == count, "\(found)")
    #expect(found.allSatisfy { $0.what.contains("the model has 26 rules") })
  }

  @Test("a model that asks only what people declare is told so")
  func noActions() throws {
    let text =
      "name: t\nreviewed: 2027-01-01\nprofile: [{ id: a, label: A, field: x, is: y, points: 1 }]\nbands: [{ name: all, from: 0 }]"
    let now = try #require(Timestamp("2027-01-15"))
    let found = try Model(yaml: text, file: "m.yaml").lint(LintContext(now: now))
    #expect(found.map(\.what) == ["the model has no actions rules: it scores only what people declare"])
  }

  @Test(
    "rules that overlap are found only where it is sure: another window, form, value or sign is another set")
  func overlap() throws {
    for other in [
      "on: page_visit, within: 7d", "on: page_visit, atLeast: 2", "on: [page_visit, call]", "on: any",
      "on: page_visit, where: { value: 5 }", "on: page_visit, where: { target: /a }",
    ] {
      let found = try findings("on: email_click", other).filter { $0.what.contains("the very same") }
      #expect(found.isEmpty, "\(other)")
    }
    let twice = "label: V, on: page_visit, where: { target: [/A, /b] }"
    let text = Self.sound.replacing("label: V, on: page_visit", with: twice)
      .replacing("on: email_click", with: "on: page_visit, where: { target: [/B, /a] }")
    let now = try #require(Timestamp("2027-01-15"))
    #expect(try Model(yaml: text, file: "m.yaml").lint(LintContext(now: now)).count == 1)
  }

  @Test("a window longer than what is known is found", arguments: ["within: 400d", "absentFor: 400d"])
  func longWindow(key: String) throws {
    let found = try findings(
      "on: email_click, points: 2, group: mail", "on: email_click, \(key), points: 2", history: .days(365))
    #expect(
      found.filter { $0.what.contains("looks back 400d, but activities are known for 365d only") }.count == 1)
    #expect(try findings("points: 1", "within: 365d, points: 1", history: .days(365)).isEmpty)
  }

  @Test(
    "what the data say: rules that nothing meets, bands that nobody is in, names that differ in case only")
  func data() throws {
    #expect(try findings(data: { _ in }).isEmpty)
    func first(_ change: @escaping (inout LintData) -> Void) throws -> LintFinding {
      let found = try findings(data: change)
      #expect(found.count == 1, "\(found)")
      return try #require(found.first)
    }
    let unmet = try first { $0.matched[1] = 0 }
    #expect(unmet.position.line == 9 && unmet.what.contains("no activity of the last 90 days"))
    let empty = try first { $0.bandSizes[0] = 0 }
    #expect(empty.position.line == 13 && empty.what.contains("none of the 10 persons is in the band 'hot'"))
    let field = try first { $0.fields = ["Job_Title", "email"] }
    #expect(field.position.line == 11 && field.cure.contains("Write 'Job_Title'"))
    let names = try first { $0.names = ["Tết 2027", "TẾT 2027", "other"] }
    #expect(names.what.contains("'TẾT 2027' and 'Tết 2027'"))
    #expect(
      try findings(data: {
        $0.persons = 0; $0.matched = [0, 0]
      }).isEmpty, "nobody is there yet")
  }

  @Test("a tag on the platforms that differs from ours in case only is found")
  func tags() throws {
    let found = try findings(
      "from: 50 }", "from: 50, tag: lead_hot }", data: { $0.tags = ["Lead_Hot", "lead_cold"] })
    #expect(found.map(\.position.line) == [13])
    #expect(found.first?.what.contains("'Lead_Hot'") == true)
  }

  @Test("a connection whose name differs in case only is told, and a platform that is not there")
  func caseOfConnections() throws {
    let web = ConnectionLabel(name: "web", platform: "mautic")
    let found = try findings(
      "on: page_visit", "on: page_visit, where: { connection: Web, platform: hubspot }", connections: [web])
    #expect(
      found.map(\.cure) == [
        "Write 'web': upper and lower case matter", "Name one of mautic, or drop the rule",
      ])
  }

  @Test("the probe of a model counts what its rules are about, whatever their windows and numbers")
  func probe() throws {
    let text = """
      name: t
      actions:
        - { id: five, on: page_visit, where: { target: "/p*" }, within: 7d, atLeast: 5, points: 9 }
        - { id: three, on: page_visit, distinct: target, atLeast: 3, points: 9 }
        - { id: quiet, on: call, absentFor: 9d, points: -4 }
        - { id: old, on: chat, points: 1 }
      """
    let now = Timestamp(1_790_000_000)
    let activities = [
      Activity(.known(.pageVisit), at: now - .days(89), target: "/price", identity: "1"),
      Activity(.known(.chat), at: now - .days(90), identity: "2"),
    ]
    let person = Person(contacts: [.init(connection: "a")], activities: activities)
    let explained = try Scorer(model: Model(yaml: text, file: "m.yaml").probe).explain(person, at: now)
    #expect(explained.rules.map(\.count) == [1, 1, 0, 0])
  }

  @Test("several stand in the order of the file")
  func order() throws {
    let text = Self.sound.replacing("points: 1", with: "points: 0").replacing("from: 0 ", with: "from: 9 ")
      .replacing("points: 3", with: "points: 0")
    let found = try Model(yaml: text, file: "m.yaml").lint(
      LintContext(now: try #require(Timestamp("2028-01-01"))))
    #expect(found.map(\.position.line) == [2, 8, 11, 14])
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
