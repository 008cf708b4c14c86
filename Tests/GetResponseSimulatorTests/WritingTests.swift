import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import GetResponseSimulator

/// `POST /contacts/{contactId}`, `/tags` and `/custom-fields`, creation and deletion.
@Suite("Changing contacts")
struct WritingTests {
  @Test("A score is set, and null removes it; the answer is the whole contact")
  func score() {
    var test = TestAccount()
    let answer = test.update(2, ["scoring": 42])
    #expect(answer.status == 200)
    #expect(answer.body["scoring"] == 42)
    #expect(answer.body["tags"] == [])
    #expect(test.update(2, ["scoring": .number(1.5)]).body["scoring"] == .number(1.5))
    #expect(test.update(2, ["scoring": nil]).body["scoring"] == .null)
    #expect(test.held(2)?.scoring == nil)
  }

  @Test(
    "A score that is no number, or one too high or too low, is refused",
    arguments: [
      JSON.text("4"), .integer(100_000_000), .integer(-1), .bool(true),
    ])
  func badScore(score: JSON) {
    var test = TestAccount()
    let answer = test.update(1, ["scoring": score])
    #expect(answer.code == 1000)
    #expect(answer.body["context"]?["fieldName"] == "scoring")
    #expect(test.held(1)?.scoring == nil)
  }

  @Test("A score below nought may be allowed")
  func negativeScore() {
    var test = TestAccount { $0.allowsNegativeScore = true }
    #expect(test.update(1, ["scoring": -5]).body["scoring"] == -5)
  }

  @Test("Tags and custom fields that are given replace all that there were; others stay")
  func replacing() {
    var test = TestAccount()
    test.server.addTag(test.id(1), "hot", at: test.now)
    test.server.addTag(test.id(1), "cold", at: test.now)
    test.server.setField(test.id(1), "city", to: "Oslo", at: test.now)
    test.server.setScore(test.id(1), to: 7, at: test.now)
    _ = test.update(1, ["tags": [["tagId": test.tag("webinar")]]])
    #expect(test.held(1)?.tags == ["webinar"])
    #expect(test.held(1)?.fields == ["city": "Oslo"])
    _ = test.update(
      1, ["customFieldValues": [["customFieldId": test.field("lead_band"), "value": ["hot"]]]])
    #expect(test.held(1)?.fields == ["lead_band": "hot"])
    #expect(test.held(1)?.tags == ["webinar"])
    #expect(test.held(1)?.scoring == 7)
  }

  @Test("An empty list of tags removes all, or is refused")
  func emptyTags() {
    var test = TestAccount()
    test.server.addTag(test.id(1), "hot", at: test.now)
    test.server.settings.allowsEmptyTags = false
    #expect(test.update(1, ["tags": []]).code == 1000)
    #expect(test.held(1)?.tags == ["hot"])
    test.server.settings.allowsEmptyTags = true
    #expect(test.update(1, ["tags": []]).status == 200)
    #expect(test.held(1)?.tags == [])
  }

  @Test("Details show five hundred tags, and writing them back loses the others")
  func cutTags() {
    var test = TestAccount()
    for number in 0..<502 { test.server.addTag(test.id(1), "tag_\(number)", at: test.now) }
    let shown = test.get("/contacts/\(test.id(1))").body["tags"]?.elements ?? []
    #expect(shown.count == 500)
    _ = test.update(1, ["tags": .list(shown.map { ["tagId": $0["tagId"] ?? .null] })])
    #expect(test.held(1)?.tags.count == 500)
  }

  @Test("Another list moves the contact with its history; its id stays")
  func moving() {
    var test = TestAccount(contacts: 2) { $0.lists = ["one", "two"] }
    let id = test.id(1)
    test.act(1, .known(.emailOpen), campaign: "News")
    let answer = test.update(1, ["campaign": ["campaignId": test.list("two")]])
    #expect(answer.body["campaign"]?["name"] == "two")
    #expect(test.held(1)?.list == "two")
    #expect(test.get("/contacts/\(id)/activities").body.elements.count == 1)
  }

  @Test(
    "Lists, tags and custom fields that do not exist are code 1001",
    arguments: [
      "campaign", "tags", "customFieldValues",
    ])
  func dangling(name: String) {
    var test = TestAccount()
    let bodies: [String: JSON] = [
      "campaign": ["campaignId": "zzzz"], "tags": [["tagId": "zzzz"]],
      "customFieldValues": [["customFieldId": "zzzz", "value": ["1"]]],
    ]
    let answer = test.update(1, .map([JSON.Member(name, bodies[name] ?? .null), JSON.Member("scoring", 9)]))
    #expect(answer.status == 400)
    #expect(answer.code == 1001)
    #expect(test.held(1)?.scoring == nil)
  }

  @Test("An address that another contact of the list has is a conflict; on another list it is none")
  func address() {
    var test = TestAccount(contacts: 3) { $0.lists = ["one", "two"] }
    #expect(test.update(1, ["email": "P3@example.test"]).code == 1008)
    #expect(test.update(1, ["email": "p2@example.test"]).status == 200)
    #expect(test.update(1, ["campaign": ["campaignId": test.list("two")]]).code == 1008)
    #expect(test.update(1, ["email": "nobody"]).code == 1000)
  }

