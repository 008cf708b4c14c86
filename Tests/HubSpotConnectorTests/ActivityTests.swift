import ConnectorConformance
import HubSpotSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import HubSpotConnector

@Suite("What contacts of HubSpot did")
struct ActivityTests {
  private let account = HubSpotTestAccount()

  private func read(_ stream: String, pageSize: Int = 100) async throws -> [ActivityRecord] {
    var pull = Pull()
    try await pull.read(stream, account.hubspot(pageSize: pageSize), account.window())
    return pull.activities(stream)
  }

  @Test("Marketing e-mail is told by the address, of a few types, and not by robots or twice")
  func emails() async throws {
    _ = try await account.people(1)
    account.did(1, .emailSent, campaign: "News")
    account.did(1, .emailOpen, campaign: "News")
    account.did(1, .emailClick, target: "https://www.example.com/a", campaign: "News")
    account.did(1, .emailBounce, campaign: "News")
    account.did(1, .emailUnsubscribe, campaign: "News")
    account.did(1, .emailComplaint, campaign: "News")
    let time = Timestamp(Int64(account.clock.now()) - 50)
    account.change { server, _ in
      server.addEmailEvent("OPEN", recipient: "p1@example.test", at: time, filtered: true)
      server.addEmailEvent("OPEN", recipient: "p1@example.test", at: time, obsolete: true)
    }
    let found = try await read("email_events")
    #expect(
      found.map(\.kind.name) == [
        "email_open", "email_click", "email_bounce", "email_complaint", "email_unsubscribe",
      ])
    #expect(found.allSatisfy { $0.subject == .address("p1@example.test") })
    #expect(found.map(\.target) == [nil, "https://www.example.com/a", nil, nil, nil])
    #expect(Set(found.map(\.campaign)).count == 1)
    #expect(Set(found.map(\.identity)).count == 5)
  }

  @Test(
    "A clock of ours that was days ahead hides nothing of what comes then",
    arguments: [
      ("events", KnownKind.pageVisit), ("forms", .formSubmit), ("email_events", .emailOpen), ("notes", .note),
    ])
  func clockAhead(stream: String, kind: KnownKind) async throws {
    _ = try await account.people(1)
    account.did(1, kind, ago: 600)
    var pull = Pull()
    let window = account.window(days: 365)
    let ahead = PullWindow(since: window.since, now: Timestamp(window.now.seconds + 3 * 86_400))
    try await pull.read(stream, account.hubspot(), ahead)
    account.clock.advance(60)
    account.did(1, kind, ago: 0)
    account.clock.advance(60)
    try await pull.read(stream, account.hubspot(), account.window())
    let deeds = pull.activities(stream)
    #expect(Set(deeds.map(\.identity)).count == 2)
  }

  @Test("A clock of ours that was behind loses no meeting that seemed to be still to come")
  func clockBehind() async throws {
    _ = try await account.people(1)
    account.did(1, .meeting, ago: 1_800)
    var pull = Pull()
    let window = account.window(days: 365)
    let behind = PullWindow(since: window.since, now: Timestamp(window.now.seconds - 7_200))
    try await pull.read("meetings", account.hubspot(), behind)
    #expect(pull.activities("meetings").isEmpty)
    account.clock.advance(86_400)
    try await pull.read("meetings", account.hubspot(), account.window(days: 365))
    #expect(pull.activities("meetings").count == 1)
  }

  @Test("A mail's name is asked for once, and stands for its number where it can be seen")
  func campaignNames() async throws {
    _ = try await account.people(1)
    for ago in 1...3 { account.did(1, .emailOpen, ago: Int64(ago) * 60, campaign: "News") }
    let name = SimulatedAnswer.json(#"{"id":1,"name":"Spring news","subject":"Hello"}"#)
    account.network.decide { $0.path.contains("/campaigns/") ? .altered { _ in name } : .answered }
    #expect(try await read("email_events").map(\.campaign) == ["Spring news", "Spring news", "Spring news"])
    #expect(account.routes().filter { $0.contains("/campaigns/") }.count == 1)
    account.network.decide { _ in .answered }
    #expect(try await read("email_events").first?.campaign == "News")
    account.network.decide {
      $0.path.contains("/campaigns/") ? .altered { _ in .json("{}", status: 404) } : .answered
    }
    #expect(try await read("email_events").first?.campaign?.hasPrefix("e-mail ") == true)
  }

  @Test("A year of e-mail events is read in pieces that grow while they are empty")
  func pieces() async throws {
    _ = try await account.people(1)
    account.did(1, .emailOpen, ago: 300 * 86_400)
    account.did(1, .emailOpen, ago: 100)
    #expect(try await read("email_events").count == 2)
    let asked = account.routes().filter { $0 == "GET /email/public/v1/events" }.count
    #expect(asked < 100)
    // Later one call for each type does.
    var pull = Pull()
    try await pull.read("email_events", account.hubspot(pageSize: 100), account.window())
    account.clock.advance(3_600)
    let before = account.network.requests.count
    try await pull.read("email_events", account.hubspot(pageSize: 100), account.window())
    #expect(account.routes(since: before).filter { $0 == "GET /email/public/v1/events" }.count == 5)
  }

  @Test("A mark that has grown old begins the piece anew, and what comes twice has the same identity")
  func oldOffset() async throws {
    _ = try await account.people(1)
    for ago in 1...5 { account.did(1, .emailOpen, ago: Int64(ago) * 60) }
    let stream = StreamName("email_events")
    let connector = account.hubspot()
    var cursor: Cursor?
    var seen: [ActivityRecord] = []
    var hasMore = true
    var hasWaited = false
    while hasMore {
      let page = try await connector.page(of: stream, after: cursor, window: account.window())
      seen += page.activities
      (cursor, hasMore) = (page.cursor, page.hasMore)
      if !seen.isEmpty, !hasWaited {
        hasWaited = true
        account.clock.advance(7_200)
      }
    }
    #expect(Set(seen.map(\.identity)).count == 5)
    #expect(seen.count > 5)
  }

  @Test("Page views come for everybody at once, with the address of the page")
  func pageViews() async throws {
    let ids = try await account.people(3)
    for number in 1...3 {
      account.did(number, .pageVisit, ago: Int64(number) * 90, target: "https://www.example.com/\(number)")
    }
    let found = try await read("events", pageSize: 2)
    #expect(Set(found.map(\.subject)) == Set(ids.map { .contact(ContactID("\($0)")) }))
    #expect(Set(found.compactMap(\.target)) == Set((1...3).map { "https://www.example.com/\($0)" }))
    #expect(found.allSatisfy { $0.kind == .known(.pageVisit) })
  }

  @Test("Events of the account's own making are custom activities")
  func ownEvents() async throws {
    #expect(EventReader.ownName("pe12345_demo_requested") == "demo_requested")
    #expect(["e_visited_page", "pedestrian", "pe123", "pe123_"].compactMap(EventReader.ownName).isEmpty)
    account.network.decide { request in
      if request.path.hasSuffix("/event-types") {
        return .altered { _ in .json(#"{"eventTypes":["e_visited_page","pe5_demo"]}"#) }
      }
      guard request.query.contains(SimulatedPair("eventType", "pe5_demo")) else { return .answered }
      let event =
        #"{"objectType":"CONTACT","objectId":"7","id":"a","occurredAt":"2026-11-18T00:00:00Z","properties":{}}"#
      return .altered { _ in .json(#"{"results":[\#(event)]}"#) }
    }
    let found = try await read("events")
    #expect(found.map(\.kind) == [.custom("demo")])
    #expect(found.first?.subject == .contact(ContactID("7")))
  }

  @Test("More forms than fit on one page of their list are all read, whose mark comes percent-encoded")
  func manyForms() async throws {
    _ = try await account.people(1)
    for number in 0..<130 { account.did(1, .formSubmit, ago: 3_600, target: "Form \(number)") }
    var pull = Pull()
    try await pull.read("forms", account.hubspot(), account.window())
    #expect(Set(pull.activities("forms").compactMap(\.target)).count == 130)
  }

  @Test("Submissions are read form by form, by the address, down to what was read before")
  func forms() async throws {
    _ = try await account.people(2)
    for ago in [50, 40, 30, 20, 10] {
      account.did(1, .formSubmit, ago: Int64(ago) * 86_400, target: "Contact us")
    }
    account.did(2, .formSubmit, ago: 7_200, target: "Newsletter")
    var pull = Pull()
    try await pull.read("forms", account.hubspot(), account.window())
    #expect(pull.activities("forms").count == 6)
    #expect(Set(pull.activities("forms").compactMap(\.target)) == ["Contact us", "Newsletter"])
    account.clock.advance(86_400)
    account.did(1, .formSubmit, target: "Contact us")
    let before = account.network.requests.count
    try await pull.read("forms", account.hubspot(), account.window())
    #expect(pull.activities("forms").count == 1)
    // The forms, and a page of each.
    #expect(account.routes(since: before).count == 3)
  }

  @Test("A call counts if somebody answered, in seconds")
  func calls() async throws {
    let ids = try await account.people(1)
    account.did(1, .call, target: "Intro", value: 90)
    account.log("calls", of: 1, .call, [("hs_call_status", "NO_ANSWER")])
    let found = try await read("calls", pageSize: 1)
    #expect(found.map(\.value) == [90])
    #expect(found.first?.target == "Intro")
    #expect(found.first?.subject == .contact(ContactID("\(ids[0])")))
  }

  @Test("A meeting counts once it has begun, and not at all if it was called off")
  func meetings() async throws {
    _ = try await account.people(1)
    let start = Timestamp(Int64(account.clock.now()) + 50_000).description
    account.log(
      "meetings", of: 1, .meeting,
      [("hs_timestamp", start), ("hs_meeting_start_time", start), ("hs_meeting_outcome", "SCHEDULED")])
    account.log("meetings", of: 1, .meeting, [("hs_meeting_outcome", "CANCELED")])
    account.clock.advance(60)
    var pull = Pull()
    try await pull.read("meetings", account.hubspot(), account.window())
    #expect(pull.activities("meetings").isEmpty)
    for _ in 0..<20 {
      account.clock.advance(3_600)
      try await pull.read("meetings", account.hubspot(), account.window())
      if !pull.activities("meetings").isEmpty { break }
    }
    #expect(pull.activities("meetings").map(\.time.description) == [start])
  }

  @Test("Of sales mail only what the contact wrote counts; notes and tasks are those of staff")
  func staff() async throws {
    _ = try await account.people(1)
    account.did(1, .emailReply, campaign: "Offer")
    account.log("emails", of: 1, .emailReply, [("hs_email_direction", "EMAIL")])
    account.did(1, .note)
    account.did(1, .task, target: "Call back")
    #expect(try await read("emails").map(\.kind) == [.known(.emailReply)])
    #expect(try await read("notes").map(\.kind) == [.known(.note)])
    #expect(try await read("tasks").map(\.target) == ["Call back"])
  }

  @Test("A deal is created once and won once, with its amount, and tells the outcome")
  func deals() async throws {
    let ids = try await account.people(1)
    account.did(1, .dealCreated, ago: 5_000, target: "Big one", value: 900)
    var pull = Pull()
    account.clock.advance(60)
    try await pull.read("deals", account.hubspot(), account.window())
    #expect(pull.activities("deals").map(\.kind) == [.known(.dealCreated)])
    account.did(1, .dealWon, target: "Big one", value: 900)
    account.clock.advance(60)
    try await pull.read("deals", account.hubspot(), account.window())
    #expect(pull.activities("deals").map(\.kind) == [.known(.dealCreated), .known(.dealWon)])
    #expect(pull.activities("deals").last?.value == 900)
    let outcome = pull.pages["deals"]?.flatMap(\.outcomes).first
    #expect(outcome?.subject == .contact(ContactID("\(ids[0])")))
    #expect(outcome?.result == .won)
    #expect(outcome?.amount == 900)
  }

  @Test("Where pipelines cannot be seen the deal's own marks tell whether it was lost")
  func ownMarks() throws {
    let deal = try JSONValue.parse(
      Array(
        #"{"id":"1","properties":{"createdate":"2026-01-01T00:00:00Z","closedate":"2026-02-01T00:00:00Z","hs_is_closed":"true","hs_is_closed_won":"false"}}"#
          .utf8))
    let now = Timestamp(1_795_000_000)
    #expect(CRMObject.deals.events(of: deal, stage: nil, now: now)?.map(\.kind) == [.dealCreated, .dealLost])
    #expect(CRMObject.deals.events(of: deal, stage: .open, now: now)?.map(\.kind) == [.dealCreated])
  }

  @Test("A record with more contacts than one answer holds is asked again, and each contact has an identity")
  func manyLinks() async throws {
    _ = try await account.people(1)
    account.did(1, .call)
    account.network.decide { request in
      guard request.path.hasSuffix("/calls/contacts/batch/read") else { return .answered }
      let isSecond = String(decoding: request.body, as: UTF8.self).contains("\"after\":\"MTAt\"")
      return .altered { answer in
        let body = String(decoding: answer.body, as: UTF8.self)
        let id = body.split(separator: "\"from\":{\"id\":\"").last?.prefix { $0.isNumber } ?? ""
        let paging = isSecond ? "" : #","paging":{"next":{"after":"MTAt"}}"#
        let links = isSecond ? #"[{"toObjectId":"30"}]"# : #"[{"toObjectId":20},{"toObjectId":10}]"#
        return .json(#"{"results":[{"from":{"id":"\#(id)"},"to":\#(links)\#(paging)}]}"#, status: 207)
      }
    }
    let found = try await read("calls")
    #expect(found.map(\.subject) == ["10", "20", "30"].map { .contact(ContactID($0)) })
    #expect(Set(found.map(\.identity)).count == 3)
  }

  @Test("A record that is linked with nobody is left out and counted")
  func nobody() async throws {
    let ids = try await account.people(1)
    account.did(1, .call)
    account.change { server, now in server.erase(ids[0], at: now) }
    var pull = Pull()
    try await pull.read("calls", account.hubspot(), account.window())
    #expect(pull.activities("calls").isEmpty)
    #expect(pull.pages["calls"]?.map(\.leftOut).reduce(0, +) == 1)
  }

  @Test(
    "What the plan or the scopes refuse is said once a run and stops nothing",
    arguments: [
      ("email_events", "content"), ("events", "business-intelligence"), ("forms", "forms"),
      ("deals", "crm.objects.deals.read"),
    ])
  func refused(stream: String, scope: String) async throws {
    let account = HubSpotTestAccount { $0.scopes.remove(scope) }
    _ = try await account.people(1)
    var pull = Pull()
    try await pull.read(account.hubspot(), account.window())
    #expect(pull.rejected(stream).count == 1)
    #expect(pull.rejected(stream).first?.reason.contains("does not allow") == true)
    #expect(pull.pages.filter { $0.key != stream }.allSatisfy { $0.value.flatMap(\.rejected).isEmpty })
  }

  @Test("An unknown stream is refused")
  func unknownStream() async throws {
    let found = await failure { _ = try await read("page_hits") }
    #expect(found?.kind == .configuration)
  }
}
