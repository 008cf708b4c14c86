import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import GetResponseSimulator

/// Lists, tags and custom fields of the account.
@Suite("Lists, tags and custom fields")
struct DefinitionTests {
  private let number: [JSON.Member] = [
    JSON.Member("name", "lead_score"), JSON.Member("type", "number"), JSON.Member("format", "text"),
    JSON.Member("hidden", "true"), JSON.Member("values", []),
  ]

  /// The definition with one value changed.
  private func changed(_ name: String, _ value: JSON) -> JSON {
    .map(number.map { $0.name == name ? JSON.Member(name, value) : $0 })
  }

  @Test("A custom field is made with all five keys; its type is told as `valueType`")
  func makingField() {
    var test = TestAccount()
    let answer = test.post("/custom-fields", .map(number))
    #expect(answer.status == 201)
    #expect(answer.body["valueType"] == "number")
    #expect(answer.body["type"] == "text")
    #expect(answer.body["hidden"] == "true")
    #expect(test.get("/custom-fields?query[name]=score").texts("name") == ["lead_score"])
    #expect(test.post("/custom-fields", .map(number)).code == 1008)
  }

  @Test("A key that is missing is named", arguments: ["name", "type", "format", "hidden", "values"])
  func missingKey(name: String) {
    var test = TestAccount()
    let answer = test.post("/custom-fields", .map(number.filter { $0.name != name }))
    #expect(answer.code == 1000)
    #expect(answer.body["context"]?["fieldName"] == .text(name))
  }

  @Test(
    "What a custom field cannot be is refused",
    arguments: [
      ("name", JSON.text("Lead")), ("name", "lead-score"), ("name", "email"), ("type", "text"),
      ("format", "number"), ("hidden", true), ("format", "single_select"), ("values", "a"),
    ])
  func badField(name: String, value: JSON) {
    var test = TestAccount()
    #expect(test.post("/custom-fields", changed(name, value)).code == 1000)
    #expect(!test.server.hasField("lead_score"))
  }

  @Test("A field to choose from takes its values alone")
  func choices() {
    var test = TestAccount(contacts: 1)
    test.server.addField("grade", format: "single_select", choices: ["A", "B"])
    func set(_ value: JSON) -> JSON {
      ["customFieldValues": [["customFieldId": test.field("grade"), "value": [value]]]]
    }
    let path = "/contacts/\(test.id(1))/custom-fields"
    #expect(test.post(path, set("C")).code == 1000)
    #expect(test.post(path, set("B")).status == 200)
  }

  @Test("A field's deletion takes its values, and its name is free")
  func deletingField() {
    var test = TestAccount(contacts: 1)
    test.server.setField(test.id(1), "city", to: "Oslo", at: test.now)
    let path = "/custom-fields/\(test.field("city").string ?? "")"
    #expect(test.call("DELETE", path).status == 204)
    #expect(test.get(path).code == 1013)
    #expect(test.held(1)?.fields == [:])
    #expect(test.post("/custom-fields", changed("name", "city")).status == 201)
  }

  @Test("A tag is made once, whatever its letters' case")
  func makingTag() {
    var test = TestAccount()
    let answer = test.post("/tags", ["name": "Lead_hot"])
    #expect(answer.status == 201)
    #expect(answer.body.members.map { $0.name } == ["tagId", "name", "color", "createdAt"])
    #expect(test.post("/tags", ["name": "lead_HOT"]).code == 1008)
    #expect(test.get("/tags?query[name]=lead").texts("name") == ["Lead_hot"])
  }

  @Test(
    "A tag's name has letters, digits and underscores, two at least",
    arguments: [
      "a", "lead-hot", "lead hot", "hót", "", String(repeating: "a", count: 65),
    ])
  func badTag(name: String) {
    var test = TestAccount()
    #expect(test.post("/tags", ["name": .text(name)]).code == 1000)
  }

  @Test("A tag cannot be renamed, and its deletion takes it from everybody")
  func deletingTag() {
    var test = TestAccount(contacts: 1)
    test.server.addTag(test.id(1), "hot", at: test.now)
    let path = "/tags/\(test.tag("hot").string ?? "")"
    #expect(test.post(path, ["name": "cool"]).body["name"] == "hot")
    #expect(test.call("DELETE", path).status == 204)
    #expect(test.held(1)?.tags == [])
    #expect(test.post("/tags", ["name": "hot"]).status == 201)
  }

  @Test("The default list says so in text, and a list's name is the only one")
  func lists() {
    var test = TestAccount { $0.lists = ["one", "two"] }
    #expect(test.get("/campaigns").texts("isDefault") == ["true", "false"])
    #expect(test.get("/campaigns?query[isDefault]=true").texts("name") == ["one"])
    #expect(test.post("/campaigns", ["name": "two"]).code == 1008)
    #expect(test.post("/campaigns", ["name": "three"]).status == 201)
    #expect(test.get("/campaigns?sort[name]=desc").texts("name") == ["two", "three", "one"])
    #expect(test.get("/campaigns/zzzz").code == 1013)
  }

  @Test("The account tells who it is")
  func account() {
    var test = TestAccount()
    #expect(test.get("/accounts?fields=email").body.members.map { $0.name } == ["accountId", "email"])
  }

  @Test(
    "What is no path is 404", arguments: ["/workflow", "/contacts/a/b/c", "/tags/a/b", "/accounts/badge"])
  func noPath(path: String) {
    var test = TestAccount()
    #expect(test.get(path).code == 1013)
  }
}
