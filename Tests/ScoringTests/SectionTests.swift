import Scoring
import Testing

@Suite struct `Groups, sections and the score` {
  /// A model with one rule an action and profile, and whatever else stands in `head`.
  private func model(_ head: String, actions: [String] = [], profile: [String] = []) -> String {
    var text = "name: t\n\(head)\n"
    if !actions.isEmpty {
      text += "actions:\n"
      for (index, rule) in actions.enumerated() { text += "  - { id: a\(index), on: page_visit, \(rule) }\n" }
    }
    if !profile.isEmpty {
      text += "profile:\n"
      for (index, rule) in profile.enumerated() { text += "  - { id: p\(index), filled: f, \(rule) }\n" }
    }
    return text
  }

  private let filled = ["f": "x"]

  @Test(arguments: [
    ("{ max: 20 }", 19, 19), ("{ max: 20 }", 20, 20), ("{ max: 20 }", 21, 20), ("{ max: 20 }", -30, -30),
    ("{ min: -5 }", -4, -4), ("{ min: -5 }", -5, -5), ("{ min: -5 }", -6, -5), ("{ min: 3 }", 1, 3),
    ("{ min: 3, max: 4 }", 9, 4), ("{ min: 3, max: 4 }", 0, 3), ("{ max: -2 }", 5, -2),
  ])
  func `a group's sum is clamped`(limits: String, points: Int, expected: Int) throws {
    let head = "score: { min: -100 }\ngroups: { g: \(limits) }"
    let yaml = model(head, actions: ["points: \(points), group: g"])
    #expect(try explain(yaml, [.ago(1)]).score == expected)
  }

  @Test func `rules of a group add up before the clamp and others stay outside`() throws {
    let yaml = model(
      "groups: { g: { max: 20 }, h: { max: 5 } }",
      actions: ["points: 15, group: g", "points: 15, group: g", "points: 7", "points: 9, group: h"])
    #expect(try explain(yaml, [.ago(1)]).actions == 32)
  }

  @Test func `a negative rule takes from its group before the clamp`() throws {
    let yaml = model(
      "groups: { g: { max: 20 } }", actions: ["points: 50, group: g", "points: -35, group: g"])
    #expect(try explain(yaml, [.ago(1)]).actions == 15)
  }

  @Test func `a group used in both sections is clamped in each`() throws {
    let yaml = model(
      "groups: { g: { max: 20 } }", actions: ["points: 15, group: g", "points: 15, group: g"],
      profile: ["points: 30, group: g"])
    let both = try explain(yaml, [.ago(1)], fields: filled)
    #expect((both.actions, both.profile, both.score) == (20, 20, 40))
    let low = model(
      "score: { min: -100 }\ngroups: { g: { min: -4 } }", actions: ["points: -15, group: g"],
      profile: ["points: -1, group: g", "points: -2, group: g"])
    let clamped = try explain(low, [.ago(1)], fields: filled)
    #expect((clamped.actions, clamped.profile, clamped.score) == (-4, -3, -7))
  }

  @Test func `a group adds nothing to a section in which it has no rule`() throws {
    let yaml = model("groups: { g: { min: 3 } }", actions: ["points: 1, group: g"], profile: ["points: 1"])
    let result = try explain(yaml, [.ago(1)], fields: filled)
    #expect((result.actions, result.profile) == (3, 1))
  }

  @Test func `sections are clamped to their limits, min and max, each for itself`() throws {
    let head =
      "score: { min: -1000 }\nlimits: { actions: { min: -10, max: 80 }, profile: { min: -5, max: 20 } }"
    for (points, actions, profile) in [(100, 80, 20), (15, 15, 15), (-7, -7, -5), (-50, -10, -5)] {
      let yaml = model(head, actions: ["points: \(points)"], profile: ["points: \(points)"])
      let result = try explain(yaml, [.ago(1)], fields: filled)
      #expect((result.actions, result.profile, result.score) == (actions, profile, actions + profile))
    }
  }

