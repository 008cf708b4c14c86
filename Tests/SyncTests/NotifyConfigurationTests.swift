import ConnectorConformance
import Foundation
import Platform
import StrictYAML
import Sync
import Testing

@Suite("notify: in the configuration")
struct NotifyConfigurationTests {
  private struct Plain: PlatformEntry {
    let name = "memory"

    func connector(settings: ConnectionSettings, context: ConnectorContext) -> (any Connector)? {
      _ = settings.optional("platform")
      settings.finish("the connection")
      return InMemoryConnector(.web)
    }
  }

  private func read(_ notify: String, secret: String = "") throws -> NotifySettings {
    try Configuration(
      yaml: """
        version: 1
        model: m.yaml
        connections: { a: { platform: memory } }
        notify: \(notify)
        """, file: "etc/leadgauge.yaml", platforms: [Plain()],
      secrets: SecretExpansion(environment: ["SECRET": secret])
    ).notify
  }

  private func problems(_ notify: String, secret: String = "") -> String {
    do throws(any Error) {
      _ = try read(notify, secret: secret)
      return ""
    } catch { return "\(error)" }
  }

  @Test("all of it is read, and paths are relative to the file")
  func all() throws {
    let settings = try read(
      """
      { ping: "https://hc.example.com/x", metrics: m.prom,
        handoff: { webhook: "https://s.example.com/y", first: true, format: slack, task: true } }
      """)
    #expect(settings.ping?.url == "https://hc.example.com/x")
    #expect(settings.metricsPath == "etc/m.prom")
    #expect(
      settings.handoff
        == HandoffSettings(
          webhook: NotifyAddress("https://s.example.com/y"), format: .slack, first: true, task: true))
  }

  @Test(
    "the format is guessed from the host, and plain JSON for hosts that only look like a chat's",
    arguments: [
      ("https://hooks.slack.com/services/a", HandoffSettings.Format.slack),
      ("https://acme.webhook.office.com/a", .teams),
      ("https://prod-1.westeurope.logic.azure.com:443/workflows/a", .teams),
      ("https://api.telegram.org/bot1:a/sendMessage?chat_id=1", .telegram),
      ("https://bot-api.zaloplatforms.com/bot1:a/sendMessage?chat_id=1", .zalo),
      ("https://hooks.slack.com.example.com/a", .json), ("https://nothooks.slack.com/a", .json),
      ("http://127.0.0.1:8080/hooks.slack.com", .json),
    ])
  func guessed(webhook: String, format: HandoffSettings.Format) throws {
    #expect(try read("{ handoff: { webhook: \"\(webhook)\" } }").handoff?.format == format)
  }

  @Test(
    "an address to which no message may go is refused, and not shown",
    arguments: [
      "http://sales.example.com/hidden7", "ftp://sales.example.com/hidden7", "sales.example.com/hidden7",
      "https://user:hidden7@sales.example.com/", "https:///hidden7", "https://a b/hidden7",
      "https://sales.example.com/#hidden7", "http://10.0.0.1/hidden7", "http://127.0.0.1.example.com/hidden7",
      "file:///etc/hidden7", "https://sales.example.com\\@evil.example.com/hidden7",
    ])
  func refused(address: String) {
    for notify in ["{ ping: \"${SECRET}\" }", "{ handoff: { webhook: \"${SECRET}\" } }"] {
      let text = problems(notify, secret: address)
      #expect(text.contains("is no address to which a message may go"), "\(text)")
      #expect(!text.contains("hidden7"))
    }
  }

  @Test("private addresses and this machine are taken, since only the user names them")
  func ownNetwork() throws {
    for address in ["https://10.0.0.5/hook", "http://localhost:8080/a", "http://[::1]:9/a"] {
      #expect(try read("{ handoff: { webhook: \"\(address)\" } }").handoff?.webhook?.url == address)
    }
  }

  @Test("a handoff to nobody, a chat without its number and an unknown format are errors with their cures")
  func incomplete() {
    #expect(problems("{ handoff: { first: true } }").contains("the handoff goes to nobody"))
    #expect(
      problems("{ handoff: { webhook: \"https://api.telegram.org/bot1:a/sendMessage\" } }")
        .contains("chat_id="))
    #expect(
      problems("{ handoff: { webhook: \"https://a.example.com\", format: discord } }")
        .contains("Write one of json, slack, teams, telegram, zalo"))
  }

  @Test("an address that is printed by mistake shows its host alone")
  func printed() throws {
    let address = try #require(NotifyAddress("https://s.example.com:8443/hidden7?token=hidden8"))
    #expect("\(address) \(String(reflecting: address))" == "s.example.com:8443 s.example.com:8443")
  }
}
