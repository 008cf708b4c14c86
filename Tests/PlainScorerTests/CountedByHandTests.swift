import PlainScorer
import Testing

private let asOf: Int64 = 1_790_000_000
private let day: Int64 = 86400

/// Examples counted by hand from the manual, so that the plain scorer and the engine cannot be wrong together.
@Suite struct `The plain scorer, counted by hand` {
  private func activity(
    _ kind: String, ago: Int64, target: String? = nil, campaign: String? = nil, value: Double? = nil,
    identity: String = ""
  ) -> PlainActivity {
    PlainActivity(
      connection: "crm", contact: "1", identity: "\(kind) \(ago) \(target ?? "") \(identity)", kind: kind,
      time: asOf - ago, target: target, campaign: campaign, value: value)
  }

  private func person(
    _ activities: [PlainActivity] = [], fields: [String: String] = [:], knownFor days: Int64? = nil
  ) -> PlainPerson {
    PlainPerson(
      contacts: [
        PlainContact(
          connection: "crm", platform: "bitrix24", id: "1", createdAt: days.map { asOf - $0 * day },
          fields: fields)
      ], activities: activities)
  }

  private func score(_ model: PlainModel, _ person: PlainPerson) -> PlainScore {
    model.score(person, asOf: asOf, free: ["free.example"], disposable: ["gone.example"])
  }

  private func model(_ rule: PlainActionRule) -> PlainModel {
    var model = PlainModel(name: "One rule")
    model.scoreMin = -1000
    model.actions = [rule]
    return model
  }

  @Test func `five clicks give 5, 2.5 and 1.25 points where the three most recent count`() {
    var rule = PlainActionRule(id: "click", on: ["email_click"], points: 5)
    rule.max = 3
    rule.halvesEvery = 30 * day
    let clicks = [10, 30, 65, 100, 101].map { activity("email_click", ago: $0 * day) }
    #expect(score(model(rule), person(clicks)).rules == ["click": 5120 + 2560 + 1280])
    #expect(score(model(rule), person(clicks)).score == 9)
  }

  @Test func `a visit of exactly seven days is too old for within 7d`() {
    var rule = PlainActionRule(id: "pricing", on: ["page_visit"], points: 40)
    rule.within = 7 * day
    rule.atLeast = 2
    let young = activity("page_visit", ago: day)
    #expect(score(model(rule), person([young, activity("page_visit", ago: 7 * day - 1)])).score == 40)
    #expect(score(model(rule), person([young, activity("page_visit", ago: 7 * day)])).score == 0)
  }

  @Test func `the tenth halving leaves one unit of a point and the eleventh nothing`() {
    var rule = PlainActionRule(id: "old", on: ["call"], points: 1)
    rule.halvesEvery = day
    #expect(score(model(rule), person([activity("call", ago: 10 * day)])).rules == ["old": 1])
    #expect(score(model(rule), person([activity("call", ago: 11 * day)])).rules == ["old": 0])
  }

  @Test func `pages that differ in accents and capitals are one different page`() {
    var rule = PlainActionRule(id: "wide", on: ["page_visit"], points: 10)
    rule.atLeast = 3
    rule.distinctTargets = true
    let visits = ["/products/Bàn-Đá", "/products/ban-da", "/products/ghe"].map {
      activity("page_visit", ago: 5, target: $0)
    }
    #expect(score(model(rule), person(visits)).score == 0)
    #expect(score(model(rule), person(visits + [activity("page_visit", ago: 6, target: "/x")])).score == 10)
  }

  @Test(arguments: [(60 as Int64?, -20 as Int64), (59, 0), (nil, 0)])
  func `silence costs points once the person has been known for so long`(days: Int64?, points: Int64) {
    var rule = PlainActionRule(id: "quiet", on: [], points: -20)
    rule.absentFor = 60 * day
    let mailOnly = [activity("email_sent", ago: day), activity("page_visit", ago: 60 * day)]
    #expect(score(model(rule), person(mailOnly, knownFor: days)).score == points)
  }

  @Test func `a scanner's opens and clicks are left out`() {
    var model = model(PlainActionRule(id: "mail", on: ["email_open", "email_click"], points: 1))
    let mails = [
      activity("email_sent", ago: 7200, campaign: "Autumn"),
      activity("email_open", ago: 7196, campaign: "Autumn"),
      activity("email_open", ago: 7190, campaign: "Autumn"),
      activity("email_click", ago: 3600, target: "/one", campaign: "Autumn"),
      activity("email_click", ago: 3597, target: "/two", campaign: "Autumn"),
      activity("email_click", ago: 3590, target: "/three", campaign: "Autumn"),
      activity("email_click", ago: 60, target: "/one", campaign: "Autumn"),
    ]
    #expect(score(model, person(mails)).score == 2)
    model.skipsRobots = false
    #expect(score(model, person(mails)).score == 6)
  }

  @Test func `a click with a value of 59 seconds does not reach 60`() {
    var rule = PlainActionRule(id: "talk", on: ["call"], points: 8)
    rule.demands.value = PlainComparison(nil, 60)
    let calls = [
      activity("call", ago: 1, value: 59), activity("call", ago: 2, value: 60), activity("call", ago: 3),
    ]
    #expect(score(model(rule), person(calls)).score == 8)
  }

  @Test func `where names the platform and the connection`() {
    var rule = PlainActionRule(id: "there", on: ["call"], points: 8)
    rule.demands.platform = ["bitrix24"]
    rule.demands.connection = ["crm"]
    #expect(score(model(rule), person([activity("call", ago: 1)])).score == 8)
    rule.demands.platform = ["mautic"]
    #expect(score(model(rule), person([activity("call", ago: 1)])).score == 0)
  }

