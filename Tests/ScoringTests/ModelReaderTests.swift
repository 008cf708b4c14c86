import Foundation
import Scoring
import StrictYAML
import Testing

@Suite struct `Reading models` {
  @Test func `takes in all that a model may say`() throws {
    let yaml = """
      name: Everything
      reviewed: 2026-11-01
      reviewEvery: 90d
      robots: count
      score: { min: -10, max: 100 }
      limits: { actions: { max: 80, min: -5 }, profile: { max: 20 } }
      groups: { email: { max: 20 } }
      actions:
        - id: week
          label: Saw it
          on: page_visit
          where: { target: ["*/a*", b], campaign: c, value: ">= 30", platform: mautic, connection: [x, y] }
          within: 7d
          atLeast: 5
          points: 40
        - { id: click, on: [email_click, any, "custom:fair"], group: email, points: 5, max: 4, halvesEvery: 30d }
        - { id: wide, on: page_visit, distinct: target, atLeast: 3, points: 10 }
        - { id: quiet, on: any, absentFor: 60d, points: -20 }
        - { id: first, on: chat, once: true, points: 1 }
      profile:
        - { id: free, field: email, emailDomain: free, points: -4, group: email }
        - { id: big, field: size, atLeast: 2.5, points: 1 }
      bands:
        - { name: hot, from: 60, tag: lead_hot, requires: { actions: 30, profile: "< 5" }, handoff: true }
        - { name: cold, from: -10 }
      segments:
        - { tag: ready, when: { rule: week, score: 60, actions: "> 1", profile: ">= 5" } }
      """
    let model = try Model(yaml: yaml, file: "m")
    #expect(model.name == "Everything")
    #expect(model.reviewed == Timestamp(year: 2026, month: 11, day: 1))
    #expect(model.reviewEvery == .days(90))
    #expect(model.robots == .count)
    #expect(model.scoreLimits == Limits(min: -10, max: 100))
    #expect(model.actionLimits == Limits(min: -5, max: 80))
    #expect(model.profileLimits == Limits(min: nil, max: 20))
    #expect(model.groups.map(\.name) == ["email"])
    #expect(model.groups.map(\.limits) == [Limits(min: nil, max: 20)])
    #expect(model.groups.map(\.position) == [SourcePosition(line: 7, column: 11)])
    #expect(model.ruleIDs == ["week", "click", "wide", "quiet", "first", "free", "big"])
    #expect(model.ruleLabels == ["Saw it", "click", "wide", "quiet", "first", "free", "big"])
    #expect(model.actions.map(\.position.line) == [9, 16, 17, 18, 19])
    let week = model.actions[0]
    #expect(week.filter.target?.map(\.pattern) == ["*/a*", "b"])
    #expect(week.filter.campaign?.map(\.pattern) == ["c"])
    #expect(week.filter.value == Comparison(.atLeast, 30))
    #expect(week.filter.platform == ["mautic"])
    #expect(week.filter.connection == ["x", "y"])
    #expect(week.within == .days(7))
    #expect(week.form == .threshold(atLeast: 5, distinctTargets: false, halvesEvery: nil))
    #expect(model.actions[1].form == .each(max: 4, halvesEvery: .days(30)))
    #expect(model.actions[1].kinds == .any(and: [.known(.emailClick), .custom("fair")]))
    #expect(model.actions[1].group == "email")
    #expect(model.actions[2].form == .threshold(atLeast: 3, distinctTargets: true, halvesEvery: nil))
    #expect(model.actions[3].form == .absence(.days(60)))
    #expect(model.actions[4].form == .each(max: 1, halvesEvery: nil))
    #expect(model.profile.map(\.test) == [.emailDomain(field: "email", .free), .atLeast(field: "size", 2.5)])
    #expect(model.profileFields == ["email", "size"])
    #expect(model.bands[0].requiresActions == Comparison(.atLeast, 30))
    #expect(model.bands[0].requiresProfile == Comparison(.below, 5))
    #expect(model.bands.map(\.handoff) == [true, false])
    #expect(model.ownedTags == ["lead_hot", "ready"])
    #expect(model.segments[0].rule == "week")
    #expect(model.segments[0].actions == Comparison(.above, 1))
  }

  @Test func `has defaults for all that may be left out`() throws {
    let model = try Model(yaml: "name: t\nactions: [{ id: a, on: chat, points: 1 }]", file: "m")
    #expect(model.robots == .skip)
    #expect(model.scoreLimits == Limits(min: 0, max: nil))
    #expect(model.actionLimits == .none)
    #expect(model.profileLimits == .none)
    #expect(model.actions[0].form == .each(max: nil, halvesEvery: nil))
    #expect(model.reviewed == nil)
  }

