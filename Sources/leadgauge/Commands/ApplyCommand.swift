import ArgumentParser
import Report
import Sync

struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Write exactly a plan that was looked at; refuses one that is no longer true.",
    discussion: """
      Contacts are brought up to date first. A contact that no longer holds what
      the plan says is skipped (exit 3); the whole plan is refused (exit 11) if its
      model has changed, it is older than 24 hours, or it was applied.
      A fuse that was blown when the plan was made is whole again; one that blew
      since holds the plan back (exit 10).

      EXAMPLE
        leadgauge plan -o monday.plan
        leadgauge apply monday.plan
        leadgauge apply monday.plan --limit 50
      """)

  @OptionGroup var options: SharedOptions

  @Argument(help: "The plan file.")
  var plan: String

  @OptionGroup var limit: LimitOption

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      try await session.withContext(command: "apply", locks: true) { context in
        let result = try await LeadRun("apply", context: context).apply(
          command.plan, limit: command.limit.limit)
        session.sayRun(result)
        return ExitStatus.of(result)
      }
    }
  }
}
