import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import HubSpotSimulator

/// What contacts did: e-mail events, event occurrences, forms, engagements and deals.
@Suite("What contacts did")
struct ActivityTests {
  private func events(_ answer: TestAccount.Answer) -> [JSON] { answer.body["events"]?.elements ?? [] }

  @Test("E-mail events come newest first, of one type, with both ends of the window")
  func emailEvents() {
    var test = TestAccount()
    for minutes in [30, 20, 10] as [Int64] {
      test.act(1, .emailClick, minutesAgo: minutes, target: "https://a.test/\(minutes)", campaign: "News")
    }
    let (from, to) = ((test.now.seconds - 1_800) * 1_000, (test.now.seconds - 600) * 1_000)
    let path = "/email/public/v1/events?eventType=CLICK&startTimestamp=\(from)&endTimestamp=\(to)"
    let all = test.get(path)
    #expect(events(all).map { $0["url"] } == ["https://a.test/10", "https://a.test/20", "https://a.test/30"])
    #expect(events(all).first?["recipient"] == "p1@example.test")
    #expect(all.body["hasMore"] == false)
    #expect(test.get(path.replacing("CLICK", with: "click")).status == 400)
  }

  @Test("An offset is good for the same parameters only, and not for ever")
  func offset() {
    var test = TestAccount()
    for minutes in 1...3 as ClosedRange<Int64> { test.act(1, .emailOpen, minutesAgo: minutes) }
    let first = test.get("/email/public/v1/events?eventType=OPEN&limit=2")
    #expect(first.body["hasMore"] == true)
    let offset = Escaping.encode(first.body["offset"]?.string ?? "")
    test.act(2, .emailOpen, minutesAgo: 0)
    let second = test.get("/email/public/v1/events?eventType=OPEN&limit=2&offset=\(offset)")
    #expect(events(second).count == 1)
    #expect(second.body["hasMore"] == false)
    #expect(test.get("/email/public/v1/events?eventType=CLICK&offset=\(offset)").status == 400)
    test.pass(3_601)
    #expect(test.get("/email/public/v1/events?eventType=OPEN&limit=2&offset=\(offset)").status == 400)
  }

  @Test("Events of bots and events that were replaced are marked; bots are left out on demand")
  func marked() {
    var test = TestAccount()
    test.server.addEmailEvent("OPEN", recipient: "p1@example.test", at: test.now, filtered: true)
    test.server.addEmailEvent("OPEN", recipient: "p1@example.test", at: test.now, obsolete: true)
    let all = events(test.get("/email/public/v1/events?eventType=OPEN"))
    #expect(all.map { $0["filteredEvent"] } == [false, true])
    #expect(all.map { $0["obsoletedBy"] != nil } == [true, false])
    #expect(events(test.get("/email/public/v1/events?eventType=OPEN&excludeFilteredEvents=true")).count == 1)
  }