  @Test(arguments: [(10, 3), (-10, -2), (-3, -1), (-6, -1), (2, 1), (1, 0)] as [(Int64, Int64)])
  func `half a point rounds up, below zero too`(points: Int64, rounded: Int64) {
    var rule = PlainActionRule(id: "quarter", on: ["call"], points: points)
    rule.halvesEvery = day
    #expect(score(model(rule), person([activity("call", ago: 2 * day)])).actions == rounded)
  }

  @Test func `groups, sections and the score are clamped one after the other`() {
    var click = PlainActionRule(id: "click", on: ["email_click"], points: 5)
    var reply = PlainActionRule(id: "reply", on: ["email_reply"], points: 7)
    click.group = "email"
    reply.group = "email"
    var model = PlainModel(name: "Clamps")
    model.groups = ["email": PlainBounds(max: 10)]
    model.actions = [click, reply, PlainActionRule(id: "call", on: ["call"], points: 8)]
    let all = [
      activity("email_click", ago: 1), activity("email_click", ago: 2), activity("email_reply", ago: 3),
      activity("call", ago: 4),
    ]
    #expect(score(model, person(all)).actions == 18)
    #expect(score(model, person(all)).rules == ["click": 10240, "reply": 7168, "call": 8192])
    model.actionLimits.max = 12
    #expect(score(model, person(all)).actions == 12)
    model.scoreMax = 11
    #expect(score(model, person(all)).score == 11)
  }

  @Test func `a sum below zero is a score of 0 and keeps its sections`() {
    var model = PlainModel(name: "Below")
    model.actions = [PlainActionRule(id: "leave", on: ["email_unsubscribe"], points: -20)]
    model.profile = [PlainProfileRule(id: "job", field: "job_title", test: .contains(["ceo"]), points: 4)]
    let result = score(model, person([activity("email_unsubscribe", ago: 1)], fields: ["job_title": "CEO"]))
    #expect([result.score, result.actions, result.profile] == [0, -20, 4])
  }

  @Test(
    arguments: [
      ("job_title", .equals(["giam doc"]), true), ("job_title", .equals(["giam*"]), false),
      ("job_title", .equalsNone(["giám đốc"]), false), ("none", .equalsNone(["giám đốc"]), true),
      ("job_title", .contains(["ĐỐC"]), true), ("blank", .contains([" "]), false),
      ("blank", .containsNone(["x"]), true), ("job_title", .matches(["g?am*"]), true),
      ("job_title", .matches(["g?am"]), false), ("size", .atLeast(50), true), ("size", .atLeast(50.5), false),
      ("size", .atMost(50), true), ("comma", .atLeast(1), false), ("email", .emailDomain("free"), true),
      ("email", .emailDomain("business"), false), ("second", .emailDomain("business"), true),
      (nil, .filled(["size", "email"]), true), (nil, .filled(["size", "blank"]), false),
      (nil, .missing(["size", "blank"]), true), (nil, .missing(["size"]), false),
    ] as [(String?, PlainProfileRule.Test, Bool)])
  func `a profile test passes or not`(field: String?, test: PlainProfileRule.Test, passes: Bool) {
    var model = PlainModel(name: "Profile")
    model.profile = [PlainProfileRule(id: "test", field: field, test: test, points: 3)]
    let fields = [
      "job_title": "Giám Đốc", "size": "50", "comma": "50,5", "blank": " \t", "email": " A@FREE.example",
      "second": "b@corp.example",
    ]
    #expect(score(model, person(fields: fields)).score == (passes ? 3 : 0))
  }

  @Test func `the first band whose demands are met counts, with its tag and the segments that hold`() {
    var model = PlainModel(name: "Bands")
    model.actions = [PlainActionRule(id: "call", on: ["call"], points: 40)]
    model.profile = [PlainProfileRule(id: "job", field: "job_title", test: .equals(["CEO"]), points: 25)]
    model.bands = [
      PlainBand(name: "hot", from: 60, tag: "lead_hot"), PlainBand(name: "warm", from: 30, tag: "lead_warm"),
    ]
    model.bands[0].actions = PlainComparison(nil, 41)
    model.segments = [PlainSegment(tag: "talked"), PlainSegment(tag: "fits")]
    model.segments[0].rule = "call"
    model.segments[1].profile = PlainComparison(.atLeast, 25)
    model.segments[1].score = PlainComparison(.above, 65)
    let result = score(model, person([activity("call", ago: 1)], fields: ["job_title": "ceo"]))
    #expect(result.band == "warm")
    #expect(result.tags == ["lead_warm", "talked"])
  }

  @Test func `a person stays in the higher band that is held while score and slack reach it`() {
    var model = PlainModel(name: "Slack")
    model.profile = [PlainProfileRule(id: "job", field: "job_title", test: .equals(["CEO"]), points: 57)]
    model.bands = [
      PlainBand(name: "hot", from: 60, tag: "lead_hot"), PlainBand(name: "warm", from: 30, tag: "lead_warm"),
    ]
    let warm = score(model, person(fields: ["job_title": "ceo"]))
    #expect(warm.band == "warm")
    #expect(model.settled(warm, highestHeld: "hot", bandSlack: 3).band == "hot")
    #expect(model.settled(warm, highestHeld: "hot", bandSlack: 3).tags == ["lead_hot"])
    #expect(model.settled(warm, highestHeld: "hot", bandSlack: 2) == warm)
    #expect(model.settled(warm, highestHeld: "gone", bandSlack: 3) == warm)
    #expect(model.highestBand(of: ["warm", "gone", "hot"]) == "hot")
    model.bands[0].actions = PlainComparison(nil, 1)
    #expect(model.settled(warm, highestHeld: "hot", bandSlack: 3) == warm)
  }
}
