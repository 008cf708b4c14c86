import Platform
import SimulatorJSON
import Testing

@testable import HubSpotSimulator

/// Static lists, by the descriptions of their API.
@Suite("Static lists")
struct StaticListTests {
  private let path = "/crm/lists/2026-03"
  private let hot: JSON = ["name": "Sync: hot leads", "objectTypeId": "0-1", "processingType": "MANUAL"]

  @Test("A list is found by its name in any case, and its name is taken")
  func names() {
    var test = TestAccount()
    let made = test.call("POST", path, hot)
    #expect(made.status == 200)
    let id = made.body["list"]?["listId"]
    let found = test.get("\(path)/object-type-id/0-1/name/SYNC%3A%20hot%20leads")
    #expect(found.body["list"]?["listId"] == id)
    #expect(test.get("\(path)/object-type-id/0-1/name/other").status == 404)
    #expect(test.call("POST", path, hot).status == 400)
    let search = test.call("POST", "\(path)/search", ["query": "sync", "count": 10])
    #expect(search.body["total"] == 1)
    #expect(search.body["hasMore"] == false)
  }

  @Test("Members come and go by id; who is in already is no news, and who is unknown stops nothing")
  func members() {
    var test = TestAccount()
    let id = test.call("POST", path, hot).body["list"]?["listId"]?.string ?? ""
    let ids = (1...3).map { JSON.text("\(test.id($0))") }
    let added = test.call("PUT", "\(path)/\(id)/memberships/add", .list([ids[0], ids[1], "99"]))
    #expect(added.body["recordsIdsAdded"] == .list([ids[0], ids[1]]))
    #expect(added.body["recordIdsMissing"] == ["99"])
    let changed = test.call(
      "PUT", "\(path)/\(id)/memberships/add-and-remove",
      ["recordIdsToAdd": .list([ids[1], ids[2]]), "recordIdsToRemove": .list([ids[0], "99"])])
    #expect(changed.body["recordsIdsAdded"] == .list([ids[2]]))
    #expect(changed.body["recordIdsRemoved"] == .list([ids[0]]))
    let page = test.get("\(path)/\(id)/memberships?limit=1")
    #expect(page.body["total"] == 2)
    #expect(page.body["results"]?.elements.map { $0["recordId"] } == [ids[1]])
    let next = test.get("\(path)/\(id)/memberships?limit=1&after=\(Escaping.encode(page.after ?? ""))")
    #expect(next.body["results"]?.elements.map { $0["recordId"] } == [ids[2]])
    #expect(test.server.held(test.id(2))?.lists == ["Sync: hot leads"])
  }

  @Test("A page of members has 250 at most; a list that keeps itself takes none; version 1 is gone")
  func refusals() {
    var test = TestAccount()
    let dynamic: JSON = ["name": "All", "objectTypeId": "0-1", "processingType": "DYNAMIC"]
    let id = test.call("POST", path, dynamic).body["list"]?["listId"]?.string ?? ""
    #expect(test.get("\(path)/\(id)/memberships?limit=251").status == 400)
    #expect(test.call("PUT", "\(path)/\(id)/memberships/add", [.text("\(test.id(1))")]).status == 400)
    #expect(test.get("/contacts/v1/lists").status == 404)
  }
}
