import Platform
import Scoring
import Testing

@testable import MauticSimulator

@Suite("Tables under /api/stats")
struct StatsTests {
  @Test("hold what contacts did")
  func activity() {
    var test = TestServer()
    test.act(1, "page_visit", target: "http://a.test/pricing", value: 40)
    test.act(1, "email_sent", minutesAgo: 50, campaign: "Spring")
    test.act(1, "email_open", minutesAgo: 40, campaign: "Spring")
    test.act(1, "email_open", minutesAgo: 30, campaign: "Spring")
    test.act(1, "email_click", minutesAgo: 20, target: "http://a.test/offer", campaign: "Spring")
    test.act(1, "email_reply", minutesAgo: 10, campaign: "Spring")
    test.act(2, "email_bounce", campaign: "Spring")
    test.act(2, "email_unsubscribe", campaign: "Spring")
    test.act(2, "form_submit", target: "Demo")
    test.act(2, "download", target: "Guide")
    test.act(2, "video_view", target: "http://a.test/v.mp4", value: 30)
    test.act(2, "purchase", value: 30)
    let hits = test.get("/api/stats/page_hits")
    #expect(hits.column("url") == ["http://a.test/pricing", "http://a.test/offer"])
    #expect(hits.column("date_left") == ["2026-11-23 09:00:40", nil])
    #expect(hits.column("source") == [nil, "email"])
    #expect(hits.column("redirect_id") == [nil, "1"])
    let mails = test.get("/api/stats/email_stats")
    #expect(mails.column("open_count") == ["2", "0"])
    #expect(mails.column("date_read") == ["2026-11-23 09:20:00", nil])
    #expect(mails.column("last_opened") == ["2026-11-23 09:30:00", nil])
    #expect(mails.column("is_failed") == ["0", "1"])
    #expect(test.get("/api/stats/email_stats_devices").column("stat_id") == ["1", "1"])
    #expect(test.get("/api/stats/email_stat_replies").column("stat_id") == ["1"])
    #expect(test.get("/api/stats/lead_donotcontact").column("reason") == ["1"])
    #expect(test.get("/api/stats/form_submissions").column("form_id") == ["1"])
    #expect(test.get("/api/stats/asset_downloads").column("lead_id") == ["2"])
    #expect(test.get("/api/stats/video_hits").column("time_watched") == ["30"])
    #expect(test.get("/api/emails").body["emails"]?["1"]?["name"] == "Spring")
    #expect(test.get("/api/assets").body["assets"]?["1"]?["title"] == "Guide")
  }

  @Test("page by id, from the end, and from a start")
  func paging() {
    var test = TestServer()
    for minute in 1...7 { test.act(1 + minute % 3, "page_visit", minutesAgo: Int64(minute)) }
    let table = "/api/stats/page_hits"
    #expect(
      test.get(
        "\(table)?where[0][col]=id&where[0][expr]=gt&where[0][val]=4&order[0][col]=id&order[0][dir]=ASC&limit=2"
      )
      .column("id") == ["5", "6"])
    #expect(test.get("\(table)?order[0][col]=id&order[0][dir]=DESC&limit=2").column("id") == ["7", "6"])
    #expect(
      test.get("\(table)?order[0][col]=id&order[0][dir]=DESC&start=5&limit=5").column("id") == ["2", "1"])
    #expect(test.get("\(table)?start=5").column("id") == ["6", "7"])
    #expect(test.get("\(table)?order[0][col]=date_hit&order[0][dir]=asc&limit=1").column("id") == ["7"])
    #expect(
      test.get("\(table)?where[0][col]=lead_id&where[0][expr]=in&where[0][val]=2,3").column("id").count == 5)
    #expect(
      test.get("\(table)?where[0][col]=date_hit&where[0][expr]=gte&where[0][val]=2026-11-23 09:57:00").column(
        "id")
        == ["1", "2", "3"])
  }

  @Test("give no rows for a limit of 0 and an error for one below")
  func limits() {
    var test = TestServer()
    #expect(test.get("/api/stats/audit_log?limit=0").column("id") == [])
    #expect(test.get("/api/stats/audit_log?limit=0").total == "5")
    #expect(test.get("/api/stats/audit_log?limit=-1").message?.contains("syntax") == true)
  }

  @Test("keep the hits of a deleted contact without an owner, and drop its points log")
  func deletion() {
    var test = TestServer()
    test.act(1, "page_visit")
    test.act(1, "email_unsubscribe")
    _ = test.call("POST", "/api/contacts/1/points/minus/2")
    #expect(test.get("/api/stats/lead_points_change_log").column("delta") == ["2"])
    test.server.remove(1, at: test.now)
    #expect(test.get("/api/contacts/1").status == 404)
    #expect(test.get("/api/stats/page_hits").column("lead_id") == [nil])
    #expect(test.get("/api/stats/lead_points_change_log").total == "0")
    #expect(test.get("/api/stats/lead_donotcontact").total == "0")
    let rows = test.get("/api/stats/audit_log?where[0][col]=action&where[0][expr]=eq&where[0][val]=delete")
    #expect(rows.column("object_id") == ["1"])
    #expect(rows.column("user_id") == ["7"])
  }

  @Test("name the API user beside its own writes and another user beside the others")
  func audit() {
    var test = TestServer()
    _ = test.patch(1, #"{"score": 4}"#)
    test.server.rename(1, to: "Else", at: test.now)
    let rows = test.get("/api/stats/audit_log?where[0][col]=action&where[0][expr]=eq&where[0][val]=update")
    #expect(rows.column("user_id") == ["1", "7"])
  }

  @Test("are empty for what the simulator never fills, and still know its columns")
  func emptyTable() {
    var test = TestServer()
    let table = "/api/stats/sms_message_stats"
    #expect(test.get("\(table)?where[0][col]=sms_id&where[0][expr]=gt&where[0][val]=1").total == "0")
    #expect(test.get("\(table)?where[0][col]=nosuch&where[0][expr]=gt&where[0][val]=1").message != nil)
  }
}