  @Test("Tags are added and none is removed; the answer has all")
  func upsertTags() {
    var test = TestAccount()
    let path = "/contacts/\(test.id(1))/tags"
    _ = test.post(path, ["tags": [["tagId": test.tag("hot")]]])
    let answer = test.post(path, ["tags": [["tagId": test.tag("cold")], ["tagId": test.tag("hot")]]])
    #expect(answer.status == 200)
    #expect(answer.texts("name") == ["hot", "cold"])
    #expect(test.post(path, ["tags": [["tagId": "zzzz"]]]).code == 1001)
    #expect(test.post(path, ["tags": []]).code == 1000)
  }

  @Test("Custom fields are set and others stay; the answer has those that were set, under `values`")
  func upsertFields() {
    var test = TestAccount()
    let path = "/contacts/\(test.id(1))/custom-fields"
    _ = test.post(path, ["customFieldValues": [["customFieldId": test.field("visits"), "value": ["3"]]]])
    let answer = test.post(
      path, ["customFieldValues": [["customFieldId": test.field("lead_band"), "value": ["hot"]]]])
    #expect(answer.body == [["customFieldId": test.field("lead_band"), "values": ["hot"]]])
    #expect(test.held(1)?.fields == ["visits": "3", "lead_band": "hot"])
  }

  @Test(
    "A custom field takes a list of texts that fit its type",
    arguments: [
      JSON.text("3"), .integer(3), [3], ["many"], [], ["1", "2"],
    ])
  func badValues(value: JSON) {
    var test = TestAccount()
    let answer = test.post(
      "/contacts/\(test.id(1))/custom-fields",
      ["customFieldValues": [["customFieldId": test.field("visits"), "value": value]]])
    #expect(answer.code == 1000)
    #expect(test.held(1)?.fields == [:])
  }

  @Test("A text that is too long is cut without a word")
  func longValue() {
    var test = TestAccount()
    let long = String(repeating: "x", count: 300)
    let answer = test.post(
      "/contacts/\(test.id(1))/custom-fields",
      ["customFieldValues": [["customFieldId": test.field("lead_band"), "value": [.text(long)]]]])
    #expect(answer.status == 200)
    #expect(test.held(1)?.fields["lead_band"]?.count == 255)
  }

  @Test("A write moves changedOn; one of the score alone only if it is said to")
  func changedOn() {
    var test = TestAccount { $0.scoreMovesChanged = false }
    test.pass(10)
    let old: JSON = "2026-11-22T10:00:00+0000"
    #expect(test.update(1, ["scoring": 5]).body["changedOn"] == old)
    #expect(test.update(1, ["scoring": 6, "note": "x"]).body["changedOn"] == "2026-11-23T10:00:10+0000")
    test.server.settings.scoreMovesChanged = true
    test.pass(10)
    #expect(test.update(1, ["scoring": 7]).body["changedOn"] == "2026-11-23T10:00:20+0000")
  }

  @Test("Echoing a contact back is accepted and replaces what the list form does not have")
  func echo() {
    var test = TestAccount()
    test.server.addTag(test.id(1), "hot", at: test.now)
    let contact = test.get("/contacts").body.elements.first ?? .null
    #expect(test.update(1, contact).status == 200)
    #expect(test.held(1)?.tags == ["hot"])
  }

  @Test(
    "A contact that was created is there minutes later under its old moment, and a second one of its address is a conflict"
  )
  func creating() {
    var test = TestAccount { $0.addingDelay = 120 }
    let body: JSON = ["email": "new@example.test", "campaign": ["campaignId": test.list("customers")]]
    let answer = test.post("/contacts", body)
    #expect(answer.status == 202)
    #expect(answer.body == .null)
    test.pass(119)
    #expect(test.get("/contacts?query[email]=new@").ids == [])
    test.pass(1)
    let found = test.get("/contacts?query[email]=new@").body.elements.first
    #expect(found?["createdOn"] == "2026-11-23T10:00:00+0000")
    #expect(found?["origin"] == "api")
    #expect(test.post("/contacts", body).code == 1008)
  }

  @Test("A contact that is deleted is removed by the API, and its address is free")
  func deleting() {
    var test = TestAccount()
    let id = test.id(1)
    #expect(test.call("DELETE", "/contacts/\(id)").status == 204)
    #expect(test.call("DELETE", "/contacts/\(id)").code == 1013)
    #expect(test.post("/contacts/\(id)", ["scoring": 1]).code == 1013)
    #expect(test.search([], type: "removed").texts("reason") == ["api"])
    let body: JSON = ["email": "p1@example.test", "campaign": ["campaignId": test.list("customers")]]
    #expect(test.post("/contacts", body).status == 202)
  }

  @Test("A contact can be made to refuse every write")
  func refusing() {
    var test = TestAccount()
    test.server.refuse(test.id(1), message: "Contact is blacklisted")
    let answer = test.update(1, ["scoring": 1])
    #expect(answer.status == 400)
    #expect(answer.code == 1002)
    test.server.calm()
    #expect(test.update(1, ["scoring": 1]).status == 200)
  }
}
