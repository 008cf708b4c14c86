import Platform
import Scoring
import Testing
import WebAPI

@testable import MauticConnector

@Suite("Recorded rows become activities")
struct RecordedTableTests {
  private func record(
    _ lead: Int, _ kind: KnownKind, _ time: String, _ identity: String, target: String? = nil,
    campaign: String? = nil, value: Double? = nil
  ) throws -> ActivityRecord {
    ActivityRecord(
      subject: .contact(ContactID("\(lead)")), kind: .known(kind),
      time: try #require(Timestamp("2026-11-23T\(time)Z")), target: target, campaign: campaign, value: value,
      identity: .id(identity))
  }

  /// The first page of a table that was recorded.
  private func page(_ table: String, _ recording: String) async throws -> Page {
    var routes = [
      ScriptedMautic.route("GET /api/stats/\(table)", try RecordedAnswer.named(recording)),
      ScriptedMautic.route("GET /api/forms", try RecordedAnswer.named("063-forms-list")),
    ]
    if table == "email_stats_devices" {
      let stats = try RecordedAnswer.named("185-stats-email_stats")
      routes.append(ScriptedMautic.route("GET /api/stats/email_stats", stats))
    }
    return try await ScriptedMautic(routes).page(table)
  }

  @Test("Visits")
  func visits() async throws {
    let page = try await page("page_hits", "160-stats-page_hits")
    #expect(
      page.activities == [
        try record(306, .pageVisit, "01:12:14", "page_hits/1", target: "http://shop.example.test/pricing"),
        try record(307, .pageVisit, "01:12:14", "page_hits/2", target: "http://shop.example.test/docs"),
        try record(305, .pageVisit, "01:12:14", "page_hits/3", target: "http://shop.example.test/"),
      ])
    #expect(page.recordsRead == 3)
    #expect(page.listing == .changes)
  }

  @Test("Visits with the time that was spent, where it is known")
  func dwellTime() async throws {
    let page = try await page("page_hits", "412-stats-page_hits-date_left")
    #expect(
      page.activities == [
        try record(48, .pageVisit, "01:26:45", "page_hits/327885", target: "http://shop.example.test/b"),
        try record(
          48, .pageVisit, "01:26:42", "page_hits/327884", target: "http://shop.example.test/a", value: 3),
      ])
  }

  @Test("A click in an e-mail")
  func click() async throws {
    let page = try await page("page_hits", "189-stats-page_hits-email-click")
    #expect(
      page.activities == [
        try record(
          20, .emailClick, "01:16:29", "page_hits/205", target: "http://shop.example.test/offer",
          campaign: "email 1")
      ])
  }

  @Test("E-mails that were sent")
  func sent() async throws {
    let page = try await page("email_stats", "185-stats-email_stats")
    #expect(
      page.activities == [
        try record(20, .emailSent, "01:16:28", "email_stats/1", campaign: "email 1"),
        try record(21, .emailSent, "01:16:28", "email_stats/2", campaign: "email 1"),
        try record(22, .emailSent, "01:16:28", "email_stats/3", campaign: "email 1"),
      ])
  }

  @Test("E-mails that were opened, each time")
  func opens() async throws {
    let page = try await page("email_stats_devices", "186-stats-email_stats_devices")
    #expect(
      page.activities == [
        try record(20, .emailOpen, "01:16:29", "email_stats_devices/1", campaign: "email 1"),
        try record(21, .emailOpen, "01:16:29", "email_stats_devices/2", campaign: "email 1"),
        try record(22, .emailOpen, "01:16:29", "email_stats_devices/3", campaign: "email 1"),
      ])
  }

  @Test("Forms go by their names")
  func forms() async throws {
    let page = try await page("form_submissions", "160-stats-form_submissions")
    #expect(
      page.activities == [
        try record(306, .formSubmit, "01:13:17", "form_submissions/1", target: "Demo request"),
        try record(307, .formSubmit, "01:13:18", "form_submissions/2", target: "Demo request"),
        try record(308, .formSubmit, "01:13:18", "form_submissions/3", target: "Demo request"),
      ])
  }

  @Test("A download whose name may not be known")
  func download() async throws {
    let page = try await page("asset_downloads", "203-stats-asset_downloads")
    #expect(
      page.activities == [
        try record(42, .download, "01:17:30", "asset_downloads/1", target: "asset 1")
      ])
  }

  @Test("A video with the seconds that were watched")
  func video() async throws {
    let page = try await page("video_hits", "411-stats-video_hits")
    #expect(
      page.activities == [
        try record(
          33_089, .videoView, "01:26:41", "video_hits/1", target: "http://shop.example.test/v.mp4", value: 30)
      ])
  }

  @Test("Unsubscriptions, with the e-mail where it is named")
  func unsubscriptions() async throws {
    let page = try await page("lead_donotcontact", "192-stats-dnc")
    #expect(
      page.activities == [
        try record(311, .emailUnsubscribe, "01:13:25", "lead_donotcontact/1"),
        try record(21, .emailUnsubscribe, "01:16:30", "lead_donotcontact/2", campaign: "email 1"),
      ])
  }

  @Test(
    "Empty tables",
    arguments: [
      "email_stats", "email_stats_devices", "email_stat_replies", "asset_downloads", "video_hits",
    ])
  func empty(_ table: String) async throws {
    let page = try await page(table, "160-stats-\(table)")
    #expect(page.activities.isEmpty)
    #expect(page.recordsRead == 0)
    #expect(!page.hasMore)
  }

  @Test("A table that this Mautic does not have is empty", arguments: ["video_hits", "page_hits"])
  func unknown(_ table: String) async throws {
    let page = try await page(table, "167-stats-unknown-table")
    #expect(page.activities.isEmpty)
    #expect(page.rejected.isEmpty)
    #expect(!page.hasMore)
  }

  @Test("An error with status 200 fails the reading of a table that has to be there")
  func error() async throws {
    let failed = await failure { _ = try await page("page_hits", "165-stats-where-badcol") }
    #expect(failed?.kind == .badData)
    #expect(failed?.what.contains("Unknown column 'e.nosuch'") == true)
    #expect(failed?.cure.isEmpty == false)
  }

  @Test("An error with status 200 is noted for a table that may be missing")
  func optional() async throws {
    let page = try await page("email_stat_replies", "165-stats-where-badcol")
    #expect(page.activities.isEmpty)
    #expect(page.rejected.map(\.place) == ["email_stat_replies"])
    #expect(page.rejected.first?.reason.contains("Unknown column") == true)
  }

  @Test("A table that one has no right to see is forbidden, although the status is 200")
  func forbidden() async throws {
    let failed = await failure { _ = try await page("page_hits", "427-limited-stats-webhook") }
    #expect(failed?.kind == .forbidden)
    #expect(failed?.cure.isEmpty == false)
  }
}