  @Test func `keeps min at 0 when only max is named, and max open when only min is`() throws {
    func limits(_ text: String) throws -> Limits {
      try Model(yaml: "name: t\nscore: \(text)\nactions: [{ id: a, on: chat, points: 1 }]", file: "m")
        .scoreLimits
    }
    #expect(try limits("{ max: 100 }") == Limits(min: 0, max: 100))
    #expect(try limits("{ min: -100 }") == Limits(min: -100, max: nil))
  }

  @Test(arguments: [
    ("name: 123", "123"), ("name: no", "no"), ("name: yes", "yes"), ("name: on", "on"),
    ("name: 1.50", "1.50"),
    ("name: 0x1F", "0x1F"), ("name: true", "true"), ("name: \"null\"", "null"),
    ("name: 2026-11-01", "2026-11-01"),
    ("name: 'it''s'", "it's"), ("name: Điểm – ok 👍", "Điểm – ok 👍"),
  ])
  func `takes every scalar as the text that stands there`(line: String, name: String) throws {
    #expect(try Model(yaml: "\(line)\nactions: [{ id: a, on: chat, points: 1 }]", file: "m").name == name)
  }

  @Test func `takes on, no, yes and numbers as text where text is wanted`() throws {
    let yaml = """
      name: t
      profile:
        - { id: 1, field: on, is: [no, yes, 1, 1.0, true], label: 7, points: 1 }
      """
    let rule = try Model(yaml: yaml, file: "m").profile[0]
    #expect(rule.id == "1")
    #expect(rule.label == "7")
    #expect(rule.test == .equals(field: "on", ["no", "yes", "1", "1.0", "true"]))
  }

  @Test(arguments: ["bands:", "bands: []", "segments:", "groups:", "profile:", "limits:", "reviewed:"])
  func `takes a section without entries for one that is not there`(line: String) throws {
    _ = try Model(yaml: "name: t\nactions: [{ id: a, on: chat, points: 1 }]\n\(line)\n", file: "m")
  }

  @Test func `reads files with Windows line ends and a byte order mark`() throws {
    let yaml = "\u{FEFF}name: t\r\nactions:\r\n  - id: a\r\n    on: chat\r\n    points: 1\r\n"
    #expect(try Model(yaml: yaml, file: "m").actions.map(\.id) == ["a"])
    #expect(problems(in: yaml + "  - id: b\r\n    on: chad\r\n    points: 1\r\n").map(\.line) == [7])
  }

  @Test func `allows equal starts of neighbouring bands and bands below zero`() throws {
    let yaml = """
      name: t
      actions: [{ id: a, on: chat, points: 1 }]
      bands: [{ name: a, from: 5, requires: { actions: 1 } }, { name: b, from: 5 }, { name: c, from: -5 }]
      """
    #expect(try Model(yaml: yaml, file: "m").bands.map(\.from) == [5, 5, -5])
  }

  @Test func `refuses more tags than can be told apart`() {
    let segments = (0..<65).map { "  - { tag: t_\($0), when: { score: 1 } }" }.joined(separator: "\n")
    let found = problems(in: "name: t\nactions: [{ id: a, on: chat, points: 1 }]\nsegments:\n\(segments)")
    #expect(found.map(\.what) == ["the model owns 65 tags"])
    #expect(found.map(\.line) == [3])
  }

  static let shipped: [URL] =
    (try? FileManager.default.contentsOfDirectory(
      at: configFolder.appending(path: "models"), includingPropertiesForKeys: nil))?
    .filter { $0.pathExtension == "yaml" }.sorted { $0.path < $1.path } ?? []

  @Test func `finds the models that ship with the house`() {
    #expect(Self.shipped.count >= 6)
  }

  @Test(arguments: shipped)
  func `takes in every model that ships with the house`(file: URL) throws {
    let model = try Model(yaml: String(contentsOf: file, encoding: .utf8), file: file.lastPathComponent)
    #expect(!model.actions.isEmpty)
    #expect(!model.bands.isEmpty)
    #expect(model.bands.last?.from == model.scoreLimits.min, "the last band starts at the minimum")
    let silent = try Scorer(model: model).explain(
      Person(contacts: [Person.Contact(connection: "crm")]), at: now)
    #expect(silent.band != nil)
  }
}