  @Test func `a limit of one section leaves the other alone`() throws {
    let yaml = model("limits: { profile: { max: 20 } }", actions: ["points: 100"], profile: ["points: 100"])
    #expect(try explain(yaml, [.ago(1)], fields: filled).score == 120)
  }

  @Test func `a section's minimum holds without any activity`() throws {
    let yaml = model("limits: { actions: { min: 5 } }", actions: ["points: 1"])
    #expect(try explain(yaml).actions == 5)
  }

  @Test(arguments: [
    ("{}", -5, 0, true), ("{ min: 0 }", -5, 0, false), ("{ min: -3 }", -5, -3, false),
    ("{ min: -9 }", -5, -5, false),
    ("{ max: 100 }", 101, 100, false), ("{ max: 100 }", 100, 100, false), ("{ max: 100 }", -1, 0, false),
    ("{ min: 10, max: 20 }", 5, 10, false), ("{ max: 100 }", 99, 99, false),
    ("{ min: 0 }", 5_000, 5_000, false),
  ])
  func `the total is clamped to score, whose min is 0 unless named`(
    limits: String, points: Int, expected: Int, leaveOut: Bool
  ) throws {
    let yaml = model(leaveOut ? "" : "score: \(limits)", actions: ["points: \(points)"])
    let result = try explain(yaml, [.ago(1)])
    #expect(result.score == expected)
    #expect(result.actions == points)
  }

  @Test func `sections may be negative and still count in the total`() throws {
    let yaml = model("", actions: ["points: -20"], profile: ["points: 30"])
    let result = try explain(yaml, [.ago(1)], fields: filled)
    #expect((result.actions, result.profile, result.score) == (-20, 30, 10))
  }

  /// Points whose halves, quarters … end in a wanted fraction, and floor((x + 512) / 1024) of them.
  @Test(arguments: [
    (1, 1, 1), (-1, 1, 0), (3, 1, 2), (-3, 1, -1), (1, 2, 0), (3, 2, 1), (-3, 2, -1), (-1, 2, 0), (5, 1, 3),
    (-5, 1, -2),
    (1_023, 10, 1), (511, 10, 0), (512, 10, 1), (513, 10, 1), (-511, 10, 0), (-512, 10, 0), (-513, 10, -1),
    (1_535, 10, 1), (1_536, 10, 2), (-1_536, 10, -1), (-1_537, 10, -2),
  ])
  func `a section is rounded half up`(points: Int, halvings: Int64, rounded: Int) throws {
    let yaml = model("score: { min: -100 }", actions: ["points: \(points), halvesEvery: 1s"])
    let result = try explain(yaml, [.ago(halvings)])
    #expect(result.actions == rounded)
    let plain = (Double(points) * 1_024 / Double(1 << halvings)).rounded(.towardZero)
    #expect(rounded == Int(((plain + 512) / 1_024).rounded(.down)))
  }

  @Test func `halved points of several rules are rounded together, not one by one`() throws {
    let three = model("", actions: Array(repeating: "points: 1, halvesEvery: 1s", count: 3))
    #expect(try explain(three, [.ago(2)]).actions == 1, "three quarters are one point")
    let one = model("", actions: ["points: 1, halvesEvery: 1s"])
    #expect(try explain(one, [.ago(2)]).actions == 0)
    let tiny = model("", actions: Array(repeating: "points: 1, halvesEvery: 1s", count: 512))
    #expect(try explain(tiny, [.ago(10)]).actions == 1)
    let lessThanHalf = model("", actions: Array(repeating: "points: 1, halvesEvery: 1s", count: 511))
    #expect(try explain(lessThanHalf, [.ago(10)]).actions == 0)
  }

  @Test func `the sections are rounded before they are added`() throws {
    let yaml = model("", actions: ["points: 3, halvesEvery: 1s"], profile: ["points: 1"])
    #expect(try explain(yaml, [.ago(1)], fields: filled).score == 3)
  }

