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

  @Test(
    "what cannot be is an error with its cure",
    arguments: [
      (
        "version: 2\nmodel: m.yaml\nconnections:\n  a: { platform: files }\n",
        "1:10: this is a configuration of version 2"
      ),
      ("version: 1\nmodel: m.yaml\nconnections: {}\n", "3:1: there is no connection. Name at least one"),
      (
        "version: 1\nmodel: m.yaml\nconnections:\n  a/b: { platform: files }\n",
        "4:3: 'a/b' cannot be the name of a connection"
      ),
      (
        "version: 1\nmodel: m.yaml\nconnections:\n  a: { platform: files, contacts: \"${S\" }\n",
        "'${' without '}'"
      ),
      (
        "version: 1\nmodel: m.yaml\nconnections:\n  a: { platform: files }\nfuses: { maxWrites: 0 }\n",
        "5:21: 'maxWrites' is 0"
      ),
    ])
  func impossible(text: String, expected: String) {
    #expect(problems(text).contains(expected), "\(problems(text))")
  }

  @Test("there are 64 connections at most", arguments: [64, 65])
  func tooMany(count: Int) {
    let lines = (1...count).map { "  c\($0): { platform: files }\n" }.joined()
    let found = problems("version: 1\nmodel: m.yaml\nconnections:\n" + lines)
    #expect(found.contains("there are 65 connections") == (count == 65), "\(found)")
  }

  @Test("a platform without a score of its own cannot be asked to set it")
  func noNativeScore() {
    struct Web: PlatformEntry {
      let name = "web"

      func connector(settings: ConnectionSettings, context: ConnectorContext) -> (any Connector)? {
        _ = settings.optional("platform")
        _ = settings.optional("write")
        settings.finish("the connection")
        return InMemoryConnector(.web)
      }
    }
    let text = """
      version: 1
      model: m.yaml
      connections:
        a: { platform: web, write: { score: native } }
        b: { platform: web, write: false }
      """
    let failure = #expect(throws: InputProblems.self) {
      try Configuration(
        yaml: text, file: "leadgauge.yaml", platforms: [Web()], secrets: SecretExpansion(environment: [:]))
    }
    #expect(failure?.description.contains("4:23: web has no score of its own that could be set") == true)
    #expect(failure?.problems.count == 1)
    let sound = text.replacing("native", with: "points")
    let configuration = try? Configuration(
      yaml: sound, file: "leadgauge.yaml", platforms: [Web()], secrets: SecretExpansion(environment: [:]))
    #expect(configuration?.connections.map { $0.write == nil } == [false, true])
  }

  @Test("a secret may stand in a file or among a service's credentials, with or without an end of line")
  func secretFiles() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/secrets-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("kept\n".utf8).write(to: URL(fileURLWithPath: folder + "/name"))
    let environment = ["CREDENTIALS_DIRECTORY": folder]
    func state(_ reference: String) throws -> String {
      try Configuration(
        yaml: base + "state: \"${\(reference)}/x.db\"\n", file: "leadgauge.yaml", platforms: [Plain()],
        secrets: SecretExpansion(environment: environment)
      ).statePath
    }
    #expect(try state("file:\(folder)/name") == "kept/x.db")
    #expect(try state("credential:name") == "kept/x.db")
    for reference in ["credential:../name", "credential:", "credential:.."] {
      let found = problems(base + "state: \"${\(reference)}\"\n", environment: environment)
      #expect(found.contains("is no name of a credential"), "\(found)")
    }
    for (reference, reason) in [
      ("credential:other", "cannot be read"), ("file:\(folder)/other", "cannot be read"),
      ("file:\(folder)", "is no plain file"),
    ] {
      let found = problems(base + "state: \"${\(reference)}\"\n", environment: environment)
      #expect(found.contains(reason), "\(found)")
    }
  }
}
