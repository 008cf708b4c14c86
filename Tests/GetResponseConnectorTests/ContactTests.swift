import ConnectorConformance
import GetResponseSimulator
import Platform
import Scoring
import Testing

@testable import GetResponseConnector

@Suite("Contacts of GetResponse")
struct ContactTests {
  private let account = GetResponseTestAccount()

  @Test("A list tells the score, the one name, where it came from and which list it is")
  func mapping() async throws {
    let ids = try await account.people(1)
    account.change { server, now in server.setScore(ids[0].text, to: 42, at: now) }
    var pull = Pull()
    try await pull.read("contacts", account.getResponse(), account.year(.model()))
    let record = try #require(pull.contacts().first)
    func field(_ name: String) -> String? { record.fields.first { $0.name == name }?.value }
    #expect(record.emails == ["p1@example.test"])
    #expect(field("email") == "p1@example.test")
    #expect(field("first_name") == "Person 1")
    #expect(field("list") == "customers")
    #expect(field("source") != nil)
    #expect(field("dayOfCycle") == nil)
    #expect(record.held == HeldState(score: 42))
    #expect(record.heldParts == [.score])
    #expect(record.isWritable)
    #expect(record.createdAt != nil)
  }

  @Test("One person on two lists is two contacts of one address")
  func twoLists() async throws {
    let account = GetResponseTestAccount { $0.twoListsEvery = 1 }
    _ = try await account.people(1)
    var pull = Pull()
    try await pull.read("contacts", account.getResponse(), account.year(.model()))
    #expect(Set(pull.contacts().map(\.id)).count == 2)
    #expect(Set(pull.contacts().flatMap(\.emails)) == ["p1@example.test"])
  }

  @Test("Ids that differ by case alone are different contacts")
  func caseOfIDs() async throws {
    let ids = try await account.people(200)
    #expect(Set(ids.map { $0.text.lowercased() }).count < ids.count)
    var pull = Pull()
    try await pull.read("contacts", account.getResponse(pageSize: 1_000), account.year(.model()))
    #expect(Set(pull.contacts().map(\.id)) == Set(ids))
  }

  @Test("1,200 contacts that were created in one second are all read, page by page")
  func oneSecond() async throws {
    let ids = try await account.people(1_200)
    account.clock.advance(60)
    let later = try await account.addContact(email: "later@example.test", firstName: "Later")
    var pull = Pull()
    let connector = account.getResponse(pageSize: 500)
    try await pull.read("contacts", connector, account.year(.model()))
    #expect(Set(pull.contacts().map(\.id)) == Set(ids + [later]))
    // The same, if the account does not tell how long its lists are.
    account.change { server, _ in server.settings.tellsTotals = false }
    pull = Pull()
    try await pull.read("contacts", account.getResponse(pageSize: 500), account.year(.model()))
    #expect(Set(pull.contacts().map(\.id)) == Set(ids + [later]))
  }

  @Test("Who leaves while the contacts of one second are read moves nobody past the reader")
  func shrinkingSecond() async throws {
    let ids = try await account.people(20)
    let connector = account.getResponse(pageSize: 5)
    let stream = StreamName("contacts")
    var cursor: Cursor?
    var seen: Set<ContactID> = []
    var removed = false
    while true {
      let page = try await connector.page(of: stream, after: cursor, window: account.year(.model()))
      seen.formUnion(page.contacts.map(\.id))
      cursor = page.cursor
      if seen.count >= 10, !removed {
        removed = true
        account.change { server, now in for id in ids.prefix(5) { server.remove(id.text, at: now) } }
      }
      guard page.hasMore else { break }
    }
    #expect(seen.isSuperset(of: ids.dropFirst(5)))
  }

