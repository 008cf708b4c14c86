import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import HubSpotSimulator

/// Which members stand in answers of real accounts, as the recordings in amp-labs/connectors (providers/hubspot/test,
/// 2025 and 2026) show them.
@Suite("Answers have the members of recorded ones")
struct RecordedFormTests {
  private let record: Set<String> = ["id", "properties", "createdAt", "updatedAt", "archived", "url"]

  private func names(_ json: JSON?) -> Set<String> { Set((json?.members ?? []).map { $0.name }) }

  @Test("A list, and a record in it")
  func list() {
    var test = TestAccount(contacts: 3)
    let answer = test.get("\(TestAccount.contacts)?limit=2")
    #expect(names(answer.body) == ["results", "paging"])
    #expect(names(answer.body["paging"]?["next"]) == ["after", "link"])
    #expect(names(answer.body["results"]?.elements.first) == record)
  }

  @Test("A page of a search: its cursor has no link")
  func search() {
    var test = TestAccount(contacts: 3)
    let answer = test.search(limit: 2)
    #expect(names(answer.body) == ["total", "results", "paging"])
    #expect(names(answer.body["paging"]?["next"]) == ["after"])
    #expect(names(answer.body["results"]?.elements.first) == record)
  }

  @Test("An update of a batch that went well, went well in part, and failed")
  func update() {
    var test = TestAccount(contacts: 1)
    let whole: Set<String> = ["completedAt", "status", "startedAt", "results"]
    #expect(names(test.score(1, "1").body) == whole)
    let part = test.update([["id": "5", "properties": ["lead_score": "1"]]])
    #expect(names(part.body) == whole.union(["errors", "numErrors"]))
    #expect(names(part.body["errors"]?.elements.first) == ["status", "category", "message", "context"])
    let bad = test.update([test.input(1, "nosuch", "1"), test.input(1, "nosuch", "1")])
    #expect(names(bad.body) == ["status", "message", "correlationId", "context", "category"])
    let unknown = test.update([test.input(1, "nosuch", "1")])
    #expect(names(unknown.body) == ["status", "message", "correlationId", "errors", "category"])
    #expect(names(unknown.body["errors"]?.elements.first) == ["message", "code", "context"])
  }

  @Test("A refusal for a scope, and one for a type of records")
  func refusals() {
    var test = TestAccount { $0.scopes = [] }
    let scope = test.get(TestAccount.contacts)
    #expect(names(scope.body) == ["status", "message", "correlationId", "context", "category"])
    #expect(names(scope.body["context"]) == ["requiredGranularScopes", "links"])
    #expect(
      names(test.get("/crm/objects/2026-03/butterflies").body) == ["status", "message", "correlationId"])
  }

  @Test("A property, and one in a batch that was there before")
  func property() {
    var test = TestAccount(contacts: 0)
    let score: JSON = [
      "groupName": "contactinformation", "name": "my_score", "label": "Score", "type": "number",
      "fieldType": "number",
    ]
    let path = "/crm/properties/2026-03/contacts/batch/create"
    let made = test.call("POST", path, ["inputs": [score]])
    #expect(made.status == 201)
    let expected: Set<String> = [
      "name", "label", "type", "fieldType", "description", "groupName", "options", "displayOrder",
      "calculated",
      "externalOptions", "hasUniqueValue", "hidden", "modificationMetadata", "formField", "dataSensitivity",
    ]
    let present = names(made.body["results"]?.elements.first)
    #expect(present.isSuperset(of: expected))
    let error = test.call("POST", path, ["inputs": [score]]).body["errors"]?.elements.first
    #expect(names(error) == ["status", "category", "subCategory", "message", "context"])
    #expect(error?["context"] == ["name": ["my_score"]])
  }

  @Test("A page view, a list that was searched for, and a link")
  func others() {
    var test = TestAccount { $0.plan = .enterprise }
    test.act(1, .pageVisit)
    test.act(1, .meeting)
    let view = test.get("/events/event-occurrences/2026-03?eventType=e_visited_page")
    #expect(
      names(view.body["results"]?.elements.first)
        == ["objectType", "objectId", "eventType", "occurredAt", "id", "properties"])
    let list: JSON = ["name": "Hot", "objectTypeId": "0-1", "processingType": "MANUAL"]
    _ = test.call("POST", "/crm/lists/2026-03", list)
    let found = test.call("POST", "/crm/lists/2026-03/search", ["query": "hot"])
    #expect(names(found.body) == ["offset", "hasMore", "lists", "total"])
    #expect(found.body["lists"]?.elements.first?["additionalProperties"]?["hs_list_size"] == "0")
    let id = test.call("POST", "/crm/objects/2026-03/meetings/search", [:]).ids.first ?? 0
    let links = test.call(
      "POST", "/crm/associations/2026-03/meetings/contacts/batch/read", ["inputs": [["id": .text("\(id)")]]])
    let link = links.body["results"]?.elements.first
    #expect(names(link) == ["from", "to"])
    #expect(names(link?["to"]?.elements.first) == ["toObjectId", "associationTypes"])
  }
}
