import ConnectorConformance
import HubSpotSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import HubSpotConnector

@Suite("Contacts of HubSpot")
struct ContactTests {
  private let account = HubSpotTestAccount()

  private func read(_ pull: inout Pull, pageSize: Int = 100) async throws {
    try await pull.read("contacts", account.hubspot(pageSize: pageSize), account.window())
  }

  @Test("At first everybody is listed, and later only who has changed is searched for")
  func listThenSearch() async throws {
    let ids = try await account.people(5)
    account.clock.advance(7_200)
    var pull = Pull()
    try await read(&pull)
    #expect(pull.contacts() == ids.map { "\($0)" })
    #expect(pull.pages["contacts"]?.last?.listing == .everythingAndDone)
    account.clock.advance(7_200)
    account.change { server, now in server.rename(ids[3], to: "Renamed", at: now) }
    account.clock.advance(3_600)
    let before = account.network.requests.count
    try await read(&pull)
    #expect(pull.contacts() == ["\(ids[3])"])
    #expect(pull.pages["contacts"]?.last?.listing == .changes)
    #expect(
      account.routes(since: before) == [
        "GET /crm/properties/2026-03/contacts", "POST /crm/objects/2026-03/contacts/search",
      ])
  }

  @Test("A change that the search does not see yet is in the reading after")
  func indexLag() async throws {
    let account = HubSpotTestAccount { $0.indexLag = 600 }
    let ids = try await account.people(3)
    account.clock.advance(7_200)
    var pull = Pull()
    try await pull.read("contacts", account.hubspot(), account.window())
    account.clock.advance(3_600)
    account.change { server, now in server.rename(ids[0], to: "Late", at: now) }
    try await pull.read("contacts", account.hubspot(), account.window())
    #expect(!pull.contacts().contains("\(ids[0])"))
    account.clock.advance(800)
    try await pull.read("contacts", account.hubspot(), account.window())
    #expect(pull.contacts().contains("\(ids[0])"))
  }

  @Test("A change of thousands at the same moment is paged by ids, beyond what one search gives")
  func sameMoment() async throws {
    let ids = try await account.people(30)
    var pull = Pull()
    try await read(&pull)
    account.clock.advance(7_200)
    account.change { server, now in for id in ids { server.rename(id, to: "All", at: now) } }
    account.clock.advance(3_600)
    try await read(&pull, pageSize: 7)
    #expect(pull.contacts() == ids.map { "\($0)" })
    #expect(pull.pages["contacts"]?.count == 5)
  }

  @Test("Once a day everybody is listed anew, so that who was erased without a trace is missed")
  func erased() async throws {
    let ids = try await account.people(4)
    var pull = Pull()
    try await read(&pull)
    account.change { server, now in server.erase(ids[1], at: now) }
    account.clock.advance(80_000)
    try await read(&pull)
    #expect(pull.pages["contacts"]?.last?.listing == .changes)
    // Ten minutes before the day is over is soon enough.
    account.clock.advance(5_900)
    try await read(&pull)
    #expect(pull.pages["contacts"]?.last?.listing == .everythingAndDone)
    #expect(!pull.contacts().contains("\(ids[1])"))
  }

  @Test("The daily list begins with those that were archived, and says so")
  func archived() async throws {
    let ids = try await account.people(4)
    var pull = Pull()
    try await read(&pull)
    account.change { server, now in
      server.archive(ids[0], at: now)
      server.archive(ids[2], at: now)
    }
    account.clock.advance(86_400)
    try await read(&pull, pageSize: 1)
    let removals = (pull.pages["contacts"] ?? []).flatMap(\.removals).map(\.text)
    #expect(removals.sorted() == ["\(ids[0])", "\(ids[2])"].sorted())
    #expect(pull.contacts() == ["\(ids[1])", "\(ids[3])"])
    #expect(pull.pages["contacts"]?.dropLast().allSatisfy { $0.listing == .everything } == true)
  }

  @Test("A merge that makes a new id is found by what the winner says of itself")
  func mergeWithNewID() async throws {
    let account = HubSpotTestAccount { $0.mergeMakesNewID = true }
    let ids = try await account.people(3)
    var pull = Pull()
    try await pull.read("contacts", account.hubspot(), account.window())
    account.clock.advance(3_600)
    let winner = account.network.withServer { $0.merge(ids[0], into: ids[2], at: $1) } ?? 0
    account.clock.advance(60)
    try await pull.read("contacts", account.hubspot(), account.window())
    let merges = (pull.pages["contacts"] ?? []).flatMap(\.merges)
    #expect(winner != ids[2])
    #expect(Set(merges.map(\.loser.text)) == ["\(ids[0])", "\(ids[2])"])
    #expect(Set(merges.map(\.winner.text)) == ["\(winner)"])
    let current = try await account.hubspot().current([ContactID("\(ids[0])")])
    #expect(current[ContactID("\(ids[0])")] == .moved(to: ContactID("\(winner)")))
  }

  @Test("All addresses, canonical fields and properties of one's own are taken, counters and dates are not")
  func fields() async throws {
    let ids = try await account.people(1)
    account.change { server, now in
      server.setProperty(
        ids[0], "hs_additional_emails", to: "second@example.test;third@example.test", at: now)
      server.setProperty(ids[0], "jobtitle", to: "Director", at: now)
      server.setProperty(ids[0], "mobilephone", to: "123", at: now)
      server.setProperty(ids[0], "budget", to: "5000", at: now)
    }
    account.did(1, .pageVisit, target: "https://www.example.com/pricing")
    var pull = Pull()
    try await read(&pull)
    let record = try #require(pull.pages["contacts"]?.first?.contacts.first)
    #expect(record.emails == ["p1@example.test", "second@example.test", "third@example.test"])
    #expect(
      Set(record.fields.map { "\($0.name)=\($0.value)" }) == [
        "email=p1@example.test", "first_name=Person 1", "job_title=Director", "phone=123", "budget=5000",
      ])
    #expect(record.createdAt == Timestamp(1_795_000_000))
  }

  @Test("Without the right to see properties the usual ones are asked for")
  func noSchemas() async throws {
    _ = try await account.people(1)
    account.answer("GET /crm/properties/2026-03/contacts", with: .json("{}", status: 403))
    var pull = Pull()
    try await pull.read("contacts", account.hubspot(), account.window())
    #expect(
      pull.pages["contacts"]?.first?.contacts.first?.fields.contains(ContactField("first_name", "Person 1"))
        == true)
  }

  @Test("Names of properties that do not fit into an address are left out, the needed ones never")
  func tooManyProperties() throws {
    let many = (0..<2_000).map { "custom_property_number_\($0)" }
    let mapping = ContactMapping(fields: WriteLayout.standard.fields)
    let fitting = PropertyCatalogue.fitting(mapping.usual + many)
    #expect(fitting.reduce(0) { $0 + $1.utf8.count + 3 } <= PropertyCatalogue.longestList)
    #expect(Set(mapping.usual).isSubset(of: fitting))
  }

  @Test("What the model looks at comes before other properties of the account's own")
  func modelFirst() async throws {
    let many = (0..<600).map { number in
      #"{"name":"custom_property_number_\#(number)","type":"string","fieldType":"text","hubspotDefined":false}"#
    }
    let wanted = #"{"name":"zebra","type":"string","fieldType":"text","hubspotDefined":false}"#
    account.answer(
      "GET /crm/properties/2026-03/contacts",
      with: .json(#"{"results":[\#((many + [wanted]).joined(separator: ","))]}"#))
    var connector = account.hubspot()
    func asked(_ needs: PullNeeds?) async throws -> String {
      let plain = account.window(days: 365)
      let window = PullWindow(since: plain.since, now: plain.now, needs: needs)
      _ = try await connector.page(of: StreamName("contacts"), after: nil, window: window)
      return account.network.requests.last?.query.first { $0.name == "properties" }?.value ?? ""
    }
    let usual = try await asked(nil)
    #expect(!usual.contains("zebra"))
    connector = account.hubspot()
    let needed = try await asked(PullNeeds(fields: ["zebra"], kinds: nil, tags: [], bands: []))
    #expect(needed.contains("zebra"))
    let findings = await connector.check(now: account.window(days: 365).now)
    #expect(findings.contains { $0.text.contains("so many properties that") })
  }

  @Test("A server that gives the same entries again and again ends the reading", arguments: [true, false])
  func standstill(isList: Bool) async throws {
    _ = try await account.people(3)
    var pull = Pull()
    if !isList { try await read(&pull) }
    account.clock.advance(3_600)
    let record = #"{"id":"5","properties":{},"archived":false}"#
    account.network.decide { request in
      request.path.contains("/objects/")
        ? .altered { _ in
          .json(#"{"total":900,"results":[\#(record)],"paging":{"next":{"after":"5"}}}"#)
        } : .answered
    }
    var found: ConnectorFailure?
    for _ in 0..<3 where found == nil { found = await failure { try await read(&pull) } }
    #expect(found?.kind == .badData)
  }

  @Test("A cursor of another version is refused")
  func damaged() async throws {
    let found = await failure {
      _ = try await account.hubspot().page(
        of: StreamName("contacts"), after: Cursor("{}"), window: account.window())
    }
    #expect(found?.kind == .badData)
  }

  @Test("Moments come as ISO 8601 with and without milliseconds, and as epoch milliseconds")
  func moments() throws {
    let json = try JSONValue.parse(
      Array(
        #"["2026-11-23T02:00:00.123Z","2026-11-23T02:00:00Z",1795399200000,"1795399200000","",null]"#.utf8))
    let expected = Timestamp("2026-11-23T02:00:00Z")
    #expect(json.elements.map { HubSpotTime.read($0) } == [expected, expected, expected, expected, nil, nil])
  }
}
