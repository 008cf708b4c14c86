import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import Bitrix24Simulator

@Suite("Lists of contacts, leads and companies")
struct ListingTests {
  private let fields: JSON = ["ID", "NAME", "EMAIL", "DATE_CREATE", "COMPANY_ID", "BIRTHDATE"]

  @Test("The older methods write numbers as texts, and give addresses to who names them")
  func classic() {
    var portal = TestPortal(contacts: 1)
    let row = portal.call("crm.contact.list", ["select": fields]).result.values.first
    #expect(row?["ID"] == .text("\(portal.id(1))"))
    #expect(row?["DATE_CREATE"] == "2026-11-22T13:00:00+03:00")
    #expect(row?["COMPANY_ID"] == .null)
    #expect(row?["BIRTHDATE"] == "")
    #expect(
      row?["EMAIL"] == [
        ["ID": "201", "VALUE_TYPE": "WORK", "VALUE": "p1@example.test", "TYPE_ID": "EMAIL"]
      ])
    let all = portal.call("crm.contact.list", ["select": ["*", "UF_*"]]).result.values.first
    #expect(all?["EMAIL"] == nil)
    #expect(all?["HAS_EMAIL"] == "Y")
  }

  @Test("Who has no address has no key for it")
  func noAddress() {
    var portal = TestPortal(contacts: 0)
    portal.add(1, email: "")
    let row = portal.call("crm.contact.list", ["select": fields]).result.values.first
    #expect(row?["EMAIL"] == nil)
    #expect(row?["NAME"] == "P1")
  }

  @Test("The universal methods write real numbers, and give addresses with everything alone")
  func universal() {
    var portal = TestPortal(contacts: 1)
    let some = portal.call(
      "crm.item.list", ["entityTypeId": 3, "select": ["id", "name", "companyId", "fm"]])
    #expect(
      some.result["items"] == [["id": .integer(portal.id(1)), "name": "P1", "companyId": .null]])
    let all = portal.call("crm.item.list", ["entityTypeId": 3, "select": ["*"]]).result["items"]?.values
      .first
    #expect(
      all?["fm"] == [["id": 201, "typeId": "EMAIL", "valueType": "WORK", "value": "p1@example.test"]])
    #expect(all?["entityTypeId"] == 3)
  }

  @Test("Original names and selected new ones give items that are empty lists")
  func emptyItems() {
    var portal = TestPortal(contacts: 2)
    let answer = portal.call(
      "crm.item.list", ["entityTypeId": 3, "select": ["id", "name"], "useOriginalUfNames": "Y"])
    #expect(answer.text.contains("\"items\":[[],[]]"))
  }

  @Test("Pages by offset tell total and next, the last one no next")
  func offsets() {
    var portal = TestPortal(contacts: 7) { $0.pageSize = 3 }
    let first = portal.call("crm.contact.list")
    #expect(first.body["total"] == 7)
    #expect(first.body["next"] == 3)
    let last = portal.call("crm.contact.list", ["start": 6])
    #expect(last.ids == [portal.id(7)])
    #expect(last.body["next"] == nil)
    // Pages begin at multiples of their size alone.
    #expect(portal.call("crm.contact.list", ["start": 4]).ids.first == portal.id(4))
  }

  @Test("Who does not count gets neither a total nor a next")
  func uncounted() {
    var portal = TestPortal(contacts: 7) { $0.pageSize = 3 }
    let page = portal.call("crm.contact.list", ["start": -1, "order": ["ID": "ASC"]])
    #expect(page.ids.count == 3)
    #expect(page.body["total"] == 0)
    #expect(page.body["next"] == nil)
    let last = portal.call("crm.contact.list", ["start": -1, "order": ["ID": "DESC"]])
    #expect(last.ids.first == portal.id(7))
    #expect(last.body["total"] == 0)
  }

  @Test(
    "Filters compare as their prefix says",
    arguments: [
      (">ID", "2", [3, 4, 5]), ("<=ID", "2", [1, 2]), ("!ID", "2", [1, 3, 4, 5]), ("NAME", "p3", [3]),
      ("%NAME", "P", [1, 2, 3, 4, 5]), ("=%NAME", "%4", [4]), ("!=NAME", "P1", [2, 3, 4, 5]),
      ("EMAIL", "p2@example.test", [2]), ("EMAIL", "p2@example", []), (">ID", "", [1, 2, 3, 4, 5]),
      ("NOTHING", "1", [1, 2, 3, 4, 5]), ("POST", "", [1, 2, 3, 4, 5]), ("!POST", "", []),
    ])
  func filters(key: String, value: String, expected: [Int]) {
    var portal = TestPortal()
    let text = key.hasSuffix("ID") && !value.isEmpty ? "\(portal.id(Int(value) ?? 0))" : value
    let answer = portal.call("crm.contact.list", ["filter": .map([JSON.Member(key, .text(text))])])
    #expect(answer.ids == expected.map { portal.id($0) })
  }

  @Test("A list of ids finds those that are there")
  func listedIDs() {
    var portal = TestPortal()
    let wanted = [portal.id(4), 99_999, portal.id(2)].map { JSON.integer($0) }
    let found = portal.call("crm.contact.list", ["filter": ["@ID": .list(wanted)]])
    #expect(found.ids == [portal.id(2), portal.id(4)])
    let one = portal.call("crm.contact.list", ["filter": ["@ID": .list([wanted[0]])]])
    #expect(one.ids == [portal.id(4)])
  }

  @Test(
    "A date is read with its offset, without one as the portal's time, and not at all if its plus got lost")
  func dates() {
    var portal = TestPortal()
    portal.server.rename(portal.id(3), to: "New", at: portal.now)
    func found(_ text: String, _ key: String = ">=DATE_MODIFY") -> Int {
      portal.call("crm.contact.list", ["filter": .map([JSON.Member(key, .text(text))])]).ids.count
    }
    #expect(found("2026-11-23T10:00:00 03:00", "<=DATE_MODIFY") == 5)
    #expect(found("2026-11-23T13:00:00+03:00") == 1)
    #expect(found("2026-11-23T10:00:00Z") == 1)
    #expect(found("2026-11-23T13:00:00") == 1)
    #expect(found("2026-11-23T13:00:01") == 0)
    #expect(found("2026-11-23T10:00:00 03:00") == 5)
  }

  @Test("The universal methods refuse what they do not know, and know or")
  func strictness() {
    var portal = TestPortal()
    let refused = portal.call("crm.item.list", ["entityTypeId": 3, "filter": ["FIELD": 1]])
    #expect(refused.status == 400)
    #expect(
      refused.body == [
        "error": "INVALID_ARG_VALUE",
        "error_description": "Invalid filter: field 'FIELD' is not allowed in filter",
      ])
    let either = portal.call(
      "crm.item.list",
      [
        "entityTypeId": 3,
        "filter": ["0": ["logic": "OR", "0": ["name": "P1"], "1": ["name": "P5"]], ">id": 0],
      ])
    #expect(either.itemIDs == [portal.id(1), portal.id(5)])
    let unknown = portal.call("crm.item.list", ["entityTypeId": 9_999])
    #expect(unknown.error == "NOT_FOUND")
  }

  @Test("What the webhook's user may not see is missing without a word")
  func hidden() {
    var portal = TestPortal()
    portal.server.hide(portal.id(2))
    #expect(!portal.call("crm.contact.list").ids.contains(portal.id(2)))
    #expect(portal.call("crm.contact.get", ["id": .integer(portal.id(2))]).status == 400)
  }

  @Test("In classic mode every third one is a lead, with ids of its own")
  func leads() {
    var portal = TestPortal(contacts: 6) { $0.classicMode = true }
    #expect(portal.call("crm.settings.mode.get").result == 1)
    #expect(portal.call("crm.contact.list").ids.count == 4)
    let leads = portal.call("crm.lead.list", ["select": ["ID", "TITLE", "NAME", "STATUS_ID", "EMAIL"]])
    #expect(leads.ids == [portal.id(3), portal.id(6)])
    #expect(portal.server.isLead(3))
    #expect(leads.result.values.first?["STATUS_ID"] == "NEW")
    let history = portal.call("crm.stagehistory.list", ["entityTypeId": 1]).result["items"]?.values
    #expect(history?.first?["STATUS_SEMANTIC_ID"] == "P")
    #expect(history?.count == 2)
  }

  @Test("A lead that was converted stays, and its contact names it")
  func converted() {
    var portal = TestPortal(contacts: 3) { $0.classicMode = true }
    let contact = portal.server.convert(3, at: portal.now) ?? 0
    let row = portal.call("crm.contact.get", ["id": .integer(contact)]).result
    #expect(row["LEAD_ID"] == .text("\(portal.id(3))"))
    #expect(row["EMAIL"]?.values.first?["VALUE"] == "p3@example.test")
    let lead = portal.call("crm.lead.get", ["id": .integer(portal.id(3))]).result
    #expect(lead["STATUS_ID"] == "CONVERTED")
    #expect(lead["CONTACT_ID"] == .text("\(contact)"))
    #expect(portal.server.convert(1, at: portal.now) == nil)
  }

  @Test("A company is one record, a source one of the directory")
  func company() {
    var portal = TestPortal(contacts: 0)
    let fields = [
      ContactField("company", "Acme"), ContactField("source", "Podcast"), ContactField("phone", "+491"),
    ]
    portal.add(1, fields)
    portal.add(2, fields)
    let rows = portal.call("crm.contact.list", ["select": ["COMPANY_ID", "SOURCE_ID", "PHONE"]]).result
      .values
    #expect(rows[0]["COMPANY_ID"] == rows[1]["COMPANY_ID"])
    let company = portal.call("crm.company.list", ["filter": ["ID": rows[0]["COMPANY_ID"] ?? .null]])
    #expect(company.result.values.first?["TITLE"] == "Acme")
    let sources = portal.call("crm.status.list", ["filter": ["ENTITY_ID": "SOURCE", "NAME": "Podcast"]])
    #expect(sources.result.values.first?["STATUS_ID"] == rows[0]["SOURCE_ID"])
    #expect(rows[0]["PHONE"]?.values.first?["VALUE"] == "+491")
  }

  @Test("Deleting and merging leave no trace but the rows that stay")
  func gone() {
    var portal = TestPortal()
    let (first, second, third) = (portal.id(1), portal.id(2), portal.id(3))
    portal.act(2, .call, value: 30)
    portal.server.delete(first)
    portal.server.merge(second, into: third, at: portal.now)
    #expect(portal.call("crm.contact.list").ids == [third, portal.id(4), portal.id(5)])
    #expect(portal.id(2) == third)
    #expect(portal.server.held(third)?.emails == ["p3@example.test", "p2@example.test"])
    let owner = portal.call("crm.activity.list").result.values.first?["OWNER_ID"]
    #expect(owner == .text("\(third)"))
  }

  @Test("Who has an address is told by kind, without saying who has which; nobody is a list")
  func duplicates() {
    var portal = TestPortal()
    let found = portal.call(
      "crm.duplicate.findbycomm", ["type": "EMAIL", "values": ["p1@example.test", "P2@example.test"]])
    #expect(found.result == ["CONTACT": .list([.integer(portal.id(1)), .integer(portal.id(2))])])
    #expect(portal.call("crm.duplicate.findbycomm", ["type": "EMAIL", "values": ["x"]]).result == [])
    #expect(portal.call("crm.duplicate.findbycomm", ["values": ["x"]]).error == "")
    let many = (0..<20).map { JSON.text("x\($0)") } + ["p1@example.test"]
    #expect(portal.call("crm.duplicate.findbycomm", ["type": "EMAIL", "values": .list(many)]).result == [])
  }

  @Test("A field is described under both names")
  func descriptions() {
    var portal = TestPortal()
    portal.addFields()
    let classic = portal.call("crm.contact.fields").result
    #expect(classic["DATE_MODIFY"]?["isReadOnly"] == true)
    #expect(classic["UF_CRM_LEAD_BAND"]?["items"]?.values.map { $0["VALUE"] } == ["cold", "warm", "hot"])
    let items = portal.call("crm.item.fields", ["entityTypeId": 3]).result["fields"]
    #expect(items?["updatedTime"]?["upperName"] == "UPDATED_TIME")
    #expect(items?["ufCrmLeadScore"]?["upperName"] == "UF_CRM_LEAD_SCORE")
    #expect(Field.itemName(ofUserField: "UF_CRM_1721244707107") == "ufCrm_1721244707107")
  }
}
