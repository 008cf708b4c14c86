import ArgumentParser
import Foundation
import Report
import Sync

struct PullCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Bring contacts and activities up to date. Writes nothing to any platform.",
    discussion: """
      EXAMPLE
        leadgauge pull --connection crm
      """)

  @OptionGroup var options: SharedOptions

  func run() async throws {
    try await Session.run(options) { session in
      try await session.withContext(command: "pull", locks: true) { context in
        let result = try await LeadRun("pull", context: context).pull()
        session.sayJSON(ReportJSON.result(result, traffic: session.watch.trafficJSON))
        if let pull = result.pull {
          session.say(
            RunReport.text(pull, style: Terminal.style, columns: Terminal.columns(of: STDOUT_FILENO)))
        }
        session.sayFailures(result)
        return ExitStatus.of(result)
      }
    }
  }
}
