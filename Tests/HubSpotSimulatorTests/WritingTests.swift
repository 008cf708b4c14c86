import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import HubSpotSimulator

/// Writing by batches, as recorded answers and reports of other programs' authors describe it.
@Suite("Writing contacts")
struct WritingTests {
  @Test("A batch writes by id and moves the date of change")
  func writes() {
    var test = TestAccount()
    let first = test.score(1, "42")
    #expect(first.status == 200)
    #expect(first.body["status"] == "COMPLETE")
    #expect(first.property("lead_score") == "42")
    #expect(test.server.held(test.id(1))?.properties["lead_score"] == "42")
    test.pass(60)
    let second = test.score(1, "43")
    #expect(first.property("lastmodifieddate") == "2026-11-23T10:00:00.000Z")
    #expect(second.property("lastmodifieddate") == "2026-11-23T10:01:00.000Z")
    #expect(second.body["results"]?.elements.first?["updatedAt"] == second.property("lastmodifieddate"))
  }

  @Test("An equal write leaves the date of change alone, as recorded, unless the account is set up otherwise")
  func equalWrites() {
    for moves in [false, true] {
      var test = TestAccount { $0.equalWritesMoveModified = moves }
      let first = test.score(1, "42").property("lastmodifieddate")
      test.pass(60)
      #expect((test.score(1, "42").property("lastmodifieddate") != first) == moves)
    }
  }

  @Test("Two writes within a second are told apart by their milliseconds")
  func milliseconds() {
    var test = TestAccount()
    #expect(test.score(1, "1").property("lastmodifieddate") == "2026-11-23T10:00:00.000Z")
    #expect(test.score(2, "1").property("lastmodifieddate") == "2026-11-23T10:00:00.001Z")
  }

  @Test("A property that does not exist stops the whole batch, and the answer names no record")
  func unknownProperty() {
    var test = TestAccount()
    let answer = test.update([test.input(1, "lead_score", "1"), test.input(2, "lead_scoer", "2")])
    #expect(answer.status == 400)
    #expect(answer.category == "VALIDATION_ERROR")
    #expect(answer.codes == ["PROPERTY_DOESNT_EXIST"])
    #expect(answer.body["errors"]?.elements.first?["context"]?["propertyName"] == ["lead_scoer"])
    #expect(answer.message.hasPrefix("Property values were not valid: [{\"isValid\":false"))
    #expect(test.server.held(test.id(1))?.properties["lead_score"] == nil)
  }

  @Test(
    "A value that does not fit stops the whole batch",
    arguments: [
      ("lead_tags", "warm", "INVALID_OPTION"), ("lead_score", "many", "INVALID_NUMBER"),
      ("lead_score", "1,000", "INVALID_NUMBER"), ("hs_email_open", "3", "READ_ONLY_VALUE"),
      ("hubspotscore", "3", "READ_ONLY_VALUE"), ("email", "no address", "INVALID_EMAIL"),
    ])
  func badValues(property: String, value: String, code: String) {
    var test = TestAccount()
    let answer = test.update([test.input(1, "lead_score", "1"), test.input(2, property, value)])
    #expect(answer.status == 400)
    #expect(answer.codes == [code])
    #expect(test.server.held(test.id(1))?.properties["lead_score"] == nil)
  }

  @Test("An id that stands twice stops the whole batch, and is named")
  func doubles() {
    var test = TestAccount()
    let id = test.id(1)
    let answer = test.update([test.input(1, "lead_score", "1"), test.input(1, "lead_score", "2")])
    #expect(answer.status == 400)
    #expect(answer.message == "Duplicate IDs found in batch input: [\(id)]. IDs must be unique")
    #expect(answer.body["context"]?["ids"] == [.text("\(id)")])
  }

  @Test("Who is missing is told of with 207, and the rest is written in another order")
  func partial() {
    var test = TestAccount()
    let answer = test.update([
      test.input(1, "lead_score", "1"), ["id": "123", "properties": ["lead_score": "9"]],
      test.input(2, "lead_score", "2"),
    ])
    #expect(answer.status == 207)
    #expect(answer.body["numErrors"] == 1)
    let error = answer.body["errors"]?.elements.first
    #expect(error?["category"] == "OBJECT_NOT_FOUND")
    #expect(error?["context"]?["ids"] == ["123"])
    #expect(error?["correlationId"] == nil)
    #expect(answer.ids == [test.id(2), test.id(1)])
  }

