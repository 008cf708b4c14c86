import ConnectorConformance
import Foundation
import Platform
import StrictYAML
import Sync
import Testing

@Suite("The configuration")
struct ConfigurationTests {
  private struct Plain: PlatformEntry {
    let name = "files"

    func connector(settings: ConnectionSettings, context: ConnectorContext) -> (any Connector)? {
      _ = settings.optional("contacts")?.text()
      _ = settings.optional("platform")
      _ = settings.optional("write")
      settings.finish("the connection")
      return nil
    }
  }

  /// A platform whose own score is the usual one, as every field costs a call a contact.
  private struct Native: PlatformEntry {
    let name = "mail"
    let prefersNativeScore = true

    func connector(settings: ConnectionSettings, context: ConnectorContext) -> (any Connector)? {
      _ = settings.optional("platform")
      _ = settings.optional("write")
      settings.finish("the connection")
      return InMemoryConnector(
        InMemoryOptions(
          .changeFeed,
          capabilities: ConnectorCapabilities(batchSize: 1, readBackSize: 1, hasNativeScore: true)))
    }
  }

  @Test("a platform that prefers its own score takes fields only from the connection's own write")
  func native() throws {
    func fields(_ own: String) throws -> WrittenFields? {
      try Configuration(
        yaml: """
          version: 1
          model: m.yaml
          write: { score: lead_score, band: lead_band, reasons: lead_reasons, tags: true }
          connections:
            a: { platform: mail\(own) }
          """, file: "leadgauge.yaml", platforms: [Native()], secrets: SecretExpansion(environment: [:])
      ).connections.first?.write?.fields
    }
    #expect(try fields("") == WrittenFields(score: .native, band: nil, reasons: nil, tags: true))
    #expect(
      try fields(", write: { band: grade, tags: false }")
        == WrittenFields(score: .native, band: "grade", reasons: nil, tags: false))
    #expect(
      try fields(", write: { score: points }")
        == WrittenFields(score: .field("points"), band: nil, reasons: nil, tags: true))
  }

  private func problems(_ text: String, environment: [String: String] = [:]) -> String {
    do {
      _ = try Configuration(
        yaml: text, file: "leadgauge.yaml", platforms: [Plain()],
        secrets: SecretExpansion(environment: environment))
      return ""
    } catch {
      return error.description
    }
  }

  private let base = "version: 1\nmodel: m.yaml\nconnections:\n  a: { platform: files }\n"

  @Test(
    "a secret stands in no error, whatever key it was put under",
    arguments: ["history: ${S}", "fuses: { maxChanges: ${S} }", "write: { minDelta: ${S} }", "robots: ${S}"])
  func secretUnderAWrongKey(line: String) {
    for secret in ["hunter2", String(repeating: "geheim", count: 50)] {
      let found = problems(base + line + "\n", environment: ["S": secret])
      #expect(!found.isEmpty)
      #expect(!found.contains(secret.prefix(7)))
    }
    let platform = "version: 1\nmodel: m.yaml\nconnections:\n  a: { platform: \"${S}\" }\n"
    #expect(!problems(platform, environment: ["S": "hunter2"]).contains("hunter2"))
  }

  @Test(
    "what is wrong is named with its line and column",
    arguments: [
      ("history: soon", "leadgauge.yaml:5:10: 'soon' is no duration"),
      ("fuses: { maxChanges: 25 }", "leadgauge.yaml:5:22: '25' is no share"),
      ("write: { score: a, minDelta: 0 }", "leadgauge.yaml:5:30: 'minDelta' is 0"),
      (
        "historie: 3d",
        "leadgauge.yaml:5:1: unknown key 'historie' in the configuration. Did you mean 'history'"
      ),
      ("state: ${NOPE}", "leadgauge.yaml:5:8: the environment variable NOPE is not set"),
      ("state: \"${credential:../x}\"", "there is no credentials folder"),
    ])
  func places(line: String, expected: String) {
    #expect(problems(base + line + "\n").contains(expected))
  }
}