  @Test func `limits cut before rounding`() throws {
    let yaml = model("limits: { actions: { max: 1 } }", actions: ["points: 3, halvesEvery: 1s"])
    #expect(try explain(yaml, [.ago(1)]).actions == 1)
  }

  @Test func `a large history does not overflow`() throws {
    let yaml = model("", actions: ["points: 1000000"])
    #expect(try explain(yaml, several(5_000, ago: 3)).score == 5_000_000_000)
  }
}

@Suite struct `Bands and segments` {
  private let bands = """
    name: t
    score: { min: -50 }
    limits: { actions: { max: 60 }, profile: { max: 60 } }
    actions: [{ id: a, on: page_visit, points: 1 }]
    profile: [{ id: p, field: f, is: x, points: 40 }]
    bands:
      - { name: hot, from: 60, tag: lead_hot, requires: { actions: 30 } }
      - { name: fit, from: 50, requires: { profile: ">= 40", actions: "< 12" } }
      - { name: warm, from: 30, tag: lead_warm }
      - { name: cold, from: 0, tag: lead_cold }
    """

  @Test(arguments: [
    (0, false, "cold", ["lead_cold"]), (29, false, "cold", ["lead_cold"]), (30, false, "warm", ["lead_warm"]),
    (59, false, "warm", ["lead_warm"]), (60, false, "hot", ["lead_hot"]), (19, true, "warm", ["lead_warm"]),
    (20, true, "warm", ["lead_warm"]), (29, true, "warm", ["lead_warm"]), (30, true, "hot", ["lead_hot"]),
    (10, true, "fit", []), (11, true, "fit", []), (12, true, "warm", ["lead_warm"]),
    (9, true, "warm", ["lead_warm"]),
  ])
  func `the first band whose demands are met holds`(visits: Int, fits: Bool, band: String, tags: [String])
    throws
  {
    let result = try explain(bands, several(visits, ago: 1), fields: fits ? ["f": "x"] : [:])
    #expect(result.band == band)
    #expect(result.tags == tags)
  }

  @Test func `no band fits below the lowest, and no band tag is set`() throws {
    let yaml = """
      name: t
      actions: [{ id: a, on: page_visit, points: 1 }]
      bands: [{ name: hot, from: 2, tag: lead_hot }]
      """
    let result = try explain(yaml, several(1, ago: 1))
    #expect(result.band == nil)
    #expect(result.tags.isEmpty)
    #expect(try explain(yaml, several(2, ago: 1)).band == "hot")
  }

  @Test func `a demand that fails may leave a person without a band`() throws {
    let yaml = """
      name: t
      profile: [{ id: p, filled: f, points: 40 }]
      bands: [{ name: hot, from: 0, tag: lead_hot, requires: { actions: 1 } }]
      """
    let result = try explain(yaml, fields: ["f": "x"])
    #expect(result.band == nil)
    #expect(result.tags.isEmpty)
  }

  @Test func `demands look at the rounded sections`() throws {
    let yaml = """
      name: t
      actions: [{ id: a, on: page_visit, points: 3, halvesEvery: 1s }]
      bands: [{ name: two, from: 0, requires: { actions: 2 } }, { name: less, from: 0 }]
      segments: [{ tag: two, when: { actions: "= 2" } }]
      """
    let half = try explain(yaml, [.ago(1)])
    #expect(half.band == "two")
    #expect(half.tags == ["two"])
    #expect(try explain(yaml, [.ago(2)]).band == "less")
  }

