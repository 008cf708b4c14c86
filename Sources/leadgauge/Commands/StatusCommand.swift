import ArgumentParser
import Foundation
import Report
import Sync

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Last run, how far each stream was read, what waits and how long it would take, quotas, fuses.",
    discussion: """
      EXAMPLE
        leadgauge status --json
      """)

  @OptionGroup var options: SharedOptions

  func run() async throws {
    try await Session.run(options) { session in
      try await session.withContext(command: "status", locks: false) { context in
        let status = try await StatusSummary(context, rejectedLimit: session.options.json ? 10_000 : 10)
        session.sayJSON(StatusReport.json(status))
        session.say(
          StatusReport.text(status, style: Terminal.style, columns: Terminal.columns(of: STDOUT_FILENO)))
        return .done
      }
    }
  }
}

struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "The last runs, newest first.",
    discussion: """
      EXAMPLE
        leadgauge runs --json
      """)

  @OptionGroup var options: SharedOptions

  @Option(help: "How many.")
  var limit = 50

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      try await session.withContext(command: "runs", locks: false) { context in
        let runs = try context.store.runs(limit: command.limit)
        session.sayJSON(ReportJSON.runs(runs))
        session.say(RunReport.text(runs))
        return .done
      }
    }
  }
}
