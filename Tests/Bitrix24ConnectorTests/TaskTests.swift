import Bitrix24Simulator
import ConnectorConformance
import Platform
import Scoring
import Testing
import WebAPI

@testable import Bitrix24Connector

@Suite("To-dos in Bitrix24")
struct TaskTests {
  private static let route = "crm.activity.todo.add"
  private let portal = Bitrix24TestPortal()

  private func task(_ key: String, on portal: Bitrix24TestPortal, lines: [String] = []) -> HandoffTask {
    HandoffTask(
      key: key, title: "An is hot: 60 points", lines: lines, at: Timestamp(Int64(portal.clock.now())))
  }

  private func todos(of contact: ContactID, on portal: Bitrix24TestPortal) -> [Bitrix24ToDo] {
    guard let person = PersonNumber(contact) else { return [] }
    return portal.ask { $0.todos(of: person.number, isLead: person.kind == .lead) }
  }

  private func sent(on portal: Bitrix24TestPortal) -> Int {
    portal.routes().filter { $0 == Self.route }.count
  }

  @Test(
    "A to-do is made once for a key, however often it is asked for, for contacts and leads",
    arguments: [Bitrix24Subject.Sort.usual, .app, .classic, .universal])
  func once(sort: Bitrix24Subject.Sort) async throws {
    let portal = Bitrix24TestPortal(sort)
    let id = try await portal.people(1)[0]
    let connector = portal.bitrix24()
    #expect(connector.capabilities.createsTasks)
    for key in ["RUN-1", "RUN-1", "RUN-2", "RUN-1"] {
      try await connector.createTask(task(key, on: portal), for: id)
    }
    let made = todos(of: id, on: portal)
    #expect(made.map(\.description) == ["Leadgauge RUN-1", "Leadgauge RUN-2"])
    #expect(made.allSatisfy { $0.title == "An is hot: 60 points" })
    #expect(made.allSatisfy { $0.deadline == Timestamp(Int64(portal.clock.now())) })
    #expect(sent(on: portal) == 2)
  }

  @Test("In a portal in classic mode it is the lead that gets it, not the contact of the same number")
  func lead() async throws {
    let portal = Bitrix24TestPortal(.classic)
    let lead = try #require(try await portal.people(4).first { $0.text.hasPrefix("L") })
    try await portal.bitrix24().createTask(task("RUN-1", on: portal), for: lead)
    #expect(todos(of: lead, on: portal).count == 1)
    #expect(todos(of: ContactID(String(lead.text.dropFirst())), on: portal).isEmpty)
  }

  @Test("One request looks, and one makes it")
  func cost() async throws {
    let id = try await portal.people(1)[0]
    try await portal.bitrix24().createTask(task("RUN-1", on: portal), for: id)
    #expect(portal.routes() == ["batch: crm.activity.list, crm.item.get", Self.route])
  }

  @Test("A key that begins another one is a key of its own")
  func prefix() async throws {
    let id = try await portal.people(1)[0]
    let connector = portal.bitrix24()
    for key in ["RUN-11", "RUN-1"] { try await connector.createTask(task(key, on: portal), for: id) }
    #expect(todos(of: id, on: portal).count == 2)
  }

  @Test("Of many to-dos all are looked at, also those that are done")
  func many() async throws {
    let id = try await portal.people(1)[0]
    let connector = portal.bitrix24()
    for number in 1...11 { try await connector.createTask(task("RUN-\(number)", on: portal), for: id) }
    let last = try #require(todos(of: id, on: portal).last)
    portal.act { $0.editActivity(last.id, subject: "Called", at: $1) }
    for number in [1, 6, 11] {
      try await portal.bitrix24().createTask(task("RUN-\(number)", on: portal), for: id)
    }
    #expect(todos(of: id, on: portal).count == 11)
  }

  @Test("Another one's to-do of the same key does not count")
  func others() async throws {
    let ids = try await portal.people(2)
    let connector = portal.bitrix24()
    for id in ids { try await connector.createTask(task("RUN-1", on: portal), for: id) }
    #expect(ids.map { todos(of: $0, on: portal).count } == [1, 1])
  }

  // MARK: Answers that do not come

  @Test("One whose answer was lost is looked for before it is sent again", arguments: [true, false])
  func lost(acted: Bool) async throws {
    let id = try await portal.people(1)[0]
    portal.network.decide { $0.path.hasSuffix(Self.route) ? .lost(acted: acted) : .answered }
    let found = await failure { try await portal.bitrix24().createTask(task("RUN-1", on: portal), for: id) }
    #expect(found?.kind == .unavailable)
    #expect(sent(on: portal) == 1)
    portal.network.decide { _ in .answered }
    try await portal.bitrix24().createTask(task("RUN-1", on: portal), for: id)
    #expect(todos(of: id, on: portal).count == 1)
    #expect(sent(on: portal) == (acted ? 1 : 2))
  }

