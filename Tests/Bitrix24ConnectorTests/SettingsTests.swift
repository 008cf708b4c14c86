import ConnectorConformance
import Foundation
import Platform
import Scoring
import StrictYAML
import Testing
import WebAPI

@testable import Bitrix24Connector

@Suite("Settings of a connection to Bitrix24")
struct SettingsTests {
  private static let address = "https://portal.bitrix24.com/rest/1/w3bh00ks3cret/"

  private func read(
    _ yaml: String, fields: WrittenFields? = nil, outside: String = SettingsTests.address
  ) throws -> (Bitrix24Settings?, [String]) {
    let problems = ProblemCollector(file: "leadgauge.yaml")
    problems.expand = { _ in .text(outside) }
    let mapping = try YAMLDocument.mapping(in: yaml, problems: problems)
    let settings = Bitrix24Settings.read(
      mapping, context: ConnectorContext(name: "crm", folder: "/", fields: fields))
    return (settings, problems.problems.map(\.description))
  }

  @Test("A webhook's address is enough, and its last part is the secret")
  func webhook() throws {
    let (settings, problems) = try read("platform: bitrix24\nwebhook: \"${BITRIX24_WEBHOOK}\"\n")
    #expect(problems.isEmpty)
    #expect(settings?.base == "https://portal.bitrix24.com/rest/1/w3bh00ks3cret")
    #expect(settings?.secrets == ["w3bh00ks3cret"])
    #expect(settings?.hasPlainSecret == false)
    #expect(settings?.leads == .auto)
    #expect(settings?.sweep == .days(7))
    #expect(settings?.operating == TimeSpan(seconds: 480))
  }

  @Test("The name of a method at the end of the address, as Bitrix24 shows it, is passed over")
  func example() throws {
    let (settings, _) = try read(
      "webhook: \"${W}\"", outside: "https://portal.bitrix24.com/rest/1/abcdef/profile.json")
    #expect(settings?.base == "https://portal.bitrix24.com/rest/1/abcdef")
  }

  @Test("A webhook in plain text is noticed")
  func plain() throws {
    #expect(try read("webhook: \(Self.address)").0?.hasPlainSecret == true)
  }

  @Test("An application has the portal's address, an id, a secret and a refresh token")
  func app() throws {
    let (settings, problems) = try read(
      "url: https://portal.bitrix24.de/\n"
        + "auth: { clientId: abc, clientSecret: \"${SECRET}\", refreshToken: \"${REFRESH}\" }\n",
      outside: "from outside")
    #expect(problems.isEmpty)
    #expect(settings?.isApp == true)
    #expect(settings?.base == "https://portal.bitrix24.de/rest")
    #expect(settings?.secrets == ["from outside", "from outside"])
  }

  @Test(
    "Access tokens are asked for where the portal's region has them",
    arguments: [
      ("https://a.bitrix24.com", "https://oauth.bitrix.info"),
      ("https://a.bitrix24.ru", "https://oauth.bitrix24.tech"),
      ("https://a.bitrix24.kz", "https://oauth.bitrix24.tech"),
    ])
  func regions(portal: String, host: String) {
    #expect(OAuthHost.usual(of: portal) == host)
  }

  @Test("A stored answer may name another known host, and no unknown one")
  func toldHost() {
    #expect(OAuthHost.known("https://oauth.bitrix24.tech/rest/") == "https://oauth.bitrix24.tech")
    #expect(OAuthHost.known("https://oauth.bitrix24.tech.evil.example/rest/") == nil)
  }

  @Test("Everything else can be named")
  func details() throws {
    let (settings, problems) = try read(
      "webhook: \"${W}\"\nleads: true\nsweep: 3d\noperating: 420s\nenterprise: true\n"
        + "network: { proxy: \"http://a:p%2Fw@proxy.example:3128\" }\n")
    #expect(problems.isEmpty)
    #expect(settings?.leads == .yes)
    #expect(settings?.sweep == .days(3))
    #expect(settings?.operating == TimeSpan(seconds: 420))
    #expect(settings?.isEnterprise == true)
    #expect(settings?.secrets.last == "p/w")
  }

  @Test(
    "What cannot be is refused with the cure, and the address is never shown",
    arguments: [
      ("platform: bitrix24", "'webhook' is missing"),
      ("webhook: https://portal.bitrix24.com/rest/s3cret/", "no address of a webhook"),
      ("webhook: https://portal.bitrix24.com/s3cret/1/abc/", "no address of a webhook"),
      ("webhook: portal.bitrix24.com/rest/1/s3cret", "no address"),
      ("webhook: http://portal.bitrix24.com/rest/1/s3cret/", "in the clear"),
      ("webhook: https://portal.bitrix24.com/rest/1/s3cret/?x=1", "nothing else"),
      ("webhook: \"${W}\"\nurl: https://a.example", "a webhook and an application"),
      ("url: https://a.example", "'auth' is missing"),
      ("auth: { clientId: a, clientSecret: \"${B}\", refreshToken: \"${C}\" }", "'url' is missing"),
      ("url: https://a.example\nauth: { clientId: a, clientSecret: \"${B}\" }", "'refreshToken' is missing"),
      ("webhook: \"${W}\"\nleads: maybe", "none of auto"),
      ("webhook: \"${W}\"\nsweep: weekly", "no length of time"),
      ("webhook: \"${W}\"\noperating: lots", "no length of time"),
      ("webhook: \"${W}\"\noauth: https://oauth.bitrix.info", "goes with 'auth'"),
      ("webhook: \"${W}\"\nleeds: true", "Did you mean 'leads'"),
    ])
  func refused(yaml: String, expected: String) throws {
    let (settings, problems) = try read(yaml)
    #expect(settings == nil)
    #expect(problems.contains { $0.contains(expected) }, "\(problems)")
    #expect(!problems.contains { $0.contains("s3cret") })
  }

  @Test("Fields are called UF_CRM_ and the name in capitals, once")
  func names() {
    #expect(FieldNames.field("lead_score") == "UF_CRM_LEAD_SCORE")
    #expect(FieldNames.field("uf_crm_x") == "UF_CRM_X")
  }

  @Test(
    "Names that cannot be fields are refused",
    arguments: [
      (WrittenFields(score: .native, band: nil, reasons: nil, tags: false), "own score"),
      (
        WrittenFields(score: .field("lead-score"), band: nil, reasons: nil, tags: false), "no name of a field"
      ),
      (
        WrittenFields(
          score: .field(String(repeating: "x", count: 44)), band: nil, reasons: nil, tags: false),
        "no name of a field"
      ),
      (WrittenFields(score: .field("Lead"), band: "lead", reasons: nil, tags: false), "written twice"),
      (WrittenFields(score: .field("lead_tags"), band: nil, reasons: nil, tags: true), "written twice"),
    ])
  func fieldNames(fields: WrittenFields, expected: String) throws {
    let (settings, problems) = try read("webhook: \"${W}\"", fields: fields)
    #expect(settings == nil)
    #expect(problems.contains { $0.contains(expected) }, "\(problems)")
  }
}
