import ConnectorConformance
import Foundation
import Platform
import Scoring
import StrictYAML
import Testing
import WebAPI

@testable import GetResponseConnector

@Suite("Settings of a connection to GetResponse")
struct SettingsTests {
  private let good = "auth: { apiKey: \"${KEY}\" }\n"

  private func read(
    _ yaml: String, fields: WrittenFields? = nil
  ) throws -> (GetResponseSettings?, [String]) {
    let problems = ProblemCollector(file: "leadgauge.yaml")
    problems.expand = { _ in .text("from outside") }
    let mapping = try YAMLDocument.mapping(in: yaml, problems: problems)
    let settings = GetResponseSettings.read(
      mapping, context: ConnectorContext(name: "mail", folder: "/", fields: fields))
    return (settings, problems.problems.map(\.description))
  }

  @Test("A key is enough")
  func key() throws {
    let (settings, problems) = try read("platform: getresponse\nwrite: { score: native }\n" + good)
    #expect(problems.isEmpty)
    #expect(settings?.url == "https://api.getresponse.com/v3")
    #expect(settings?.secrets == ["from outside"])
    #expect(settings?.hasPlainSecret == false)
    #expect(settings?.fullList == .days(1))
    #expect(settings?.activityRefresh == TimeSpan("6h"))
    #expect(settings?.transactional == true)
    #expect(settings?.segments == false)
    #expect(settings?.emptyTags == false)
  }

  @Test("A key that was copied with the word before it is taken without, and one in plain text is noted")
  func copiedKey() throws {
    let (settings, problems) = try read("auth: { apiKey: \"api-key abc\" }\n")
    #expect(problems.isEmpty)
    #expect(settings?.secrets == ["abc"])
    #expect(settings?.hasPlainSecret == true)
  }

  @Test("An app has an id, a secret and a refresh token")
  func app() throws {
    let (settings, problems) = try read(
      "auth: { clientId: abc, clientSecret: \"${SECRET}\", refreshToken: \"${REFRESH}\" }\n")
    #expect(problems.isEmpty)
    #expect(settings?.secrets == ["from outside", "from outside"])
  }

  @Test("Everything else can be named, and a host alone gets the version of the API")
  func details() throws {
    let (settings, problems) = try read(
      good + "url: https://api3.getresponse360.pl/\ndomain: example.com\nparentLogin: boss@example.com\n"
        + "fullList: 12h\nactivityRefresh: 1h\nsegments: true\ntransactional: false\nemptyTags: true\n"
        + "network: { proxy: \"http://a:p%2Fw@proxy.example:3128\" }\n")
    #expect(problems.isEmpty)
    #expect(settings?.url == "https://api3.getresponse360.pl/v3")
    #expect(
      settings?.headers == [
        WebHeader("X-Domain", "example.com"), WebHeader("X-Parent-Login", "boss@example.com"),
      ])
    #expect(settings?.fullList == TimeSpan("12h"))
    #expect(settings?.activityRefresh == TimeSpan("1h"))
    #expect(settings?.segments == true)
    #expect(settings?.transactional == false)
    #expect(settings?.emptyTags == true)
    #expect(settings?.secrets.last == "p/w")
    #expect(try read(good + "url: http://127.0.0.1:8080/v3\n").0?.url == "http://127.0.0.1:8080/v3")
  }

  @Test(
    "What cannot be is reported, with its cure",
    arguments: [
      ("auth: {}\n", "apiKey"),
      ("auth: { apiKey: a, clientId: b, clientSecret: c, refreshToken: d }\n", "either"),
      ("auth: { apiKey: \"\" }\n", "empty"), ("auth: { apiKey: a }\nurl: ftp://x\n", "no address"),
      ("auth: { apiKey: a }\nurl: http://api.example.com\n", "in the clear"),
      ("auth: { apiKey: a }\nurl: https://a:b@api.example.com\n", "host and a folder"),
      ("auth: { apiKey: a }\ndomain: https://example.com\n", "no domain"),
      ("auth: { apiKey: a }\nparentLogin: boss\n", "no e-mail address"),
      ("auth: { apiKey: a }\nfullList: often\n", "no length of time"),
      ("auth: { apiKey: a }\nactivityRefresh: often\n", "no length of time"),
      ("auth: { apiKey: a }\nsegment: true\n", "segment"), ("url: https://api.example.com\n", "auth"),
    ])
  func problems(yaml: String, part: String) throws {
    let (settings, problems) = try read(yaml)
    #expect(settings == nil)
    #expect(problems.contains { $0.contains(part) }, "\(problems)")
  }

  @Test("Custom fields have names that GetResponse takes, each its own")
  func names() throws {
    func problems(_ score: WrittenFields.Score, _ band: String?, _ more: String = "") throws -> [String] {
      try read(
        good + more, fields: WrittenFields(score: score, band: band, reasons: "lead_reasons", tags: true)
      ).1
    }
    #expect(try problems(.native, "lead_band").isEmpty)
    #expect(try problems(.field("Lead"), nil).count == 1)
    #expect(try problems(.field("campaign"), nil).count == 1)
    #expect(try problems(.field(String(repeating: "x", count: 65)), nil).count == 1)
    #expect(try problems(.native, "lead_reasons").count == 1)
    #expect(try problems(.native, nil, "segments: true\n").isEmpty)
    #expect(try problems(.field("lead_score"), nil, "segments: true\n").count == 1)
  }

  @Test("The entry makes a connector that prefers the platform's own score")
  func entry() throws {
    let clock = VirtualClock(0)
    let surroundings = WebSurroundings(transport: GetResponseTestAccount().network, clock: clock)
    let platform = GetResponsePlatform(surroundings: surroundings)
    let problems = ProblemCollector(file: "leadgauge.yaml")
    let mapping = try YAMLDocument.mapping(in: "auth: { apiKey: a }\n", problems: problems)
    let connector = platform.connector(
      settings: mapping, context: ConnectorContext(name: "mail", folder: "/"))
    #expect(platform.prefersNativeScore)
    #expect(connector?.platform == "getresponse")
    #expect(connector?.capabilities.hasNativeScore == true)
  }
}
