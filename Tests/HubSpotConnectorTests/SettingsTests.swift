import ConnectorConformance
import Foundation
import Platform
import Scoring
import StrictYAML
import Testing
import WebAPI

@testable import HubSpotConnector

@Suite("Settings of a connection to HubSpot")
struct SettingsTests {
  private let good = "auth: { token: \"${TOKEN}\" }\n"

  private func read(
    _ yaml: String, fields: WrittenFields? = nil
  ) throws -> (HubSpotSettings?, [String]) {
    let problems = ProblemCollector(file: "leadgauge.yaml")
    problems.expand = { _ in .text("from outside") }
    let mapping = try YAMLDocument.mapping(in: yaml, problems: problems)
    let settings = HubSpotSettings.read(
      mapping, context: ConnectorContext(name: "hub", folder: "/", fields: fields))
    return (settings, problems.problems.map(\.description))
  }

  @Test("A token is enough")
  func token() throws {
    let (settings, problems) = try read("platform: hubspot\nwrite: { score: lead_score }\n" + good)
    #expect(problems.isEmpty)
    #expect(settings?.url == "https://api.hubapi.com")
    #expect(settings?.secrets == ["from outside"])
    #expect(settings?.hasPlainSecret == false)
    #expect(settings?.fullList == .days(1))
    #expect(settings?.paths.contacts == "/crm/objects/2026-03/contacts")
    #expect(settings?.isApp == false)
  }

  @Test("An app has an id, a secret and a refresh token")
  func app() throws {
    let (settings, problems) = try read(
      "auth: { clientId: abc, clientSecret: \"${SECRET}\", refreshToken: \"${REFRESH}\" }\n")
    #expect(problems.isEmpty)
    #expect(settings?.isApp == true)
    #expect(settings?.secrets == ["from outside", "from outside"])
  }

  @Test("Everything else can be named")
  func details() throws {
    let (settings, problems) = try read(
      good + "url: http://127.0.0.1:8080/\nportal: 12345678\nfullList: 12h\napiVersion: 2026-09-beta\n"
        + "plan: professional\nlists: true\nnetwork: { proxy: \"http://a:p%2Fw@proxy.example:3128\" }\n")
    #expect(problems.isEmpty)
    #expect(settings?.url == "http://127.0.0.1:8080")
    #expect(settings?.portal == "12345678")
    #expect(settings?.fullList == TimeSpan("12h"))
    #expect(settings?.paths.contacts == "/crm/objects/2026-09-beta/contacts")
    #expect(settings?.plan == .professional)
    #expect(settings?.lists == true)
    #expect(settings?.secrets.last == "p/w")
  }

  @Test("A secret in plain text is noticed")
  func plain() throws {
    #expect(try read("auth: { token: pat-na1-abc }").0?.hasPlainSecret == true)
  }

  @Test(
    "What cannot be is refused with the cure",
    arguments: [
      ("", "'auth' is missing"), ("auth: { token: }", "'token' has no value"),
      ("auth: { clientId: a, clientSecret: \"${B}\" }", "'refreshToken' is missing"),
      (
        "auth: { token: \"${A}\", clientId: a, clientSecret: \"${B}\", refreshToken: \"${C}\" }",
        "a token and an app"
      ),
      ("GOOD url: http://api.example.com", "in the clear"),
      ("GOOD url: api.example.com", "no address of an API"),
      ("GOOD url: https://a.example?x=1", "nothing else"), ("GOOD portal: abc", "no number of an account"),
      ("GOOD fullList: daily", "no length of time"), ("GOOD apiVersion: v3", "no date of HubSpot's API"),
      ("GOOD apiVersion: 2026-13", "no date of HubSpot's API"), ("GOOD plan: pro", "no plan of HubSpot's"),
      ("GOOD portl: 5", "Did you mean 'portal'"),
    ])
  func bad(line: String, problem: String) throws {
    let (settings, problems) = try read(
      "platform: hubspot\n" + line.replacingOccurrences(of: "GOOD ", with: good))
    #expect(settings == nil)
    #expect(problems.count == 1)
    #expect(problems.first?.contains(problem) == true, "\(problems)")
  }

  @Test(
    "Names that HubSpot's properties cannot have are refused",
    arguments: [
      (WrittenFields(score: .field("Lead"), band: nil, reasons: nil, tags: true), "no name of a property"),
      (WrittenFields(score: .native, band: nil, reasons: nil, tags: true), "own score cannot be written"),
      (WrittenFields(score: .field("lead_tags"), band: nil, reasons: nil, tags: true), "written twice"),
      (WrittenFields(score: .field("a"), band: "a", reasons: nil, tags: true), "written twice"),
    ])
  func names(fields: WrittenFields, problem: String) throws {
    let (settings, problems) = try read(good, fields: fields)
    #expect(settings == nil)
    #expect(problems.first?.contains(problem) == true, "\(problems)")
  }

  @Test("The platform hands out a connector by the name hubspot")
  func entry() throws {
    let problems = ProblemCollector(file: "f")
    problems.expand = { _ in .text("secret") }
    let account = HubSpotTestAccount()
    let platform = HubSpotPlatform(
      surroundings: WebSurroundings(transport: account.network, clock: account.clock))
    let mapping = try YAMLDocument.mapping(in: good, problems: problems)
    let connector = platform.connector(
      settings: mapping, context: ConnectorContext(name: "hub", folder: "/"))
    #expect(platform.name == "hubspot")
    #expect(connector?.platform == "hubspot")
  }
}
