import ConnectorConformance
import Platform
import Scoring
import StrictYAML
import Testing
import WebAPI

@testable import MauticConnector

@Suite("Settings of a connection to Mautic")
struct SettingsTests {
  private let good = "url: https://m.example.com\nauth: { user: api, password: \"${PASS}\" }\n"

  private func read(
    _ yaml: String, fields: WrittenFields? = nil
  ) throws -> (MauticSettings?, [String]) {
    let problems = ProblemCollector(file: "leadgauge.yaml")
    problems.expand = { _ in .text("from outside") }
    let mapping = try YAMLDocument.mapping(in: yaml, problems: problems)
    let settings = MauticSettings.read(
      mapping, context: ConnectorContext(name: "web", folder: "/", fields: fields))
    return (settings, problems.problems.map(\.description))
  }

  @Test("A user and a password")
  func user() throws {
    let (settings, problems) = try read("platform: mautic\nwrite: { score: lead_score }\n" + good)
    #expect(problems.isEmpty)
    #expect(settings?.url == "https://m.example.com")
    #expect(settings?.secrets == ["from outside"])
    #expect(settings?.hasPlainSecret == false)
    guard case .basic("api", "from outside")? = settings?.login else {
      Issue.record("no login by a user")
      return
    }
  }

  @Test("A proxy is taken, and its password is one of the secrets")
  func proxy() throws {
    let (settings, problems) = try read(
      "platform: mautic\n" + good + "network: { proxy: \"http://agent:p%2Fw@proxy.example:3128\" }\n")
    #expect(problems.isEmpty)
    #expect(settings?.transport?.proxy == "http://agent:p%2Fw@proxy.example:3128")
    #expect(settings?.secrets == ["from outside", "p/w"])
  }

  @Test(
    "What is no proxy, or names files that are not there, is refused with the cure",
    arguments: [
      ("proxy: \"proxy.example:3128\"", "this is no address of a proxy"),
      ("proxy: \"http://agent:p/w@proxy.example:3128\"", "this is no address of a proxy"),
      ("proxy: \"ftp://proxy.example\"", "this is no address of a proxy"), ("ca: none.pem", "cannot be read"),
      ("certificate: /none.pem", "cannot be read"), ("key: /etc/hostname", "of no use without 'certificate'"),
      ("proxie: x", "proxie"),
    ])
  func badNetwork(line: String, problem: String) throws {
    let (settings, problems) = try read("platform: mautic\n" + good + "network: { \(line) }\n")
    #expect(settings == nil)
    #expect(problems.count == 1)
    #expect(problems.first?.contains(problem) == true, "\(problems)")
  }

  @Test("A client and its secret")
  func client() throws {
    let (settings, problems) = try read(
      "url: https://m.example.com\nauth: { clientId: 1_abc, clientSecret: \"${file:/x}\" }")
    #expect(problems.isEmpty)
    #expect(settings?.secrets == ["from outside"])
    guard case .client("1_abc", "from outside")? = settings?.login else {
      Issue.record("no login by a client")
      return
    }
  }

  @Test(
    "A secret in plain text is noticed",
    arguments: ["{ user: api, password: abcdef }", "{ clientId: a, clientSecret: abcdef }"])
  func plain(_ auth: String) throws {
    #expect(try read("url: https://m.example.com\nauth: \(auth)").0?.hasPlainSecret == true)
  }

