import Platform
import Scoring
import Testing

@testable import MauticSimulator

/// The eleven things in which a real Mautic bites.
@Suite("The quirks of Mautic")
struct QuirkTests {
  @Test("A zero is dropped, in every spelling", arguments: ["0", "\"0\"", "0.0", "0.001", "false", "0.5"])
  func zeroIsDropped(zero: String) {
    var test = TestServer()
    _ = test.patch(1, #"{"score": 55}"#)
    let answer = test.patch(1, #"{"score": \#(zero)}"#)
    #expect(answer.status == 200)
    #expect(test.score(1) == "55")
  }

  @Test("A zero is dropped from a text field, from points, from a batch and from an upsert")
  func zeroIsDroppedEverywhere() {
    var test = TestServer()
    _ = test.patch(1, #"{"score": 5, "reasons": "many", "points": 9}"#)
    _ = test.patch(1, #"{"reasons": "0", "points": 0}"#)
    _ = test.batch(#"[{"id": 1, "score": 0, "overwriteWithBlank": true}]"#)
    _ = test.call("POST", "/api/contacts/new", #"{"email": "p1@example.test", "score": 0}"#)
    let held = test.server.held(1)
    #expect(held?.fields["reasons"] == "many")
    #expect(held?.points == 9)
    #expect(held?.fields["score"] == "5")
  }

  @Test("A blank clears a field only together with overwriteWithBlank", arguments: ["\"\"", "null"])
  func blankClears(blank: String) {
    var test = TestServer()
    _ = test.patch(1, #"{"score": 5, "reasons": "many"}"#)
    _ = test.patch(1, #"{"score": \#(blank)}"#)
    #expect(test.score(1) == "5")
    let answer = test.patch(1, #"{"score": \#(blank), "overwriteWithBlank": true}"#)
    #expect(test.score(1) == nil)
    #expect(test.server.held(1)?.fields["reasons"] == "many")
    #expect(answer.body["contact"]?["fields"]?["all"]?["score"] == 0)
    #expect(test.get("/api/contacts/1").body["contact"]?["fields"]?["all"]?["score"] == .null)
  }

  @Test("A batch item without id moves the later ones to the wrong contacts")
  func missingIDShifts() {
    var test = TestServer()
    let answer = test.batch(
      #"[{"id":1,"score":1},{"score":50},{"id":2,"score":2},{"id":3,"score":3},{"id":4,"score":4}]"#)
    #expect(answer.codes == [200, 400, 200, 200, 404])
    #expect((1...4).map { test.score($0) } == ["1", "50", "2", "3"])
  }

  @Test("The same id twice in a batch is a server error after the first items are saved")
  func sameIDTwice() {
    var test = TestServer()
    let answer = test.batch(#"[{"id":1,"score":1},{"id":1,"score":2},{"id":2,"score":3}]"#)
    #expect(answer.status == 500)
    #expect(test.score(1) == "1")
    #expect(test.score(2) == nil)
  }

  @Test("An operator that is not known is left out, and everything comes")
  func unknownOperator() {
    var test = TestServer()
    #expect(test.get("/api/contacts?where[0][col]=id&where[0][expr]=zz&where[0][val]=3").total == "5")
    let stats = test.get("/api/stats/audit_log?where[0][col]=id&where[0][expr]=zz&where[0][val]=3")
    #expect(stats.total == "5")
  }

  @Test("date_modified is null after creation, so that only both dates find every new or changed contact")
  func modifiedIsNullAfterCreation() {
    var test = TestServer()
    test.server.rename(2, to: "New", at: test.now)
    let changed = test.get(
      "/api/contacts?where[0][col]=date_modified&where[0][expr]=gt&where[0][val]=2020-01-01")
    #expect(changed.ids == [2])
    let either = test.get(
      "/api/contacts?orderBy=id&where[0][expr]=orX&where[0][val][0][col]=date_modified&where[0][val][0][expr]=gt"
        + "&where[0][val][0][val]=2020-01-01&where[0][val][1][col]=date_added&where[0][val][1][expr]=gt"
        + "&where[0][val][1][val]=2020-01-01")
    #expect(either.ids == [1, 2, 3, 4, 5])
  }

  @Test("A write moves date_modified only if it changed something")
  func modifiedFollowsChanges() {
    var test = TestServer()
    _ = test.patch(1, #"{"score": 5, "tags": ["hot"]}"#)
    let first = test.get("/api/contacts/1").body["contact"]?["dateModified"]
    test.now = Timestamp(test.now.seconds + 60)
    _ = test.patch(1, #"{"score": "5", "tags": ["hot", "-cold"], "nosuch": 1}"#)
    #expect(test.get("/api/contacts/1").body["contact"]?["dateModified"] == first)
    _ = test.patch(1, #"{"score": 6}"#)
    #expect(test.get("/api/contacts/1").body["contact"]?["dateModified"] != first)
  }

  @Test("The id of a merged contact reads as the winner, but a batch does not find it")
  func mergedID() {
    var test = TestServer()
    test.act(1, "page_visit", target: "http://a.test/")
    test.server.merge(1, into: 4, at: test.now)
    #expect(test.get("/api/contacts/1").body["contact"]?["id"] == 4)
    #expect(test.batch(#"[{"id":1,"score":7}]"#).codes == [404])
    #expect(test.get("/api/stats/page_hits").column("lead_id") == ["4"])
    #expect(test.server.id(ofContact: 1) == 4)
    let row = test.get("/api/stats/audit_log?where[0][col]=action&where[0][expr]=eq&where[0][val]=merge")
    #expect(row.column("object_id") == ["1"])
    #expect(row.column("details") == [#"a:1:{s:11:"merged_into";i:4;}"#])
  }

  @Test("From version 7 a batch follows a merged contact")
  func mergedIDInSeven() {
    var settings = MauticServerSettings()
    settings.version = "7.0.1"
    var test = TestServer(settings: settings)
    test.server.merge(1, into: 4, at: test.now)
    #expect(test.batch(#"[{"id":1,"score":7}]"#).codes == [200])
    #expect(test.score(4) == "7")
  }

  @Test("Contacts that share an address cannot be written")
  func sharedAddress() {
    var test = TestServer()
    test.server.add(SimulatedContact(number: 9, email: "P1@example.test", createdAt: test.now))
    let answer = test.patch(1, #"{"score": 5}"#)
    #expect(answer.status == 422)
    #expect(answer.message == "email: This field must be unique.")
    #expect(test.batch(#"[{"id":1,"score":1},{"id":2,"score":2}]"#).codes == [422, 200])
    #expect(test.score(1) == nil)
  }

  @Test("Stats report errors with status 200")
  func statsErrors() {
    var test = TestServer()
    let column = test.get("/api/stats/page_hits?where[0][col]=nosuch&where[0][expr]=eq&where[0][val]=1")
    #expect(column.status == 200)
    #expect(column.message?.contains("Unknown column 'e.nosuch' in 'WHERE'") == true)
    let table = test.get("/api/stats/nosuch")
    #expect(table.status == 200)
    #expect(table.body["stats"] == nil)
    #expect(table.body["availableTables"] != nil)
    #expect(
      test.get("/api/stats/page_hits?where[0][col]=id&where[0][val]=1").message?.contains("expr") == true)
  }

  @Test("A token does instead of the password, until it ends")
  func tokens() {
    var test = TestServer()
    let answer = test.call(
      "POST", "/oauth/v2/token",
      #"{"grant_type":"client_credentials","client_id":"1_client","client_secret":"client-secret"}"#)
    let token = "Bearer " + (answer.body["access_token"]?.scalarText ?? "")
    #expect(test.call("GET", "/api/contacts", authorization: token).status == 200)
    _ = test.call("PATCH", "/api/contacts/1/edit", #"{"score": 3}"#, authorization: token)
    let rows = test.get("/api/stats/audit_log?where[0][col]=action&where[0][expr]=eq&where[0][val]=update")
    #expect(rows.column("user_id") == ["0"])
    test.now = Timestamp(test.now.seconds + 3_600)
    let late = test.call("GET", "/api/contacts", authorization: token)
    #expect(late.status == 401)
    #expect(late.message == "The access token provided has expired.")
  }

  @Test("PUT wipes what it does not name")
  func putWipes() {
    var test = TestServer()
    _ = test.call("PUT", "/api/contacts/1/edit", #"{"score": 5}"#)
    #expect(test.server.held(1)?.fields == ["score": "5"])
  }

  @Test("A race is no matter of one request after another: the same tag again is the same tag")
  func tagAgain() {
    var test = TestServer()
    #expect(test.call("POST", "/api/tags/new", #"{"tag": "hot"}"#).status == 201)
    #expect(test.call("POST", "/api/tags/new", #"{"tag": "hot"}"#).status == 200)
    #expect(test.get("/api/tags").body["total"] == 1)
  }
}
