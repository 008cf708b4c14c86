import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import Bitrix24Simulator

@Suite("Activities, calls, deals")
struct ActivityTests {
  /// A portal whose person has a phone number and a company.
  private func portal(_ change: (inout Bitrix24ServerSettings) -> Void = { _ in }) -> TestPortal {
    var portal = TestPortal(contacts: 0, change)
    portal.add(1, [ContactField("phone", "+49123"), ContactField("company", "Acme")])
    return portal
  }

  private func rows(_ portal: inout TestPortal, _ parameters: JSON = [:]) -> [JSON] {
    portal.call("crm.activity.list", parameters).result.values
  }

  @Test(
    "Each kind has its type, provider and direction",
    arguments: [
      (KnownKind.meeting, "1", "CRM_MEETING", "0"), (.task, "3", "TASKS", "0"),
      (.emailSent, "4", "CRM_EMAIL", "2"), (.emailReply, "4", "CRM_EMAIL", "1"),
      (.formSubmit, "6", "CRM_WEBFORM", "1"), (.chat, "6", "IMOPENLINES_SESSION", "1"),
    ])
  func kinds(kind: KnownKind, type: String, provider: String, direction: String) {
    var portal = portal()
    portal.act(1, kind)
    let row = rows(&portal).first
    #expect(row?["TYPE_ID"] == .text(type))
    #expect(row?["PROVIDER_ID"] == .text(provider))
    #expect(row?["DIRECTION"] == .text(direction))
    #expect(row?["OWNER_TYPE_ID"] == "3")
    #expect(row?["COMMUNICATIONS"] == nil)
  }

  @Test(
    "A call has its seconds in the statistics alone, and a missed one a code",
    arguments: [(95.0, "200"), (0, "304")])
  func calls(seconds: Double, code: String) {
    var portal = portal()
    portal.act(1, .call, value: seconds)
    let row = rows(&portal).first
    let call = portal.call("voximplant.statistic.get", ["FILTER": [">ID": 0], "SORT": "ID", "ORDER": "ASC"])
    let found = call.result.values.first
    #expect(found?["CRM_ACTIVITY_ID"] == row?["ID"])
    #expect(found?["CALL_DURATION"] == .text("\(Int(seconds))"))
    #expect(found?["CALL_FAILED_CODE"] == .text(code))
    #expect(call.body["total"] == 1)
  }

  @Test("Statistics need a right of their own")
  func callRights() {
    var portal = portal { $0.mayReadCalls = false }
    let refused = portal.call("voximplant.statistic.get")
    #expect(refused.status == 403)
    #expect(refused.error == "ACCESS_DENIED")
  }

  @Test("Empty settings are a list, filled ones a map")
  func settings() {
    var portal = portal()
    portal.act(1, .call)
    portal.act(1, .emailReply)
    let rows = rows(&portal, ["order": ["ID": "ASC"]])
    #expect(rows[0]["SETTINGS"] == [])
    #expect(rows[0]["PROVIDER_PARAMS"] == [])
    #expect(rows[1]["SETTINGS"]?["EMAIL_META"]?["from"] == "p1@example.test")
  }

  @Test("Page visits are seen with the next form, or with one of their own if they are many")
  func visits() {
    var portal = portal { $0.visitsForOwnForm = 3 }
    portal.act(1, .pageVisit, minutesAgo: 30, target: "https://a.test/1")
    #expect(rows(&portal).isEmpty)
    portal.act(1, .formSubmit, minutesAgo: 20, target: "Contact")
    for minutes: Int64 in [15, 14, 13] {
      portal.act(1, .pageVisit, minutesAgo: minutes, target: "https://a.test/2")
    }
    let rows = rows(&portal, ["order": ["ID": "ASC"]])
    let pages = rows.map { $0["PROVIDER_PARAMS"]?["VISITED_PAGES"]?.values ?? [] }
    #expect(pages.map { $0.count } == [1, 3])
    #expect(pages[0][0]["HREF"] == "https://a.test/1")
    #expect(pages[0][0]["DATE"] == .integer(portal.now.seconds - 1_800))
    #expect(rows[0]["SUBJECT"] == "Contact")
  }

  @Test("A visit after a form waits for the next one")
  func lateVisit() {
    var portal = portal()
    portal.act(1, .pageVisit, minutesAgo: 10)
    portal.act(1, .formSubmit, minutesAgo: 20)
    portal.act(1, .formSubmit, minutesAgo: 5)
    let pages = rows(&portal, ["order": ["ID": "ASC"]]).map {
      $0["PROVIDER_PARAMS"]?["VISITED_PAGES"]?.values.count
    }
    #expect(pages == [0, 1])
  }

  @Test("Some activities belong to a deal and name the contact among communications or bindings")
  func owners() {
    var portal = portal()
    portal.act(1, .dealCreated)
    for _ in 0..<6 { portal.act(1, .meeting) }
    let select: JSON = ["ID", "OWNER_TYPE_ID", "COMMUNICATIONS"]
    let rows = rows(&portal, ["order": ["ID": "ASC"], "select": select]).filter { $0["OWNER_TYPE_ID"] == "2" }
    #expect(rows.count == 2)
    let named = rows.filter { !($0["COMMUNICATIONS"]?.values.isEmpty ?? true) }
    #expect(named.count == 1)
    #expect(named[0]["COMMUNICATIONS"]?.values[0]["ENTITY_TYPE_ID"] == "3")
    #expect(named[0]["COMMUNICATIONS"]?.values[0]["ENTITY_ID"] == .text("\(portal.id(1))"))
    let other = rows.first { $0["ID"] != named[0]["ID"] }
    let bindings = portal.call("crm.activity.binding.list", ["activityId": other?["ID"] ?? .null]).result
    #expect(bindings.values.contains(["entityTypeId": 3, "entityId": .integer(portal.id(1))]))
    #expect(portal.call("crm.activity.binding.list", ["activityId": 1]).error == "NOT_FOUND")
  }

