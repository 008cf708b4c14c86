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
      EXAMPLES
        leadgauge model lint
        leadgauge model diff models/b2b.yaml models/new.yaml
      """, subcommands: [ModelLintCommand.self, ModelDiffCommand.self])
}

struct ModelLintCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract:
      "Check a model: its form, the five principles, whether its parts fit together and fit the data.",
    discussion: """
      Without a file, the model of the configuration is looked at together with what was pulled before: rules that
      nothing meets, bands that nobody is in. With a file alone, the model is looked at by itself; add --config to
      look at the data, too. Warnings end with 0 unless --strict is given.

      EXAMPLES
        leadgauge model lint
        leadgauge model lint --strict models/b2b.yaml
      """)

  @OptionGroup var options: SharedOptions

  @Flag(help: "End with 65 if there is a warning.")
  var strict = false

  @Argument(help: "The model file; else the one that the configuration names.")
  var file: String?

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      let isAlone = command.file != nil && session.options.config == nil
      let configuration = isAlone ? nil : try session.configuration()
      let path = command.file ?? configuration?.modelPath ?? ""
      let loaded = try session.model(path, named: command.file == nil)
      let context = try session.lintContext(for: loaded.model, configuration, withData: true)
      let findings = loaded.model.lint(context)
      let people = context.data.map { ", looked at with \($0.persons) persons" } ?? ""
      let counts =
        "\(loaded.model.actions.count) actions rules, \(loaded.model.profile.count) profile rules\(people)"
      session.sayLines(
        [CheckLine("model", Finding(.fine, "\(path): \(counts)"))]
          + findings.map { CheckLine($0, in: path) })
      return command.strict && !findings.isEmpty ? .badData : .done
    }
  }
}
