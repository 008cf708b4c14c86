import ArgumentParser
import Foundation
import Report
import Sync

struct SyncCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Pull, plan and write under the fuses: what cron runs.",
    discussion: """
      A plan beyond a fuse is not written (exit 10). The fuse stays blown until
      'sync --approve', or until a plan that was looked at is applied. --approve
      says what it approves: fuses that an earlier run or a plan showed to be
      blown. One that blows only in the approving run holds it back, as nobody
      has seen it yet.

      With --limit only so many contacts are written, the most important first:
      those that rise into a higher band, then those that fall into a lower one,
      then changes of tags, then of the score alone; the larger move first. The
      rest is left for the next run. Fuses measure the whole plan.

      EXAMPLES
        leadgauge sync
        leadgauge sync --approve
        leadgauge sync --limit 200
        0 * * * *  leadgauge sync --quiet --config /etc/leadgauge/leadgauge.yaml
      """)

  @OptionGroup var options: SharedOptions
  @OptionGroup var moment: MomentOption

  @Flag(help: "Write although a fuse is blown: somebody has looked at the plan.")
  var approve = false

  @OptionGroup var limit: LimitOption

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      try await session.notified("sync") { context in
        try await LeadRun("sync", context: context).sync(
          at: try command.moment.moment(), approves: command.approve, limit: command.limit.limit)
      }
    }
  }
}

extension Session {
  /// The report of a run that wrote, or would have.
  func sayRun(_ result: RunResult) {
    sayJSON(ReportJSON.result(result, traffic: watch.trafficJSON))
    let columns = Terminal.columns(of: STDOUT_FILENO)
    if let approval = result.approval {
      say(FuseReport.text(approval, style: Terminal.style, columns: columns))
    }
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
