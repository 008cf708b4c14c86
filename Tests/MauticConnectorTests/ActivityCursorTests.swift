import ConnectorConformance
import Foundation
import MauticSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import MauticConnector

@Suite("Where the reading of activities goes on")
struct ActivityCursorTests {
  private let account = MauticTestAccount()

  @Test("The time on a page that is filled in later comes with the next reading, and not for ever")
  func dwellTime() async throws {
    _ = try await account.people(1)
    account.did(1, .pageVisit, ago: 60, target: "https://example.com/a")
    let connector = account.mautic(pageSize: 100)
    var pull = Pull()
    try await pull.read("page_hits", connector, account.window())
    #expect(pull.activities("page_hits").map(\.value) == [nil])
    let first = pull.activities("page_hits").first?.identity

    let hit = Timestamp(Int64(account.clock.now()) - 60)
    account.clock.advance(300)
    account.alter({ $0.path == "/api/stats/page_hits" }) { text in
      let time = "\"date_hit\":\"\(MauticQuery.text(hit))\""
      let left = Timestamp(hit.seconds + 95)
      return text.replacingOccurrences(of: time, with: time + ",\"date_left\":\"\(MauticQuery.text(left))\"")
    }
    try await pull.read("page_hits", connector, account.window())
    #expect(pull.activities("page_hits").map(\.value) == [95])
    #expect(pull.activities("page_hits").map(\.identity) == [first])

    account.clock.advance(7_200)
    try await pull.read("page_hits", connector, account.window())
    #expect(pull.activities("page_hits").count == 1, "it was still open when it was read last")
    try await pull.read("page_hits", connector, account.window())
    #expect(pull.pages["page_hits"]?.map(\.recordsRead) == [0])
  }

  @Test("Rows of other tables stay open for ten minutes")
  func tenMinutes() async throws {
    _ = try await account.people(1)
    account.did(1, .formSubmit, ago: 60, target: "Demo")
    let connector = account.mautic(pageSize: 100)
    var pull = Pull()
    var read: [Int] = []
    for pause in [0.0, 500, 200, 10] {
      account.clock.advance(pause)
      let pages = try await pull.read("form_submissions", connector, account.window())
      read += pages.map(\.recordsRead)
    }
    #expect(read == [1, 1, 1, 0])
  }

  @Test("A row that becomes visible late, behind a newer one, is not missed")
  func lateRow() async throws {
    _ = try await account.people(1)
    account.did(1, .formSubmit, ago: 50_000, target: "Old")
    account.did(1, .formSubmit, ago: 31, target: "Late")
    account.did(1, .formSubmit, ago: 30, target: "Newer")
    account.alter({ $0.path == "/api/stats/form_submissions" }) { text in
      guard let from = text.range(of: "{\"id\":\"2\""),
        let to = text.range(of: "}", range: from.upperBound..<text.endIndex)
      else { return text }
      return text.replacingCharacters(in: from.lowerBound..<to.upperBound, with: "")
        .replacingOccurrences(of: ",,", with: ",").replacingOccurrences(of: "[,", with: "[")
        .replacingOccurrences(of: ",]", with: "]")
    }
    let connector = account.mautic(pageSize: 100)
    var pull = Pull()
    try await pull.read("form_submissions", connector, account.window())
    #expect(pull.activities("form_submissions").map(\.target) == ["Old", "Newer"])
    account.network.decide { _ in .answered }
    account.clock.advance(60)
    try await pull.read("form_submissions", connector, account.window())
    #expect(pull.activities("form_submissions").map(\.target) == ["Late", "Newer"])
  }

