import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import Bitrix24Simulator

@Suite("Writing fields")
struct WritingTests {
  private func portal(_ change: (inout Bitrix24ServerSettings) -> Void = { _ in }) -> TestPortal {
    var portal = TestPortal(contacts: 3, change)
    portal.addFields()
    return portal
  }

  private func option(_ text: String, _ portal: inout TestPortal) -> String {
    let items = portal.call("crm.contact.fields").result["UF_CRM_LEAD_BAND"]?["items"]?.values ?? []
    return items.first { $0["VALUE"] == .text(text) }?["ID"]?.phpText ?? ""
  }

  @Test("The universal update gives the item back with its new time")
  func universal() {
    var portal = portal()
    let hot = option("hot", &portal)
    let id = portal.id(1)
    let answer = portal.batch([
      "c1": "crm.item.update?entityTypeId=3&id=\(id)&fields[ufCrmLeadScore]=42&fields[ufCrmLeadBand]=\(hot)"
        + "&fields[ufCrmLeadTags][0]=b&fields[ufCrmLeadTags][1]=a&fields[nothing]=1"
    ])
    let item = answer.results["c1"]?["item"]
    #expect(item?["ufCrmLeadScore"] == 42)
    #expect(item?["ufCrmLeadBand"] == .integer(Int64(hot) ?? 0))
    #expect(item?["ufCrmLeadTags"] == ["b", "a"])
    #expect(item?["updatedTime"] == "2026-11-23T13:00:00+03:00")
    #expect(item?["nothing"] == nil)
    let held = portal.server.held(id)
    #expect(held?.value("UF_CRM_LEAD_SCORE") == "42")
    #expect(held?.value("UF_CRM_LEAD_BAND") == "hot")
    #expect(held?.fields["UF_CRM_LEAD_TAGS"] == ["b", "a"])
  }

  @Test("The older update answers true, and lists show texts")
  func classic() {
    var portal = portal()
    let id = portal.id(1)
    let update: JSON = [
      "id": .integer(id), "fields": ["UF_CRM_LEAD_SCORE": 0, "UF_CRM_LEAD_TAGS": ["a"], "NO": 1],
    ]
    #expect(portal.call("crm.contact.update", update).result == true)
    let rows = portal.call("crm.contact.list", ["select": ["UF_*"]]).result.values
    #expect(rows[0]["UF_CRM_LEAD_SCORE"] == "0")
    #expect(rows[0]["UF_CRM_LEAD_TAGS"] == ["a"])
    #expect(rows[1]["UF_CRM_LEAD_SCORE"] == .null)
    #expect(rows[1]["UF_CRM_LEAD_BAND"] == "")
    #expect(rows[1]["UF_CRM_LEAD_TAGS"] == false)
  }

  @Test("The time of change moves only if a value changed")
  func timeOfChange() {
    var portal = portal()
    let id = portal.id(1)
    let update: JSON = ["entityTypeId": 3, "id": .integer(id), "fields": ["ufCrmLeadScore": 5]]
    _ = portal.call("crm.item.update", update)
    let first = portal.now
    portal.pass(60)
    _ = portal.call("crm.item.update", update)
    _ = portal.call("crm.contact.update", ["id": .integer(id), "fields": ["UF_CRM_LEAD_SCORE": "5"]])
    #expect(portal.server.held(id)?.modified == first)
    portal.server.settings.equalUpdatesMoveModified = true
    _ = portal.call("crm.contact.update", ["id": .integer(id), "fields": ["UF_CRM_LEAD_SCORE": "5"]])
    #expect(portal.server.held(id)?.modified == portal.now)
  }

  @Test("A portal whose updates clear is one of settings")
  func otherClearing() {
    var portal = portal { ($0.itemUpdateClears, $0.emptyTextClears) = (true, true) }
    let id = portal.id(1)
    func tags() -> [String] { portal.server.held(id)?.fields["UF_CRM_LEAD_TAGS"] ?? [] }
    portal.server.setValues(id, "UF_CRM_LEAD_TAGS", to: ["a"], at: portal.now)
    _ = portal.batch(["a": "crm.item.update?entityTypeId=3&id=\(id)&fields[ufCrmLeadTags][0]="])
    #expect(tags() == [])
    portal.server.setValues(id, "UF_CRM_LEAD_TAGS", to: ["a"], at: portal.now)
    _ = portal.batch(["a": "crm.contact.update?id=\(id)&fields[UF_CRM_LEAD_TAGS][0]="])
    #expect(tags() == [])
  }

  @Test("Clearing what holds nothing is no change, and who changed something is told")
  func author() {
    var portal = portal()
    let id = portal.id(1)
    let made = portal.server.held(id)?.modified
    portal.server.setValues(id, "UF_CRM_LEAD_TAGS", to: [], at: portal.now)
    #expect(portal.server.held(id)?.modified == made)
    portal.server.rename(id, to: "New", at: portal.now)
    let select: JSON = ["MODIFY_BY_ID"]
    let other = portal.call("crm.contact.list", ["select": select]).result.values[0]["MODIFY_BY_ID"]
    #expect(other == "7")
    _ = portal.call("crm.contact.update", ["id": .integer(id), "fields": ["NAME": "Own"]])
    let own = portal.call("crm.contact.list", ["select": select]).result.values[0]["MODIFY_BY_ID"]
    #expect(own == "1")
  }

  @Test("The older update leaves a field of several values alone that is sent one value")
  func oneForSeveral() {
    var portal = portal()
    let id = portal.id(1)
    portal.server.setValues(id, "UF_CRM_LEAD_TAGS", to: ["a", "b"], at: portal.now)
    _ = portal.call("crm.contact.update", ["id": .integer(id), "fields": ["UF_CRM_LEAD_TAGS": "c"]])
    #expect(portal.server.held(id)?.fields["UF_CRM_LEAD_TAGS"] == ["a", "b"])
  }