  @Test("Somebody who is edited while everybody is listed is not taken for gone")
  func editedMeanwhile() async throws {
    var added: [ContactID] = []
    for number in 1...9 {
      added.append(try await account.addContact(email: "p\(number)@example.test", firstName: "P"))
      account.clock.advance(100)
    }
    let ids = added
    let connector = account.getResponse(pageSize: 3)
    var pull = Pull()
    var hasEdited = false
    var listings: [Listing] = []
    let stream = StreamName("contacts")
    var seen: Set<ContactID> = []
    while true {
      let page = try await connector.page(
        of: stream, after: pull.cursors[stream], window: account.year(.model()))
      pull.cursors[stream] = page.cursor
      listings.append(page.listing)
      seen.formUnion(page.contacts.map(\.id))
      if !seen.isEmpty, !hasEdited {
        hasEdited = true
        account.change { server, now in for id in ids { server.rename(id.text, to: "New", at: now) } }
      }
      guard page.hasMore else { break }
    }
    let sorted = account.network.requests.filter { $0.path == "/v3/contacts" }.flatMap(\.query).map(\.name)
    #expect(sorted.contains("sort[createdOn]") && !sorted.contains("sort[changedOn]"))
    #expect(listings.last == .everythingAndDone)
    #expect(seen == Set(ids))
  }

  @Test(
    "Between lists of everybody only those that were changed are read, from ten minutes before the last reading"
  )
  func changes() async throws {
    let account = GetResponseTestAccount(.daily)
    let ids = try await account.people(5)
    var pull = Pull()
    account.clock.advance(3_600)
    try await pull.read("contacts", account.getResponse(), account.year(.model()))
    #expect(pull.pages["contacts"]?.last?.listing == .everythingAndDone)
    account.clock.advance(3_600)
    account.change { server, now in server.rename(ids[3].text, to: "New", at: now) }
    account.clock.advance(60)
    let before = account.network.requests.count
    try await pull.read("contacts", account.getResponse(), account.year(.model()))
    #expect(pull.contacts().map(\.id) == [ids[3]])
    #expect(pull.pages["contacts"]?.last?.listing == .changes)
    #expect(account.routes(since: before) == ["GET /v3/contacts"])
    let query = try #require(account.network.requests.last).query
    #expect(query.contains(SimulatedPair("query[changedOn][from]", "2026-11-18T23:56:40+0000")) == false)
    #expect(query.contains { $0.name == "query[changedOn][from]" && $0.value.hasSuffix("+0000") })
  }

  @Test("A contact that appears minutes after it was created is not missed")
  func late() async throws {
    let account = GetResponseTestAccount(.daily)
    _ = try await account.people(2)
    var pull = Pull()
    account.clock.advance(3_600)
    try await pull.read("contacts", account.getResponse(), account.year(.model()))
    // Created two minutes before that reading, and there only now.
    let late = account.network.withServer { server, now -> String in
      server.add(
        SimulatedContact(
          number: 77, email: "late@example.test", createdAt: Timestamp(now.seconds - 120)))
      return server.id(ofContact: 77) ?? ""
    }
    account.clock.advance(3_600)
    try await pull.read("contacts", account.getResponse(), account.year(.model()))
    #expect(pull.contacts().map(\.id) == [ContactID(late)])
  }

  @Test("Who unsubscribed, complained or bounced still counts for the person, and is never written")
  func removed() async throws {
    let ids = try await account.people(6)
    account.clock.advance(3_600)
    account.change { server, now in
      server.remove(ids[0].text, reason: "unsubscribe", at: now)
      server.remove(ids[1].text, reason: "complaint", at: now)
      server.bounce(ids[2].text, at: now)
      server.remove(ids[3].text, reason: "user", at: now)
      server.unconfirm(ids[4].text, at: now)
    }
    var pull = Pull()
    try await pull.read("contacts", account.getResponse(), account.year(.model()))
    let records = Dictionary(uniqueKeysWithValues: pull.contacts().map { ($0.id, $0) })
    #expect(Set(records.keys) == [ids[0], ids[1], ids[2], ids[5]])
    #expect(records.filter { !$0.value.isWritable }.keys.sorted() == [ids[0], ids[1], ids[2]].sorted())
    #expect(records[ids[0]]?.held == nil)
    let kinds = Dictionary(
      uniqueKeysWithValues: pull.activities("contacts").map { ($0.subject, $0.kind.name) })
    #expect(kinds[.contact(ids[0])] == "email_unsubscribe")
    #expect(kinds[.contact(ids[1])] == "email_complaint")
    #expect(kinds[.contact(ids[2])] == "email_bounce")
    #expect(kinds.count == 3)
  }

