import Scoring
import Testing

@Suite struct `Numbers and comparisons` {
  @Test(arguments: [
    ("12", 12), ("-0.5", -0.5), ("+3", 3), ("0", 0), ("007", 7), ("1.", 1), (".5", 0.5), ("1.250", 1.25),
    ("123456789012", 123_456_789_012),
  ])
  func `plain numbers are a sign, digits and a point`(text: String, number: Double) {
    #expect(PlainNumber.parse(text) == number)
  }

  @Test(arguments: [
    "", ".", "-", "+", "-.", "1e3", "0x10", "nan", "inf", "1,5", "1 000", " 1", "1 ", "1.2.3", "--1", "+-1",
    "1-", "٣",
    "1_000", String(repeating: "9", count: 41),
  ])
  func `anything else is no number`(text: String) {
    #expect(PlainNumber.parse(text) == nil)
  }

  @Test(arguments: [
    (">= 30", [false, true, true]), (">=30", [false, true, true]), ("30", [false, true, true]),
    ("> 30", [false, false, true]), ("<= 30", [true, true, false]), ("< 30", [true, false, false]),
    ("= 30", [false, true, false]), ("== 30", [false, true, false]), ("!= 30", [true, false, true]),
    ("  >=  30.0 ", [false, true, true]), (">= -30", [true, true, true]), ("<\t30", [true, false, false]),
  ])
  func `a comparison holds below, at and above its bound`(text: String, expected: [Bool]) throws {
    let comparison = try #require(Comparison(text))
    #expect([29.999, 30, 30.001].map { comparison.holds(for: $0) } == expected)
  }

  @Test func `a bare number means at least`() {
    #expect(Comparison("5") == Comparison(.atLeast, 5))
    #expect(Comparison("-5") == Comparison(">= -5"))
  }

  @Test(arguments: [
    "", ">=", "=> 3", "< > 3", "about 3", "3 0", ">= 3 0", "> = 3", "3 >=", "<> 3", "~3", "3..5",
  ])
  func `anything else is no comparison`(text: String) {
    #expect(Comparison(text) == nil)
  }
}

@Suite struct `Points as text` {
  @Test(
    arguments: [
      (0, "0"), (40 * 1_024, "40"), (-20 * 1_024, "-20"), (512, "0.5"), (-512, "-0.5"), (7_680, "7.5"),
      (256, "0.25"),
      (128, "0.125"), (-128, "-0.125"), (64, "0.063"), (-64, "-0.063"), (1, "0.001"), (-1, "-0.001"),
      (2, "0.002"),
      (3, "0.003"), (1_023, "0.999"), (1_025, "1.001"), (10 * 1_024 + 922, "10.9"),
      (1_024_000_000_000, "1000000000"),
    ] as [(Int64, String)])
  func `have up to three decimals and no trailing zeros`(units: Int64, text: String) {
    #expect(PointsText.format(units: units) == text)
    #expect(PointsText.formatSigned(units: units) == (units < 0 ? text : "+" + text))
  }

  @Test func `are never further than half a thousandth from the units`() throws {
    var random = SeededRandom(seed: 3)
    for _ in 0..<5_000 {
      let units = Int64(random.number(-20_000_000...20_000_000))
      let read = try #require(Double(PointsText.format(units: units)))
      #expect(abs(read - Double(units) / 1_024) <= 0.000_500_001, "\(units)")
    }
  }
}

@Suite struct `Reasons as text` {
  private func outcomes(_ points: [Int]) -> [RuleOutcome] {
    points.map { RuleOutcome(units: whole($0), count: 1, last: nil) }
  }

  private let labels = ["a", "b", "c", "d", "e"]

  @Test(arguments: [
    ([], ""), ([0, 0], ""), ([5], "a +5"), ([0, 5], "b +5"), ([5, 40], "b +40 · a +5"),
    ([-50, 40], "a -50 · b +40"),
    ([1, 2, 3, 4, 5], "e +5 · d +4 · c +3"), ([5, 5, 5, 5], "a +5 · b +5 · c +5"),
    ([-5, 5, 6, -5], "c +6 · a -5 · b +5"),
    ([0, -1, 0, 2, 0], "d +2 · b -1"),
  ])
  func `name the three strongest by absolute points, ties in the model's order`(points: [Int], text: String) {
    #expect(ReasonsText.text(ContiguousArray(outcomes(points)), labels: labels) == text)
  }

  @Test func `show parts of points`() {
    let outcomes = [
      RuleOutcome(units: 7_680, count: 3, last: nil), RuleOutcome(units: -1, count: 1, last: nil),
    ]
    #expect(ReasonsText.text(ContiguousArray(outcomes), labels: labels) == "a +7.5 · b -0.001")
  }

  @Test func `are told with an explanation, by label or else by id`() throws {
    let yaml = """
      name: t
      actions:
        - { id: pricing-week, label: Saw the pricing page 5 times within a week, on: page_visit, atLeast: 5, points: 40 }
        - { id: email-click, on: email_click, points: 5 }
      """
    let activities = several(5, ago: 1) + several(3, ago: 2, "email_click")
    #expect(
      try explain(yaml, activities).reasons
        == "Saw the pricing page 5 times within a week +40 · email-click +15")
  }
}

@Suite struct `Kinds of activity` {
  /// Raw values are stored; a change here would change what stored activities mean.
  @Test func `keep their names and numbers for ever`() {
    let expected: [(UInt8, String)] = [
      (1, "page_visit"), (2, "download"), (3, "video_view"), (4, "form_submit"), (5, "chat"),
      (6, "email_sent"),
      (7, "email_open"), (8, "email_click"), (9, "email_reply"), (10, "email_bounce"),
      (11, "email_unsubscribe"),
      (12, "email_complaint"), (13, "sms_click"), (14, "push_click"), (15, "social_click"),
      (16, "event_registration"), (17, "event_attendance"), (18, "call"), (19, "meeting"), (20, "task"),
      (21, "note"),
      (22, "deal_created"), (23, "deal_won"), (24, "deal_lost"), (25, "purchase"), (26, "list_join"),
    ]
    #expect(KnownKind.allCases.count == expected.count)
    for (raw, name) in expected {
      #expect(KnownKind(rawValue: raw)?.name == name)
      #expect(KnownKind(name: name)?.rawValue == raw)
      #expect(ActivityKind(name)?.name == name)
    }
    #expect(Set(expected.map(\.1)).count == expected.count)
    #expect(KnownKind.firstCustomCode == 64)
  }

  @Test(arguments: ["custom:webinar", "custom:x", "custom:Hội-thảo", "custom:a:b"])
  func `may be the user's own`(text: String) {
    #expect(ActivityKind(text)?.name == text)
    #expect(ActivityKind(text) == .custom(String(text.dropFirst(7))))
  }

  @Test(arguments: [
    "", "any", "Page_visit", "page-visit", "webinar", "custom:", "custom: x", "custom:a b", "Custom:x",
    "custom:" + String(repeating: "x", count: 101),
  ])
  func `are nothing else`(text: String) {
    #expect(ActivityKind(text) == nil)
  }
}
