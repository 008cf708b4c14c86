import Platform
import Scoring
import Testing
import WebAPI

@testable import MauticConnector

@Suite("Recorded answers to reads are understood")
struct RecordedReadingTests {
  private let nothing = RecordedAnswer.json("{\"total\":\"0\",\"contacts\":{}}")

  /// A first reading of the contacts that gets this answer.
  private func list(_ recording: String) async throws -> Page {
    try await ScriptedMautic([
      ScriptedMautic.route(
        "GET /api/contacts", with: "=isNull", try RecordedAnswer.named("124-contacts-search-anon")),
      ScriptedMautic.route("GET /api/contacts", try RecordedAnswer.named(recording)),
      ScriptedMautic.route(
        "GET /api/stats/audit_log", try RecordedAnswer.named("426-limited-stats-audit")),
    ]).page("contacts")
  }

  private let fay = [
    ContactField("email", "c030@example.test"), ContactField("points", "36"),
    ContactField("first_name", "Fay"), ContactField("last_name", "L030"),
    ContactField("company", "Acme 10"), ContactField("city", "Town"),
    ContactField("country", "United States"),
  ]

  @Test("A full contact")
  func full() async throws {
    let page = try await list("131-contacts-full")
    #expect(
      page.contacts == [
        ContactRecord(
          id: ContactID("32"), emails: ["c030@example.test"], fields: fay,
          createdAt: Timestamp("2026-11-23T01:11:38Z"), held: HeldState(tags: ["g0", "seed"]))
      ])
    #expect(page.recordsRead == 1)
    #expect(page.listing == .everythingAndDone)
    #expect(page.hasMore == false)
    #expect(page.progress == 1)
  }

  @Test("A minimal contact lacks tags only")
  func minimal() async throws {
    let page = try await list("130-contacts-minimal")
    #expect(page.contacts.map(\.fields) == [fay])
    #expect(page.contacts.map(\.held) == [.nothing])
  }

  @Test("Contacts of which only some fields were selected")
  func selected() async throws {
    let page = try await list("129-contacts-select")
    #expect(
      page.contacts == [
        ContactRecord(
          id: ContactID("316"), emails: ["c011@example.test"],
          fields: [ContactField("email", "c011@example.test"), ContactField("points", "15")],
          createdAt: Timestamp("2026-11-23T01:13:20Z"), held: HeldState(tags: ["g2", "seed"])),
        ContactRecord(
          id: ContactID("309"), emails: ["c004@example.test"],
          fields: [ContactField("email", "c004@example.test"), ContactField("points", "42")],
          createdAt: Timestamp("2026-11-23T01:13:18Z"), held: HeldState(tags: ["g1", "seed"])),
      ])
  }

  @Test("A page of contacts leaves a visitor out whom nobody knows")
  func page() async throws {
    let page = try await list("104-contacts-orderby-id")
    #expect(page.contacts.map(\.id.text) == ["2", "15", "16", "17"])
    #expect(
      page.contacts.map(\.emails.first) == [
        "oauth.user@example.test", "c013@example.test", "c014@example.test", "c015@example.test",
      ])
    #expect(page.leftOut == 1 + 2, "one in the page, and two of which only the number was asked for")
    #expect(page.recordsRead == 5)
  }

  @Test("No contacts at all", arguments: ["000-contacts-empty", "001-contacts-empty-minimal"])
  func none(_ recording: String) async throws {
    let page = try await list(recording)
    #expect(page.contacts.isEmpty)
    #expect(page.rejected.isEmpty)
    #expect(page.listing == .everythingAndDone)
  }

  @Test("One contact, a merged one and one that never was are told apart")
  func current() async throws {
    let mautic = ScriptedMautic([
      ScriptedMautic.route("GET /api/contacts", nothing),
      ScriptedMautic.route("GET /api/contacts/100", try RecordedAnswer.named("133-contact-one")),
      ScriptedMautic.route("GET /api/contacts/3", try RecordedAnswer.named("132-contact-merged-id")),
      ScriptedMautic.route("GET /api/contacts/99999", try RecordedAnswer.named("006-contact-unknown")),
    ])
    let ids = ["100", "3", "99999", "abc", "0", "007"].map { ContactID($0) }
    let states = try await mautic.connector().current(ids)
    #expect(
      states == [
        ids[0]: .present(HeldState(tags: ["g2", "seed"])), ids[1]: .moved(to: ContactID("306")),
        ids[2]: .gone,
        ids[3]: .gone, ids[4]: .gone, ids[5]: .gone,
      ])
    #expect(mautic.transport.requests.count == 4)
  }

  @Test("The audit log names who changed")
  func audit() async throws {
    let last = try RecordedAnswer.named("426-limited-stats-audit")
    let mautic = ScriptedMautic([
      ScriptedMautic.route(
        "GET /api/contacts", with: "2%2C44", try RecordedAnswer.named("129-contacts-select")),
      ScriptedMautic.route("GET /api/contacts", nothing),
      ScriptedMautic.route(
        "GET /api/stats/audit_log", last, last, try RecordedAnswer.named("160-stats-audit_log")),
    ])
    let connector = mautic.connector()
    var pull = Pull()
    try await pull.read("contacts", connector, mautic.window)
    try await pull.read("contacts", connector, mautic.window)
    #expect(pull.contacts() == ["316", "309"])
    let cursor = try ContactCursor(try #require(pull.cursors[StreamName("contacts")]))
    #expect(cursor.way == .feed)
    #expect(cursor.audit == 3)
    #expect(cursor.reading == 2)
  }

  @Test("The fields' list: a number that is there is not made again")
  func fieldsList() async throws {
    let mautic = ScriptedMautic([
      ScriptedMautic.route("GET /api/fields/contact", try RecordedAnswer.named("032-fields-list"))
    ])
    try await mautic.connector().prepare(layout)
    #expect(mautic.transport.requests.map(\.route) == ["GET /api/fields/contact"])
    let present = try await FieldSetup(api: api(of: mautic)).present()
    #expect(present["title"]?.options == ["Mr", "Mrs", "Miss"])
    #expect(present["ls_score"]?.type == "number")
    #expect(present["ls_score"]?.isPublished == true)
  }

  private let layout = WriteLayout(
    fields: WrittenFields(score: .field("ls_score"), band: nil, reasons: nil, tags: true), bandNames: [],
    ownedTags: [])

  private func api(of mautic: ScriptedMautic) -> MauticAPI {
    MauticAPI(
      client: APIClient(
        base: "https://m.example.com", authorization: NoAuthorization(),
        surroundings: WebSurroundings(transport: mautic.transport, clock: mautic.clock)), place: "web")
  }

  private let noFields = RecordedAnswer.json("{\"total\":0,\"fields\":[]}")

  @Test("A new field")
  func newField() async throws {
    let mautic = ScriptedMautic([
      ScriptedMautic.route("GET /api/fields/contact", noFields),
      ScriptedMautic.route("POST /api/fields/contact/new", try RecordedAnswer.named("030-field-new")),
    ])
    try await mautic.connector().prepare(layout)
    #expect(
      mautic.requests(to: "POST /api/fields/contact/new").map(\.bodyText) == [
        """
        {"label":"Lead score","alias":"ls_score","type":"number","group":"core","isPubliclyUpdatable":false,\
        "isUniqueIdentifier":false,"properties":{"scale":0}}
        """
      ])
  }

  @Test("A field that somebody else made meanwhile is taken")
  func fieldAgain() async throws {
    let mautic = ScriptedMautic([
      ScriptedMautic.route(
        "GET /api/fields/contact", noFields, try RecordedAnswer.named("032-fields-list")),
      ScriptedMautic.route("POST /api/fields/contact/new", try RecordedAnswer.named("031-field-new-again")),
    ])
    try await mautic.connector().prepare(layout)
    #expect(mautic.transport.requests.count == 3)
  }

  @Test("A field whose alias is taken by something that cannot be seen is a fault of the configuration")
  func fieldTaken() async throws {
    let mautic = ScriptedMautic([
      ScriptedMautic.route("GET /api/fields/contact", noFields),
      ScriptedMautic.route("POST /api/fields/contact/new", try RecordedAnswer.named("031-field-new-again")),
    ])
    let failed = await failure { try await mautic.connector().prepare(layout) }
    #expect(failed?.kind == .configuration)
    #expect(failed?.what.contains("Another field is already using this alias") == true)
  }

  @Test("A token is fetched once and goes with every request")
  func token() async throws {
    var mautic = ScriptedMautic([
      ScriptedMautic.route("POST /oauth/v2/token", try RecordedAnswer.named("020-oauth-token")),
      ScriptedMautic.route("GET /api/contacts", nothing),
    ])
    mautic.login = .client(id: "1_abc", secret: "client-s3cret")
    let connector = mautic.connector()
    for _ in 0..<2 { _ = try await connector.current([ContactID("1")]) }
    #expect(
      mautic.requests(to: "POST /oauth/v2/token").map(\.bodyText) == [
        "grant_type=client_credentials&client_id=1_abc&client_secret=client-s3cret"
      ])
    let logins = mautic.requests(to: "GET /api/contacts")
      .map { $0.headers.first { $0.name == "Authorization" }?.value }
    #expect(logins == ["Bearer MASKED", "Bearer MASKED"])
  }
}
