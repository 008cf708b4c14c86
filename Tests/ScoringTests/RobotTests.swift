import Scoring
import Testing

@Suite struct `Robots` {
  /// How many opens and clicks are left.
  private func left(
    _ activities: [Activity], robots: String = "skip", contacts: Int = 1, at moment: Timestamp = now
  ) throws -> Int {
    let yaml = "name: t\nrobots: \(robots)\nactions:\n  - { id: r, points: 1, on: [email_open, email_click] }"
    let people = (0..<contacts).map { Person.Contact(connection: "c\($0)") }
    return try explain(yaml, activities, contacts: people, at: moment).rules[0].count
  }

  private func sent(_ second: Int64, _ campaign: String? = "c", contact: Int = 0) -> Activity {
    .ago(1_000 - second, "email_sent", campaign: campaign, contact: contact, identity: "s")
  }

  private func open(_ second: Int64, _ campaign: String? = "c", contact: Int = 0) -> Activity {
    .ago(1_000 - second, "email_open", campaign: campaign, contact: contact, identity: "o")
  }

  private func click(_ second: Int64, _ target: String?, _ campaign: String? = "c", contact: Int = 0)
    -> Activity
  {
    .ago(1_000 - second, "email_click", target: target, campaign: campaign, contact: contact, identity: "k")
  }

  @Test(arguments: [(0, 0), (1, 0), (9, 0), (10, 1), (11, 1), (-1, 1), (-9, 1)])
  func `an open or click less than ten seconds after the sending is left out`(after: Int64, kept: Int) throws
  {
    #expect(try left([sent(100), open(100 + after)]) == kept)
    #expect(try left([sent(100), click(100 + after, "a")]) == kept)
    #expect(try left([sent(100), click(100 + after, nil)]) == kept)
  }

  @Test func `any earlier sending of the campaign counts`() throws {
    #expect(try left([sent(0), sent(95), sent(101), open(100)]) == 0)
    #expect(try left([sent(0), sent(90), sent(101), open(100)]) == 1)
  }

  @Test func `the sending is found among other activity of the same seconds`() throws {
    let noise = (0..<30).map { Activity.ago(1_000 - 92 - $0 % 9, "page_visit", identity: "\($0)") }
    #expect(try left(noise + [sent(91), open(100)]) == 0)
    #expect(try left(noise + [sent(90), open(100)]) == 1)
  }

  @Test func `another campaign, another contact, and no campaign are nobody's`() throws {
    #expect(try left([sent(100, "c"), open(101, "d")]) == 1)
    #expect(try left([sent(100, contact: 0), open(101, contact: 1)], contacts: 2) == 1)
    #expect(try left([sent(100, contact: 1), open(101, contact: 1)], contacts: 2) == 0)
    #expect(try left([sent(100, nil), open(101, nil)]) == 1)
    #expect(try left([sent(100, "c"), open(101, nil)]) == 1)
    #expect(try left([sent(100, nil), open(101, "c")]) == 1)
  }

  @Test(arguments: ["email_reply", "page_visit", "email_unsubscribe", "sms_click"])
  func `only opens and clicks are left out`(kind: String) throws {
    let activities: [Activity] = [sent(100), .ago(899, kind, campaign: "c")]
    #expect(try units("on: \(kind)", activities) == whole(10))
  }

  @Test(arguments: [(10, 0), (11, 3), (0, 0), (9, 0)])
  func `three different targets in a span of ten seconds are a robot`(span: Int64, kept: Int) throws {
    #expect(try left([click(100, "a"), click(100 + min(span, 5), "b"), click(100 + span, "c")]) == kept)
  }

  @Test(arguments: [
    (["a", "b"], 2), (["a", "b", "a", "b", "a"], 5), (["a", "A", "á", "b"], 4), (["a", "b", "c"], 0),
    (["a", "b", "c", "d"], 0), (["đ", "d", "Đ", "x"], 4), (["a", "b", nil], 3), (["a", nil, "b", "c"], 0),
    ([nil, nil, nil], 3),
  ])
  func `targets are folded and a click without one is no target`(targets: [String?], kept: Int) throws {
    #expect(try left(targets.enumerated().map { click(100 + Int64($0.offset), $0.element) }) == kept)
  }

