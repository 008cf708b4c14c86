import ArgumentParser
import Report
import Scoring
import Sync

struct BackfillCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backfill",
    abstract: "Read history from a time on, then score and write under the fuses.",
    discussion: """
      May be stopped and started again: it goes on where it was.

      EXAMPLES
        leadgauge backfill --since 2024-01-01 --no-write
        leadgauge backfill --since 2024-01-01
      """)

  @OptionGroup var options: SharedOptions
  @OptionGroup var moment: MomentOption

  @Option(help: "Read activities from this time on: ISO 8601, a date, or Unix seconds.")
  var since: String

  @Flag(help: "Read and score only.")
  var noWrite = false

  func validate() throws { _ = try MomentOption.parse(since, option: "--since") }

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      let since = try MomentOption.parse(command.since, option: "--since")
      let run = { (context: RunContext) in
        try await LeadRun("backfill", context: context).backfill(
          since: since, at: try command.moment.moment(), writes: !command.noWrite)
      }
      if !command.noWrite { return try await session.notified("backfill", run) }
      return try await session.withContext(command: "backfill", locks: true) { context in
        let result = try await run(context)
        session.sayRun(result)
        return ExitStatus.of(result)
      }
    }
  }
}