  @Test("The platform hands out a connector by the name mautic")
  func entry() async throws {
    let problems = ProblemCollector(file: "f")
    problems.expand = { _ in .text("secret") }
    let platform = MauticPlatform(
      surroundings: WebSurroundings(transport: ScriptedTransport([]), clock: VirtualClock(0)))
    #expect(platform.name == "mautic")
    let context = ConnectorContext(name: "web", folder: "/")
    let connector = try #require(
      platform.connector(settings: YAMLDocument.mapping(in: good, problems: problems), context: context))
    #expect(connector.platform == "mautic")
    #expect(
      connector.capabilities
        == ConnectorCapabilities(
          batchSize: 50, readBackSize: 200, storesZero: false, hasNativeScore: true, canClearScore: true))
    let streams = try await connector.streams()
    #expect(
      streams.map(\.name.text) == [
        "contacts", "page_hits", "email_stats", "email_stats_devices", "email_stat_replies",
        "form_submissions", "asset_downloads", "video_hits", "lead_donotcontact",
      ])
    #expect(streams.map(\.role) == [.contacts] + Array(repeating: .activities, count: 8))
    let none = platform.connector(
      settings: try YAMLDocument.mapping(in: "url: x", problems: problems), context: context)
    #expect(none == nil)
  }

  @Test(
    "An address is taken without slashes at its end and without /api",
    arguments: [
      ("https://m.example.com/", "https://m.example.com"),
      ("https://m.example.com//", "https://m.example.com"),
      ("https://m.example.com/api", "https://m.example.com"),
      ("https://m.example.com/api/", "https://m.example.com"),
      ("https://m.example.com/mautic/api/", "https://m.example.com/mautic"),
      ("https://m.example.com/mautic", "https://m.example.com/mautic"),
      ("https://m.example.com//api", "https://m.example.com"),
      ("HTTPS://m.example.com:8443", "HTTPS://m.example.com:8443"),
    ])
  func address(_ written: String, _ taken: String) throws {
    let (settings, problems) = try read("url: \(written)\nauth: { user: a, password: \"${P}\" }")
    #expect(problems.isEmpty)
    #expect(settings?.url == taken)
  }

  @Test(
    "http goes to this machine",
    arguments: ["localhost", "LOCALHOST", "127.0.0.1:8080", "127.1.2.3", "[::1]:80"])
  func loopback(_ host: String) throws {
    #expect(try read("url: \"http://\(host)\"\nauth: { user: a, password: \"${P}\" }").1.isEmpty)
  }

  @Test(
    "http goes nowhere else",
    arguments: [
      "m.example.com", "127.example.com", "127.0.0.1.example.com", "localhost.example.com", "10.0.0.1",
    ])
  func plainHTTP(_ host: String) throws {
    let (settings, problems) = try read("url: http://\(host)\nauth: { user: a, password: \"${P}\" }")
    #expect(settings == nil)
    #expect(problems.count == 1)
    #expect(
      problems.first?.hasPrefix("leadgauge.yaml:1:6: http would send the credentials in the clear") == true)
  }

  @Test(
    "Credentials, parameters and fragments in the address are refused and not shown",
    arguments: [
      "https://joe:hunter22@m.example.com", "https://hunter22@m.example.com",
      "https://m.example.com?key=hunter22", "https://m.example.com#hunter22", "https://joe:hunter22@",
      "ftp://hunter22",
      "hunter22", "//joe:hunter22@m.example.com", "https://joe:hunter 22@m.example.com",
    ])
  func userInfo(_ url: String) throws {
    let (settings, problems) = try read("url: \"\(url)\"\nauth: { user: a, password: \"${P}\" }")
    #expect(settings == nil)
    #expect(problems.count == 1)
    #expect(problems.first?.hasPrefix("leadgauge.yaml:1:6: ") == true)
    #expect(problems.allSatisfy { !$0.contains("hunter") })
  }

  @Test(
    "What is missing or wrong is reported with its place",
    arguments: [
      ("auth: { user: a, password: \"${P}\" }", "1:1: 'url' is missing"),
      ("url: https://m.example.com", "1:1: 'auth' is missing"),
      ("url: [a]\nauth: { user: a, password: \"${P}\" }", "1:6: "),
      ("url: https://m.example.com\nauth: api", "2:7: "),
      ("url: https://m.example.com\nauth: { password: \"${P}\" }", "2:7: 'user' is missing"),
      ("url: https://m.example.com\nauth: { user: a }", "2:7: 'password' is missing"),
      ("url: https://m.example.com\nauth: { clientId: a }", "2:7: 'clientSecret' is missing"),
      ("url: https://m.example.com\nauth: { clientSecret: \"${P}\" }", "2:7: 'clientId' is missing"),
      ("url: https://m.example.com\nauth: { user: '', password: \"${P}\" }", "2:15: 'user' is empty"),
      ("url: https://m.example.com\nauth: { user: a, password: '' }", "2:28: 'password' is empty"),
      ("url: https://m.example.com\nauth: { user: [a], password: \"${P}\" }", "2:15: "),
      (
        "url: https://m.example.com\nauth: { user: a, password: \"${P}\", token: x }",
        "2:36: unknown key 'token' in 'auth'"
      ),
      (
        "url: https://m.example.com\nauth: { user: a, password: \"${P}\" }\nurll: x",
        "3:1: unknown key 'urll' in the connection 'web'"
      ),
    ])
  func wrong(_ yaml: String, _ start: String) throws {
    let (settings, problems) = try read(yaml)
    #expect(settings == nil)
    #expect(problems.count == 1, "\(problems)")
    #expect(problems.first?.hasPrefix("leadgauge.yaml:" + start) == true, "\(problems)")
  }

  @Test("A user and a client at once are reported once, at the user's place")
  func both() throws {
    let (settings, problems) = try read(
      "url: https://m.example.com\nauth: { user: a, password: \"${P}\", clientId: b, clientSecret: \"${S}\" }"
    )
    #expect(settings == nil)
    #expect(
      problems == [
        "leadgauge.yaml:2:9: 'auth' has a user and a client. "
          + "Write either user and password, or clientId and clientSecret."
      ])
  }

  @Test(
    "Names that Mautic would cut, change or reserve are reported",
    arguments: [
      "Lead_score", "1score", "lead-score", "a2345678901234567890123456", "points", "segment", "source", "",
      "điểm",
    ])
  func alias(_ name: String) throws {
    for fields in [
      WrittenFields(score: .field(name), band: nil, reasons: nil, tags: false),
      WrittenFields(score: .native, band: name, reasons: nil, tags: false),
      WrittenFields(score: .native, band: nil, reasons: name, tags: false),
    ] {
      let (settings, problems) = try read(good + "write: { score: x }", fields: fields)
      #expect(settings == nil)
      #expect(problems.count == 1)
      #expect(
        problems.first?.hasPrefix("leadgauge.yaml:3:1: '\(name)' is no alias of a field in Mautic") == true)
    }
  }

  @Test(
    "Names that Mautic takes as they are",
    arguments: ["lead_score", "a", "s2", "a234567890123456789012345"])
  func goodAlias(_ name: String) throws {
    let fields = WrittenFields(score: .field(name), band: nil, reasons: nil, tags: false)
    #expect(try read(good, fields: fields).1.isEmpty)
  }
}