  @Test("A field of several values is cleared by the older update alone, and not in a batch")
  func clearing() {
    var portal = portal()
    let id = portal.id(1)
    portal.server.setValues(id, "UF_CRM_LEAD_TAGS", to: ["a", "b"], at: portal.now)
    func tags() -> [String] { portal.server.held(id)?.fields["UF_CRM_LEAD_TAGS"] ?? [] }
    let answer = portal.call(
      "crm.item.update", ["entityTypeId": 3, "id": .integer(id), "fields": ["ufCrmLeadTags": []]])
    #expect(answer.result["item"]?["ufCrmLeadTags"] == .null)
    #expect(tags() == ["a", "b"])
    _ = portal.batch([
      "a": "crm.contact.update?id=\(id)&fields[UF_CRM_LEAD_TAGS]=",
      "b": "crm.contact.update?id=\(id)&fields[UF_CRM_LEAD_TAGS][0]=",
      "c": "crm.item.update?entityTypeId=3&id=\(id)&fields[ufCrmLeadTags][0]=",
    ])
    #expect(tags() == ["a", "b"])
    _ = portal.call("crm.contact.update", ["id": .integer(id), "fields": ["UF_CRM_LEAD_TAGS": []]])
    #expect(tags() == [])
  }

  @Test("A text of our own that begins like a reference is replaced by nothing")
  func substitution() {
    var portal = portal()
    let id = portal.id(1)
    _ = portal.batch(["a": "crm.contact.update?id=\(id)&fields[POST]=$result[x] of all"])
    #expect(portal.server.held(id)?.value("POST") == nil)
  }

  @Test("Values of a wrong kind are refused, and one value where several belong with a number as code")
  func wrongValues() {
    var portal = portal()
    let id = portal.id(1)
    let answer = portal.batch([
      "a": "crm.item.update?entityTypeId=3&id=\(id)&fields[ufCrmLeadScore]=many",
      "b": "crm.item.update?entityTypeId=3&id=\(id)&fields[ufCrmLeadBand]=hot",
      "c": "crm.item.update?entityTypeId=3&id=\(id)&fields[ufCrmLeadTags]=hot",
    ])
    #expect(answer.errors["a"]?["error"] == "CRM_FIELD_ERROR_VALUE_NOT_VALID")
    #expect(answer.errors["b"]?["error"] == "CRM_FIELD_ERROR_VALUE_NOT_VALID")
    #expect(answer.errors["c"]?["error"] == 100)
    #expect(portal.server.held(id)?.fields["UF_CRM_LEAD_TAGS"] == nil)
  }

  @Test("The older update takes a text for an option as no option at all")
  func optionAsText() {
    var portal = portal()
    let id = portal.id(1)
    portal.server.setField(id, "UF_CRM_LEAD_BAND", to: "hot", at: portal.now)
    _ = portal.call("crm.contact.update", ["id": .integer(id), "fields": ["UF_CRM_LEAD_BAND": "warm"]])
    #expect(portal.server.held(id)?.value("UF_CRM_LEAD_BAND") == nil)
  }

  @Test("Who is gone is not found, by a code or by a text")
  func missing() {
    var portal = portal()
    let item = portal.call("crm.item.update", ["entityTypeId": 3, "id": 9_999, "fields": ["name": "x"]])
    #expect(item.status == 400)
    #expect(item.body == ["error": "NOT_FOUND", "error_description": "Element not found"])
    let classic = portal.call("crm.contact.update", ["id": 9_999, "fields": ["NAME": "x"]])
    #expect(classic.body == ["error": "", "error_description": "Contact is not found"])
  }

  @Test("A write may be refused until the portal calms down")
  func refused() {
    var portal = portal()
    let id = portal.id(2)
    portal.server.refuse(id, message: "a field must be filled")
    let answer = portal.batch(["a": "crm.item.update?entityTypeId=3&id=\(id)&fields[name]=x"])
    #expect(answer.errors["a"]?["error_description"] == "a field must be filled")
    portal.server.calm()
    _ = portal.batch(["a": "crm.item.update?entityTypeId=3&id=\(id)&fields[name]=x"])
    #expect(portal.server.held(id)?.value("NAME") == "x")
  }

  @Test("Addresses are added, never replaced, unless their number is named")
  func addresses() {
    var portal = portal()
    let id = portal.id(1)
    _ = portal.call(
      "crm.contact.update", ["id": .integer(id), "fields": ["EMAIL": [["VALUE": "new@example.test"]]]])
    #expect(portal.server.held(id)?.emails == ["p1@example.test", "new@example.test"])
  }

  @Test("What is held is told by lines, contacts before leads")
  func heldLines() {
    var portal = TestPortal(contacts: 3) { $0.classicMode = true }
    portal.addFields()
    portal.server.setField(portal.id(1), "UF_CRM_LEAD_BAND", to: "hot", at: portal.now)
    portal.server.setValues(portal.id(1), "UF_CRM_LEAD_TAGS", to: ["b", "a,c"], at: portal.now)
    portal.server.setField(portal.id(3), "UF_CRM_LEAD_SCORE", to: "7", isLead: true, at: portal.now)
    #expect(
      portal.server.heldLines(of: ["lead_score", "lead_band"]) == [
        "\(portal.id(1)),,hot,\"a,c b\"", "\(portal.id(2)),,,", "L\(portal.id(3)),7,,",
      ])
  }
}
