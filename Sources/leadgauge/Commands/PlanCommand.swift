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
        leadgauge plan -o monday.plan --html monday.html
        leadgauge plan --no-pull --as-of 2026-11-01
        leadgauge plan --limit 50 -o first.plan
      """)

  @OptionGroup var options: SharedOptions
  @OptionGroup var moment: MomentOption

  @Option(name: .shortAndLong, help: "Write the plan to this file, for 'leadgauge apply'.")
  var output: String?

  @Option(help: "Write the plan as a web page into this file; it needs no network to be read.")
  var html: String?

  @Option(help: "The language of the page.")
  var lang: PageLanguage = .english

  @Flag(help: "Score what was pulled before; ask no platform.")
  var noPull = false

  @OptionGroup var limit: LimitOption

  @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 if there are changes.")
  var detailedExitCode = false

  func validate() throws {
    if let html, let output, html == output {
      throw ValidationError("-o and --html name the same file, \(html). Give them different names.")
    }
  }

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      try OutputFile.check(command.output, .plan)
      try OutputFile.check(command.html, .page)
      return try await session.withContext(command: "plan", locks: true) { context in
        // The page is made from the plan file; where none is wanted, one beside the state serves for a moment.
        let passing = command.html == nil || command.output != nil ? nil : context.store.path + ".plan"
        defer { if let passing { unlink(passing) } }
        let result = try await LeadRun("plan", context: context).plan(
          at: try command.moment.moment(), pulls: !command.noPull, path: command.output ?? passing,
          limit: command.limit.limit)
        if let html = command.html, let path = command.output ?? passing, let plan = result.plan {
          try command.writePage(html, about: plan, from: path, context)
        }
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
          let name = ShellText.word(output)
          session.say("\nWritten to \(output). To apply exactly this: leadgauge apply \(name)\n")
        }
        if let html = command.html {
          session.say("\nThe page is \(html): open it in a browser. It names people; pass it on with care.\n")
        }
        session.sayFailures(result)
        let status = ExitStatus.of(result)
        if status == .done, command.detailedExitCode, (result.plan?.changes ?? 0) > 0 { return .changesExist }
        return status
      }
    }
  }

  private func writePage(_ html: String, about plan: PlanSummary, from path: String, _ context: RunContext)
    throws
  {
    let page = PlanPage(plan, language: lang, planFile: output)
    try page.write(to: html, changes: PlanReader(path: path)) { count in
      context.environment.progress(
        RunProgress(stage: "page", fraction: Double(count) / Double(max(1, plan.changes)), count: count))
    }
  }
}

extension PageLanguage: ExpressibleByArgument {}
