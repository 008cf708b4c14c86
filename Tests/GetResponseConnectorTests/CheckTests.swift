import ConnectorConformance
import GetResponseSimulator
import Platform
import Scoring
import Testing

@testable import GetResponseConnector

@Suite("What check says of a GetResponse account")
struct CheckTests {
  private func findings(
    _ account: GetResponseTestAccount, _ settings: GetResponseSettings? = nil, ahead: Int64 = 0
  ) async -> [Finding] {
    await account.getResponse(settings: settings).check(
      now: Timestamp(Int64(account.clock.now()) + ahead))
  }

  @Test("A good account: credentials, lists, contacts, limits, and whose score it is")
  func good() async throws {
    let account = GetResponseTestAccount()
    _ = try await account.people(3)
    let found = await findings(account)
    #expect(found.allSatisfy { $0.severity == .fine })
    for part in ["credentials are good", "3 lists with 3 contacts", "GetResponse's own", "of 30000 requests"]
    {
      #expect(found.contains { $0.text.contains(part) }, "\(part)")
    }
  }

  @Test("What details would cost is told, and warned of where the score is a custom field")
  func cost() async throws {
    let account = GetResponseTestAccount(.fields)
    let ids = try await account.people(3)
    #expect(await findings(account).contains { $0.severity == .warning && $0.text.contains("3 calls") })
    let native = GetResponseTestAccount()
    let others = try await native.people(2)
    #expect(ids.count == 3 && others.count == 2)
    native.change { server, now in server.setField(others[0].text, "company", to: "Acme", at: now) }
    #expect(await findings(native).contains { $0.severity == .fine && $0.text.contains("2 calls") })
  }

  @Test("Parts that the plan lacks are warnings")
  func plan() async throws {
    let account = GetResponseTestAccount { $0.missingFeatures = [.shops, .transactional] }
    _ = try await account.people(1)
    let found = await findings(account)
    #expect(found.filter { $0.severity == .warning }.count == 2)
    #expect(!found.contains { $0.severity == .error })
  }

  @Test("A plan without searches is an error")
  func noSearches() async throws {
    let account = GetResponseTestAccount { $0.missingFeatures = [.search] }
    _ = try await account.people(1)
    #expect(await findings(account).contains { $0.severity == .error })
  }

  @Test("A key that is refused is an error with its cure")
  func key() async throws {
    let account = GetResponseTestAccount()
    var settings = account.settings
    settings.login = .key("another")
    let found = await findings(account, settings)
    #expect(found.contains { $0.severity == .error && $0.cure.contains("90 days") })
  }

  @Test("A clock that is wrong, a secret in plain text, and limits that others use up are warnings")
  func warnings() async throws {
    let account = GetResponseTestAccount()
    _ = try await account.people(1)
    var settings = account.settings
    settings.hasPlainSecret = true
    account.change { server, now in server.spend(29_000, at: now) }
    let texts = await findings(account, settings, ahead: 900).filter { $0.severity == .warning }.map(\.text)
    #expect(texts.contains { $0.contains("plain text") })
    #expect(texts.contains { $0.contains("15 min ahead") })
    #expect(texts.contains { $0.contains("requests are left") })
  }

  @Test("Custom fields are said to be there, missing, or of another type")
  func fields() async throws {
    let account = GetResponseTestAccount(.fields)
    _ = try await account.people(1)
    account.change { server, _ in
      server.addField("lead_score", type: "number")
      server.addField("lead_band", type: "date")
    }
    let found = await findings(account)
    #expect(found.contains { $0.text == "the custom field 'lead_score' is there" })
    #expect(found.contains { $0.severity == .error && $0.text.contains("lead_band") })
    #expect(found.contains { $0.text.contains("'lead_reasons' is not there yet") })
  }
}
