import Platform
import Scoring
import Testing

@testable import Bitrix24Simulator

@Suite("Requests to a portal")
struct TransportTests {
  @Test(
    "A method's name is taken in any case, with .json and with a slash",
    arguments: ["crm.contact.list", "crm.contact.List.json", "CRM.CONTACT.LIST/", "crm.contact.list.json/"])
  func names(method: String) {
    var portal = TestPortal()
    #expect(portal.call(method).ids.count == 5)
  }

  @Test("Forms and queries are read as PHP reads them")
  func forms() {
    var portal = TestPortal()
    let path = portal.webhook + "crm.contact.list"
    let query = "filter[%3EID]=\(portal.id(2))&select[]=ID&select[]=NAME&start=-1&__order=x"
    let form = portal.send("POST", path, type: "application/x-www-form-urlencoded", body: query)
    #expect(form.ids == [portal.id(3), portal.id(4), portal.id(5)])
    #expect(portal.send("GET", path, query: query).ids == form.ids)
    #expect(form.result.values.first?.entries.map { $0.name } == ["ID", "NAME"])
  }

  @Test("The body of a GET counts for nothing, nor does one that does not say what it is")
  func ignoredBodies() {
    var portal = TestPortal()
    let path = portal.webhook + "crm.contact.list"
    let body = "{\"filter\":{\"ID\":1}}"
    #expect(portal.send("GET", path, body: body).ids.count == 5)
    #expect(portal.send("POST", path, type: "", body: body).ids.count == 5)
  }

  @Test("A method that is not there is not found, and method.get says so")
  func missing() {
    var portal = TestPortal { $0.missingMethods = ["crm.contact.list"] }
    let refused = portal.call("crm.contact.list")
    #expect(refused.status == 404)
    #expect(refused.error == "ERROR_METHOD_NOT_FOUND")
    let known = portal.call("method.get", ["name": "crm.item.list"]).result
    #expect(known == ["isExisting": true, "isAvailable": true])
    let gone = portal.call("method.get", ["name": "crm.contact.list"]).result
    #expect(gone == ["isExisting": false, "isAvailable": false])
  }

  @Test("A wrong webhook is refused", arguments: ["/rest/1/wrong/profile", "/rest/2/w3bh00ks3cret/profile"])
  func wrongWebhook(path: String) {
    var portal = TestPortal()
    let refused = portal.send("POST", path, body: "{}")
    #expect(refused.status == 401)
    #expect(refused.error == "NO_AUTH_FOUND")
  }

  @Test("A scope that is missing is refused")
  func scope() {
    var portal = TestPortal { $0.scopes = ["crm"] }
    let refused = portal.call("voximplant.statistic.get")
    #expect(refused.status == 403)
    #expect(refused.error == "insufficient_scope")
    #expect(portal.call("scope").result == ["crm"])
  }

  @Test("A token ends, is renewed by a refresh token, and that token is good once")
  func tokens() {
    var portal = TestPortal()
    let query = "grant_type=refresh_token&client_id=client-id&client_secret=client-secret&refresh_token="
    let first = portal.send("GET", "/oauth/token/", query: query + "refresh-token")
    #expect(first.body["expires_in"] == 3_600)
    let token = first.body["access_token"]?.phpText ?? ""
    let body = "{\"auth\":\"\(token)\"}"
    #expect(portal.send("POST", "/rest/profile", body: body).status == 200)
    #expect(portal.send("POST", "/rest/profile", query: "auth=\(token)").status == 200)
    portal.pass(3_599)
    #expect(portal.send("POST", "/rest/profile", body: body).status == 200)
    portal.pass(1)
    let expired = portal.send("POST", "/rest/profile", body: body)
    #expect(expired.status == 401)
    #expect(expired.error == "expired_token")
    let again = portal.send("GET", "/oauth/token/", query: query + "refresh-token")
    #expect(again.status == 400)
    #expect(again.error == "invalid_grant")
    let next = first.body["refresh_token"]?.phpText ?? ""
    #expect(portal.send("GET", "/oauth/token/", query: query + next).status == 200)
    #expect(portal.send("POST", "/rest/profile", body: "{\"auth\":\"unknown\"}").error == "invalid_token")
    #expect(portal.send("POST", "/rest/profile", body: "{}").error == "NO_AUTH_FOUND")
  }

  @Test("A portal without REST in its plan refuses everything")
  func plan() {
    var portal = TestPortal { $0.hasREST = false }
    let refused = portal.call("profile")
    #expect(refused.status == 403)
    #expect(refused.error == "ACCESS_DENIED")
  }

  @Test("Failures come on demand, as a page of HTML or with a code", arguments: [403, 429, 500, 502, 503])
  func failures(status: Int) {
    var portal = TestPortal()
    portal.server.failNext(1, status: status)
    let page = portal.call("profile")
    #expect(page.status == status)
    #expect(page.text.hasPrefix("<html>"))
    portal.server.failNext(1, status: status, code: "OVERLOAD_LIMIT")
    #expect(portal.call("profile").error == "OVERLOAD_LIMIT")
    #expect(portal.call("profile").status == 200)
  }

  @Test("A renamed portal sends to its new host")
  func renamed() {
    var portal = TestPortal()
    portal.server.redirectNext(1, to: "https://new.bitrix24.test")
    let moved = portal.call("profile")
    #expect(moved.status == 302)
    #expect(moved.header("Location") == "https://new.bitrix24.test/rest/1/w3bh00ks3cret/profile")
    #expect(moved.text.hasPrefix("<html>"))
  }

  @Test("Only what adds, updates or deletes may change something, in a batch too")
  func changes() {
    var portal = TestPortal()
    _ = portal.call("crm.contact.list")
    _ = portal.batch(["a": "crm.contact.list", "b": "crm.item.get?entityTypeId=3&id=1"])
    #expect(portal.server.changingRequests == 0)
    _ = portal.batch(["a": "crm.contact.list", "b": "crm.contact.update?id=1&fields[NAME]=x"])
    _ = portal.call("crm.contact.userfield.add", ["fields": [:]])
    #expect(portal.server.changingRequests == 2)
  }
}
