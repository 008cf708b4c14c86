import ArgumentParser
import Foundation
import Sandbox
import Scoring
import Sync

struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox",
    abstract: "Lay down generated people, and a configuration and a model for them, to try everything out.",
    discussion: """
      The same seed gives the same people, to the byte. Addresses are at reserved domains.

      EXAMPLE
        leadgauge sandbox --contacts 2000 --directory sandbox
        leadgauge plan --config sandbox/leadgauge.yaml
      """)

  @OptionGroup var options: SharedOptions

  @Option(help: "Which platform stands in: files.")
  var platform = "files"

  @Option(help: "How many people.")
  var contacts = 2_000

  @Option(help: "How many activities a person, on average.")
  var activities = 20.0

  @Option(help: "Where the files go.")
  var directory = "sandbox"

  @Option(help: "Which people: the same number gives the same ones.")
  var seed: UInt64 = 7

  @Option(name: .customLong("as-of"), help: "The time up to which they did something; now if not given.")
  var asOf: String?

  @Flag(help: "One connection instead of two.")
  var single = false

  @Option(help: "Instead: append new activity of one percent of the people, as the n-th batch.")
  var append: Int?

  func validate() throws {
    guard platform == "files" else {
      throw ValidationError("There is no sandbox for '\(platform)' yet. Known: files.")
    }
    guard (1...50_000_000).contains(contacts) else {
      throw ValidationError("--contacts goes from 1 to 50000000.")
    }
    guard (0...10_000).contains(activities) else {
      throw ValidationError("--activities goes from 0 to 10000.")
    }
    _ = try asOf.map { try MomentOption.parse($0, option: "--as-of") }
  }

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      let now =
        try command.asOf.map { try MomentOption.parse($0, option: "--as-of") } ?? session.environment.now
      let world = GeneratedWorld(
        people: command.contacts, activitiesPerPerson: command.activities, seed: command.seed, now: now,
        connections: command.single ? .one : .two)
      let sandbox = FileSandbox(world: world)
      do {
        let summary =
          try command.append.map { try sandbox.appendActivity(to: command.directory, batch: $0) }
          ?? sandbox.write(to: command.directory)
        let rows = summary.activities.values.reduce(0, +)
        session.say(
          command.append == nil
            ? "\(summary.people) people and \(rows) activities are in \(command.directory). Next: leadgauge plan --config \(command.directory)/leadgauge.yaml\n"
            : "\(rows) activities of \(summary.people) people were appended in \(command.directory).\n")
        session.sayJSON(
          "{\"people\":\(summary.people),\"activities\":\(rows),\"configuration\":\(PlanJSON.quote(command.directory + "/leadgauge.yaml"))}"
        )
      } catch let failure as SandboxFailure {
        throw CommandFailure(
          .cannotCreate, "\(failure.path): \(failure.reason)", cure: "Name another --directory")
      }
      return .done
    }
  }
}
