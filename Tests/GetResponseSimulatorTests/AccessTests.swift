import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import GetResponseSimulator

/// Logins, limits and outages: GetResponse's pages on authentication, limits and errors.
@Suite("Who may come in, and how often")
struct AccessTests {
  @Test("No key and a wrong one are 401 with code 1014", arguments: [nil, "api-key wrong"])
  func unauthorized(key: String?) {
    var test = TestAccount()
    let answer = test.call("GET", "/accounts", headers: key.map { ["X-Auth-Token": $0] } ?? [:])
    #expect(answer.status == 401)
    #expect(answer.code == 1014)
    #expect(answer.body["uuid"]?.string?.utf8.count == 36)
  }

  @Test("A key without the word before it is a bad header")
  func bareKey() {
    var test = TestAccount()
    let answer = test.call("GET", "/accounts", headers: ["X-Auth-Token": "simulated-key"])
    #expect(answer.status == 400)
    #expect(answer.code == 1021)
  }

  /// Asks for a token by a form.
  private func token(
    _ test: inout TestAccount, _ form: String, login: String = "Basic Y2xpZW50LWlkOmNsaWVudC1zZWNyZXQ="
  ) -> (status: Int, body: JSON) {
    let answer = test.server.answer(
      SimulatedRequest(
        method: "POST", path: "/v3/token", headers: [SimulatedPair("Authorization", login)],
        body: Array(form.utf8)), at: test.now)
    return (answer.status, JSONInput.parse(answer.body) ?? .null)
  }

  @Test("A refresh token gives an access token for an hour, and a new refresh token that ends the old one")
  func oauth() {
    var test = TestAccount()
    let form = "grant_type=refresh_token&refresh_token="
    let first = token(&test, form + "refresh-token").body
    let bearer = ["Authorization": "Bearer \(first["access_token"]?.string ?? "")"]
    #expect(test.call("GET", "/accounts", headers: bearer).status == 200)
    #expect(token(&test, form + "refresh-token").status == 400)
    #expect(token(&test, form + (first["refresh_token"]?.string ?? "")).status == 200)
    test.pass(3_600)
    let late = test.call("GET", "/accounts", headers: bearer)
    #expect(late.code == 1014)
    #expect(late.body["message"] == "The access token provided is expired")
  }

  @Test("The app's login is checked, and its own grant has no refresh token")
  func clients() {
    var test = TestAccount()
    #expect(token(&test, "grant_type=client_credentials", login: "Basic eDp5").status == 401)
    let own = token(&test, "grant_type=client_credentials").body
    #expect(own["token_type"] == "Bearer")
    #expect(own["refresh_token"] == nil)
  }

  @Test("An account of MAX has to be named, tokens included")
  func domain() {
    var test = TestAccount { $0.domain = "example.com" }
    #expect(test.get("/accounts").code == 1021)
    let key = TestAccount.key
    let wrong = test.call("GET", "/accounts", headers: ["X-Auth-Token": key, "X-Domain": "example.org"])
    #expect(wrong.code == 1024)
    let right = test.call("GET", "/accounts", headers: ["X-Auth-Token": key, "X-Domain": "example.com"])
    #expect(right.status == 200)
    #expect(test.call("POST", "/token", headers: [:]).code == 1021)
  }

  @Test("The host of the other region leads everything to a web page")
  func wrongHost() {
    var test = TestAccount { $0.isWrongHost = true }
    let answer = test.get("/accounts")
    #expect(answer.status == 301)
    #expect(answer.header("Location") != nil)
    #expect(answer.header("Content-Type")?.hasPrefix("text/html") == true)
  }

  @Test("The frame of ten minutes is told in text, and one request too many waits for its end")
  func frame() {
    var test = TestAccount { $0.frameLimit = 3 }
    test.pass(75)
    for _ in 0..<2 { _ = test.get("/accounts") }
    let last = test.get("/accounts")
    #expect(last.header("x-ratelimit-limit") == "3")
    #expect(last.header("x-ratelimit-remaining") == "0")
    #expect(last.header("x-ratelimit-reset") == "525 seconds")
    let refused = test.get("/accounts")
    #expect(refused.status == 429)
    #expect(refused.code == 1015)
    #expect(refused.body["context"]?["currentLimit"] == 3)
    #expect(refused.body["context"]?["timeToReset"] == "525 seconds")
    #expect(refused.header("Retry-After") == nil)
    test.pass(525)
    #expect(test.get("/accounts").status == 200)
  }

