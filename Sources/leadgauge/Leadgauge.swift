import ArgumentParser
import CAllocator

/// The program.
@main
struct Leadgauge: AsyncParsableCommand {
  /// As it stands in traces and in `--version`.
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "leadgauge",
    abstract: "Scores leads across marketing platforms with one readable model, and writes the scores back.",
    discussion: """
      A dry run first, always: 'plan' shows every difference before anything is written.

      EXAMPLES
        leadgauge init --persona b2b-services --activities activities.csv
        leadgauge check
        leadgauge plan
        leadgauge sync
        leadgauge explain ann@example.com

      EXIT STATUS
        0 done, 2 changes exist (with --detailed-exitcode), 3 some contacts not
        written, 10 a fuse blew, 11 the plan is no longer true, 64 usage, 65 bad
        model or data, 69 a platform is unavailable, 73 a file cannot be made,
        74 reading or writing failed, 75 another run holds the lock,
        77 credentials or rights, 78 bad configuration, 130 stopped,
        1 anything else.
      """,
    version: Leadgauge.version,
    subcommands: [
      InitCommand.self, CheckCommand.self, PullCommand.self, PlanCommand.self, ApplyCommand.self,
      SyncCommand.self,
      UndoCommand.self, BackfillCommand.self, ExplainCommand.self, ModelCommand.self, StatusCommand.self,
      RunsCommand.self, ScheduleCommand.self,
      SandboxCommand.self,
    ])

  /// Keeps large buffers out of the heap, so that what one leaves behind goes back to the system: without it the
  /// C library raises its threshold with every large buffer, and memory creeps up with the number of pages.
  static func main() async {
    mallopt(M_MMAP_THRESHOLD, 256 * 1_024)
    mallopt(M_ARENA_MAX, 1)
    await main(nil)
  }
}
