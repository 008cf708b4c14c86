import Scoring
import Testing

@Suite struct `Which activities count` {
  @Test(arguments: [(7 * day - 1, true), (7 * day, false), (7 * day + 1, false), (0, true), (-1, false)])
  func `within keeps activities whose age is below the window`(age: Int64, counts: Bool) throws {
    #expect(try units("on: page_visit, within: 7d", [.ago(age)]) == (counts ? whole(10) : 0))
  }

  @Test(arguments: ["1s": 1, "15m": 15 * minute, "12h": 12 * hour, "2w": 14 * day])
  func `the window is counted in seconds whatever its unit`(window: String, seconds: Int64) throws {
    #expect(try units("on: page_visit, within: \(window)", [.ago(seconds - 1)]) == whole(10))
    #expect(try units("on: page_visit, within: \(window)", [.ago(seconds)]) == 0)
  }

  @Test func `activities later than the moment do not exist`() throws {
    #expect(try units("on: page_visit", [.ago(-1), .ago(0), .ago(1)]) == whole(20))
    #expect(try units("on: page_visit, atLeast: 2", [.ago(-1), .ago(0)]) == 0)
    #expect(try units("on: page_visit, max: 1, halvesEvery: 1d", [.ago(-5), .ago(day)]) == whole(5))
  }

  @Test func `a plain rule gives its points for each activity`() throws {
    #expect(try units("on: page_visit", several(7, ago: 5)) == whole(70))
  }

  @Test(arguments: [(2, 2), (3, 3), (4, 3)])
  func `at most so many activities as max says give points`(count: Int, used: Int) throws {
    #expect(try units("on: page_visit, max: 3", several(count, ago: 5)) == whole(10 * used))
  }

  @Test func `max takes the most recent activities`() throws {
    let activities: [Activity] = [.ago(10 * day), .ago(0), .ago(20 * day), .ago(day)]
    #expect(try units("on: page_visit, max: 2, halvesEvery: 1d", activities) == whole(15))
  }

  @Test func `max breaks ties by the order of identity`() throws {
    let activities: [Activity] = [
      .ago(5, identity: "c"), .ago(5, identity: "a"), .ago(6, identity: "0"), .ago(5, identity: "b"),
    ]
    let rule = try explain(actionModel("on: page_visit, max: 3"), activities).rules[0]
    #expect(rule.activities.map(\.identity) == ["a", "b", "c"])
    let two = try explain(actionModel("on: page_visit, max: 2"), activities).rules[0]
    #expect(two.activities.map(\.identity) == ["a", "b"])
  }

  @Test(arguments: [([Int64](), 0), ([50], 10), ([50, 60, 70], 10)])
  func `once gives the points a single time`(ages: [Int64], points: Int) throws {
    #expect(try units("on: page_visit, once: true", ages.map { .ago($0) }) == whole(points))
  }

  @Test func `once is aged by the most recent activity`() throws {
    #expect(try units("on: page_visit, once: true, halvesEvery: 1d", [.ago(2 * day), .ago(day)]) == whole(5))
  }

  @Test func `once false is no limit`() throws {
    #expect(try units("on: page_visit, once: false", several(3, ago: 0)) == whole(30))
  }

  @Test(arguments: [
    (0, 10_240), (1, 10_240), (2, 10_240), (3, 5_120), (4, 5_120), (6, 2_560), (9, 1_280),
  ])
  func `points are full for one span and halve at each further one`(age: Int64, units expected: Int64) throws
  {
    #expect(try units("on: page_visit, halvesEvery: 3s", [.ago(age)]) == expected)
  }

  @Test(arguments: 1...11)
  func `halving happens exactly at a whole number of spans`(times: Int) throws {
    let age = Int64(times) * 30 * day
    let before = Int64(7 * 1_024) / (1 << Int64(times - 1))
    let after = times > 10 ? 0 : Int64(7 * 1_024) / (1 << Int64(times))
    #expect(try units("on: page_visit, halvesEvery: 30d", points: 7, [.ago(age - 1)]) == before)
    #expect(try units("on: page_visit, halvesEvery: 30d", points: 7, [.ago(age)]) == after)
    #expect(try units("on: page_visit, halvesEvery: 30d", points: -7, [.ago(age - 1)]) == -before)
    #expect(try units("on: page_visit, halvesEvery: 30d", points: -7, [.ago(age)]) == -after)
  }