  @Test(
    "An answer that does not say that it was made is no proof of anything",
    arguments: [(200, #"{"result":null}"#), (200, "cut off"), (502, "<html></html>"), (503, "<html></html>")])
  func unclear(status: Int, body: String) async throws {
    let id = try await portal.people(1)[0]
    portal.network.decide { request in
      guard request.path.hasSuffix(Self.route) else { return .answered }
      return .altered { _ in SimulatedAnswer(status: status, headers: [], body: Array(body.utf8)) }
    }
    let found = await failure { try await portal.bitrix24().createTask(task("RUN-1", on: portal), for: id) }
    #expect(found?.kind == .unavailable)
    #expect(sent(on: portal) == 1)
    portal.network.decide { _ in .answered }
    try await portal.bitrix24().createTask(task("RUN-1", on: portal), for: id)
    #expect(todos(of: id, on: portal).count == 1)
    #expect(sent(on: portal) == 1)
  }

  @Test("One that a limit refused was not made, and is sent again at once")
  func limit() async throws {
    let portal = Bitrix24TestPortal { $0.burst = 1 }
    let id = try await portal.people(1)[0]
    try await portal.bitrix24().createTask(task("RUN-1", on: portal), for: id)
    #expect(portal.ask { $0.rateRefusals } == 1)
    #expect(sent(on: portal) == 2)
    #expect(todos(of: id, on: portal).count == 1)
  }

  @Test("Nothing is made as long as nobody knows what is there")
  func blind() async throws {
    let portal = Bitrix24TestPortal { $0.missingMethods = ["crm.activity.list"] }
    let id = try await portal.people(1)[0]
    let found = await failure { try await portal.bitrix24().createTask(task("RUN-1", on: portal), for: id) }
    #expect(found != nil)
    #expect(sent(on: portal) == 0)
  }

  // MARK: What it says

  @Test("Whoever is responsible for the person is responsible for the to-do")
  func responsible() async throws {
    let id = try await portal.people(1)[0]
    portal.change(id) { $0.setField($1, "ASSIGNED_BY_ID", to: "9", isLead: $2, at: $3) }
    try await portal.bitrix24().createTask(task("RUN-1", on: portal), for: id)
    #expect(todos(of: id, on: portal).map(\.responsible) == [9])
  }

  @Test("Where that cannot be read nobody is named, and it is the webhook's user")
  func nobody() async throws {
    let portal = Bitrix24TestPortal { $0.missingMethods = ["crm.item.get"] }
    let id = try await portal.people(1)[0]
    try await portal.bitrix24().createTask(task("RUN-1", on: portal), for: id)
    #expect(todos(of: id, on: portal).map(\.responsible) == [1])
    let request = try #require(portal.network.requests.last)
    #expect(!String(decoding: request.body, as: UTF8.self).contains("responsibleId"))
  }

  @Test("Lines stand below each other, without the brackets of BB code, and cannot refer to commands")
  func text() async throws {
    let id = try await portal.people(1)[0]
    let lines = ["Why: [b]Saw[/b] & <bought>", "$result[r][item]"]
    try await portal.bitrix24().createTask(task("RUN-1", on: portal, lines: lines), for: id)
    #expect(
      todos(of: id, on: portal).map(\.description) == [
        "Why: (b)Saw(/b) & <bought>\n$result(r)(item)\nLeadgauge RUN-1"
      ])
  }

  @Test("Our own to-do is nothing that anybody did, open or done")
  func noActivity() async throws {
    let id = try await portal.people(1)[0]
    try await portal.bitrix24().createTask(task("RUN-1", on: portal), for: id)
    let made = try #require(todos(of: id, on: portal).first)
    for isDone in [false, true] {
      portal.act { $0.editActivity(made.id, subject: "Call An", isCompleted: isDone, at: $1) }
      var pull = Pull()
      try await pull.read("activities", portal.bitrix24(), portal.window())
      #expect(pull.activities().isEmpty)
      #expect(pull.rejected("activities").isEmpty)
    }
    #expect(portal.ask { $0.activityCount } == 1)
  }

  // MARK: Refusals

  @Test("Somebody who is gone, hidden or no one's number keeps nobody else's to-do back")
  func gone() async throws {
    let ids = try await portal.people(2)
    portal.change(ids[0]) { server, id, isLead, _ in server.delete(id, isLead: isLead) }
    portal.change(ids[1]) { server, id, isLead, _ in server.hide(id, isLead: isLead) }
    for id in ids + [ContactID("x1")] {
      let found = await failure { try await portal.bitrix24().createTask(task("RUN-1", on: portal), for: id) }
      #expect(found?.kind == .badData)
    }
    #expect(sent(on: portal) == 0)
  }

  @Test(
    "A refusal is told, and concerns this one alone",
    arguments: [
      ("ACCESS_DENIED", "Access denied.", "does not let this user"),
      ("OWNER_NOT_FOUND", "No owner", "no contact or lead"),
      ("WRONG_DATETIME_FORMAT", "Wrong format", "Wrong format"),
    ])
  func refused(code: String, message: String, told: String) async throws {
    let id = try await portal.people(1)[0]
    portal.change(id) { server, id, isLead, _ in
      server.refuse(id, code: code, message: message, isLead: isLead)
    }
    let found = await failure { try await portal.bitrix24().createTask(task("RUN-1", on: portal), for: id) }
    #expect(found?.kind == .badData)
    #expect(found?.what.contains(told) == true, "\(found?.what ?? "")")
    #expect(sent(on: portal) == 1)
  }

  @Test("A portal without to-dos says so once for all")
  func noMethod() async throws {
    let portal = Bitrix24TestPortal { $0.missingMethods = [Self.route] }
    let id = try await portal.people(1)[0]
    let found = await failure { try await portal.bitrix24().createTask(task("RUN-1", on: portal), for: id) }
    #expect(found?.kind == .configuration)
  }
}