  @Test("An idle reading asks once for each table, and twice for the contacts")
  func idle() async throws {
    _ = try await account.people(3)
    let kinds: [KnownKind] = [
      .pageVisit, .emailOpen, .emailReply, .formSubmit, .download, .videoView, .emailUnsubscribe,
    ]
    for kind in kinds { account.did(2, kind) }
    let connector = account.mautic(pageSize: 100)
    var pull = Pull()
    for _ in 0..<2 {
      try await pull.read(connector, account.window())
      account.clock.advance(8_000)
    }
    let before = account.network.requests.count
    try await pull.read(connector, account.window())
    let asked = account.routes(since: before)
    print("An idle reading asks: \(asked.joined(separator: ", "))")
    #expect(
      asked == ["GET /api/stats/audit_log", "GET /api/stats/audit_log"]
        + ActivityTable.allCases.map { "GET /api/stats/\($0.rawValue)" })
    #expect(pull.pages.values.flatMap { $0 }.allSatisfy { $0.recordsRead == 0 })
  }

  @Test("What is older than was asked for is neither given nor read, now or later")
  func floor() async throws {
    _ = try await account.people(1)
    for table in [KnownKind.pageVisit, .emailReply] {
      account.did(1, table, ago: 40 * 86_400)
    }
    let connector = account.mautic(pageSize: 100)
    var pull = Pull()
    for _ in 0..<3 {
      for table in ["page_hits", "email_stat_replies"] {
        let pages = try await pull.read(table, connector, account.window(days: 30))
        #expect(pages.map(\.recordsRead) == [0], "\(table)")
        #expect(pages.flatMap(\.activities).isEmpty)
      }
    }
  }

  @Test("An old row that comes late, behind newer ones, is counted as older")
  func olderAmongNewer() async throws {
    _ = try await account.people(1)
    account.did(1, .pageVisit, ago: 86_400, target: "https://example.com/new")
    let connector = account.mautic(pageSize: 100)
    var pull = Pull()
    try await pull.read("page_hits", connector, account.window(days: 30))
    account.did(1, .pageVisit, ago: 40 * 86_400, target: "https://example.com/old")
    let pages = try await pull.read("page_hits", connector, account.window(days: 30))
    #expect(pages.flatMap(\.activities).isEmpty)
    #expect(pages.map(\.skippedAsOlder) == [1])
  }

  @Test("Read from the start again, an older history comes too, in pages")
  func backfill() async throws {
    _ = try await account.people(1)
    for day in [50, 40, 20, 10] as [Int64] {
      account.did(1, .pageVisit, ago: day * 86_400, target: "https://example.com/\(day)")
      account.did(1, .emailReply, ago: day * 86_400, campaign: "Mail \(day)")
    }
    for (days, expected) in [(30, 2), (60, 4)] as [(Int64, Int)] {
      var pull = Pull()
      let connector = account.mautic(pageSize: 2)
      try await pull.read("page_hits", connector, account.window(days: days))
      try await pull.read("email_stat_replies", connector, account.window(days: days))
      #expect(pull.activities("page_hits").count == expected)
      #expect(Set(pull.activities("email_stat_replies").map(\.identity)).count == expected)
    }
  }

  @Test("Replies, whose ids do not rise, are read by their dates with some overlap")
  func replies() async throws {
    _ = try await account.people(1)
    account.did(1, .emailReply, ago: 3_000, campaign: "A")
    account.did(1, .emailReply, ago: 100, campaign: "B")
    let connector = account.mautic(pageSize: 100)
    var pull = Pull()
    try await pull.read("email_stat_replies", connector, account.window())
    #expect(pull.activities("email_stat_replies").map(\.campaign) == ["A", "B"])
    account.did(1, .emailReply, ago: 200, campaign: "C")
    account.clock.advance(60)
    try await pull.read("email_stat_replies", connector, account.window())
    #expect(pull.activities("email_stat_replies").map(\.campaign) == ["C", "B"])
    account.clock.advance(3_600)
    try await pull.read("email_stat_replies", connector, account.window())
    try await pull.read("email_stat_replies", connector, account.window())
    #expect(pull.activities("email_stat_replies").isEmpty)
  }

  @Test("A server whose clock is wrong keeps its rows open by its own clock", arguments: [-3_600, 3_600])
  func clock(_ offset: Int64) async throws {
    account.change { $0.settings.clockOffset = offset }
    _ = try await account.people(1)
    account.did(1, .pageVisit, ago: 60 - offset, target: "https://example.com/a")
    let connector = account.mautic(pageSize: 100)
    var pull = Pull()
    var read: [Int] = []
    for pause in [0.0, 7_000, 300, 0] {
      account.clock.advance(pause)
      read += try await pull.read("page_hits", connector, account.window()).map(\.recordsRead)
    }
    #expect(read == [1, 1, 1, 0])
  }
}
