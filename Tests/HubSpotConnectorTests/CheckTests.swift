import ConnectorConformance
import HubSpotSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import HubSpotConnector

@Suite("What check finds in a HubSpot account")
struct CheckTests {
  private func check(
    _ account: HubSpotTestAccount, _ change: (inout HubSpotSettings) -> Void = { _ in }
  ) async throws -> [Finding] {
    let changes = try await account.changingRequests()
    var settings = account.settings
    change(&settings)
    let connector = account.hubspot(settings: settings)
    let findings = await connector.check(now: Timestamp(Int64(account.clock.now())))
    #expect(try await account.changingRequests() == changes)
    #expect(findings.allSatisfy { !$0.text.contains("s3cret") && !$0.cure.contains("s3cret") })
    #expect(findings.filter { $0.severity != .fine }.allSatisfy { !$0.cure.isEmpty })
    return findings
  }

  @Test("Nothing is wrong with a good account")
  func good() async throws {
    let account = HubSpotTestAccount()
    let fresh = try await check(account)
    #expect(fresh.allSatisfy { $0.severity == .fine }, "\(fresh)")
    #expect(fresh.first?.text == "the credentials are good, for account 12345678")
    #expect(fresh.last?.text.hasSuffix("requests are left to the account today") == true)
    #expect(
      fresh.contains { $0.text == "the property 'lead_tags' is not there yet; the first write makes it" })
    _ = try await account.prepared()
    #expect(try await check(account).contains { $0.text == "the property 'lead_tags' is there" })
  }

  @Test(
    "Each missing scope is named, with what is missing without it",
    arguments: [
      ("content", "e-mail events", "counters"),
      ("business-intelligence", "events such as page views", "counters"),
      ("forms", "forms", "counters"), ("crm.objects.deals.read", "deals", "do not count"),
    ])
  func scopes(scope: String, what: String, without: String) async throws {
    let found = try await check(HubSpotTestAccount { $0.scopes.remove(scope) })
    let troubles = found.filter { $0.severity != .fine }
    #expect(troubles.count == 1)
    #expect(troubles.first?.text.hasPrefix("\(what) cannot be read") == true)
    #expect(troubles.first?.text.contains(without) == true)
    let plan = scope == "business-intelligence" ? "only Enterprise plans" : scope
    #expect(troubles.first?.cure.contains(plan) == true)
  }

  @Test("Without the right to see properties nothing can be written")
  func properties() async throws {
    let account = HubSpotTestAccount()
    account.answer("GET /crm/properties/2026-03/contacts", with: .json("{}", status: 403))
    let found = try await check(account).filter { $0.severity == .error }
    #expect(found.count == 1)
    #expect(found.first?.text.contains("nothing can be written") == true)
    #expect(found.first?.cure == "Give the key the scope crm.schemas.contacts.read")
  }

  @Test("Another account than the one that was meant is an error")
  func portal() async throws {
    let found = try await check(HubSpotTestAccount()) { $0.portal = "77" }
    #expect(
      found.filter { $0.severity == .error }.map(\.text) == [
        "the credentials lead to the HubSpot account 12345678, not to 77"
      ])
  }

  @Test("A secret in plain text and a clock that is wrong are warned of")
  func warnings() async throws {
    let account = HubSpotTestAccount()
    let plain = try await check(account) { $0.hasPlainSecret = true }
    #expect(plain.first?.text.contains("plain text") == true)
    let late = await account.hubspot().check(now: Timestamp(Int64(account.clock.now()) + 1_200))
    #expect(late.contains { $0.text == "this machine's clock is 20 min ahead" })
  }

  @Test("A day's quota that is nearly used up is a warning")
  func quota() async throws {
    let account = HubSpotTestAccount { $0.dailyLimit = 3_000 }
    let found = try await check(account).filter { $0.severity == .warning }
    #expect(found.map(\.text) == ["2999 requests are left to the account today"])
  }

  @Test("Without its plan the account is told that it could be faster")
  func plan() async throws {
    let found = try await check(HubSpotTestAccount()) { $0.plan = nil }
    #expect(found.last?.text == "the account may send 190 requests in 10 s, of which 100 are used")
  }

  @Test("A property of the wrong type is an error")
  func wrongProperty() async throws {
    let account = HubSpotTestAccount()
    account.change { server, now in server.addProperty("lead_score", at: now) }
    let found = try await check(account).filter { $0.severity == .error }
    #expect(found.map(\.text) == ["the property 'lead_score' of HubSpot is string/text, not a number"])
  }

  @Test("Wrong credentials are one error with its cure")
  func credentials() async throws {
    let account = HubSpotTestAccount()
    try await account.provoke(.wrongCredentials)
    let found = try await check(account)
    #expect(found.map(\.severity) == [.error])
    #expect(found.first?.text.hasPrefix("HubSpot refused the credentials") == true)
  }
}
