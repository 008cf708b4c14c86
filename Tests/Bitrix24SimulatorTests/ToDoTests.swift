import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import Bitrix24Simulator

@Suite("To-dos")
struct ToDoTests {
  private static let good: [JSON.Member] = [
    JSON.Member("ownerTypeId", 3), JSON.Member("ownerId", 1),
    JSON.Member("deadline", "2026-11-23T15:00:00+03:00"), JSON.Member("title", "Call"),
    JSON.Member("description", "Soon"),
  ]

  /// The parameters of a good call for somebody, with one of them another one, or left out.
  private func parameters(_ owner: Int64, _ name: String = "", _ value: JSON? = nil) -> JSON {
    var members = Self.good.filter { $0.name != name }
    if name != "ownerId" {
      members = members.map { $0.name == "ownerId" ? JSON.Member("ownerId", .integer(owner)) : $0 }
    }
    if let value { members.append(JSON.Member(name, value)) }
    return .map(members)
  }

  @Test("One that was added is an open activity of its owner, of a type and provider of its own")
  func added() {
    var portal = TestPortal(contacts: 2)
    let id = portal.id(2)
    let answer = portal.call("crm.activity.todo.add", parameters(id))
    let filter: JSON = ["OWNER_TYPE_ID": 3, "OWNER_ID": .integer(id), "PROVIDER_ID": "CRM_TODO"]
    let rows = portal.call("crm.activity.list", ["filter": filter]).result.values
    #expect(rows.count == 1)
    let row = rows.first
    #expect(answer.status == 200)
    #expect(answer.result["id"]?.phpWhole == row?["ID"]?.phpWhole)
    if case .integer? = answer.result["id"] {} else { Issue.record("the id is no number") }
    #expect(row?["TYPE_ID"] == "6")
    #expect(row?["COMPLETED"] == "N")
    #expect(row?["SUBJECT"] == "Call")
    #expect(row?["DESCRIPTION"] == "Soon")
    #expect(row?["DEADLINE"] == "2026-11-23T15:00:00+03:00")
    #expect(row?["CREATED"] == "2026-11-23T13:00:00+03:00")
    #expect(row?["RESPONSIBLE_ID"] == "1")
    #expect(portal.server.changingRequests == 1)
  }

  @Test("It is made for leads too, and for whom one says, and each call makes another one")
  func lead() {
    var portal = TestPortal(contacts: 4) { $0.classicMode = true }
    let lead = portal.id((1...4).first { portal.server.isLead($0) } ?? 0)
    #expect(lead > 0)
    var wanted = Self.good.filter { !["ownerTypeId", "ownerId"].contains($0.name) }
    wanted += [
      JSON.Member("ownerTypeId", 1), JSON.Member("ownerId", .integer(lead)), JSON.Member("responsibleId", 9),
    ]
    for _ in 1...2 { #expect(portal.call("crm.activity.todo.add", .map(wanted)).status == 200) }
    #expect(portal.server.todos(of: lead, isLead: true).map(\.responsible) == [9, 9])
    #expect(portal.server.todos(of: lead).isEmpty)
  }

  @Test(
    "What is missing or of the wrong type is refused with the number 100, and so is a name in other letters",
    arguments: [
      ("ownerTypeId", nil), ("ownerId", nil), ("deadline", nil), ("deadline", ""), ("ownerId", "one"),
      ("title", ["Call"]), ("description", ["text": "Soon"]), ("responsibleId", "nobody"),
    ] as [(String, JSON?)])
  func strict(name: String, value: JSON?) {
    var portal = TestPortal(contacts: 1)
    let answer = portal.call("crm.activity.todo.add", parameters(portal.id(1), name, value))
    #expect(answer.status == 400)
    #expect(answer.error == 100)
    #expect(portal.server.activityCount == 0)
  }

  @Test("The case of the names counts")
  func names() {
    var portal = TestPortal(contacts: 1)
    let members = Self.good.map { JSON.Member($0.name == "deadline" ? "DEADLINE" : $0.name, $0.value) }
    #expect(portal.call("crm.activity.todo.add", .map(members)).error == 100)
  }

  @Test(
    "Owners that are not there, and times that are none, have codes of their own",
    arguments: [
      ("ownerTypeId", 99, "OWNER_NOT_FOUND"), ("ownerId", 999_999, "NOT_FOUND"),
      ("deadline", "tomorrow", "WRONG_DATETIME_FORMAT"),
    ] as [(String, JSON, String)])
  func codes(name: String, value: JSON, code: String) {
    var portal = TestPortal(contacts: 1)
    let answer = portal.call("crm.activity.todo.add", parameters(portal.id(1), name, value))
    #expect(answer.status == 400)
    #expect(answer.error == .text(code))
    #expect(portal.server.activityCount == 0)
  }

  @Test("Whom the user may not see is not found, and whom he may not change is refused")
  func rights() {
    var portal = TestPortal(contacts: 2)
    portal.server.hide(portal.id(1))
    portal.server.refuse(portal.id(2), code: "ACCESS_DENIED", message: "Access denied.")
    #expect(portal.call("crm.activity.todo.add", parameters(portal.id(1))).error == "NOT_FOUND")
    #expect(portal.call("crm.activity.todo.add", parameters(portal.id(2))).error == "ACCESS_DENIED")
  }
}
