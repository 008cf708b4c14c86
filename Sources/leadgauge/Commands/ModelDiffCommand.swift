import ArgumentParser
import Foundation
import Report
import Sync

struct ModelDiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show who would move between bands if another model were taken.",
    discussion: """
      Scores everybody by both models on what was pulled before. Asks no platform, changes nothing, and may run
      beside a sync.

      EXAMPLES
        leadgauge model diff models/b2b.yaml models/new.yaml
        leadgauge model diff models/new.yaml --json
      """)

  @OptionGroup var options: SharedOptions
  @OptionGroup var moment: MomentOption

  @Argument(help: "The first model, or the only one to compare with that of the configuration.")
  var first: String

  @Argument(help: "The second model.")
  var second: String?

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      let configuration = try session.configuration()
      let from = try session.model(
        command.second == nil ? configuration.modelPath : command.first, named: command.second == nil)
      let to = try session.model(command.second ?? command.first, named: false)
      let moment = try command.moment.moment() ?? session.environment.now
      let summary = try session.withState(configuration) { store in
        try ModelDiff(store: store, configuration: configuration, domains: Session.domains)
          .compare(from, with: to, at: moment) { count in
            session.environment.progress(RunProgress(stage: "score", fraction: nil, count: count))
          }
      }
      guard let summary else {
        throw CommandFailure(
          .badConfiguration, "there is no state yet at \(configuration.statePath)",
          cure: "Run: leadgauge pull")
      }
      session.sayJSON(ModelDiffReport.json(summary))
      let columns = Terminal.columns(of: STDOUT_FILENO)
      session.say(ModelDiffReport.text(summary, style: Terminal.style, columns: columns))
      return .done
    }
  }
}
