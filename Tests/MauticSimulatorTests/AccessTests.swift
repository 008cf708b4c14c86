import Platform
import Scoring
import Testing

@testable import MauticSimulator

@Suite("Access, limits and faults")
struct AccessTests {
  @Test("The API and Basic authentication can be off")
  func switchedOff() {
    var test = TestServer()
    test.server.settings.basicEnabled = false
    #expect(test.get("/api/contacts").status == 403)
    test.server.settings.apiEnabled = false
    #expect(test.get("/api/contacts").message?.hasPrefix("API disabled") == true)
  }

  @Test("A missing right is answered as Mautic does at each place")
  func rights() {
    var test = TestServer()
    test.server.settings.rights = [.viewContacts]
    #expect(test.patch(1, #"{"score": 1}"#).status == 403)
    let batch = test.batch(#"[{"id":1,"score":1},{"id":2,"score":1}]"#)
    #expect(batch.status == 200)
    #expect(batch.codes == [403, 403])
    #expect(test.call("POST", "/api/fields/contact/new", #"{"label":"x"}"#).status == 403)
    let stats = test.get("/api/stats/page_hits")
    #expect(stats.status == 200)
    #expect(stats.body["stats"] == nil)
    test.server.settings.rights = [.stats]
    #expect(test.get("/api/contacts").status == 403)
    test.server.settings.rights = .all
    test.server.settings.auditLogAllowed = false
    #expect(test.get("/api/stats/audit_log").message != nil)
    #expect(test.get("/api/stats/page_hits").message == nil)
  }

  @Test("The limiter counts down, refuses, and starts anew after an hour")
  func rateLimit() {
    var test = TestServer()
    test.server.settings.rateLimit = 2
    #expect(test.get("/api/tags").header("X-RateLimit-Remaining") == "1")
    #expect(test.get("/api/tags").header("X-RateLimit-Remaining") == "0")
    let refused = test.get("/api/tags")
    #expect(refused.status == 429)
    #expect(refused.header("X-RateLimit-Reset") == "\(test.now.seconds + 3_600)")
    test.now = Timestamp(test.now.seconds + 3_600)
    #expect(test.get("/api/tags").status == 200)
  }

  @Test("A field made in the background takes no values until the job has run")
  func backgroundField() {
    var test = TestServer()
    test.server.settings.createsFieldsInBackground = true
    let answer = test.call(
      "POST", "/api/fields/contact/new",
      #"{"label":"Late", "alias":"Late field of quite some length", "type":"number"}"#)
    #expect(answer.status == 202)
    let alias = answer.body["field"]?["alias"]?.scalarText ?? ""
    #expect(alias == "late_field_of_quite_some_")
    #expect(answer.body["field"]?["isPublished"] == false)
    _ = test.patch(1, #"{"\#(alias)": 3}"#)
    #expect(test.server.held(1)?.fields[alias] == nil)
    test.server.finishFields()
    _ = test.patch(1, #"{"\#(alias)": 3}"#)
    #expect(test.server.held(1)?.fields[alias] == "3")
  }

  @Test("A refused contact fails alone until all is calm")
  func refusal() {
    var test = TestServer()
    test.server.refuse(2, message: "score: no.")
    #expect(
      test.batch(#"[{"id":1,"score":1},{"id":2,"score":2},{"id":3,"score":3}]"#).codes == [200, 400, 200])
    #expect(test.score(2) == nil)
    test.server.calm()
    #expect(test.batch(#"[{"id":2,"score":2}]"#).codes == [200])
  }

  @Test("The next requests fail as they are told")
  func failures() {
    var test = TestServer()
    test.server.failNext(2, status: 502, html: true)
    #expect(test.get("/api/contacts").header("Content-Type") == "text/html")
    #expect(test.get("/api/contacts").status == 502)
    #expect(test.get("/api/contacts").status == 200)
  }

  @Test("Requests are counted by route, and changing ones apart")
  func counters() {
    var test = TestServer()
    _ = test.get("/api/contacts/1")
    _ = test.get("/api/contacts/2")
    _ = test.patch(1, "{}")
    _ = test.call("POST", "/oauth/v2/token", "{}")
    #expect(test.server.requests(to: "GET /api/contacts/{id}") == 2)
    #expect(test.server.changingRequests == 1)
  }

  @Test("The server's clock may be ahead")
  func clock() {
    var test = TestServer()
    test.server.settings.clockOffset = 3_600
    #expect(test.get("/api/tags").header("Date") == "Mon, 23 Nov 2026 11:00:00 GMT")
    _ = test.patch(1, #"{"score": 1}"#)
    #expect(test.get("/api/contacts/1").body["contact"]?["dateModified"] == "2026-11-23T11:00:00+00:00")
  }

  @Test("Point groups came with 5.1 and the limiter was out in 7.0")
  func versions() {
    var test = TestServer()
    test.server.settings.version = "4.4.13"
    #expect(test.get("/api/points/groups").status == 404)
    test.server.settings.version = "7.0.1"
    test.server.settings.rateLimit = 1
    #expect(test.get("/api/points/groups").status == 200)
    #expect(test.get("/api/points/groups").status == 200)
    #expect(test.get("/api/points/groups").header("Mautic-Version") == "7.0.1")
  }

  @Test(
    "No request makes the server crash",
    arguments: [
      ("POST", "/api/contacts/1/points/plus/1e300", ""), ("POST", "/api/contacts/1/points/times/nan", ""),
      ("PATCH", "/api/contacts/1/edit", #"{"score": 1e300, "points": 1e300, "reasons": -1e200}"#),
      ("PATCH", "/api/contacts/batch/edit", #"[{"id": 1e300}, {"id": null}, 7, []]"#),
      ("GET", "/api/contacts?start=-5&limit=-7&where[0][expr]=between&where[0][col]=id", ""),
      ("GET", "/api/contacts?limit=99999999999999999999&start=9223372036854775807", ""),
      ("GET", "/api/contacts?where[0][col]=id&where[0][expr]=gt&where[0][val]=9e999", ""),
      ("GET", "/api/stats/page_hits?start=9223372036854775807&limit=9223372036854775807", ""),
      ("GET", "/api/stats/page_hits?order[0][col]=id&order[0][dir]=desc&start=9&limit=9", ""),
      ("GET", "/api/stats/email_stat_replies?where=x&order=y", ""), ("GET", "/api/", ""),
      ("POST", "/api/contacts/new", "[1"), ("POST", "/api/contacts/new", "\"text\""),
      ("POST", "/api/segments/1/contacts/add", "{}"), ("PATCH", "/api//", "{}"),
    ])
  func hostileRequests(method: String, target: String, body: String) {
    var test = TestServer()
    #expect((200..<600).contains(test.call(method, target, body).status))
    #expect(test.get("/api/contacts?limit=0").status == 200)
  }

  @Test("Texts lose their tags, a decimal comma counts, and dates become UTC")
  func cleaning() {
    var test = TestServer()
    test.server.addField(alias: "seen", type: "datetime", at: test.now)
    _ = test.patch(
      1,
      #"{"reasons": "<b>x</b> a<b", "score": "1,234", "seen": "2026-11-23T05:00:00+02:00", "tags": ["R&D"]}"#)
    let held = test.server.held(1)
    #expect(held?.fields["score"] == "1.234")
    #expect(held?.fields["seen"] == "2026-11-23 03:00:00")
    #expect(held?.tags == ["R&#38;D"])
    #expect(held?.fields["reasons"] == "x a<b")
  }
}
