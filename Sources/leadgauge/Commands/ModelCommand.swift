import ArgumentParser
import Foundation
import Platform
import Report
import Scoring
import Sync

struct ModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Work on the model file.",
    discussion: """
      EXAMPLE
        leadgauge model lint
      """, subcommands: [ModelLintCommand.self])
}

struct ModelLintCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Check a model: its form, and whether its parts fit together.",
    discussion: """
      EXAMPLES
        leadgauge model lint
        leadgauge model lint models/b2b.yaml
      """)

  @OptionGroup var options: SharedOptions

  @Argument(help: "The model file; else the one that the configuration names.")
  var file: String?

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      let configuration = command.file == nil ? try session.configuration() : nil
      let path = command.file ?? configuration?.modelPath ?? ""
      let loaded = try session.model(path, named: command.file == nil)
      let labels =
        configuration?.connections.map { ConnectionLabel(name: $0.name, platform: $0.connector.platform) }
        ?? []
      let findings = loaded.model.lint(at: session.environment.now, connections: labels)
      let lines =
        [
          CheckLine(
            "model",
            Finding(
              .fine,
              "\(path): \(loaded.model.actions.count) actions rules, \(loaded.model.profile.count) profile rules"
            ))
        ]
        + findings.map {
          CheckLine(
            "model",
            Finding(.warning, "\(path):\($0.position.line):\($0.position.column): \($0.what)", cure: $0.cure))
        }
      session.sayJSON("[" + lines.map(\.json).joined(separator: ",") + "]")
      let style = Terminal.style
      let columns = Terminal.columns(of: STDOUT_FILENO)
      session.say(lines.map { $0.text(style, columns: columns) }.joined())
      return .done
    }
  }
}