  @Test func `a click without a target inside the span is left out too`() throws {
    #expect(try left([click(100, "a"), click(103, nil), click(105, "b"), click(110, "c")]) == 0)
    #expect(
      try left([click(99, nil), click(100, "a"), click(105, "b"), click(110, "c"), click(111, nil)]) == 2)
  }

  @Test func `a repeated click inside the span is left out and one outside is kept`() throws {
    let burst = [click(100, "a"), click(104, "b"), click(110, "c")]
    #expect(try left(burst + [click(110, "a")]) == 0)
    #expect(try left(burst + [click(111, "a")]) == 0, "a span from 104 to 114 holds three targets")
    #expect(try left(burst + [click(115, "a")]) == 1)
    #expect(try left(burst + [click(99, "c")]) == 0, "a span from 99 to 109 holds three targets")
    #expect(try left(burst + [click(93, "c")]) == 1)
  }

  @Test func `spans may overlap`() throws {
    let clicks = [
      click(0, "a"), click(5, "b"), click(10, "c"), click(15, "d"), click(20, "e"), click(31, "f"),
    ]
    #expect(try left(clicks) == 1)
  }

  @Test func `clicks dropped by the first test complete a span`() throws {
    #expect(try left([sent(95), click(100, "a"), click(106, "b"), click(110, "c")]) == 0)
    #expect(try left([sent(95), click(104, "a"), click(115, "b"), click(116, "c")]) == 2)
  }

  @Test func `opens neither complete a span nor fall with it`() throws {
    #expect(try left([click(100, "a"), click(101, "b"), open(102)]) == 3)
    #expect(try left([click(100, "a"), click(101, "b"), click(102, "c"), open(101)]) == 1)
  }

  @Test func `spans are of one contact and one campaign`() throws {
    #expect(try left([click(100, "a"), click(101, "b"), click(102, "c", "d")]) == 3)
    #expect(try left([click(100, "a"), click(101, "b"), click(102, "c", contact: 1)], contacts: 2) == 3)
    #expect(try left([click(100, "a", nil), click(101, "b", nil), click(102, "c", nil)]) == 3)
    let mixed = [
      click(100, "a"), click(101, "x", "d"), click(102, "b"), click(103, "y", "d"), click(104, "c"),
    ]
    #expect(try left(mixed) == 2)
  }

  @Test func `a click still to come completes the span only from its time on`() throws {
    let clicks = [click(990, "a"), click(995, "b"), click(1_000, "c")]
    let completed = now
    #expect(try left(clicks, at: Timestamp(completed.seconds - 1)) == 2)
    #expect(try left(clicks, at: completed) == 0)
    let yaml = "name: t\nactions:\n  - { id: r, points: 1, on: email_click }"
    let before = try explain(yaml, clicks, at: Timestamp(completed.seconds - 1))
    #expect(before.score == 2)
    #expect(before.changesAt == completed)
    #expect(try explain(yaml, clicks).score == 0)
  }

  @Test func `a sending still to come does not exist`() throws {
    #expect(try left([open(100), sent(100)], at: Timestamp(now.seconds - 900)) == 0)
    #expect(try left([open(99), sent(100)]) == 1)
  }

  @Test func `robots are counted if the model says so`() throws {
    let activities = [sent(100), open(100), click(101, "a"), click(102, "b"), click(103, "c")]
    #expect(try left(activities, robots: "count") == 4)
    #expect(try left(activities, robots: "skip") == 0)
  }

  @Test func `robots are left out unless the model says something else`() throws {
    let yaml = "name: t\nactions:\n  - { id: r, points: 1, on: email_open }"
    #expect(try explain(yaml, [sent(100), open(101)]).score == 0)
  }

  @Test func `robots are left out before max and thresholds`() throws {
    let activities = [sent(100), open(100), open(50)]
    #expect(try units("on: email_open, max: 1, halvesEvery: 950s", activities) == whole(5))
    #expect(try units("on: email_open, atLeast: 2", activities) == 0)
  }
}