  @Test("Details are read only if the model tests a custom field that there is, and then all of them")
  func details() async throws {
    let account = GetResponseTestAccount(.daily)
    let ids = try await account.people(3)
    account.change { server, now in
      server.setField(ids[0].text, "company", to: "Acme", at: now)
      server.setField(ids[0].text, "shoe_size", to: "43", at: now)
    }
    func detailCalls(_ needs: PullNeeds?) async throws -> Int {
      let before = account.network.requests.count
      var pull = Pull()
      try await pull.read("contacts", account.getResponse(pageSize: 1_000), account.year(needs))
      return account.routes(since: before).filter { $0.hasPrefix("GET /v3/contacts/") }.count
    }
    #expect(try await detailCalls(.model(fields: ["first_name", "email", "source"])) == 0)
    #expect(try await detailCalls(.model(fields: ["job_title"])) == 0)
    #expect(try await detailCalls(.model(fields: ["company"])) == 3)
    #expect(try await detailCalls(nil) == 3)
  }

  @Test("When a later model tests a custom field everybody is read again, once")
  func laterModel() async throws {
    let account = GetResponseTestAccount(.daily)
    let ids = try await account.people(3)
    account.change { server, now in server.setField(ids[0].text, "company", to: "Acme", at: now) }
    var pull = Pull()
    let connector = account.getResponse(pageSize: 1_000)
    try await pull.read("contacts", connector, account.year(.model()))
    account.clock.advance(3_600)
    try await pull.read("contacts", connector, account.year(.model(fields: ["company"])))
    #expect(pull.pages["contacts"]?.last?.listing == .everythingAndDone)
    let fields = pull.contacts().first { $0.id == ids[0] }?.fields
    #expect(fields?.contains(ContactField("company", "Acme")) == true)
    account.clock.advance(3_600)
    try await pull.read("contacts", connector, account.year(.model(fields: ["company"])))
    #expect(pull.pages["contacts"]?.last?.listing == .changes)
    #expect(pull.contacts().isEmpty)
  }

  @Test("Where everybody costs a call they are listed once a week, and who left is found every day")
  func patience() async throws {
    let account = GetResponseTestAccount(.fields)
    let ids = try await account.people(3)
    var pull = Pull()
    let connector = account.getResponse(pageSize: 1_000)
    account.clock.advance(3_600)
    try await pull.read("contacts", connector, account.year(.model()))
    account.change { server, now in
      server.remove(ids[0].text, reason: "user", at: now)
      server.remove(ids[1].text, reason: "unsubscribe", at: now)
    }
    account.clock.advance(86_400)
    try await pull.read("contacts", connector, account.year(.model()))
    #expect(pull.pages["contacts"]?.last?.listing == .changes)
    #expect(pull.pages["contacts"]?.flatMap(\.removals) == [ids[0]])
    #expect(pull.contacts().map(\.id) == [ids[1]])
    #expect(pull.contacts().first?.isWritable == false)
    account.clock.advance(6 * 86_400)
    try await pull.read("contacts", connector, account.year(.model()))
    #expect(pull.pages["contacts"]?.last?.listing == .everythingAndDone)
  }

  @Test("A list that is not in the order that was asked for is not believed")
  func wrongOrder() async throws {
    _ = try await account.people(2)
    let rows = ["2026-01-02", "2026-01-01"].enumerated().map {
      #"{"contactId":"a\#($0)","email":"a@example.test","createdOn":"\#($1)T00:00:00+0000"}"#
    }
    account.answer("GET /v3/contacts", with: .json("[\(rows.joined(separator: ","))]"))
    var pull = Pull()
    let found = await failure {
      try await pull.read("contacts", account.getResponse(), account.year(.model()))
    }
    #expect(found?.kind == .badData)
  }

  @Test("A contact without an id is reported")
  func noID() async throws {
    _ = try await account.people(1)
    account.answer("GET /v3/contacts", with: .json(#"[{"contactId":"","email":"a@example.test"}]"#))
    var pull = Pull()
    try await pull.read("contacts", account.getResponse(), account.year(.model()))
    #expect(pull.rejected("contacts").map(\.reason) == ["a contact has no id"])
  }
}
