import ArgumentParser
import Foundation
import Platform
import Report
import Scoring
import Store
import Sync

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Look at configuration, model, state and every connection; one line each, with the cure.",
    discussion: """
      Changes nothing on any platform. The exit status is that of the first error: 77 credentials or rights,
      69 a platform is unavailable, 78 configuration, 65 model or data, 73 or 74 files.

      EXAMPLES
        leadgauge check
        leadgauge check --connection crm
      """)

  @OptionGroup var options: SharedOptions

  func run() async throws {
    try await Session.run(options) { session in
      let configuration = try session.configuration()
      var lines = [CheckLine("configuration", Finding(.fine, "\(configuration.file) is sound"))]
      lines += Self.exposed(configuration)
      lines += Self.model(configuration, session)
      lines.append(Self.state(configuration.statePath))
      for connection in configuration.connections
      where session.options.connection.isEmpty || session.options.connection.contains(connection.name) {
        for finding in await connection.connector.check(now: session.environment.now) {
          lines.append(CheckLine(connection.name, finding))
        }
      }
      await Session.close(configuration)
      session.sayLines(lines)
      return ExitStatus.of(lines.map(\.finding))
    }
  }

  /// What other users of this machine could read, or put into the place of our own files.
  private static func exposed(_ configuration: Configuration) -> [CheckLine] {
    var lines = configuration.exposedSecrets.map { path in
      CheckLine(
        "configuration",
        Finding(
          .warning, "every user of this machine can read the secret in \(path)",
          cure: "Run: chmod 600 \(ShellText.word(path))"))
    }
    let folder = (configuration.statePath as NSString).deletingLastPathComponent
    let named = folder.isEmpty ? "." : folder
    if OthersRights.canWrite(intoFolder: named) {
      lines.append(
        CheckLine(
          "state",
          Finding(
            .warning, "every user of this machine can put files into the state's folder \(named)",
            cure: "Give it a folder of this user alone (mode 700), or name one under state:")))
    }
    return lines
  }

  /// A model that cannot be read does not keep anybody from looking at the connections.
  private static func model(_ configuration: Configuration, _ session: Session) -> [CheckLine] {
    do {
      let model = try session.model(configuration.modelPath)
      let summary = "\(model.model.ruleIDs.count) rules, \(model.model.bands.count) bands"
      let context = try session.lintContext(for: model.model, configuration, withData: false)
      return [CheckLine("model", Finding(.fine, "\(model.path): \(summary)"))]
        + model.model.lint(context).map { CheckLine($0, in: model.path) }
    } catch {
      return CommandFailure.findings(error).map { CheckLine("model", $0) }
    }
  }

  private static func state(_ path: String) -> CheckLine {
    do {
      let store = try LeadStore(path: path)
      let contacts = try store.connections().reduce(0) { $0 + $1.contacts }
      store.close()
      return CheckLine("state", Finding(.fine, "\(path): \(contacts) contacts"))
    } catch {
      let kind: ConnectorFailure.Kind = error.kind == .cannotCreate ? .cannotCreate : .inputOutput
      return CheckLine("state", Finding(.error, error.what, cure: error.cure, kind: kind))
    }
  }
}
