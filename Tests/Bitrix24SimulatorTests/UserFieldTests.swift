import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import Bitrix24Simulator

@Suite("Users' fields")
struct UserFieldTests {
  @Test(
    "The prefix is added unless it is there",
    arguments: ["LEAD_SCORE", "UF_LEAD_SCORE", "UF_CRM_LEAD_SCORE", "lead_score"])
  func prefix(name: String) {
    var portal = TestPortal(contacts: 1)
    let made = portal.call(
      "crm.contact.userfield.add", ["fields": ["FIELD_NAME": .text(name), "USER_TYPE_ID": "integer"]])
    #expect(made.result.phpWhole ?? 0 > 0)
    let list = portal.call("crm.contact.userfield.list", ["filter": ["FIELD_NAME": "UF_CRM_LEAD_SCORE"]])
    #expect(list.ids == [made.result.phpWhole ?? 0])
    #expect(list.result.values.first?["SETTINGS"] == [])
    #expect(list.result.values.first?["EDIT_FORM_LABEL"] == nil)
    #expect(portal.call("crm.lead.userfield.list").result == [])
  }

  @Test("Several things that are wrong are told in several lines")
  func problems() {
    var portal = TestPortal(contacts: 0)
    let name = String(repeating: "A", count: 44) + "-"
    let refused = portal.call(
      "crm.contact.userfield.add", ["fields": ["FIELD_NAME": .text(name), "USER_TYPE_ID": "nothing"]])
    #expect(refused.status == 400)
    #expect(refused.error == "ERROR_CORE")
    #expect(refused.body["error_description"]?.phpText?.split(separator: "\n").count == 3)
    let nameless = portal.call("crm.contact.userfield.add", ["fields": ["USER_TYPE_ID": "string"]])
    #expect(nameless.error == "")
  }

  @Test("A field that is there is not made again")
  func again() {
    var portal = TestPortal(contacts: 0)
    let fields: JSON = ["fields": ["FIELD_NAME": "A", "USER_TYPE_ID": "string"]]
    #expect(portal.call("crm.contact.userfield.add", fields).status == 200)
    #expect(portal.call("crm.contact.userfield.add", fields).status == 400)
  }

  @Test("Fields are the administrator's to make")
  func rights() {
    var portal = TestPortal(contacts: 0) { $0.isCRMAdministrator = false }
    let fields: JSON = ["fields": ["FIELD_NAME": "A", "USER_TYPE_ID": "string"]]
    let refused = portal.call("crm.contact.userfield.add", fields)
    #expect(refused.body == ["error": "", "error_description": "Access denied."])
    #expect(portal.call("crm.contact.userfield.list").status == 200)
  }

  @Test("Options are added, changed by their number, and go with DEL alone")
  func options() {
    var portal = TestPortal(contacts: 0)
    let list: JSON = [["VALUE": "cold", "SORT": 10, "XML_ID": "cold"], ["VALUE": "hot", "SORT": 20]]
    let id = portal.call(
      "crm.contact.userfield.add",
      ["fields": ["FIELD_NAME": "BAND", "USER_TYPE_ID": "enumeration", "LIST": list]]
    ).result
    func options() -> [JSON] {
      portal.call("crm.contact.userfield.get", ["id": id]).result["LIST"]?.values ?? []
    }
    let cold = options()[0]["ID"] ?? .null
    let change: JSON = [["VALUE": "warm", "SORT": 15], ["ID": cold, "VALUE": "icy"]]
    _ = portal.call("crm.contact.userfield.update", ["id": id, "fields": ["LIST": change]])
    #expect(options().map { $0["VALUE"] } == ["icy", "warm", "hot"])
    #expect(options()[0]["ID"] == cold)
    let gone: JSON = ["id": id, "fields": ["LIST": [["ID": cold, "DEL": "Y"]]]]
    _ = portal.call("crm.contact.userfield.update", gone)
    #expect(portal.server.options(of: "UF_CRM_BAND") == ["warm", "hot"])
    let twice: JSON = [["VALUE": "a", "XML_ID": "x"], ["VALUE": "b", "XML_ID": "x"]]
    let refused = portal.call("crm.contact.userfield.update", ["id": id, "fields": ["LIST": twice]])
    #expect(refused.status == 400)
  }

  @Test("A date is shown as a moment of another hour")
  func dates() {
    var portal = TestPortal(contacts: 1)
    portal.server.addField("UF_CRM_DAY", type: "date")
    portal.server.setField(portal.id(1), "UF_CRM_DAY", to: "2024-04-19", at: portal.now)
    let item = portal.call("crm.item.list", ["entityTypeId": 3, "select": ["ufCrmDay"]]).result["items"]
    #expect(item == [["ufCrmDay": "2024-04-19T03:00:00+03:00"]])
  }

  @Test("A field that was deleted is gone with its values")
  func deleted() {
    var portal = TestPortal(contacts: 1)
    portal.addFields()
    portal.server.setField(portal.id(1), "UF_CRM_LEAD_SCORE", to: "5", at: portal.now)
    portal.server.removeField("UF_CRM_LEAD_SCORE")
    portal.server.addField("UF_CRM_LEAD_SCORE", type: "integer")
    #expect(portal.server.held(portal.id(1))?.value("UF_CRM_LEAD_SCORE") == nil)
  }
}