  @Test("A filter with several bindings gives an activity twice that has both")
  func twice() {
    var portal = portal()
    portal.act(1, .dealCreated)
    for _ in 0..<6 { portal.act(1, .meeting) }
    let both: JSON = [["OWNER_TYPE_ID": 2], ["OWNER_TYPE_ID": 3]]
    let found = portal.call("crm.activity.list", ["filter": ["BINDINGS": both], "order": ["ID": "ASC"]]).ids
    #expect(found.count > Set(found).count)
  }

  @Test("What is logged later is seen as changed now, whenever it happened")
  func lateEntries() {
    var portal = portal()
    _ = portal.call("profile")
    portal.act(1, .meeting, minutesAgo: 600)
    let row = rows(&portal, ["filter": [">=LAST_UPDATED": "2026-11-23T13:00:00+03:00"]]).first
    #expect(row?["START_TIME"] == "2026-11-23T03:00:00+03:00")
    portal.add(2)
    let added = portal.call("crm.contact.list", ["filter": [">=DATE_MODIFY": "2026-11-23T13:00:00+03:00"]])
    #expect(added.ids == [portal.id(2)])
    portal.pass(100)
    portal.server.editActivity(portal.server.lastActivityID, subject: "New", at: portal.now)
    #expect(rows(&portal).first?["LAST_UPDATED"] == "2026-11-23T13:01:40+03:00")
  }

  @Test("What is planned is not completed")
  func planned() {
    var portal = portal()
    _ = portal.call("profile")
    portal.server.planMeeting(with: 1, subject: "Demo", at: portal.now + TimeSpan(seconds: 86_400))
    let row = rows(&portal).first
    #expect(row?["COMPLETED"] == "N")
    #expect(row?["STATUS"] == "1")
    #expect(row?["CREATED"] == "2026-11-23T13:00:00+03:00")
  }

  @Test("A deal goes through its stages, and the history has texts for numbers")
  func deals() {
    var portal = portal()
    portal.act(1, .dealCreated, minutesAgo: 50, target: "Big deal", value: 100)
    portal.act(1, .dealWon, minutesAgo: 40, value: 1_234.5)
    portal.act(1, .dealLost, minutesAgo: 30)
    let answer = portal.call("crm.stagehistory.list", ["entityTypeId": 2, "order": ["ID": "ASC"]])
    let moves = answer.result["items"]?.values ?? []
    #expect(moves.map { $0["STAGE_ID"] } == ["NEW", "WON", "NEW", "LOSE"])
    #expect(moves.map { $0["TYPE_ID"] } == ["1", "3", "1", "3"])
    #expect(moves.map { $0["STAGE_SEMANTIC_ID"] } == ["P", "S", "P", "F"])
    let select: JSON = [
      "id", "opportunity", "contactIds", "stageSemanticId", "closed", "currencyId", "closedate",
    ]
    let deals = portal.call(
      "crm.item.list",
      ["entityTypeId": 2, "filter": ["@id": [moves[0]["OWNER_ID"] ?? .null]], "select": select])
    let deal = deals.result["items"]?.values.first
    #expect(deal?["opportunity"] == .number(1_234.5))
    #expect(deal?["contactIds"] == .list([.integer(portal.id(1))]))
    #expect(deal?["closedate"] == "2026-11-23T03:00:00+03:00")
    let classic = portal.call("crm.deal.list", ["select": ["*"]]).result.values.first
    #expect(classic?["OPPORTUNITY"] == "1234.50")
    #expect(classic?["CONTACT_ID"] == .text("\(portal.id(1))"))
    #expect(classic?["CONTACT_IDS"] == nil)
  }

  @Test("What nobody is sure of can be set the other way")
  func otherWays() {
    var portal = portal {
      ($0.historySkipsCount, $0.historyHasNumbers, $0.givesBindings) = (true, true, true)
      $0.activitiesMoveModified = true
    }
    portal.act(1, .dealWon)
    portal.act(1, .meeting, minutesAgo: 1)
    let history = portal.call("crm.stagehistory.list", ["entityTypeId": 2, "start": -1])
    #expect(history.body["total"] == 0)
    #expect(history.result["items"]?.values.first?["TYPE_ID"] == 1)
    let row = rows(&portal, ["select": ["BINDINGS"]]).first
    #expect(row?["BINDINGS"] == [["OWNER_ID": .text("\(portal.id(1))"), "OWNER_TYPE_ID": "3"]])
    #expect(portal.server.held(portal.id(1))?.modified == Timestamp(portal.now.seconds - 60))
  }

  @Test("A move that the portal hears of later is dated then")
  func lateMove() {
    var portal = portal()
    _ = portal.call("profile")
    portal.act(1, .dealWon, minutesAgo: 600)
    let answer = portal.call("crm.stagehistory.list", ["entityTypeId": 2, "filter": ["STAGE_ID": "WON"]])
    #expect(answer.result["items"]?.values.first?["CREATED_TIME"] == "2026-11-23T13:00:00+03:00")
  }

  @Test("The history counts even if it is told not to, and of contacts there is none")
  func history() {
    var portal = portal()
    portal.act(1, .dealWon)
    #expect(portal.call("crm.stagehistory.list", ["entityTypeId": 2, "start": -1]).body["total"] == 2)
    #expect(portal.call("crm.stagehistory.list", ["entityTypeId": 3]).error == "ENTITY_TYPE_NOT_SUPPORTED")
  }
}
