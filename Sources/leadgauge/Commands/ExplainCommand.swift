import ArgumentParser
import Foundation
import Report
import Sync

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract:
      "Show every rule that gave a person points, its activities, and when the score changes by itself.",
    discussion: """
      Answers from what was pulled before; asks no platform.

      EXAMPLES
        leadgauge explain ann@example.com
        leadgauge explain crm/4711 --as-of 2026-10-01
      """)

  @OptionGroup var options: SharedOptions
  @OptionGroup var moment: MomentOption

  @Argument(help: "An e-mail address, or CONNECTION/ID.")
  var who: String

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      try await session.withContext(command: "explain", locks: false) { context in
        let moment = try command.moment.moment() ?? session.environment.now
        let people = try Explainer(context: context).explain(command.who, at: moment)
        guard !people.isEmpty else {
          throw CommandFailure(
            .badData, "nobody is known as '\(command.who)'",
            cure: "Name an e-mail address or CONNECTION/ID, and run leadgauge pull first")
        }
        let columns = Terminal.columns(of: STDOUT_FILENO)
        session.sayJSON(people.map(ReportJSON.explanation).joined(separator: "\n"))
        session.say(
          people.map { ExplanationReport.text($0, style: Terminal.style, columns: columns) }.joined(
            separator: "\n"))
        return .done
      }
    }
  }
}