  @Test("One request too many in a second is told with the second's limit and Retry-After")
  func second() {
    var test = TestAccount { $0.secondLimit = 2 }
    for _ in 0..<2 { _ = test.get("/accounts") }
    let refused = test.get("/accounts")
    #expect(refused.status == 429)
    #expect(refused.header("x-ratelimit-limit") == "2")
    #expect(refused.header("x-ratelimit-reset") == "1 seconds")
    #expect(refused.header("Retry-After") == "1")
    test.pass(1)
    #expect(test.get("/accounts").status == 200)
  }

  @Test("What other programs send counts, and the tenth request of theirs under way is one too many")
  func others() {
    var test = TestAccount()
    test.server.spend(29_999, at: test.now)
    #expect(test.get("/accounts").header("x-ratelimit-remaining") == "0")
    #expect(test.get("/accounts").status == 429)
    var busy = TestAccount { $0.othersInFlight = 10 }
    #expect(busy.get("/accounts").status == 429)
  }

  @Test("A refusal tells what is left of the limits as well")
  func refusalHeaders() {
    var test = TestAccount()
    #expect(test.get("/contacts/zzzz").header("x-ratelimit-remaining") == "29999")
  }

  @Test(
    "Blocks, maintenance and errors come on demand with their code",
    arguments: [(403, 1016), (403, 1017), (403, 1018), (503, 1019), (500, 1)])
  func outages(status: Int, code: Int) {
    var test = TestAccount()
    test.server.failNext(1, status: status, code: code)
    let failed = test.get("/accounts")
    #expect(failed.status == status)
    #expect(failed.code == Int64(code))
    #expect(test.get("/accounts").status == 200)
  }

  @Test("A machine in between answers with a page")
  func page() {
    var test = TestAccount()
    test.server.failNext(1, status: 502, retryAfter: 7)
    let failed = test.get("/accounts")
    #expect(failed.status == 502)
    #expect(failed.body == .null)
    #expect(failed.header("Retry-After") == "7")
  }

  @Test(
    "What the plan lacks is 403 with code 1023",
    arguments: [
      (GetResponseFeature.shops, "/shops"), (.transactional, "/transactional-emails"),
      (.search, "/search-contacts"),
    ])
  func missingFeature(feature: GetResponseFeature, path: String) {
    var test = TestAccount { $0.missingFeatures = [feature] }
    let answer = test.get(path)
    #expect(answer.status == 403)
    #expect(answer.code == 1023)
  }

  @Test("The context may be an empty list, and the id may be missing")
  func looseErrors() {
    var test = TestAccount {
      $0.writesEmptyContextAsList = true
      $0.sendsErrorID = false
    }
    let answer = test.get("/contacts/zzzz")
    #expect(answer.code == 1013)
    #expect(answer.body["context"] == [])
    #expect(answer.body["uuid"] == nil)
  }

  @Test("A body that is no JSON, and one that is not said to be, are refused")
  func badBodies() {
    var test = TestAccount()
    let answer = { (type: String) -> SimulatedAnswer in
      test.server.answer(
        SimulatedRequest(
          method: "POST", path: "/v3/tags",
          headers: [SimulatedPair("X-Auth-Token", TestAccount.key), SimulatedPair("Content-Type", type)],
          body: Array("{\"name\":".utf8)), at: test.now)
    }
    #expect(JSONInput.parse(answer("application/json").body)?["code"] == 1000)
    #expect(JSONInput.parse(answer("text/plain").body)?["code"] == 1021)
  }

  @Test("Searches and tokens change nothing; other POSTs may")
  func changes() {
    var test = TestAccount()
    _ = test.search([])
    _ = test.get("/contacts")
    #expect(test.server.changingRequests == 0)
    _ = test.update(1, ["scoring": 1])
    _ = test.post("/contacts/\(test.id(1))/tags", ["tags": [["tagId": test.tag("hot")]]])
    #expect(test.server.changingRequests == 2)
    #expect(test.server.requests(to: "POST /v3/contacts/{id}") == 1)
    #expect(test.server.requests(to: "POST /v3/contacts/{id}/tags") == 1)
    #expect(test.server.requests(to: "POST /v3/search-contacts/contacts") == 1)
  }
}