  @Test(arguments: [(10, 1_024_000 / 1_024), (11, 0), (12, 0), (1_000_000, 0), (40_000_000, 0)])
  func `nothing is given after more than ten halvings`(times: Int64, expected: Int64) throws {
    #expect(try units("on: page_visit, halvesEvery: 1s", points: 1_000, [.ago(times)]) == expected)
    #expect(try units("on: page_visit, halvesEvery: 1s", points: -1_000, [.ago(times)]) == -expected)
    #expect(
      try units("on: page_visit, atLeast: 1, halvesEvery: 1s", points: 1_000, [.ago(times)]) == expected)
  }

  @Test func `a halved activity keeps its place among the max`() throws {
    #expect(
      try explain(actionModel("on: page_visit, max: 2, halvesEvery: 1s"), [.ago(0), .ago(50), .ago(60)])
        .rules[0].count
        == 2)
  }

  @Test func `each activity is halved for itself in units of a 1024th`() throws {
    // 5120/4 + 5120/8 + 5120/1024
    let activities: [Activity] = [.ago(2), .ago(3), .ago(10)]
    #expect(try units("on: page_visit, halvesEvery: 1s", points: 5, activities) == 1_280 + 640 + 5)
  }
}

@Suite struct `Threshold rules` {
  @Test(arguments: [(0, 0), (4, 0), (5, 10), (6, 10), (50, 10)])
  func `give their points once when enough activities count`(count: Int, points: Int) throws {
    #expect(try units("on: page_visit, atLeast: 5", several(count, ago: 3)) == whole(points))
  }

  @Test func `count only what lies within the window`() throws {
    #expect(try units("on: page_visit, atLeast: 2, within: 1d", [.ago(0), .ago(day - 1)]) == whole(10))
    #expect(try units("on: page_visit, atLeast: 2, within: 1d", [.ago(0), .ago(day)]) == 0)
  }

  @Test(arguments: [(29, 10_240), (30, 5_120), (59, 5_120), (60, 2_560)])
  func `are aged by the most recent counting activity`(age: Int64, expected: Int64) throws {
    let activities: [Activity] = [.ago(900), .ago(age), .ago(800)]
    #expect(try units("on: page_visit, atLeast: 3, halvesEvery: 30s", activities) == expected)
  }

  @Test func `are not aged by an activity that does not match`() throws {
    let activities: [Activity] = [.ago(0, "chat"), .ago(30), .ago(31)]
    #expect(try units("on: page_visit, atLeast: 2, halvesEvery: 30s", activities) == whole(5))
  }

  @Test(arguments: [
    (["a", "b"], 0), (["a", "b", "c"], 10), (["a", "a", "b", "b"], 0), (["a", "A", "b", "B"], 0),
    (["thu\u{1EBF}", "thue\u{302}\u{301}", "thue", "THU\u{1EBE}"], 0), (["đ", "d", "Đ", "e"], 0),
    (["straße", "strasse", "STRASSE"], 0), (["straße", "STRAẞE", "strasse", "x"], 10),
    (["\u{301}", "", "a"], 0),
    (["각", "\u{1100}\u{1161}\u{11A8}", "가"], 0), (["c", "a", "b", "a", "c"], 10),
  ])
  func `with distinct count folded targets`(targets: [String], points: Int) throws {
    let activities = targets.enumerated().map { Activity.ago(Int64($0.offset), target: $0.element) }
    #expect(try units("on: page_visit, distinct: target, atLeast: 3", activities) == whole(points))
  }

