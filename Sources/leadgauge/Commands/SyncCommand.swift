import ArgumentParser
import Foundation
import Report
import Sync

struct SyncCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Pull, plan and write under the fuses: what cron runs.",
    discussion: """
      A plan beyond a fuse is not written (exit 10). The fuse stays blown until 'sync --approve', or until a plan
      that was looked at is applied.

      EXAMPLES
        leadgauge sync
        leadgauge sync --approve
        0 * * * *  leadgauge sync --quiet --config /etc/leadgauge/leadgauge.yaml
      """)

  @OptionGroup var options: SharedOptions
  @OptionGroup var moment: MomentOption

  @Flag(help: "Write even if a fuse is blown: somebody has looked at the plan.")
  var approve = false

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      try await session.notified("sync") { context in
        try await LeadRun("sync", context: context).sync(
          at: try command.moment.moment(), approves: command.approve)
      }
    }
  }
}

extension Session {
  /// The report of a run that wrote, or would have.
  func sayRun(_ result: RunResult) {
    sayJSON(ReportJSON.result(result, traffic: watch.trafficJSON))
    let columns = Terminal.columns(of: STDOUT_FILENO)
    if let plan = result.plan, result.isHeldBack || options.verbose {
      let isWritten = result.apply != nil
      say(PlanReport.text(plan, style: Terminal.style, columns: columns, isDryRun: !isWritten) + "\n")
    } else if let plan = result.plan {
      say(PlanReport.brief(plan) + "\n")
    }
    say(RunReport.text(result, style: Terminal.style, columns: columns))
    if options.quiet || options.json { sayFailures(result) }
  }
}