  @Test("A mail that is sent leaves two events, and one unsubscribed from a change of status")
  func kinds() {
    var test = TestAccount()
    test.act(1, .emailSent, campaign: "News")
    test.act(1, .emailUnsubscribe, minutesAgo: 50, campaign: "News")
    test.act(1, .emailComplaint, minutesAgo: 40)
    test.act(1, .emailBounce, minutesAgo: 30)
    let types = events(test.get("/email/public/v1/events")).map { $0["type"] }
    #expect(types == ["BOUNCE", "SPAMREPORT", "STATUSCHANGE", "DELIVERED", "SENT"])
    let change = events(test.get("/email/public/v1/events?eventType=STATUSCHANGE")).first
    #expect(change?["portalSubscriptionStatus"] == "UNSUBSCRIBED")
    #expect(
      test.get("\(TestAccount.contacts)?properties=hs_email_optout").property("hs_email_optout") == "true")
  }

  @Test(
    "Counters come with every plan and tell sums and first and last moments; e-mail counters are null before")
  func counters() {
    var test = TestAccount(contacts: 1)
    let names = "hs_email_open,hs_email_last_open_date,hs_analytics_num_page_views,hs_analytics_num_visits"
    let path = "\(TestAccount.contacts)?properties=\(names)"
    #expect(test.get(path).property("hs_email_open") == .null)
    #expect(test.get(path).property("hs_analytics_num_page_views") == "0")
    test.act(1, .emailOpen, minutesAgo: 30)
    test.act(1, .pageVisit, minutesAgo: 100, target: "https://a.test/")
    test.act(1, .pageVisit, minutesAgo: 90, target: "https://a.test/b")
    test.act(1, .pageVisit, minutesAgo: 5, target: "https://a.test/")
    let answer = test.get(path)
    #expect(answer.property("hs_email_open") == "1")
    #expect(answer.property("hs_email_last_open_date") == "2026-11-23T09:30:00.000Z")
    #expect(answer.property("hs_analytics_num_page_views") == "3")
    #expect(answer.property("hs_analytics_num_visits") == "2")
  }

  @Test("A roll-up moves the date of change or does not, a logged call always does")
  func rollUps() {
    for moves in [true, false] {
      var test = TestAccount(contacts: 2) { $0.rollUpsMoveModified = moves }
      test.act(1, .emailOpen)
      test.act(2, .call)
      let since = test.now.seconds - 3_700
      #expect(test.search(changedSince: since).ids == (moves ? [test.id(1), test.id(2)] : [test.id(2)]))
    }
  }

  @Test("Page views are for Enterprise; others are told which scopes they lack")
  func plan() {
    var test = TestAccount()
    test.act(1, .pageVisit, target: "https://a.test/")
    let path = "/events/event-occurrences/2026-03?eventType=e_visited_page"
    let refused = test.get(path)
    #expect(refused.status == 403)
    #expect(refused.category == "MISSING_SCOPES")
    test.server.settings.plan = .enterprise
    let found = test.get(path).body["results"]?.elements.first
    #expect(found?["objectId"] == .text("\(test.id(1))"))
    #expect(found?["properties"]?["hs_url"] == "https://a.test/")
    #expect(test.get("/events/event-occurrences/2026-03").status == 400)
  }

  @Test("The cursor of an event page is percent-encoded already, as in recordings; encoded twice it is none")
  func eventCursor() {
    var test = TestAccount { $0.plan = .enterprise }
    for minutes in 1...3 as ClosedRange<Int64> {
      test.act(1, .pageVisit, minutesAgo: minutes * 10, target: "https://a.test/\(minutes)")
    }
    let path = "/events/event-occurrences/2026-03?eventType=e_visited_page&limit=2"
    let first = test.get(path)
    let after = first.after ?? ""
    #expect(after.contains("%3D"))
    let second = test.get("\(path)&after=\(after)")
    let urls = [first, second].flatMap { $0.body["results"]?.elements ?? [] }.map {
      $0["properties"]?["hs_url"]
    }
    #expect(urls == ["https://a.test/3", "https://a.test/2", "https://a.test/1"])
    #expect(second.body["paging"] == nil)
    #expect(test.get("\(path)&after=\(Escaping.encode(after))").status == 400)
  }

  @Test("Events are asked for by time, and by contact")
  func eventWindow() {
    var test = TestAccount { $0.plan = .enterprise }
    test.act(1, .pageVisit, minutesAgo: 60, target: "https://a.test/1")
    test.act(2, .pageVisit, minutesAgo: 30, target: "https://a.test/2")
    let path = "/events/event-occurrences/2026-03"
    func urls(_ query: String) -> [JSON?] {
      (test.get("\(path)?\(query)").body["results"]?.elements ?? []).map { $0["properties"]?["hs_url"] }
    }
    #expect(urls("eventType=e_visited_page&occurredAfter=2026-11-23T09:10:00Z") == ["https://a.test/2"])
    #expect(urls("eventType=e_visited_page&occurredBefore=2026-11-23T09:10:00Z") == ["https://a.test/1"])
    #expect(urls("objectType=contact&objectId=\(test.id(2))") == ["https://a.test/2"])
  }

  @Test(
    "Attendances, forms and events of the account's own have types; without one a contact's are mixed by time"
  )
  func eventTypes() throws {
    var test = TestAccount { $0.plan = .enterprise }
    test.act(1, .eventAttendance, minutesAgo: 10, target: "Webinar")
    test.act(1, .formSubmit, minutesAgo: 20, target: "Demo")
    test.act(1, .pageVisit, minutesAgo: 40)
    test.server.add(
      SimulatedActivity(
        contact: 1, kind: try #require(ActivityKind("custom:demo")),
        time: Timestamp(test.now.seconds - 1_800)))
    let path = "/events/event-occurrences/2026-03"
    let types: [JSON] = [
      "e_visited_page", "e_form_submission_v2", "e_attended_marketing_event", "pe12345678_demo",
    ]
    #expect(test.get("\(path)/event-types").body["eventTypes"] == .list(types))
    let all = test.get("\(path)?objectType=contact&objectId=\(test.id(1))").body["results"]?.elements
    #expect(all?.map { $0["eventType"] } == [types[0], types[3], types[1], types[2]])
    #expect(all?.last?["properties"]?["hs_marketing_event_name"] == "Webinar")
    #expect(test.get("\(path)?eventType=pe1_other").status == 400)
  }

  @Test("Of a window of events the first moment is in it and the last is not")
  func eventEnds() {
    var test = TestAccount { $0.plan = .enterprise }
    for minutes in [60, 30] as [Int64] { test.act(1, .pageVisit, minutesAgo: minutes) }
    let answer = test.get(
      "/events/event-occurrences/2026-03?eventType=e_visited_page&occurredAfter=2026-11-23T09:00:00Z"
        + "&occurredBefore=2026-11-23T09:30:00Z")
    #expect(answer.body["results"]?.elements.map { $0["occurredAt"] } == ["2026-11-23T09:00:00.000Z"])
  }

  @Test("Submissions of a form come newest first, fifty at most, with the address that was typed in")
  func submissions() {
    var test = TestAccount()
    for minutes in 1...3 as ClosedRange<Int64> {
      test.act(Int(minutes), .formSubmit, minutesAgo: minutes, target: "Demo request")
    }
    let form = test.get("/marketing/v3/forms?limit=100").body["results"]?.elements.first
    #expect(form?["name"] == "Demo request")
    let path = "/form-integrations/v1/submissions/forms/\(form?["id"]?.string ?? "")"
    let first = test.get("\(path)?limit=2")
    let second = test.get("\(path)?limit=2&after=\(Escaping.encode(first.after ?? ""))")
    let all = [first, second].flatMap { $0.body["results"]?.elements ?? [] }
    let addresses = all.map { $0["values"]?.elements.first?["value"] }
    #expect(addresses == ["p1@example.test", "p2@example.test", "p3@example.test"])
    #expect(all.first?["submittedAt"] == .integer((test.now.seconds - 60) * 1_000))
    #expect(test.get("\(path)?limit=51").status == 400)
    #expect(test.get("/form-integrations/v1/submissions/forms/nosuch").status == 404)
  }

  @Test("The cursor of a page of forms is percent-encoded already, too")
  func formCursor() {
    var test = TestAccount()
    for name in ["A", "B", "C"] { test.act(1, .formSubmit, target: name) }
    let first = test.get("/marketing/v3/forms?limit=2")
    #expect(first.after?.hasSuffix("%3D%3D") == true)
    let second = test.get("/marketing/v3/forms?limit=2&after=\(first.after ?? "")")
    #expect(second.body["results"]?.elements.map { $0["name"] } == ["C"])
    #expect(second.body["paging"] == nil)
    #expect(test.get("/marketing/v3/forms?after=\(Escaping.encode(first.after ?? ""))").status == 400)
  }

  @Test("A deal is made, won with an amount, and linked with its contact")
  func deals() {
    var test = TestAccount()
    test.act(1, .dealCreated, minutesAgo: 90, value: 500)
    test.act(1, .dealWon, minutesAgo: 30, value: 1_250.5)
    let found = test.call(
      "POST", "/crm/objects/2026-03/0-3/search",
      ["properties": ["amount", "dealstage", "hs_is_closed_won", "closedate"]])
    #expect(found.ids.count == 1)
    #expect(found.property("dealstage") == "closedwon")
    #expect(found.property("amount") == "1250.5")
    #expect(found.property("hs_is_closed_won") == "true")
    #expect(found.property("closedate") == "2026-11-23T09:30:00.000Z")
    let stages = test.get("/crm/pipelines/2026-03/deals").body["results"]?.elements.first?["stages"]
    #expect(stages?.elements.contains { $0["id"] == "closedwon" } == true)
  }

  @Test("A record with no link is an error of a 207, and found ids are numbers")
  func associations() {
    var test = TestAccount()
    test.act(2, .meeting)
    let meeting = test.call("POST", "/crm/objects/2026-03/meetings/search", [:]).ids.first ?? 0
    let answer = test.call(
      "POST", "/crm/associations/2026-03/meetings/contacts/batch/read",
      ["inputs": [["id": "222"], ["id": .text("\(meeting)")]]])
    #expect(answer.status == 207)
    let result = answer.body["results"]?.elements.first
    #expect(result?["from"]?["id"] == .text("\(meeting)"))
    #expect(result?["to"]?.elements.first?["toObjectId"] == .integer(test.id(2)))
    let error = answer.body["errors"]?.elements.first
    #expect(error?["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND")
    #expect(error?["message"] == "No contact is associated with meeting 222.")
    let many = JSON.list((0..<1_001).map { ["id": .text("\($0)")] })
    #expect(
      test.call("POST", "/crm/associations/2026-03/deals/contacts/batch/read", ["inputs": many]).status == 400
    )
  }

  @Test("A reply is an incoming e-mail, and a task is due when it says")
  func engagements() {
    var test = TestAccount()
    test.act(1, .emailReply, campaign: "News")
    test.act(1, .task, target: "Call back")
    test.act(1, .note)
    let reply = test.call(
      "POST", "/crm/objects/2026-03/emails/search", ["properties": ["hs_email_direction", "hs_timestamp"]])
    #expect(reply.property("hs_email_direction") == "INCOMING_EMAIL")
    #expect(reply.property("hs_timestamp") == "2026-11-23T09:00:00.000Z")
    #expect(["tasks", "notes"].map { test.server.recordCount(of: $0) } == [1, 1])
  }
}
