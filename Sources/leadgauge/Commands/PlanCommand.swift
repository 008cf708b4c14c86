import ArgumentParser
import Foundation
import Report
import Sync

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Pull, score, and show how what the platforms hold differs. Writes nothing to any platform.",
    discussion: """
      EXAMPLES
        leadgauge plan
        leadgauge plan -o monday.plan && leadgauge apply monday.plan
        leadgauge plan --no-pull --as-of 2026-11-01
        leadgauge plan --limit 50 -o first.plan
      """)

  @OptionGroup var options: SharedOptions
  @OptionGroup var moment: MomentOption

  @Option(name: .shortAndLong, help: "Write the plan to this file, for 'leadgauge apply'.")
  var output: String?

  @Flag(help: "Score what was pulled before; ask no platform.")
  var noPull = false

  @OptionGroup var limit: LimitOption

  @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 if there are changes.")
  var detailedExitCode = false

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      try await session.withContext(command: "plan", locks: true) { context in
        let result = try await LeadRun("plan", context: context).plan(
          at: try command.moment.moment(), pulls: !command.noPull, path: command.output,
          limit: command.limit.limit)
        session.sayJSON(ReportJSON.result(result, traffic: session.watch.trafficJSON))
        if let plan = result.plan {
          session.say(
            PlanReport.text(plan, style: Terminal.style, columns: Terminal.columns(of: STDOUT_FILENO)))
        }
        session.say(FuseReport.latched(result, style: Terminal.style))
        if let limit = command.limit.limit, let plan = result.plan, limit < plan.changes {
          let what =
            "the \(TerminalText.number(limit)) most important of \(TerminalText.number(plan.changes)) changes"
          session.say(
            command.output == nil
              ? "\nA sync with this --limit writes \(what).\n" : "\nThe file holds \(what) (--limit).\n")
        }
        if let output = command.output {
          session.say("\nWritten to \(output). To apply exactly this: leadgauge apply \(output)\n")
        }
        session.sayFailures(result)
        let status = ExitStatus.of(result)
        if status == .done, command.detailedExitCode, (result.plan?.changes ?? 0) > 0 { return .changesExist }
        return status
      }
    }
  }
}
