import Bitrix24Simulator
import ConnectorConformance
import Platform
import Scoring
import Testing
import WebAPI

@testable import Bitrix24Connector

@Suite("What check finds in a Bitrix24 portal")
struct CheckTests {
  private func check(
    _ portal: Bitrix24TestPortal, ahead: Int64 = 0, _ change: (inout Bitrix24Settings) -> Void = { _ in }
  ) async throws -> [Finding] {
    let changes = try await portal.changingRequests()
    var settings = portal.settings
    change(&settings)
    let findings = await portal.bitrix24(settings: settings)
      .check(now: Timestamp(Int64(portal.clock.now()) + ahead))
    #expect(try await portal.changingRequests() == changes)
    #expect(findings.allSatisfy { !$0.text.contains("s3cret") && !$0.cure.contains("s3cret") })
    #expect(findings.filter { $0.severity != .fine }.allSatisfy { !$0.cure.isEmpty })
    return findings
  }

  private func troubles(_ findings: [Finding]) -> [Finding] { findings.filter { $0.severity != .fine } }

  @Test("Nothing is wrong with a good portal")
  func good() async throws {
    let portal = Bitrix24TestPortal()
    let fresh = try await check(portal)
    #expect(troubles(fresh).isEmpty, "\(troubles(fresh))")
    #expect(fresh.first?.text == "the credentials are good, for user 1")
    #expect(fresh.contains { $0.text == "leads are not read" })
    #expect(
      fresh.contains {
        $0.text == "the field UF_CRM_LEAD_TAGS of contacts is not there yet; the first write makes it"
      }
    )
    #expect(fresh.last?.text.contains("s of working time are left") == true)
    _ = try await portal.prepared()
    #expect(try await check(portal).contains { $0.text == "the field UF_CRM_LEAD_TAGS of contacts is there" })
  }

  @Test("In classic mode leads are named, with their fields")
  func leads() async throws {
    let found = try await check(Bitrix24TestPortal(.classic))
    #expect(found.contains { $0.text == "leads are people here, and read too" })
    #expect(found.contains { $0.text.contains("UF_CRM_LEAD_SCORE of leads") })
  }

  @Test("A missing scope is named, with what is missing without it")
  func scopes() async throws {
    let found = troubles(try await check(Bitrix24TestPortal { $0.scopes.remove("telephony") }))
    #expect(found.first?.text.contains("telephony is missing") == true)
    #expect(found.allSatisfy { $0.severity == .warning })
    let none = troubles(try await check(Bitrix24TestPortal { $0.scopes = ["user"] }))
    #expect(none.contains { $0.severity == .error && $0.text.contains("the scope crm is missing") })
  }

  @Test("A user who is no administrator may not see everything")
  func rights() async throws {
    let found = troubles(try await check(Bitrix24TestPortal { $0.isCRMAdministrator = false }))
    #expect(found.map(\.severity) == [.warning])
    #expect(found.first?.text.contains("no administrator") == true)
  }

  @Test("A clock that is wrong is noticed")
  func clocks() async throws {
    let found = troubles(try await check(Bitrix24TestPortal(), ahead: 1_800))
    #expect(found.map(\.text) == ["this machine's clock is 30 min ahead"])
  }

  @Test("A renamed portal is found, with a note to change the configuration")
  func renamed() async throws {
    let portal = Bitrix24TestPortal()
    portal.act { server, _ in server.redirectNext(1, to: "https://new.bitrix24.com") }
    let found = troubles(try await check(portal))
    #expect(found.map(\.text) == ["the portal was renamed to https://new.bitrix24.com"])
  }

  @Test("A secret in plain text, a field of another type, a plan without REST")
  func others() async throws {
    #expect(
      troubles(try await check(Bitrix24TestPortal()) { $0.hasPlainSecret = true }).first?.text.contains(
        "in plain text") == true)
    let portal = Bitrix24TestPortal()
    portal.act { server, _ in server.addField("UF_CRM_LEAD_SCORE") }
    #expect(troubles(try await check(portal)).first?.text.contains("is string, not a number") == true)
    let noREST = troubles(try await check(Bitrix24TestPortal { $0.hasREST = false }))
    #expect(noREST.first?.severity == .error)
    #expect(noREST.first?.cure.contains("paid plan") == true)
  }
}