  @Test func `with distinct leave out activities without a target`() throws {
    let activities: [Activity] = [.ago(0), .ago(1, target: "a"), .ago(2), .ago(3, target: "b")]
    #expect(try units("on: page_visit, distinct: target, atLeast: 3", activities) == 0)
    #expect(try units("on: page_visit, distinct: target, atLeast: 2", activities) == whole(10))
  }

  @Test func `with distinct see a target as long as its latest visit is within the window`() throws {
    let activities: [Activity] = [.ago(0, target: "a"), .ago(50, target: "b"), .ago(9, target: "B")]
    #expect(try units("on: page_visit, distinct: target, atLeast: 2, within: 10s", activities) == whole(10))
    #expect(try units("on: page_visit, distinct: target, atLeast: 2, within: 9s", activities) == 0)
  }

  @Test func `with distinct are aged by the most recent activity even if its target came before`() throws {
    let activities: [Activity] = [.ago(30, target: "a"), .ago(95, target: "b"), .ago(99, target: "a")]
    #expect(
      try units("on: page_visit, distinct: target, atLeast: 2, halvesEvery: 30s", activities) == whole(5))
  }
}

@Suite struct `Absence rules` {
  private static let known = [Person.Contact(connection: "crm", createdAt: Timestamp(0))]

  @Test(arguments: [(59, 0), (60, -20), (61, -20), (0, 0), (-1, -20)])
  func `give their points when nothing is younger than the span`(age: Int64, points: Int) throws {
    #expect(
      try units("on: any, absentFor: 60s", points: -20, [.ago(age)], contacts: Self.known) == whole(points))
  }

  @Test(arguments: [(59, 0), (60, 10), (61, 10), (-5, 0)])
  func `need a person who has been known for the span`(age: Int64, points: Int) throws {
    let contacts = [Person.Contact(connection: "crm", createdAt: Timestamp(now.seconds - age))]
    #expect(try units("on: any, absentFor: 60s", [], contacts: contacts) == whole(points))
    #expect(try units("on: any, absentFor: 60s", [.ago(60)], contacts: contacts) == whole(points))
  }

  @Test func `give nothing if no creation time is known`() throws {
    #expect(try units("on: any, absentFor: 60s", []) == 0)
    #expect(try units("on: any, absentFor: 60s", [.ago(5_000)]) == 0)
  }

  @Test func `go by the contact that was created first`() throws {
    let contacts = [
      Person.Contact(connection: "a", createdAt: Timestamp(now.seconds - 10)),
      Person.Contact(connection: "b"),
      Person.Contact(connection: "c", createdAt: Timestamp(now.seconds - 60)),
    ]
    #expect(try units("on: any, absentFor: 60s", [], contacts: contacts) == whole(10))
    #expect(try units("on: any, absentFor: 60s", [], contacts: Array(contacts.prefix(2))) == 0)
  }

  @Test(arguments: [
    ("page_visit", "/a", 0), ("page_visit", "/b", 10), ("chat", "/a", 10), ("page_visit", nil, 10),
  ])
  func `are ended by matching activity only`(kind: String, target: String?, points: Int) throws {
    let rule = "on: page_visit, where: { target: /a }, absentFor: 60s"
    #expect(try units(rule, [.ago(5, kind, target: target)], contacts: Self.known) == whole(points))
  }

  @Test(arguments: ["email_sent", "email_bounce", "task", "note", "deal_created", "deal_lost"])
  func `are not ended by what is done to the contact`(kind: String) throws {
    #expect(try units("on: any, absentFor: 60s", [.ago(5, kind)], contacts: Self.known) == whole(10))
  }

  @Test func `are not ended by a robot`() throws {
    let activities: [Activity] = [.ago(5, "email_sent", campaign: "c"), .ago(4, "email_open", campaign: "c")]
    #expect(try units("on: any, absentFor: 60s", activities, contacts: Self.known) == whole(10))
  }

  @Test func `give their points once`() throws {
    #expect(
      try units("on: any, absentFor: 60s", [.ago(100), .ago(200), .ago(300)], contacts: Self.known)
        == whole(10))
  }
}
