import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import Bitrix24Simulator

@Suite("Answers have the form of recorded ones")
struct RecordedFormTests {
  /// Maps in batches whose names are the commands'.
  private let chosen: Set<String> = ["/result/result", "/result/result_time", "/result/result_total"]

  /// Old recordings have no time at which the baskets of seconds leave, some none of the seconds either.
  private func form(_ json: JSON) -> Set<String> {
    json.shape(chosen: chosen).filter { !$0.contains("/operating") }
  }

  @Test("A batch with a list that finds nothing")
  func emptyList() throws {
    var portal = TestPortal(contacts: 0)
    let answer = portal.batch(["order0000000000": "crm.contact.list?filter[ID]=1"])
    #expect(try form(answer.body) == form(Recorded.answer("batch_list_empty")))
  }

  @Test("A batch that went well in part")
  func mixed() throws {
    var portal = TestPortal(contacts: 1)
    let id = portal.id(1)
    let answer = portal.batch([
      "\(id)": "crm.contact.get?ID=\(id)", "0": "crm.contact.get?ID=", "1": "crm.contact.get?ID=999",
    ])
    let recorded = try Recorded.answer("crm_get_batch_mix_success_and_errors")
    #expect(answer.errors == recorded["result"]?["result_error"])
    #expect(form(answer.body).isSuperset(of: form(recorded)))
    for name in ["result_total", "result_next"] { #expect(answer.result[name] == recorded["result"]?[name]) }
  }

  @Test("A batch that failed as a whole")
  func failed() throws {
    var portal = TestPortal(contacts: 0)
    let answer = portal.batch(["0": "crm.lead.get?ID=x", "1": "crm.lead.get?ID=999"])
    let recorded = try Recorded.answer("crm_get_batch_of_two_error")
    #expect(answer.result == recorded["result"])
    #expect(form(answer.body) == form(recorded))
  }

  @Test("A batch of single records, which has neither totals nor nexts")
  func several() throws {
    var portal = TestPortal(contacts: 0) { $0.classicMode = true }
    portal.add(3)
    let answer = portal.batch(["order0": "crm.lead.get?ID=\(portal.id(3))"])
    let recorded = try Recorded.answer("call_several_success")
    #expect(form(answer.body).isSuperset(of: form(recorded)))
    #expect(answer.result["result_total"] == [])
  }

  @Test("A list of items, whose date has another hour")
  func items() throws {
    var portal = TestPortal(contacts: 2)
    portal.server.addField("UF_CRM_11_1712074666", type: "date")
    for number in 1...2 {
      portal.server.setField(portal.id(number), "UF_CRM_11_1712074666", to: "2024-04-19", at: portal.now)
    }
    let answer = portal.call(
      "crm.item.list", ["entityTypeId": 3, "select": ["id", "name", "ufCrm_11_1712074666"]])
    let recorded = try Recorded.answer("crm_item_list")
    let expected = form(recorded).map {
      // Items of a type of one's own have a title, and names of fields with the type's number.
      $0.replacing("title", with: "name").replacing("ufCrm11_1712074666", with: "ufCrm_11_1712074666")
    }
    #expect(form(answer.body) == Set(expected))
    let time = answer.result["items"]?.values.first?["ufCrm_11_1712074666"]
    #expect(time == recorded["result"]?["items"]?.values.first?["ufCrm11_1712074666"])
  }

  @Test("An item in a batch: its numbers are numbers")
  func item() throws {
    var portal = TestPortal(contacts: 1)
    let answer = portal.batch(["c1": "crm.item.update?entityTypeId=3&id=\(portal.id(1))&fields[name]=New"])
    let known = form(answer.body)
    // Contacts have neither a title, nor an outer code, nor stages to move between.
    let others = ["/title", "/xmlId", "/moved"]
    let missing = try form(Recorded.answer("crm_item_add")).subtracting(known).filter { path in
      !others.contains { path.contains($0) }
    }
    #expect(missing == [])
  }

  @Test("A part of the history of stages in a batch: its numbers are texts")
  func history() throws {
    var portal = TestPortal(contacts: 1)
    portal.act(1, .dealWon)
    let answer = portal.batch([
      "order0000000000": "crm.stagehistory.list?entityTypeId=2&select[]=ID&select[]=OWNER_ID"
        + "&select[]=STAGE_ID&select[]=CREATED_TIME"
    ])
    #expect(try form(answer.body) == form(Recorded.answer("crm_stagehistory_list")))
  }

  @Test("The fields of leads: types, marks and directories")
  func leadFields() throws {
    var portal = TestPortal(contacts: 0)
    let fields = portal.call("crm.lead.fields").result
    let recorded = try Recorded.answer("crm_lead_fields_success")["result"] ?? .null
    for member in fields.entries
    where member.name != "LAST_ACTIVITY_TIME" && member.name != "LAST_ACTIVITY_BY" {
      for mark in [
        "type", "isReadOnly", "isMultiple", "isRequired", "isDynamic", "isImmutable", "statusType",
      ]
      where !["CONTACT_ID", "MOVED_BY_ID"].contains(member.name) || mark != "isReadOnly" {
        #expect(member.value[mark] == recorded[member.name]?[mark], "\(member.name) \(mark)")
      }
    }
  }
}
