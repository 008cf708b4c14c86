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
      EXAMPLE
        leadgauge check
      """)

  @OptionGroup var options: SharedOptions

  func run() async throws {
    try await Session.run(options) { session in
      let configuration = try session.configuration()
      var lines = [CheckLine("configuration", Finding(.fine, "\(configuration.file) is sound"))]
      let model = try session.model(configuration.modelPath)
      let labels = configuration.connections.map {
        ConnectionLabel(name: $0.name, platform: $0.connector.platform)
      }
      lines.append(
        CheckLine(
          "model",
          Finding(
            .fine, "\(model.path): \(model.model.ruleIDs.count) rules, \(model.model.bands.count) bands")))
      for finding in model.model.lint(at: session.environment.now, connections: labels) {
        lines.append(
          CheckLine(
            "model",
            Finding(
              .warning, "\(model.path):\(finding.position.line):\(finding.position.column): \(finding.what)",
              cure: finding.cure)))
      }
      lines.append(Self.state(configuration.statePath))
      for connection in configuration.connections
      where session.options.connection.isEmpty || session.options.connection.contains(connection.name) {
        for finding in await connection.connector.check(now: session.environment.now) {
          lines.append(CheckLine(connection.name, finding))
        }
      }
      await Session.close(configuration)
      session.sayJSON("[" + lines.map(\.json).joined(separator: ",") + "]")
      let style = Terminal.style
      let columns = Terminal.columns(of: STDOUT_FILENO)
      session.say(lines.map { $0.text(style, columns: columns) }.joined())
      return lines.contains { $0.finding.severity == .error } ? .badConfiguration : .done
    }
  }

  private static func state(_ path: String) -> CheckLine {
    do {
      let store = try LeadStore(path: path)
      let contacts = try store.connections().reduce(0) { $0 + $1.contacts }
      store.close()
      return CheckLine("state", Finding(.fine, "\(path): \(contacts) contacts"))
    } catch {
      return CheckLine("state", Finding(.error, error.what, cure: error.cure))
    }
  }
}
