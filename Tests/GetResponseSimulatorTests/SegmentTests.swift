import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import GetResponseSimulator

/// `POST /search-contacts/contacts` and saved segments.
@Suite("Searches and segments")
struct SegmentTests {
  private func date(_ name: JSON, _ word: JSON, _ value: JSON) -> JSON {
    ["conditionType": name, "operatorType": "date_operator", "operator": word, "value": value]
  }

  private func score(_ word: JSON, _ value: JSON) -> JSON {
    ["conditionType": "score", "operatorType": "numeric_operator", "operator": word, "value": value]
  }

  private func custom(_ field: JSON, _ type: JSON, _ word: JSON, _ value: JSON? = nil) -> JSON {
    .map(present: [
      JSON.Member("conditionType", "custom"), JSON.Member("scope", field), JSON.Member("operatorType", type),
      JSON.Member("operator", word), value.map { JSON.Member("value", $0) },
    ])
  }

  @Test("A row has a score that is a text, and neither href nor changedOn")
  func row() {
    var test = TestAccount(contacts: 1)
    test.server.setScore(test.id(1), to: 5, at: test.now)
    let row = test.search([]).body.elements.first
    #expect(
      row?.members.map { $0.name } == [
        "contactId", "name", "email", "origin", "dayOfCycle", "createdOn", "campaign", "score", "reason",
        "deletedOn",
      ])
    #expect(row?["score"] == "5")
  }

  @Test("Results come in pages with totals, also when they are asked for again")
  func pages() {
    var test = TestAccount(contacts: 5)
    let body = test.segment([])
    let pages = (1...4).map { test.post("/search-contacts/contacts?perPage=2&page=\($0)", body) }
    #expect(pages.flatMap { $0.ids } == test.ids(Array(1...5)))
    #expect(pages.allSatisfy { $0.header("totalcount") == "5" })
  }

  @Test("A change between two pages is seen")
  func changeBetween() {
    var test = TestAccount(contacts: 3)
    #expect(test.search([score("numeric_gt", 1)]).ids == [])
    _ = test.update(2, ["scoring": 2])
    #expect(test.search([score("numeric_gt", 1)]).ids == [test.id(2)])
  }

  @Test("Orders are by name, address and creation alone")
  func order() {
    var test = TestAccount(contacts: 3)
    let body = test.segment([])
    #expect(
      test.post("/search-contacts/contacts?sort[createdOn]=desc", body).ids == test.ids([3, 2, 1]))
    #expect(test.post("/search-contacts/contacts?sort[changedOn]=desc", body).code == 1000)
  }

  @Test(
    "Every key that is required is missed",
    arguments: ["subscribersType", "sectionLogicOperator", "section"])
  func required(key: String) {
    var test = TestAccount()
    let body = JSON.map(test.segment([]).members.filter { $0.name != key })
    let answer = test.post("/search-contacts/contacts", body)
    #expect(answer.code == 1000)
    #expect(answer.body["context"]?["fieldName"] == .text(key))
  }

  @Test(
    "Every key of a section that is required is missed",
    arguments: ["campaignIdsList", "logicOperator", "subscriberCycle", "subscriptionDate"])
  func requiredInSection(key: String) {
    var test = TestAccount()
    let section = test.segment([])["section"]?.elements.first?.members ?? []
    let body: JSON = [
      "subscribersType": ["subscribed"], "sectionLogicOperator": "or",
      "section": [.map(section.filter { $0.name != key })],
    ]
    let answer = test.post("/search-contacts/contacts", body)
    #expect(answer.code == 1000)
    #expect(answer.body["context"]?["fieldName"] == .text(key))
  }

  @Test("Two types at once, nine conditions and unknown lists are refused")
  func tooMuch() {
    var test = TestAccount()
    var members = test.segment([]).members.filter { $0.name != "subscribersType" }
    members.append(JSON.Member("subscribersType", ["subscribed", "removed"]))
    #expect(test.post("/search-contacts/contacts", .map(members)).code == 1000)
    let many = [JSON](repeating: score("numeric_gt", 1), count: 9)
    #expect(test.search(many).code == 1000)
    test.server.lists = []
    #expect(
      test.post(
        "/search-contacts/contacts",
        TestAccount().segment([])
      ).code == 1001)
  }

  @Test("Scores are compared, and who has none fits no comparison")
  func scores() {
    var test = TestAccount(contacts: 4)
    for number in 1...3 { test.server.setScore(test.id(number), to: Double(number * 10), at: test.now) }
    #expect(test.search([score("numeric_gt_eq", 20)]).ids == test.ids([2, 3]))
    #expect(test.search([score("numeric_lt", "20")]).ids == test.ids([1]))
    #expect(test.search([score("numeric_not_eq", 20)]).ids == test.ids([1, 3]))
    #expect(test.search([["conditionType": "score", "operatorType": "not_exists"]]).ids == test.ids([4]))
    #expect(test.search([["conditionType": "score", "operatorType": "numeric_operator"]]).code == 1000)
  }

  @Test("Conditions are joined by and, or by or")
  func logic() {
    var test = TestAccount(contacts: 3)
    for number in 1...3 { test.server.setScore(test.id(number), to: Double(number), at: test.now) }
    let conditions = [score("numeric_lt", 3), score("numeric_gt", 1)]
    #expect(test.search(conditions).ids == test.ids([2]))
    #expect(test.search(conditions, logic: "or").ids == test.ids([1, 2, 3]))
  }

  @Test("Tags are there or not; an unknown one is code 1001")
  func tags() {
    var test = TestAccount(contacts: 2)
    test.server.addTag(test.id(1), "hot", at: test.now)
    func tag(_ word: JSON, _ id: JSON) -> JSON {
      ["conditionType": "tag", "operatorType": "exists", "operator": word, "value": id]
    }
    #expect(test.search([tag("exists", test.tag("hot"))]).ids == test.ids([1]))
    #expect(test.search([tag("not_exists", test.tag("hot"))]).ids == test.ids([2]))
    #expect(test.search([tag("exists", "zzzz")]).code == 1001)
  }

  @Test("Custom fields are compared as texts in any case, as numbers, and by whether they are there")
  func fields() {
    var test = TestAccount(contacts: 3)
    test.server.setField(test.id(1), "lead_band", to: "Hot", at: test.now)
    test.server.setField(test.id(2), "lead_band", to: "warm", at: test.now)
    test.server.setField(test.id(2), "visits", to: "12", at: test.now)
    let (band, visits) = (test.field("lead_band"), test.field("visits"))
    #expect(test.search([custom(band, "string_operator", "is", "hot")]).ids == test.ids([1]))
    #expect(test.search([custom(band, "string_operator", "not_contains", "ar")]).ids == test.ids([1]))
    #expect(
      test.search([custom(band, "string_operator_list", "is", ["hot", "warm"])]).ids == test.ids([1, 2]))
    #expect(test.search([custom(visits, "numeric_operator", "numeric_gt", "9")]).ids == test.ids([2]))
    #expect(test.search([custom(band, "string_operator", "assigned")]).ids == test.ids([1, 2]))
    #expect(test.search([custom(band, "string_operator", "not_assigned")]).ids == test.ids([3]))
    #expect(test.search([custom("zzzz", "string_operator", "assigned")]).code == 1001)
  }

  @Test(
    "The last send, open and click are known by the day",
    arguments: [
      ("last_send_date", KnownKind.emailSent), ("last_open_date", .emailOpen),
      ("last_click_date", .emailClick),
    ])
  func lastDates(name: String, kind: KnownKind) {
    var test = TestAccount(contacts: 3)
    test.act(1, .known(kind), hoursAgo: 10)
    test.act(2, .known(kind), hoursAgo: 11)
    test.act(2, .known(kind), hoursAgo: 50)
    #expect(test.search([date(.text(name), "date_from", "2026-11-23")]).ids == test.ids([1]))
    #expect(test.search([date(.text(name), "date_from", "2026-11-22")]).ids == test.ids([1, 2]))
    #expect(test.search([date(.text(name), "date_to", "2026-11-22")]).ids == test.ids([2]))
    #expect(test.search([date(.text(name), "specific_date", "yesterday")]).ids == test.ids([2]))
    #expect(
      test.search([date(.text(name), "custom", "2026-11-22/2026-11-22")]).ids == test.ids([2]))
    #expect(test.search([date(.text(name), "date_from", "2026-11-23T00:00:00+0000")]).code == 1000)
  }

  @Test(
    "Words for dates mean whole days",
    arguments: [
      ("today", 0, 0), ("yesterday", 1, 1), ("last_7_days", 6, 0), ("last_30_days", 29, 0),
      ("this_week", 0, 0),
      ("last_week", 7, 1), ("this_month", 22, 0), ("last_month", 53, 23), ("last_2_months", 83, 23),
    ])
  func words(name: String, first: Int64, last: Int64) {
    // A Monday.
    let today = DateText.day(of: "2026-11-23") ?? 0
    let range = DayRange.named(name, today: today, days: nil)
    #expect(range?.from == today - first)
    #expect(range?.to == today - last)
  }

  @Test("A word for a date means another day tomorrow, though nothing else has changed")
  func tomorrow() {
    var test = TestAccount(contacts: 1)
    test.act(1, .known(.emailOpen))
    let condition = date("last_open_date", "specific_date", "today")
    #expect(test.search([condition]).ids == test.ids([1]))
    test.pass(86_400)
    #expect(test.search([condition]).ids == [])
  }

  @Test("Names and addresses are compared in any case")
  func texts() {
    var test = TestAccount(contacts: 12)
    func text(_ type: JSON, _ word: JSON, _ value: JSON) -> JSON {
      ["conditionType": type, "operatorType": "string_operator", "operator": word, "value": value]
    }
    #expect(test.search([text("name", "is", "p2")]).ids == test.ids([2]))
    #expect(test.search([text("email", "starts", "P1")]).ids == test.ids([1, 10, 11, 12]))
    #expect(test.search([text("email", "not_ends", "example.test")]).ids == [])
  }

  @Test("The engagement score is high after a click, low without one, and missing without a message")
  func engagement() {
    var test = TestAccount(contacts: 3)
    for number in [1, 2] { test.act(number, .known(.emailSent), hoursAgo: 2) }
    test.act(1, .known(.emailClick))
    let condition: JSON = [
      "conditionType": "engagement_score", "operator": "numeric_gt_eq", "value": 4,
    ]
    #expect(test.search([condition]).ids == test.ids([1]))
    #expect(test.get("/contacts").body.elements.map { $0["engagementScore"] } == [5, 1, .null])
  }

  @Test("Sections are of lists, and their contacts of a time")
  func sections() {
    var test = TestAccount(contacts: 4) { $0.lists = ["one", "two"] }
    func section(_ list: String, _ date: JSON) -> JSON {
      [
        "campaignIdsList": [test.list(list)], "logicOperator": "and", "subscriptionDate": date,
        "subscriberCycle": ["not_receiving_autoresponder"],
      ]
    }
    func body(_ logic: JSON, _ sections: [JSON]) -> JSON {
      [
        "subscribersType": ["subscribed"], "sectionLogicOperator": logic, "section": .list(sections),
      ]
    }
    let path = "/search-contacts/contacts"
    let (one, two) = (section("one", "all_time"), section("two", "yesterday"))
    let todays = section("two", "today")
    _ = test.update(3, ["dayOfCycle": "2"])
    #expect(test.post(path, body("or", [one, two])).ids == test.ids([1, 2, 4]))
    #expect(test.post(path, body("and", [one, two])).ids == [])
    #expect(test.post(path, body("or", [one, todays])).ids == test.ids([1]))
    #expect(test.post(path, body("or", [section("one", "soon")])).code == 1000)
  }

  @Test("Searches may see an activity later than the contact's own list")
  func lag() {
    var test = TestAccount(contacts: 1) { $0.activityLag = 7_200 }
    test.act(1, .known(.emailOpen), hoursAgo: 1)
    let condition = date("last_open_date", "date_from", "2026-11-01")
    #expect(test.get("/contacts/\(test.id(1))/activities").body.elements.count == 1)
    #expect(test.search([condition]).ids == [])
    test.pass(3_600)
    #expect(test.search([condition]).ids == test.ids([1]))
  }

  @Test("Who was sent a message, opened it and clicked in it is found, and who did not")
  func messages() {
    var test = TestAccount(contacts: 2)
    test.act(1, .known(.emailSent), campaign: "News")
    test.act(2, .known(.emailSent), campaign: "News")
    test.act(2, .known(.emailClick), campaign: "News")
    let id = JSON.text(test.get("/newsletters").texts("newsletterId").first ?? "")
    func message(_ type: JSON, _ name: String) -> JSON {
      .map([
        JSON.Member("conditionType", type), JSON.Member("operatorType", "message_operator"),
        JSON.Member("operator", "newsletter"), JSON.Member(name, id),
      ])
    }
    #expect(test.search([message("sent", "value")]).ids == test.ids([1, 2]))
    #expect(test.search([message("clicked", "scope")]).ids == test.ids([2]))
    #expect(test.search([message("not_clicked", "scope")]).ids == test.ids([1]))
    #expect(test.search([message("opened", "value")]).ids == [])
  }

  @Test("Removed, undelivered and unconfirmed contacts are found with their reason and moment")
  func states() {
    var test = TestAccount(contacts: 4)
    let ids = test.ids([1, 2, 3, 4])
    test.server.remove(ids[0], reason: "unsubscribe", at: test.now)
    test.server.bounce(ids[1], at: test.now)
    test.server.unconfirm(ids[2], at: test.now)
    let removed = test.search([], type: "removed").body.elements.first
    #expect(removed?["contactId"] == .text(ids[0]))
    #expect(removed?["reason"] == "unsubscribe")
    #expect(removed?["deletedOn"] == "2026-11-23T10:00:00+0000")
    #expect(test.search([], type: "undelivered").texts("reason") == ["bounce"])
    #expect(test.search([], type: "unconfirmed").ids == [ids[2]])
    #expect(test.search([]).ids == [ids[3]])
  }

  @Test("A condition that the stand-in does not know is refused, not passed over")
  func unknown() {
    var test = TestAccount()
    #expect(test.search([["conditionType": "geo"]]).code == 1000)
  }

  @Test("A saved segment follows the scores; its name is the only one")
  func saved() {
    var test = TestAccount(contacts: 2)
    let body = test.segment([score("numeric_gt_eq", 80)], name: "Leads hot")
    let made = test.post("/search-contacts", body)
    #expect(made.status == 201)
    #expect(made.body["section"] == body["section"])
    let path = "/search-contacts/\(made.body["searchContactId"]?.string ?? "")"
    #expect(test.post("/search-contacts", body).code == 1008)
    #expect(test.get("\(path)/contacts").ids == [])
    _ = test.update(2, ["scoring": 90])
    #expect(test.get("\(path)/contacts").ids == test.ids([2]))
    #expect(test.server.members(ofSegment: "Leads hot", at: test.now) == ["p2@example.test"])
    let lower = test.segment([score("numeric_gt_eq", 10)], name: "Leads hot")
    #expect(test.post(path, lower).status == 200)
    #expect(test.get("/search-contacts?query[name]=HOT").texts("name") == ["Leads hot"])
    #expect(test.call("DELETE", path).status == 204)
    #expect(test.get(path).code == 1013)
    #expect(test.server.segmentNames == [])
  }

  @Test("Only subscribed contacts may be saved, and a name is required")
  func badSegments() {
    var test = TestAccount()
    #expect(test.post("/search-contacts", test.segment([], type: "removed", name: "Gone")).code == 1000)
    #expect(test.post("/search-contacts", test.segment([])).code == 1000)
  }

  @Test("A new list is not in a segment until it is named there")
  func newList() {
    var test = TestAccount(contacts: 1)
    _ = test.post("/search-contacts", test.segment([], name: "All"))
    test.server.addList("later", at: test.now)
    test.server.move(test.id(1), to: "later", at: test.now)
    #expect(test.server.members(ofSegment: "All", at: test.now) == [])
  }

  @Test("A value for a whole segment does not overwrite")
  func valuesForAll() {
    var test = TestAccount(contacts: 2)
    test.server.setField(test.id(1), "lead_band", to: "A", at: test.now)
    let id =
      test.post("/search-contacts", test.segment([], name: "All")).body["searchContactId"]?.string ?? ""
    let answer = test.post(
      "/search-contacts/\(id)/custom-fields",
      ["customFieldValues": [["customFieldId": test.field("lead_band"), "value": ["B"]]]])
    #expect(answer.status == 202)
    #expect([1, 2].map { test.held($0)?.fields["lead_band"] } == ["A", "B"])
  }
}
