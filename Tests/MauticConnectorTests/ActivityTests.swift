import ConnectorConformance
import MauticSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import MauticConnector

@Suite("Rows of every table become activities")
struct ActivityTests {
  private let account = MauticTestAccount()

  private func read(_ table: String, pageSize: Int = 100) async throws -> [ActivityRecord] {
    var pull = Pull()
    try await pull.read(table, account.mautic(pageSize: pageSize), account.window())
    return pull.activities(table)
  }

  private func record(
    _ kind: KnownKind, ago: Int64 = 60, _ identity: String, target: String? = nil, campaign: String? = nil,
    value: Double? = nil
  ) -> ActivityRecord {
    ActivityRecord(
      subject: .contact(ContactID("1")), kind: .known(kind),
      time: Timestamp(Int64(account.clock.now()) - ago), target: target, campaign: campaign, value: value,
      identity: .id(identity))
  }

  @Test("Visits and clicks")
  func pageHits() async throws {
    _ = try await account.people(1)
    account.did(1, .pageVisit, target: "https://example.com/a", value: 40)
    account.did(1, .pageVisit, target: "https://example.com/b")
    account.did(1, .emailClick, target: "https://example.com/offer", campaign: "Spring")
    #expect(
      try await read("page_hits") == [
        record(.pageVisit, "page_hits/1", target: "https://example.com/a", value: 40),
        record(.pageVisit, "page_hits/2", target: "https://example.com/b"),
        record(.emailClick, "page_hits/3", target: "https://example.com/offer", campaign: "Spring"),
      ])
  }

  @Test("E-mails that were sent, opened twice, answered and returned")
  func emails() async throws {
    _ = try await account.people(1)
    account.did(1, .emailSent, ago: 600, campaign: "Spring")
    account.did(1, .emailOpen, ago: 500, campaign: "Spring")
    account.did(1, .emailOpen, ago: 400, campaign: "Spring")
    account.did(1, .emailReply, ago: 300, campaign: "Spring")
    account.did(1, .emailBounce, ago: 200, campaign: "Autumn")
    #expect(
      try await read("email_stats") == [
        record(.emailSent, ago: 600, "email_stats/1", campaign: "Spring"),
        record(.emailSent, ago: 200, "email_stats/2", campaign: "Autumn"),
        record(.emailBounce, ago: 200, "email_stats/2/failed", campaign: "Autumn"),
      ])
    #expect(
      try await read("email_stats_devices") == [
        record(.emailOpen, ago: 500, "email_stats_devices/1", campaign: "Spring"),
        record(.emailOpen, ago: 400, "email_stats_devices/2", campaign: "Spring"),
      ])
    let replies = try await read("email_stat_replies")
    #expect(replies.map(\.kind) == [.known(.emailReply)])
    #expect(replies.map(\.time) == [Timestamp(Int64(account.clock.now()) - 300)])
    #expect(replies.map(\.campaign) == ["Spring"])
    #expect(replies.map(\.subject) == [.contact(ContactID("1"))])
  }

  @Test("Forms, downloads, videos and unsubscriptions")
  func others() async throws {
    _ = try await account.people(1)
    account.did(1, .formSubmit, target: "Demo request")
    account.did(1, .download, target: "Price list")
    account.did(1, .videoView, target: "https://example.com/v.mp4", value: 30)
    account.did(1, .emailUnsubscribe, campaign: "Spring")
    account.did(1, .emailUnsubscribe)
    #expect(
      try await read("form_submissions") == [
        record(.formSubmit, "form_submissions/1", target: "Demo request")
      ])
    #expect(
      try await read("asset_downloads") == [
        record(.download, "asset_downloads/1", target: "Price list")
      ])
    #expect(
      try await read("video_hits") == [
        record(.videoView, "video_hits/1", target: "https://example.com/v.mp4", value: 30)
      ])
    #expect(
      try await read("lead_donotcontact") == [
        record(.emailUnsubscribe, "lead_donotcontact/1", campaign: "Spring"),
        record(.emailUnsubscribe, "lead_donotcontact/2"),
      ])
  }

  @Test("A mailbox that does not exist is a bounce in the list of those not to be contacted")
  func stopped() async throws {
    account.change { $0.settings.bouncesStopContact = true }
    _ = try await account.people(1)
    account.did(1, .emailBounce, campaign: "Spring")
    #expect(
      try await read("lead_donotcontact") == [
        record(.emailBounce, "lead_donotcontact/1", campaign: "Spring")
      ])
  }

  @Test("Names are asked for once, and what has none goes by its number")
  func names() async throws {
    _ = try await account.people(1)
    for _ in 0..<3 {
      account.did(1, .emailSent, campaign: "Spring")
      account.did(1, .formSubmit, target: "Demo")
      account.did(1, .download, target: "List")
    }
    account.network.decide { request in
      switch request.path {
      case "/api/emails": .altered { _ in .json("{\"total\":0,\"emails\":[]}") }
      case "/api/forms":
        .altered { _ in .json("{\"errors\":[{\"message\":\"no\",\"code\":403}]}", status: 403) }
      case "/api/assets":
        .altered { _ in .json("{\"total\":1,\"assets\":{\"1\":{\"id\":1,\"title\":\"\"}}}") }
      default: .answered
      }
    }
    let connector = account.mautic(pageSize: 1)
    var pull = Pull()
    try await pull.read(connector, account.window())
    #expect(pull.activities("email_stats").map(\.campaign) == ["email 1", "email 1", "email 1"])
    #expect(pull.activities("form_submissions").map(\.target) == ["form 1", "form 1", "form 1"])
    #expect(pull.activities("asset_downloads").map(\.target) == ["asset 1", "asset 1", "asset 1"])
    let asked = account.routes()
    for sort in ["emails", "forms", "assets"] {
      #expect(asked.filter { $0 == "GET /api/\(sort)" }.count == 1)
    }
  }

  @Test("Long lists of names are read to their end")
  func manyNames() async throws {
    _ = try await account.people(1)
    for number in 1...501 { account.did(1, .emailSent, campaign: "Mail \(number)") }
    let sent = try await read("email_stats", pageSize: 600)
    #expect(sent.last?.campaign == "Mail 501")
    #expect(account.routes().filter { $0 == "GET /api/emails" }.count == 2)
  }

  @Test("Opens are joined to their e-mails, and those of deleted contacts dropped")
  func joined() async throws {
    let ids = try await account.people(2)
    account.did(1, .emailOpen, campaign: "Spring")
    account.did(2, .emailOpen, campaign: "Spring")
    account.did(2, .pageVisit)
    account.change { $0.remove(ids[1], at: Timestamp(1_795_000_000)) }
    let opens = try await read("email_stats_devices")
    #expect(opens.map(\.subject) == [.contact(ContactID("1"))])
    #expect(try await read("page_hits").isEmpty)
  }

  @Test("Opens whose e-mails cannot be read fail the reading")
  func notJoined() async throws {
    _ = try await account.people(1)
    account.did(1, .emailOpen, campaign: "Spring")
    account.answer(
      "GET /api/stats/email_stats", with: .json("{\"errors\":[{\"message\":\"no\",\"code\":403}]}"))
    let failed = await failure { _ = try await read("email_stats_devices") }
    #expect(failed?.kind == .forbidden)
  }

  private func page(_ table: String, _ rows: WebResponse) async throws -> Page {
    try await ScriptedMautic([ScriptedMautic.route("GET /api/stats/\(table)", rows)]).page(table)
  }

  @Test("Links of other sources, and pages that were not found, are no activities")
  func ignoredHits() async throws {
    let time = "\"lead_id\":\"1\",\"date_hit\":\"2026-11-23 01:12:14\",\"url\":\"u\""
    let page = try await page(
      "page_hits",
      RecordedAnswer.rows(
        "{\"id\":\"1\",\(time),\"redirect_id\":\"4\",\"source\":\"sms\",\"source_id\":\"2\",\"code\":\"200\"}",
        "{\"id\":\"2\",\(time),\"redirect_id\":\"4\"}", "{\"id\":\"3\",\(time),\"code\":\"404\"}",
        "{\"id\":\"4\",\(time),\"code\":404}", "{\"id\":5,\(time),\"code\":200}",
        "{\"id\":\"6\",\(time),\"redirect_id\":\"4\",\"source\":\"email\",\"source_id\":\"12\"}"))
    #expect(page.activities.map(\.identity) == [.id("page_hits/5"), .id("page_hits/6")])
    #expect(page.activities.map(\.campaign) == [nil, "email 12"])
    #expect(page.recordsRead == 6)
    #expect(page.rejected.isEmpty)
  }

  @Test("A download that failed is none")
  func ignoredDownload() async throws {
    let page = try await page(
      "asset_downloads",
      RecordedAnswer.rows(
        "{\"id\":\"1\",\"asset_id\":\"1\",\"lead_id\":\"1\",\"date_download\":\"2026-11-23 01:12:14\","
          + "\"code\":\"404\"}"))
    #expect(page.activities.isEmpty)
  }

  @Test("A manual stop, and one of another channel, say nothing of the contact's will")
  func ignoredStops() async throws {
    let time = "\"lead_id\":\"1\",\"date_added\":\"2026-11-23 01:12:14\""
    let page = try await page(
      "lead_donotcontact",
      RecordedAnswer.rows(
        "{\"id\":\"1\",\(time),\"reason\":\"3\",\"channel\":\"email\"}",
        "{\"id\":\"2\",\(time),\"reason\":\"1\",\"channel\":\"sms\"}",
        "{\"id\":\"3\",\(time),\"reason\":\"2\",\"channel\":\"email\",\"channel_id\":\"0\"}",
        "{\"id\":\"4\",\(time),\"channel\":\"email\"}"))
    #expect(page.activities.map(\.kind) == [.known(.emailBounce)])
    #expect(page.activities.map(\.campaign) == [nil])
  }

  @Test("Rows without a usable time are told, those without an owner are not")
  func rejected() async throws {
    let page = try await page(
      "video_hits",
      RecordedAnswer.rows(
        "{\"id\":\"1\",\"lead_id\":\"1\",\"date_hit\":\"soon\"}", "{\"id\":\"2\",\"lead_id\":\"1\"}",
        "{\"lead_id\":\"1\",\"date_hit\":\"2026-11-23 01:12:14\"}",
        "{\"id\":\"3\",\"date_hit\":\"2026-11-23 01:12:14\"}"))
    #expect(page.activities.isEmpty)
    #expect(page.rejected.map(\.place) == ["video_hits/1", "video_hits/?"])
  }

  @Test("A stream that Mautic does not have is a fault of the configuration")
  func noStream() async {
    let failed = await failure { _ = try await read("webinars") }
    #expect(failed?.kind == .configuration)
  }

  @Test("A place that is not understood is said to be so", arguments: ["", "{}", "7", "{\"n\":\"x\"}"])
  func damaged(_ text: String) async {
    for stream in ["contacts", "page_hits"] {
      let failed = await failure {
        _ = try await account.mautic().page(
          of: StreamName(stream), after: Cursor(text), window: account.window())
      }
      #expect(failed?.kind == .badData)
      #expect(failed?.cure.isEmpty == false)
    }
    #expect(account.network.requests.isEmpty)
  }
}