  @Test("More than a hundred inputs are refused")
  func tooMany() {
    var test = TestAccount()
    let input: JSON = ["id": "1", "properties": [:]]
    #expect(test.update(Array(repeating: input, count: 101)).status == 400)
  }

  @Test("An address in place of the id is a success that does nothing (hubspot-api-nodejs issue 548)")
  func addressForID() {
    var test = TestAccount()
    let answer = test.update([["id": "p1@example.test", "properties": ["lead_score": "7"]]])
    #expect(answer.status == 200)
    #expect(answer.ids == [])
    #expect(test.server.held(test.id(1))?.properties["lead_score"] == nil)
  }

  @Test("Naming a property for the id is refused, as non-unique", arguments: ["email", "hs_object_id"])
  func idProperty(name: String) {
    var test = TestAccount()
    let answer = test.update([
      ["id": "p1@example.test", "idProperty": .text(name), "properties": ["lead_score": "7"]]
    ])
    #expect(answer.status == 400)
    #expect(answer.message.hasPrefix("Unable to perform update/upsert by non-unique 0-1 property"))
  }

  @Test("A multi-checkbox is replaced as a whole, a semicolon in front adds, and an empty text clears")
  func checkboxes() {
    var test = TestAccount()
    _ = test.update([test.input(1, "lead_tags", "hot;webinar")])
    _ = test.update([test.input(1, "lead_tags", ";cold")])
    #expect(test.server.held(test.id(1))?.values(of: "lead_tags") == ["hot", "webinar", "cold"])
    _ = test.update([test.input(1, "lead_tags", "cold")])
    #expect(test.server.held(test.id(1))?.values(of: "lead_tags") == ["cold"])
    _ = test.update([test.input(1, "lead_tags", "")])
    #expect(test.server.held(test.id(1))?.properties["lead_tags"] == nil)
  }

  @Test("An upsert makes whom it does not find, and says so")
  func upsert() {
    var test = TestAccount(contacts: 1)
    let answer = test.call(
      "POST", "\(TestAccount.contacts)/batch/upsert",
      [
        "inputs": [
          ["id": "p1@example.test", "idProperty": "email", "properties": ["lead_score": "1"]],
          ["id": "p9@example.test", "idProperty": "email", "properties": ["lead_score": "2"]],
        ]
      ])
    #expect(answer.status == 200)
    #expect((answer.body["results"]?.elements ?? []).map { $0["new"] } == [false, true])
    #expect(test.server.contactCount == 2)
  }

  @Test("A contact that exists is not made again")
  func conflict() {
    var test = TestAccount(contacts: 1)
    let answer = test.call("POST", TestAccount.contacts, ["properties": ["email": "P1@example.test"]])
    #expect(answer.status == 409)
    #expect(answer.category == "CONFLICT")
    #expect(answer.message == "Contact already exists. Existing ID: \(test.id(1))")
  }

  @Test("A contact that is refused stops its batch without being named, and others when it is left out pass")
  func refusal() {
    var test = TestAccount()
    test.server.refuse(test.id(2), message: "Owner is required")
    let both = test.update([test.input(1, "lead_score", "1"), test.input(2, "lead_score", "2")])
    #expect(both.status == 400)
    #expect(!both.message.contains("\(test.id(2))"))
    #expect(test.score(1, "1").status == 200)
  }

  @Test("What stands for end states has score and tags, in the order of ids")
  func heldLines() {
    var test = TestAccount(contacts: 2)
    _ = test.update([
      [
        "id": .text("\(test.id(2))"),
        "properties": ["lead_score": "7", "lead_tags": "webinar;hot"],
      ]
    ])
    #expect(
      test.server.heldLines(of: ["lead_score", "nosuch"]) == [
        "\(test.id(1)),,,", "\(test.id(2)),7,,hot webinar",
      ])
  }
}
