import Scoring
import Testing

@Suite struct `Matching an activity` {
  private static let doneTo: Set<String> = [
    "email_sent", "email_bounce", "task", "note", "deal_created", "deal_lost",
  ]

  @Test(arguments: KnownKind.allCases)
  func `any means every kind but those done to the contact`(kind: KnownKind) throws {
    let expected = Self.doneTo.contains(kind.name) ? 0 : whole(10)
    #expect(try units("on: any", [.ago(5, kind.name)]) == expected)
  }

  @Test(arguments: KnownKind.allCases)
  func `a kind that is named matches itself and no other`(kind: KnownKind) throws {
    let all = KnownKind.allCases.map { Activity.ago(5, $0.name) }
    let rule = try explain(actionModel("on: \(kind.name)"), all).rules[0]
    #expect(rule.activities.map(\.kind) == [.known(kind)])
  }

  @Test func `a list of kinds means any of them`() throws {
    let activities: [Activity] = [.ago(5, "chat"), .ago(6, "call"), .ago(7, "meeting")]
    #expect(try units("on: [chat, meeting]", activities) == whole(20))
    #expect(try units("on: [chat, chat]", activities) == whole(10))
  }

  @Test func `any in a list adds to the kinds that are named`() throws {
    let activities: [Activity] = [.ago(5, "chat"), .ago(6, "task"), .ago(7, "note")]
    #expect(try units("on: [any, task]", activities) == whole(20))
  }

  @Test func `kinds of the user's own match by name and are part of any`() throws {
    let activities: [Activity] = [.ago(5, "custom:webinar"), .ago(6, "custom:fair"), .ago(7, "chat")]
    #expect(try units("on: \"custom:webinar\"", activities) == whole(10))
    #expect(try units("on: [\"custom:webinar\", chat]", activities) == whole(20))
    #expect(try units("on: \"custom:unseen\"", activities) == 0)
    #expect(try units("on: any", activities) == whole(30))
    #expect(try units("on: page_visit", [.ago(5, "custom:page_visit")]) == 0)
  }

  @Test(arguments: [
    ("{ target: \"*/pricing*\" }", true), ("{ target: \"*/nothing*\" }", false),
    ("{ target: [\"*/nothing*\", \"*/pricing*\"] }", true), ("{ campaign: spring }", true),
    ("{ campaign: SPRING }", true), ("{ campaign: sprin }", false), ("{ campaign: [a, \"s*\"] }", true),
    ("{ value: \">= 30\" }", true), ("{ value: \"> 30\" }", false), ("{ value: 30 }", true),
    ("{ value: 31 }", false), ("{ value: \"= 30\" }", true), ("{ value: \"!= 30\" }", false),
    ("{ value: \"<= 30\" }", true), ("{ value: \"< 30\" }", false), ("{ value: 29.5 }", true),
    ("{ platform: mautic }", true), ("{ platform: hubspot }", false),
    ("{ platform: [hubspot, mautic] }", true),
    ("{ connection: web }", true), ("{ connection: hub }", false), ("{ connection: [hub, web] }", true),
    ("{ platform: mautic, connection: web }", true), ("{ platform: hubspot, connection: web }", false),
    ("{ platform: mautic, connection: hub }", false),
    ("{ target: \"*\", campaign: \"*\", value: 1, platform: mautic, connection: web }", true),
    ("{ target: \"*\", campaign: \"*\", value: 31, platform: mautic, connection: web }", false),
    ("{ target: \"*\", campaign: x, value: 1 }", false), ("{ target: x, campaign: \"*\", value: 1 }", false),
  ])
  func `where demands every key that it names`(filter: String, matches: Bool) throws {
    let activity = Activity.ago(5, target: "https://e.com/Pricing/1", campaign: "Spring", value: 30)
    let points = try units(
      "on: page_visit, where: \(filter)", [activity], contacts: [Person.Contact(connection: "web")],
      connections: [
        ConnectionLabel(name: "hub", platform: "hubspot"), ConnectionLabel(name: "web", platform: "mautic"),
      ])
    #expect(points == (matches ? whole(10) : 0))
  }

  @Test(arguments: [
    "{ target: \"*\" }", "{ campaign: \"*\" }", "{ value: \"!= 1\" }", "{ value: \"<= 0\" }", "{ value: 0 }",
  ])
  func `an activity without the attribute does not match`(filter: String) throws {
    #expect(try units("on: page_visit, where: \(filter)", [.ago(5)]) == 0)
  }

  @Test func `an activity belongs to the connection of its own contact`() throws {
    let contacts = [Person.Contact(connection: "a"), Person.Contact(connection: "b")]
    let connections = [
      ConnectionLabel(name: "b", platform: "two"), ConnectionLabel(name: "a", platform: "one"),
    ]
    let activities: [Activity] = [.ago(1, contact: 0), .ago(2, contact: 1), .ago(3, contact: 1)]
    func count(_ filter: String) throws -> Int64 {
      try units(
        "on: page_visit, where: \(filter)", points: 1, activities, contacts: contacts,
        connections: connections)
    }
    #expect(try count("{ connection: a }") == whole(1))
    #expect(try count("{ connection: b }") == whole(2))
    #expect(try count("{ platform: one }") == whole(1))
    #expect(try count("{ platform: two }") == whole(2))
    #expect(try count("{ connection: a, platform: two }") == 0)
  }

  @Test func `a rule without where matches on every one of sixty-four connections`() throws {
    let contacts = (0..<64).map { Person.Contact(connection: "c\($0)") }
    let connections = contacts.map { ConnectionLabel(name: $0.connection, platform: "files") }
    let activities = (0..<64).map { Activity.ago(5, contact: $0) }
    #expect(
      try units("on: page_visit", points: 1, activities, contacts: contacts, connections: connections)
        == whole(64))
    let last = "on: page_visit, where: { connection: c63 }"
    #expect(try units(last, points: 1, activities, contacts: contacts, connections: connections) == whole(1))
  }

  @Test(arguments: [
    ("giảm giá", true), ("GIAM GIA", true), ("gia\u{309}m gia\u{301}", true), ("giam", false),
  ])
  func `targets and globs are folded before they are compared`(target: String, matches: Bool) throws {
    let rule = "on: page_visit, where: { target: \"Giảm GIÁ\" }"
    #expect(try units(rule, [.ago(5, target: target)]) == (matches ? whole(10) : 0))
  }

  @Test func `the text of a target is never taken for the campaign`() throws {
    let rule = "on: page_visit, where: { target: \"a*\", campaign: \"b*\" }"
    #expect(try units(rule, [.ago(1, target: "a", campaign: "b")]) == whole(10))
    #expect(try units(rule, [.ago(1, target: "b", campaign: "a")]) == 0)
    #expect(try units(rule, [.ago(1, target: "a", campaign: "a")]) == 0)
    #expect(try units(rule, [.ago(1, target: "b", campaign: "b")]) == 0)
  }

  @Test func `more than a hundred different patterns are kept apart`() throws {
    let rules = (0..<150).map {
      "  - { id: r\($0), on: page_visit, points: 1, where: { target: \"*/p\($0)\" } }"
    }
    let yaml = "name: t\nactions:\n" + rules.joined(separator: "\n")
    for wanted in [0, 63, 64, 65, 127, 128, 149] {
      let explanation = try explain(yaml, [.ago(5, target: "x/P\(wanted)")])
      #expect(explanation.rules.filter { $0.units != 0 }.map(\.id) == ["r\(wanted)"])
    }
  }
}