  private func segment(_ when: String, visits: Int, fits: Bool) throws -> Bool {
    let yaml = """
      name: t
      limits: { actions: { max: 90 } }
      groups: { none: { max: 0 } }
      actions:
        - { id: a, on: page_visit, points: 1 }
        - { id: week, on: page_visit, atLeast: 5, points: 3, group: none }
      profile: [{ id: p, field: f, is: x, points: 7 }]
      segments: [{ tag: it, when: \(when) }]
      """
    return try explain(yaml, several(visits, ago: 1), fields: fits ? ["f": "x"] : [:]).tags == ["it"]
  }

  @Test(arguments: [
    ("{ score: \">= 10\" }", 2, true, false), ("{ score: \">= 10\" }", 3, true, true),
    ("{ score: 10 }", 10, false, true), ("{ score: 10 }", 9, false, false),
    ("{ score: \"< 10\" }", 9, false, true),
    ("{ actions: \"> 2\" }", 2, true, false), ("{ actions: \"> 2\" }", 3, true, true),
    ("{ profile: 7 }", 0, true, true), ("{ profile: 7 }", 90, false, false),
    ("{ profile: \"= 0\" }", 0, false, true),
    ("{ rule: week }", 4, true, false), ("{ rule: week }", 5, true, true), ("{ rule: p }", 0, true, true),
    ("{ rule: p }", 50, false, false),
    ("{ rule: week, score: 12, actions: 5, profile: 7 }", 5, true, true),
    ("{ rule: week, score: 13, actions: 5, profile: 7 }", 5, true, false),
    ("{ rule: week, score: 12, actions: 6, profile: 7 }", 5, true, false),
    ("{ rule: week, score: 12, actions: 5, profile: 8 }", 5, true, false),
    ("{ rule: week, score: 4, actions: 4 }", 4, true, false),
  ])
  func `all that a segment names must hold`(when: String, visits: Int, fits: Bool, expected: Bool) throws {
    #expect(try segment(when, visits: visits, fits: fits) == expected)
  }

  @Test func `a segment's rule counts before its group is clamped`() throws {
    #expect(try segment("{ rule: week }", visits: 5, fits: false))
    #expect(try segment("{ score: \"<= 5\" }", visits: 5, fits: false))
  }

  @Test func `a rule that takes points away holds too`() throws {
    let yaml = """
      name: t
      actions: [{ id: a, on: page_visit, points: -3 }]
      segments: [{ tag: it, when: { rule: a } }]
      """
    #expect(try explain(yaml, [.ago(1)]).tags == ["it"])
    #expect(try explain(yaml).tags.isEmpty)
  }

  @Test func `a rule holds down to the last 1024th of a point`() throws {
    let yaml = """
      name: t
      actions: [{ id: a, on: page_visit, points: 1, halvesEvery: 1s }]
      segments: [{ tag: it, when: { rule: a } }]
      """
    #expect(try explain(yaml, [.ago(10)]).tags == ["it"])
    #expect(try explain(yaml, [.ago(11)]).tags.isEmpty)
  }

  @Test func `tags stand in the model's order, each once`() throws {
    let yaml = """
      name: t
      actions: [{ id: a, on: page_visit, points: 3 }]
      bands: [{ name: b, from: 0, tag: one }]
      segments:
        - { tag: two, when: { score: 1 } }
        - { tag: one, when: { score: 100 } }
        - { tag: two, when: { score: 100 } }
        - { tag: three, when: { score: 1 } }
      """
    let result = try explain(yaml, [.ago(1)])
    #expect(result.tags == ["one", "two", "three"])
    #expect(try Model(yaml: yaml, file: "m").ownedTags == ["one", "two", "three"])
  }

  @Test func `a model may own sixty-four tags`() throws {
    let segments = (0..<64).map { "  - { tag: t_\($0), when: { score: \($0) } }" }.joined(separator: "\n")
    let yaml = "name: t\nactions: [{ id: a, on: page_visit, points: 1 }]\nsegments:\n\(segments)"
    #expect(try explain(yaml, several(63, ago: 1)).tags.count == 64)
    #expect(try explain(yaml, several(62, ago: 1)).tags.last == "t_62")
  }
}
