import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import HubSpotSimulator

/// Definitions of properties, by the recorded answers of other connectors.
@Suite("Properties and their groups")
struct PropertyTests {
  private let path = "/crm/properties/2026-03/contacts"

  private func score(_ name: String = "my_score", group: String = "contactinformation") -> JSON {
    [
      "groupName": .text(group), "name": .text(name), "label": "Score", "type": "number",
      "fieldType": "number",
    ]
  }

  private func option(_ value: JSON) -> JSON { ["label": value, "value": value] }

  @Test("A new property is there a moment later, and until then nowhere")
  func delay() {
    var test = TestAccount(contacts: 1)
    #expect(test.call("POST", path, score()).status == 201)
    #expect(test.get("\(path)/my_score").status == 404)
    #expect(test.update([test.input(1, "my_score", "1")]).codes == ["PROPERTY_DOESNT_EXIST"])
    test.pass(1)
    #expect(test.get("\(path)/my_score").body["type"] == "number")
    #expect(test.update([test.input(1, "my_score", "1")]).status == 200)
  }

  @Test("A name that is taken is a conflict; in a batch the others are made")
  func conflict() {
    var test = TestAccount(contacts: 0)
    let answer = test.call("POST", path, score("lead_score"))
    #expect(answer.status == 409)
    #expect(answer.category == "OBJECT_ALREADY_EXISTS")
    #expect(answer.body["subCategory"] == "Properties.PROPERTY_WITH_NAME_EXISTS")
    let batch = test.call("POST", "\(path)/batch/create", ["inputs": [score("lead_score"), score("other")]])
    #expect(batch.status == 207)
    #expect(batch.body["results"]?.elements.map { $0["name"] } == ["other"])
    #expect(batch.body["errors"]?.elements.first?["subCategory"] == "Properties.PROPERTY_WITH_NAME_EXISTS")
  }

  @Test("A group has to be there first, and is a conflict if it is, with JSON in its message")
  func groups() {
    var test = TestAccount(contacts: 0)
    #expect(test.call("POST", path, score(group: "lead_sync")).status == 400)
    let group: JSON = ["name": "lead_sync", "label": "Lead sync"]
    #expect(test.call("POST", "\(path)/groups", group).status == 201)
    let again = test.call("POST", "\(path)/groups", group)
    #expect(again.status == 409)
    #expect(again.message.hasPrefix("{"))
    #expect(test.call("POST", path, score(group: "lead_sync")).status == 201)
    #expect(test.get("\(path)/groups").body["results"]?.elements.last?["name"] == "lead_sync")
  }

  @Test("Options that are left out of a list are gone, and without a list they stay")
  func options() {
    var test = TestAccount(contacts: 1)
    let whole = test.call("PATCH", "\(path)/lead_tags", ["options": [option("hot"), option("new")]])
    #expect(whole.status == 200)
    #expect(test.server.options(of: "lead_tags") == ["hot", "new"])
    #expect(test.update([test.input(1, "lead_tags", "new")]).status == 200)
    #expect(test.update([test.input(1, "lead_tags", "cold")]).codes == ["INVALID_OPTION"])
    #expect(test.call("PATCH", "\(path)/lead_tags", ["label": "Tags"]).status == 200)
    #expect(test.server.options(of: "lead_tags") == ["hot", "new"])
  }

  @Test("Making a property whose name was archived brings it back, with its values")
  func restored() {
    var test = TestAccount(contacts: 1)
    _ = test.score(1, "5")
    #expect(test.call("DELETE", "\(path)/lead_score").status == 204)
    #expect(test.score(1, "6").status == 400)
    #expect(test.call("POST", path, score("lead_score")).status == 201)
    test.pass(1)
    #expect(test.get("\(TestAccount.contacts)?properties=lead_score").property("lead_score") == "5")
  }

  @Test(
    "A name in capitals, a field type of another type and an enumeration without options are refused",
    arguments: [
      ("Score", "number", "number"), ("score", "number", "text"), ("score", "enumeration", "select"),
    ])
  func invalid(name: String, type: String, fieldType: String) {
    var test = TestAccount(contacts: 0)
    let body: JSON = [
      "groupName": "contactinformation", "name": .text(name), "label": "Score", "type": .text(type),
      "fieldType": .text(fieldType),
    ]
    #expect(test.call("POST", path, body).status == 400)
  }

  @Test("HubSpot's own properties say that their values are read-only, and cannot be changed")
  func standard() {
    var test = TestAccount(contacts: 0)
    let opens = test.get("\(path)/hs_email_open")
    #expect(opens.body["modificationMetadata"]?["readOnlyValue"] == true)
    #expect(opens.body["hubspotDefined"] == true)
    #expect(test.call("PATCH", "\(path)/hs_email_open", ["label": "x"]).status == 400)
  }

  @Test("An account is told its limit of properties, and held to it")
  func limit() {
    var test = TestAccount(contacts: 0) { $0.customPropertyLimit = 3 }
    #expect(test.call("POST", path, score("third")).status == 201)
    #expect(test.call("POST", path, score("fourth")).status == 400)
    let limits = test.get("/crm/limits/2026-03/custom-properties")
    #expect(limits.body["byObjectType"]?.elements.first?["usage"] == 3)
  }

  @Test("Who may write contacts may not yet define properties")
  func scopes() {
    var test = TestAccount(contacts: 0) { $0.scopes.remove("crm.schemas.contacts.write") }
    let answer = test.call("POST", path, score())
    #expect(answer.status == 403)
    #expect(answer.category == "MISSING_SCOPES")
    #expect(answer.body["context"]?["requiredGranularScopes"] == ["crm.schemas.contacts.write"])
    #expect(test.get(path).status == 200)
  }
}
