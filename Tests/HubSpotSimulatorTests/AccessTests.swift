import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import HubSpotSimulator

/// Logins, limits and outages: HubSpot's pages on authentication, usage guidelines and errors, and recorded 429s.
@Suite("Who may come in, and how often")
struct AccessTests {
  private let path = TestAccount.contacts

  @Test("No token, a wrong one and an old query key are the same 401", arguments: [nil, "wrong"])
  func unauthorized(token: String?) {
    var test = TestAccount()
    let answer = test.call("GET", path + "?hapikey=abc", token: token)
    #expect(answer.status == 401)
    #expect(answer.category == "INVALID_AUTHENTICATION")
    #expect(answer.message.hasPrefix("Authentication credentials not found."))
    #expect(answer.body["correlationId"]?.string?.count == 36)
  }

  @Test("A token that cannot be one gives 530")
  func malformed() {
    var test = TestAccount()
    #expect(test.call("GET", path, token: "pat na1").status == 530)
  }

  @Test("A refresh token gives an access token for half an hour")
  func oauth() {
    var test = TestAccount()
    let body =
      "grant_type=refresh_token&client_id=client-id&client_secret=client-secret&refresh_token=refresh-token"
    let answer = test.server.answer(
      SimulatedRequest(method: "POST", path: "/oauth/2026-03/token", body: Array(body.utf8)), at: test.now)
    let token = JSONInput.parse(answer.body)?["access_token"]?.string ?? ""
    #expect(test.call("GET", path, token: token).status == 200)
    #expect(test.call("GET", path, token: token).header("X-HubSpot-RateLimit-Daily") == nil)
    test.pass(1_800)
    let late = test.call("GET", path, token: token)
    #expect(late.status == 401)
    #expect(late.category == "EXPIRED_AUTHENTICATION")
  }

  @Test("A refresh token that is not good is told of in the words of OAuth")
  func badRefreshToken() {
    var test = TestAccount()
    let body = "grant_type=refresh_token&client_id=client-id&client_secret=client-secret&refresh_token=old"
    let answer = test.server.answer(
      SimulatedRequest(method: "POST", path: "/oauth/2026-03/token", body: Array(body.utf8)), at: test.now)
    #expect(answer.status == 400)
    let json = JSONInput.parse(answer.body)
    #expect(json?["error"] == "invalid_grant")
    #expect(json?["status"] == "BAD_REFRESH_TOKEN")
  }

  @Test("The account tells its number, its offset and what is left of the day")
  func account() {
    var test = TestAccount()
    let details = test.get("/account-info/2026-03/details")
    #expect(details.body["portalId"] == 12_345_678)
    #expect(details.body["utcOffset"] == "-04:00")
    let usage = test.get("/account-info/2026-03/api-usage/daily/private-apps").body["results"]?.elements.first
    #expect(usage?["currentUsage"] == 2)
    #expect(usage?["usageLimit"] == 625_000)
    #expect(usage?["resetsAt"] == "2026-11-24T04:00:00.000Z")
  }

  @Test("One request too many in ten seconds is refused until the window has moved on")
  func burst() {
    var test = TestAccount { $0.plan = .starter }
    for _ in 0..<99 { _ = test.get("/account-info/2026-03/details") }
    test.pass(9)
    let last = test.get(path)
    #expect(last.header("x-hubspot-ratelimit-remaining") == "0")
    let refused = test.get(path)
    #expect(refused.status == 429)
    #expect(refused.body["policyName"] == "TEN_SECONDLY_ROLLING")
    #expect(refused.message == "You have reached your ten_secondly_rolling limit.")
    #expect(refused.body["errorType"] == "RATE_LIMIT")
    #expect(refused.header("Retry-After") == nil)
    test.pass(1)
    #expect(test.get(path).status == 200)
  }

  @Test("The sixth search in a second is refused; searches tell nothing of limits")
  func searches() {
    var test = TestAccount()
    for _ in 0..<5 { #expect(test.search().status == 200) }
    let refused = test.search()
    #expect(refused.status == 429)
    #expect(refused.body["policyName"] == "SECONDLY")
    #expect(refused.headers.allSatisfy { !$0.name.lowercased().hasPrefix("x-hubspot") })
    #expect(test.get(path).status == 200)
    test.pass(1)
    #expect(test.search().status == 200)
  }

  @Test("The day's quota is the account's and begins anew at its midnight")
  func daily() {
    var test = TestAccount { $0.sendsRetryAfter = true }
    test.server.spendDaily(625_000, at: test.now)
    let refused = test.get(path)
    #expect(refused.body["policyName"] == "DAILY")
    #expect(refused.header("Retry-After") == "\(18 * 3_600)")
    test.pass(18 * 3_600 - 1)
    #expect(test.get(path).status == 429)
    test.pass(1)
    #expect(test.get(path).status == 200)
  }

  @Test(
    "A missing scope is named",
    arguments: [
      ("crm.objects.contacts.read", "/crm/objects/2026-03/contacts"),
      ("crm.objects.deals.read", "/crm/objects/2026-03/deals"), ("forms", "/marketing/v3/forms"),
      ("content", "/email/public/v1/events"), ("crm.lists.read", "/crm/lists/2026-03/1"),
    ])
  func missingScope(scope: String, path: String) {
    var test = TestAccount { $0.scopes.remove(scope) }
    let answer = test.get(path)
    #expect(answer.status == 403)
    #expect(answer.message == "One or more of the following scopes are required.")
    #expect(answer.body["context"]?["requiredGranularScopes"] == [.text(scope)])
  }

  @Test("Outages come on demand", arguments: [423, 477, 502, 504])
  func outages(status: Int) {
    var test = TestAccount()
    test.server.failNext(1, status: status, retryAfter: status == 477 ? 7_200 : nil)
    let failed = test.get(path)
    #expect(failed.status == status)
    #expect(failed.header("Retry-After") == (status == 477 ? "7200" : nil))
    #expect(test.get(path).status == 200)
  }

  @Test("What was not written as JSON is refused")
  func badJSON() {
    var test = TestAccount()
    let answer = test.server.answer(
      SimulatedRequest(
        method: "POST", path: "\(path)/search",
        headers: [SimulatedPair("Authorization", "Bearer pat-na1-simulated")], body: Array("{\"a\":".utf8)),
      at: test.now)
    #expect(answer.status == 400)
  }

  @Test("Reads by POST are no changes; batch writes and new properties are")
  func changes() {
    var test = TestAccount()
    _ = test.search()
    _ = test.get(path)
    #expect(test.server.changingRequests == 0)
    _ = test.score(1, "1")
    #expect(test.server.changingRequests == 1)
    #expect(test.server.requests(to: "POST \(path)/batch/update") == 1)
  }
}
