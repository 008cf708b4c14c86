import Platform
import Scoring
import Testing

@testable import HubSpotSimulator

/// What becomes of contacts that are merged, deleted or erased: HubSpot's changelog of the merge rework, and its
/// pages on deletion.
@Suite("Merged, deleted and erased contacts")
struct MergeTests {
  @Test("A merge makes a third id; both old ones read alone lead to it, and are nowhere else")
  func newID() {
    var test = TestAccount(contacts: 3)
    let (first, second) = (test.id(1), test.id(2))
    let merged = test.call(
      "POST", "\(TestAccount.contacts)/merge",
      ["primaryObjectId": .text("\(first)"), "objectIdToMerge": .text("\(second)")])
    #expect(merged.status == 200)
    let new = test.id(1)
    #expect(new != first && new != second && test.id(2) == new)
    for old in [first, second] {
      #expect(test.get("\(TestAccount.contacts)/\(old)").body["id"] == .text("\(new)"))
    }
    #expect(test.get(TestAccount.contacts).ids == [test.id(3), new])
    #expect(test.get("\(TestAccount.contacts)?archived=true").ids == [])
    #expect(test.score(1, "3").status == 200)
    let batch = test.update([["id": .text("\(first)"), "properties": ["lead_score": "5"]]])
    #expect(batch.status == 207)
  }

  @Test("The winner keeps its values, takes the others over, and names addresses and ids of the loser")
  func values() {
    var test = TestAccount(contacts: 2)
    _ = test.score(2, "9")
    let old = [test.id(1), test.id(2)]
    test.server.merge(old[1], into: old[0], at: test.now)
    let held = test.server.held(test.id(1))
    #expect(held?.properties["email"] == "p1@example.test")
    #expect(held?.properties["hs_additional_emails"] == "p2@example.test")
    #expect(held?.properties["lead_score"] == "9")
    #expect(held?.properties["hs_merged_object_ids"] == "\(old[0]);\(old[1])")
  }

  @Test("A chain of merges stands in hs_merged_object_ids, and is cut in hs_calculated_merged_vids")
  func chain() {
    var test = TestAccount(contacts: 3)
    let old = (1...3).map { test.id($0) }
    let middle = test.server.merge(old[1], into: old[0], at: test.now) ?? 0
    test.server.merge(middle, into: old[2], at: test.now)
    let held = test.server.held(test.id(1))
    #expect(held?.properties["hs_merged_object_ids"] == "\(old[0]);\(old[1]);\(old[2]);\(middle)")
    #expect(held?.properties["hs_calculated_merged_vids"] == "\(old[2]);\(middle)")
  }

  @Test("In an account of old one of the two ids stays")
  func oldMerge() {
    var test = TestAccount(contacts: 2) { $0.mergeMakesNewID = false }
    let (winner, loser) = (test.id(1), test.id(2))
    #expect(test.server.merge(loser, into: winner, at: test.now) == winner)
    #expect(test.server.held(winner)?.properties["hs_merged_object_ids"] == "\(loser)")
  }

  @Test("Counters, page views and lists of both belong to the one")
  func belongings() {
    var test = TestAccount(contacts: 2) { $0.plan = .enterprise }
    test.act(1, .pageVisit, target: "https://a.test/")
    test.act(2, .pageVisit, target: "https://b.test/")
    test.server.merge(test.id(2), into: test.id(1), at: test.now)
    let views = test.get("/events/event-occurrences/2026-03?eventType=e_visited_page")
    #expect(
      views.body["results"]?.elements.map { $0["objectId"] } == [
        .text("\(test.id(1))"), .text("\(test.id(1))"),
      ])
    let count = test.get("\(TestAccount.contacts)?properties=hs_analytics_num_page_views")
    #expect(count.property("hs_analytics_num_page_views") == "2")
  }

  @Test("Who is erased is gone everywhere, without a trace in the archived list")
  func erased() {
    var test = TestAccount(contacts: 2)
    test.act(1, .emailOpen)
    test.act(1, .formSubmit, target: "Demo")
    let id = test.id(1)
    let answer = test.call(
      "POST", "\(TestAccount.contacts)/gdpr-delete", ["objectId": "p1@example.test", "idProperty": "email"])
    #expect(answer.status == 204)
    #expect(test.get("\(TestAccount.contacts)/\(id)").status == 404)
    #expect(test.get("\(TestAccount.contacts)?archived=true").ids == [])
    #expect(test.get("/email/public/v1/events?eventType=OPEN").body["events"] == [])
    #expect(test.search().ids == [test.id(2)])
  }

  @Test("Who is erased after a merge takes along what both had done")
  func erasedAfterMerge() {
    var test = TestAccount(contacts: 2)
    test.act(1, .emailOpen)
    test.act(2, .emailOpen)
    test.server.merge(test.id(2), into: test.id(1), at: test.now)
    test.server.erase(test.id(1), at: test.now)
    #expect(test.get("/email/public/v1/events?eventType=OPEN").body["events"] == [])
  }

  @Test("A deleted contact is gone from searches at once, and can be restored")
  func restored() {
    var test = TestAccount(contacts: 1)
    let id = test.id(1)
    #expect(test.call("DELETE", "\(TestAccount.contacts)/\(id)").status == 204)
    #expect(test.search().ids == [])
    #expect(test.server.held(id) == nil)
    test.server.restore(id, at: test.now)
    #expect(test.search().ids == [id])
  }
}
