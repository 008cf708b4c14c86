import ArgumentParser
import Foundation
import Report
import Sync

struct UndoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Write back what a run replaced, where nobody has changed it since.",
    discussion: """
      Contacts are brought up to date first, and each is read back from its
      platform right before it is written. One that no longer holds what the run
      wrote is named, with what it holds now, and left as it is (exit 3).

      An undo is a run like any other: it can be undone itself, and the fuses
      watch it (exit 10, then --approve). It cannot take back what platforms and
      people did meanwhile: automations that fired, e-mails that went out, leads
      that sales were told of. The next sync writes the scores anew unless the
      model or the configuration is changed before.

      EXAMPLES
        leadgauge undo last --plan
        leadgauge undo 01KAZY5B2M
        leadgauge undo 01KAZY5B2M --plan -o back.plan && leadgauge apply back.plan
      """)

  @OptionGroup var options: SharedOptions

  @Argument(
    help: "The run's id as 'leadgauge runs' shows it, or its beginning; 'last' for the last run that wrote.")
  var run: String

  @Flag(help: "Show what would be written back, and write nothing to any platform.")
  var plan = false

  @Option(name: .shortAndLong, help: "With --plan: write the plan to this file, for 'leadgauge apply'.")
  var output: String?

  @Flag(help: "Write although a fuse is blown: somebody has looked at the plan.")
  var approve = false

  func validate() throws {
    if output != nil, !plan { throw ValidationError("-o goes with --plan.") }
    if approve, plan { throw ValidationError("--approve writes and --plan does not: take one of them.") }
  }

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      try OutputFile.check(command.output, .plan)
      return try await session.withContext(command: "undo", locks: true) { context in
        let result = try await LeadRun("undo", context: context).undo(
          command.run, approves: command.approve, isDryRun: command.plan, path: command.output)
        session.sayJSON(ReportJSON.result(result, traffic: session.watch.trafficJSON))
        session.say(
          UndoReport.text(result, style: Terminal.style, columns: Terminal.columns(of: STDOUT_FILENO)))
        if let output = command.output {
          session.say("\nWritten to \(output). To write exactly this back: leadgauge apply \(output)\n")
        }
        if session.options.quiet || session.options.json { session.sayFailures(result) }
        return ExitStatus.of(result)
      }
    }
  }
}
