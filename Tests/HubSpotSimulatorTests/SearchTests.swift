import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import HubSpotSimulator

/// The search of the CRM, whose limits stand in HubSpot's documentation of March 2026.
@Suite("The search for contacts")
struct SearchTests {
  @Test("A change is read at once by id, and seen by a search some seconds later")
  func lag() {
    var test = TestAccount()
    test.pass(100)
    let start = test.now.seconds
    #expect(test.score(2, "42").status == 200)
    #expect(
      test.get("\(TestAccount.contacts)/\(test.id(2))?properties=lead_score").property("lead_score") == "42")
    #expect(test.search(changedSince: start).ids == [])
    test.pass(4)
    #expect(test.search(changedSince: start).ids == [])
    test.pass(1)
    let late = test.search(changedSince: start)
    #expect(late.ids == [test.id(2)])
    #expect(late.property("lead_score") == "42")
  }

  @Test("Until then a search shows what was there before, and a new contact not at all")
  func lagShowsTheOld() {
    var test = TestAccount(contacts: 2)
    _ = test.score(1, "1")
    test.pass(10)
    _ = test.score(1, "2")
    let made = test.call("POST", TestAccount.contacts, ["properties": ["email": "new@example.test"]])
    #expect(made.status == 201)
    #expect(test.search().ids == [test.id(1), test.id(2)])
    #expect(test.search().property("lead_score") == "1")
    test.pass(5)
    #expect(test.search().ids.count == 3)
    #expect(test.search().property("lead_score") == "2")
  }

  @Test("The offset is a place, so that a row is skipped when one before it goes")
  func offsetSkips() {
    var test = TestAccount(contacts: 6)
    let first = test.search(limit: 2)
    #expect(first.after == "2")
    test.server.archive(test.id(1), at: test.now)
    let second = test.search(limit: 2, after: "2")
    #expect(first.ids == [first.ids[0], test.id(2)])
    #expect(second.ids == [test.id(4), test.id(5)])
  }

  @Test("The id of the last one leads to the next page without a gap")
  func keyset() {
    var test = TestAccount(contacts: 5)
    let first = test.search(limit: 2)
    test.server.archive(first.ids[0], at: test.now)
    let second = test.search(above: first.ids[1], limit: 2)
    #expect(second.ids == [test.id(3), test.id(4)])
    #expect(second.body["total"] == 3)
  }

  @Test("A list's cursor is refused, as is a page of more than 200 and one beyond 10,000")
  func limits() {
    var test = TestAccount(contacts: 3)
    let wrong = test.search(after: .text(Identifier.opaque("record:5")))
    #expect(wrong.status == 400)
    #expect(wrong.message.contains("Cannot deserialize value of type"))
    #expect(test.search(limit: 201).status == 400)
    #expect(test.search(limit: 200, after: "9800").status == 200)
    #expect(test.search(limit: 200, after: "9801").status == 400)
  }

  @Test("Two sorts, six groups, seven filters in a group or nineteen in all are too many")
  func shape() {
    var test = TestAccount(contacts: 1)
    func body(_ groups: Int, _ filters: Int, _ sorts: Int) -> JSON {
      let filter: JSON = ["propertyName": "email", "operator": "HAS_PROPERTY"]
      let group: JSON = ["filters": .list(Array(repeating: filter, count: filters))]
      let sort: JSON = ["propertyName": "email", "direction": "ASCENDING"]
      return [
        "filterGroups": .list(Array(repeating: group, count: groups)),
        "sorts": .list(Array(repeating: sort, count: sorts)),
      ]
    }
    let path = "\(TestAccount.contacts)/search"
    let statuses = [(5, 3, 1), (6, 1, 0), (1, 7, 0), (4, 5, 0)].map { groups, filters, sorts in
      test.call("POST", path, body(groups, filters, sorts)).status
    }
    #expect(statuses == [200, 400, 400, 400])
    test.pass(1)
    #expect(test.call("POST", path, body(1, 1, 2)).status == 400)
  }

  @Test(
    "Every operator does what it says",
    arguments: [
      ("lead_score", "EQ", "5", [1]), ("lead_score", "NEQ", "5", [2, 3]), ("lead_score", "GT", "5", [2]),
      ("lead_score", "GTE", "5", [1, 2]), ("lead_score", "LT", "10", [1]),
      ("lead_score", "LTE", "10", [1, 2]),
      ("firstname", "EQ", "p1", [1]), ("email", "CONTAINS_TOKEN", "p2", [2]),
      ("email", "NOT_CONTAINS_TOKEN", "p2", [1, 3]), ("lead_score", "HAS_PROPERTY", "", [1, 2]),
      ("lead_score", "NOT_HAS_PROPERTY", "", [3]),
    ])
  func operators(property: String, operation: String, value: String, found: [Int]) {
    var test = TestAccount(contacts: 3)
    _ = test.score(1, "5")
    _ = test.score(2, "10")
    test.pass(10)
    let answer = test.call(
      "POST", "\(TestAccount.contacts)/search",
      [
        "filterGroups": [
          [
            "filters": [
              [
                "propertyName": .text(property), "operator": .text(operation), "value": .text(value),
              ]
            ]
          ]
        ]
      ])
    #expect(answer.ids == found.map { test.id($0) })
  }

  @Test("IN on a text wants small letters, as HubSpot's documentation says")
  func inWantsSmallLetters() {
    var test = TestAccount(contacts: 2)
    func search(_ name: JSON) -> [Int64] {
      test.call(
        "POST", "\(TestAccount.contacts)/search",
        ["filterGroups": [["filters": [["propertyName": "firstname", "operator": "IN", "values": [name]]]]]]
      ).ids
    }
    #expect(search("p1") == [test.id(1)])
    #expect(search("P1") == [])
  }

  @Test("A property that does not exist is refused in a filter, and left out among the properties")
  func unknownProperty() {
    var test = TestAccount(contacts: 1)
    let filter: JSON = ["propertyName": "nosuch", "operator": "EQ", "value": "1"]
    let path = "\(TestAccount.contacts)/search"
    #expect(test.call("POST", path, ["filterGroups": [["filters": [filter]]]]).status == 400)
    #expect(test.call("POST", path, ["properties": ["nosuch"]]).status == 200)
  }

  @Test("Deals and calls are searched by their own date of change")
  func otherTypes() {
    var test = TestAccount(contacts: 1)
    test.act(1, .call, value: 95)
    let path = "/crm/objects/2026-03/calls/search"
    func body(_ name: JSON) -> JSON {
      [
        "filterGroups": [["filters": [["propertyName": name, "operator": "GTE", "value": "1"]]]],
        "properties": ["hs_call_duration", "hs_call_status"],
      ]
    }
    let found = test.call("POST", path, body("hs_lastmodifieddate"))
    #expect(found.property("hs_call_duration") == "95000")
    #expect(found.property("hs_call_status") == "COMPLETED")
    #expect(test.call("POST", path, body("lastmodifieddate")).status == 400)
  }
}
