import ConnectorConformance
import Foundation
import GetResponseSimulator
import Platform
import Scoring
import Testing

@testable import GetResponseConnector

@Suite("What contacts of GetResponse did with e-mails")
struct ActivityTests {
  private let account = GetResponseTestAccount()

  /// Reads everybody again only where something says so.
  private var calm: GetResponseSettings {
    var settings = account.settings
    settings.activityRefresh = TimeSpan(seconds: 6 * 3_600)
    return settings
  }

  private func isFetch(_ route: String) -> Bool { route.hasSuffix("/activities") }

  private func fetched(since count: Int) -> [String] { account.routes(since: count).filter(isFetch) }

  @Test("Sends, opens and clicks come with subject and link, for those alone who opened or clicked")
  func kinds() async throws {
    let ids = try await account.people(4)
    account.did(ids[0], .emailSent, ago: 300)
    account.did(ids[0], .emailOpen, ago: 200)
    account.did(ids[0], .emailClick, ago: 100, url: "https://www.example.com/a")
    account.did(ids[1], .emailSent, ago: 300)
    account.did(ids[2], .emailClick, ago: 90, type: "sms", url: "https://www.example.com/s")
    account.did(ids[2], .emailSent, ago: 95, type: "sms")
    var pull = Pull()
    let before = account.network.requests.count
    try await pull.read("activities", account.getResponse(pageSize: 1_000), account.year())
    let told = pull.activities().map { "\($0.kind.name) \($0.target ?? "-") \($0.campaign ?? "-")" }
    #expect(
      Set(told) == [
        "email_sent - News", "email_open - News", "email_click https://www.example.com/a News",
        "sms_click https://www.example.com/s News",
      ])
    #expect(fetched(since: before).count == 2)
  }

  @Test("More than 14 days back is always asked for")
  func longAgo() async throws {
    let ids = try await account.people(1)
    account.did(ids[0], .emailOpen, ago: 200 * 86_400)
    var pull = Pull()
    try await pull.read("activities", account.getResponse(), account.year())
    #expect(pull.activities().count == 1)
    let asked = account.network.requests.filter { $0.path.hasSuffix("/activities") }
    #expect(asked.allSatisfy { $0.query.contains { $0.name == "query[createdOn][from]" } })
  }

  @Test("Rows that say the same are one, whether a page lists them twice or they are read twice")
  func sameSecond() async throws {
    let ids = try await account.people(1)
    for _ in 0..<2 { account.did(ids[0], .emailClick, ago: 60, url: "https://www.example.com/a") }
    account.did(ids[0], .emailClick, ago: 60, url: "https://www.example.com/b")
    for _ in 0..<3 { account.did(ids[0], .emailOpen, ago: 60) }
    account.did(ids[0], .emailOpen, ago: 61)
    account.did(ids[0], .emailOpen, ago: 60, subject: nil)
    var first = Pull()
    try await first.read("activities", account.getResponse(), account.year())
    #expect(Set(first.activities().map(\.identity)).count == 5)
    account.clock.advance(100)
    var second = Pull()
    try await second.read("activities", account.getResponse(pageSize: 1_000), account.year())
    #expect(Set(second.activities().map(\.identity)) == Set(first.activities().map(\.identity)))
  }

  @Test("A long history is read up to a fixed moment, so that what comes meanwhile moves nothing")
  func longHistory() async throws {
    let ids = try await account.people(1)
    for ago in 1...9 { account.did(ids[0], .emailOpen, ago: Int64(ago) * 600) }
    var pull = Pull()
    try await pull.read("activities", account.getResponse(pageSize: 4), account.year())
    #expect(Set(pull.activities().map(\.identity)).count == 9)
    #expect(pull.activities().count == 9)
    let pages = account.network.requests.filter { $0.path.hasSuffix("/activities") }
    // The first page shows that there are more; then all of them, up to a fixed moment.
    #expect(pages.count == 4)
    #expect(pages.dropFirst().allSatisfy { $0.query.contains { $0.name == "query[createdOn][to]" } })
  }

  @Test("A run in which nobody new was active only counts: two searches, and the lists they name")
  func quiet() async throws {
    let ids = try await account.people(3)
    for id in ids { account.did(id, .emailOpen) }
    var pull = Pull()
    for _ in 0..<2 {
      try await pull.read("activities", account.getResponse(settings: calm), account.year())
      account.clock.advance(3_600)
    }
    let before = account.network.requests.count
    try await pull.read("activities", account.getResponse(settings: calm), account.year())
    #expect(
      account.routes(since: before) == [
        "GET /v3/campaigns", "POST /v3/search-contacts/contacts", "POST /v3/search-contacts/contacts",
      ])
    #expect(pull.activities().isEmpty)
  }

  @Test("Of a day's active contacts only those who are new in a search are read")
  func newOnes() async throws {
    let ids = try await account.people(4)
    for id in ids.prefix(3) { account.did(id, .emailOpen) }
    var pull = Pull()
    for _ in 0..<2 {
      try await pull.read("activities", account.getResponse(settings: calm), account.year())
      account.clock.advance(3_600)
    }
    account.did(ids[3], .emailOpen)
    // Who had opened clicks now: new in the other search.
    account.did(ids[0], .emailClick, url: "https://www.example.com/a")
    var before = account.network.requests.count
    try await pull.read("activities", account.getResponse(settings: calm), account.year())
    #expect(Set(fetched(since: before)).count == 2)
    #expect(pull.activities().contains { $0.kind == .known(.emailClick) })
    #expect(pull.activities().contains { $0.subject == .contact(ids[3]) })
    account.clock.advance(3_600)
    before = account.network.requests.count
    try await pull.read("activities", account.getResponse(settings: calm), account.year())
    #expect(fetched(since: before).isEmpty)
  }

  @Test("What is kept beside the state is believed only if the store has taken that reading")
  func unconfirmed() async throws {
    let ids = try await account.people(3)
    for id in ids { account.did(id, .emailOpen) }
    var pull = Pull()
    for _ in 0..<2 {
      try await pull.read("activities", account.getResponse(settings: calm), account.year())
      account.clock.advance(600)
    }
    let late = try await account.addContact(email: "late@example.test", firstName: "Late")
    account.did(late, .emailOpen)
    let confirmed = pull.cursors
    try await pull.read("activities", account.getResponse(settings: calm), account.year())
    #expect(pull.activities().count == 1)
    // The store never took it: the program was killed.
    pull.cursors = confirmed
    account.clock.advance(600)
    try await pull.read("activities", account.getResponse(settings: calm), account.year())
    #expect(pull.activities().map(\.subject) == [.contact(late)])
  }

  @Test("A page that the store never took is given once more, though its contacts are noted as read")
  func lostPage() async throws {
    let ids = try await account.people(6)
    for id in ids.prefix(3) { account.did(id, .emailOpen) }
    var pull = Pull()
    for _ in 0..<2 {
      try await pull.read("activities", account.getResponse(settings: calm), account.year())
      account.clock.advance(600)
    }
    for id in ids.suffix(3) { account.did(id, .emailOpen) }
    let stream = StreamName("activities")
    func page(_ cursor: Cursor?) async throws -> Page {
      try await account.getResponse(settings: calm).page(of: stream, after: cursor, window: account.year())
    }
    let first = try await page(pull.cursors[stream])
    #expect(first.activities.count == 2 && first.hasMore)
    let lost = try await page(first.cursor)
    let again = try await page(first.cursor)
    #expect(lost.activities.count == 1)
    #expect(again.activities == lost.activities)
  }

  @Test("Without a folder of its own everybody who was found is read whenever somebody new is")
  func nothingKept() async throws {
    let ids = try await account.people(3)
    for id in ids.prefix(2) { account.did(id, .emailOpen) }
    var pull = Pull()
    for _ in 0..<2 {
      try await pull.read("activities", account.getResponse(settings: calm, keeps: false), account.year())
      account.clock.advance(600)
    }
    account.did(ids[2], .emailOpen)
    let before = account.network.requests.count
    try await pull.read("activities", account.getResponse(settings: calm, keeps: false), account.year())
    #expect(Set(fetched(since: before)).count == 3)
  }

  @Test("Everybody who was found is read again every six hours, and when the day changes")
  func refresh() async throws {
    let ids = try await account.people(1)
    account.did(ids[0], .emailOpen)
    var pull = Pull()
    for _ in 0..<2 {
      try await pull.read("activities", account.getResponse(settings: calm), account.year())
      account.clock.advance(3_600)
    }
    // Once more in the same search: no count moves.
    account.did(ids[0], .emailOpen, subject: "Second")
    var seen = 0
    for _ in 0..<7 {
      try await pull.read("activities", account.getResponse(settings: calm), account.year())
      seen += pull.activities().count { $0.campaign == "Second" }
      account.clock.advance(3_600)
    }
    #expect(seen > 0)
  }

  @Test("A cursor from the middle of a reading works in a new process")
  func middle() async throws {
    let ids = try await account.people(7)
    for id in ids { account.did(id, .emailOpen) }
    let stream = StreamName("activities")
    var cursor: Cursor?
    var seen: [Subject] = []
    var pages = 0
    while true {
      let page = try await account.getResponse().page(of: stream, after: cursor, window: account.year())
      (cursor, pages) = (page.cursor, pages + 1)
      seen += page.activities.map(\.subject)
      guard page.hasMore else { break }
    }
    #expect(pages == 4)
    #expect(seen.count == 7)
    #expect(Set(seen) == Set(ids.map { .contact($0) }))
  }

  @Test("When the window moves back everything is read again from there")
  func backfill() async throws {
    let ids = try await account.people(2)
    account.did(ids[0], .emailOpen, ago: 40 * 86_400)
    account.did(ids[1], .emailOpen, ago: 60)
    var pull = Pull()
    try await pull.read("activities", account.getResponse(settings: calm), account.window(days: 30))
    #expect(pull.activities().map(\.subject) == [.contact(ids[1])])
    account.clock.advance(3_600)
    try await pull.read("activities", account.getResponse(settings: calm), account.window(days: 90))
    #expect(Set(pull.activities().map(\.subject)) == Set(ids.map { .contact($0) }))
  }

  @Test("Who merely got an e-mail is read if the model names that kind, from the start")
  func sent() async throws {
    let ids = try await account.people(2)
    account.did(ids[0], .emailSent)
    account.did(ids[1], .emailOpen)
    var pull = Pull()
    let connector = account.getResponse(settings: calm)
    try await pull.read("activities", connector, account.year(.model(kinds: [.known(.emailOpen)])))
    #expect(pull.activities().map(\.kind) == [.known(.emailOpen)])
    account.clock.advance(3_600)
    try await pull.read("activities", connector, account.year(.model(kinds: [.known(.emailSent)])))
    #expect(pull.activities().contains { $0.kind == .known(.emailSent) && $0.subject == .contact(ids[0]) })
  }

  @Test("The same if another rule looks at any kind, which counts no e-mail that was merely sent")
  func sentBesideAny() async throws {
    let ids = try await account.people(1)
    account.did(ids[0], .emailSent)
    var pull = Pull()
    let needs = PullNeeds(fields: [], kinds: nil, namedKinds: [.known(.emailSent)], tags: [], bands: [])
    try await pull.read("activities", account.getResponse(settings: calm), account.year(needs))
    #expect(pull.activities().map(\.kind) == [.known(.emailSent)])
  }

  @Test("A model without e-mail costs no call, and a later one with it reads everything")
  func noEmail() async throws {
    let ids = try await account.people(1)
    account.did(ids[0], .emailOpen, ago: 20 * 86_400)
    var pull = Pull()
    let connector = account.getResponse(settings: calm)
    let before = account.network.requests.count
    try await pull.read("activities", connector, account.year(.model(kinds: [.known(.purchase)])))
    #expect(account.routes(since: before).isEmpty)
    account.clock.advance(3_600)
    try await pull.read("activities", connector, account.year(.model(kinds: [.known(.emailOpen)])))
    #expect(pull.activities().count == 1)
  }

  @Test("A contact that is gone when its activities are asked for stops nothing")
  func gone() async throws {
    let ids = try await account.people(2)
    for id in ids { account.did(id, .emailOpen) }
    account.answer("GET /v3/contacts/\(ids[0])/activities", with: .trouble(404, 1013))
    var pull = Pull()
    try await pull.read("activities", account.getResponse(), account.year())
    #expect(pull.activities().map(\.subject) == [.contact(ids[1])])
  }

  @Test("A file that was torn or is of another history is not believed")
  func tornFile() throws {
    let path = account.folder + "/torn.active"
    let file = SeenFile(path: path, title: "1 2", confirmed: [])
    try file.add(["a", "b"], reading: 5)
    try file.add(["c"], reading: 6)
    let read = SeenFile(path: path, title: "1 2", confirmed: [5])
    #expect(read.has("a"))
    #expect(!read.has("c"))
    #expect(!SeenFile(path: path, title: "1 3", confirmed: [5]).has("a"))
    try "1 2\n5 abc\n5 ab".write(toFile: path, atomically: true, encoding: .utf8)
    let torn = SeenFile(path: path, title: "1 2", confirmed: [5])
    #expect(torn.has("abc"))
    #expect(!torn.has("ab"))
  }

  @Test(
    "A list that was deleted since it was looked up makes the reading begin again, with those that there are")
  func deletedList() async throws {
    let ids = try await account.people(1)
    account.did(ids[0], .emailOpen)
    let tally = Tally()
    account.network.decide { request in
      guard request.path == "/v3/search-contacts/contacts", tally.next() == 1 else { return .answered }
      return .altered { _ in .trouble(400, 1001) }
    }
    let connector = account.getResponse()
    var pull = Pull()
    let found = await failure { try await pull.read("activities", connector, account.year()) }
    #expect(found?.kind == .changedMeanwhile)
    let before = account.network.requests.count
    try await pull.read("activities", connector, account.year())
    #expect(pull.activities().count == 1)
    #expect(account.routes(since: before).first == "GET /v3/campaigns")
  }

  @Test("An e-mail that nobody can name any more, and a kind that is not known, stop nothing")
  func oddRows() async throws {
    let ids = try await account.people(1)
    account.did(ids[0], .emailOpen)
    account.answer(
      "GET /v3/contacts/\(ids[0])/activities",
      with: .json(
        #"[{"activity":"open","createdOn":"2026-11-01T10:00:00+0000","resource":{"resourceId":null,"resourceType":"newsletters"},"clickTrack":null},{"activity":"forward","createdOn":"2026-11-01T10:00:00+0000"},{"activity":"open"}]"#
      ))
    var pull = Pull()
    try await pull.read("activities", account.getResponse(pageSize: 1_000), account.year())
    #expect(pull.activities().count == 1)
    #expect(pull.pages["activities"]?.first?.leftOut == 1)
    #expect(pull.rejected("activities").count == 1)
  }
}
