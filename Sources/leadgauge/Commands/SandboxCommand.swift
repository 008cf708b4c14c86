import ArgumentParser
import Foundation
import Platform
import Sandbox
import Scoring
import Sync

struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox",
    abstract: "Lay down generated people, and a configuration and a model for them, to try everything out.",
    discussion: """
      The same seed gives the same people, to the byte. Addresses are at reserved domains. With a platform other \
      than files, the connection 'web' is a stand-in of it on this machine, which answers until Ctrl-C, and 'shop' \
      is files, or a second platform; a third one is 'mail', a fourth 'crm', on the next ports. POST /_sandbox/append?batch=N lets one percent of the people do something new meanwhile.

      EXAMPLES
        leadgauge sandbox --contacts 2000 --directory sandbox
        leadgauge plan --config sandbox/leadgauge.yaml
        leadgauge sandbox --platform mautic --port 8080
      """)

  @OptionGroup var options: SharedOptions

  @Option(
    help: """
      Which platform stands in: \((["files"] + Simulators.names).joined(separator: ", ")); may be given up to four \
      times, for platforms with people in common. (default: files)
      """)
  var platform: [String] = []

  @Option(help: "Where it listens on 127.0.0.1; 0 for any free port. Not with files. (default: 8080)")
  var port: Int?

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

  @Option(help: "Instead: append new activity of one percent of the people, as the n-th batch. Files only.")
  var append: Int?

  private static let usualPort = 8_080

  func validate() throws {
    let known = ["files"] + Simulators.names
    for name in platform where !known.contains(name) {
      throw ValidationError("There is no sandbox for '\(name)' yet. Known: \(known.joined(separator: ", ")).")
    }
    guard
      platform.count < 2
        || platform.count <= SimulatorSandbox.mostPlatforms && Set(platform).count == platform.count
          && !platform.contains("files")
    else {
      throw ValidationError(
        "--platform may be given up to \(SimulatorSandbox.mostPlatforms) times, for different platforms other than files."
      )
    }
    guard platform.count < 2 || !single else {
      throw ValidationError("--single is one connection, so it goes with one --platform.")
    }
    guard isSimulated || port == nil else {
      throw ValidationError("--port goes with a --platform other than files.")
    }
    guard (0...65_535).contains(port ?? 0) else { throw ValidationError("--port goes from 0 to 65535.") }
    guard !isSimulated || append == nil else {
      throw ValidationError(
        "--append goes with files. While the sandbox runs, send it: POST /_sandbox/append?batch=1")
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
      try command.refuseOwnFiles()
      do {
        let platforms = command.platform.compactMap { Simulators.make(platform: $0) }
        if !platforms.isEmpty {
          try await command.serve(SimulatorSandbox(world: world, platforms: platforms), session)
        } else {
          try command.write(FileSandbox(world: world), session)
        }
      } catch let failure as SandboxFailure {
        throw CommandFailure(
          .cannotCreate, "\(failure.path): \(failure.reason)", cure: "Name another --directory")
      } catch let failure as SimulatorHostFailure {
        throw CommandFailure(
          .unavailable, "cannot listen on 127.0.0.1:\(failure.port): \(failure.reason)",
          cure: "Name another --port, or 0 for any that is free")
      }
      return .done
    }
  }

  /// A folder with somebody's own configuration or model is no place for generated ones.
  private func refuseOwnFiles() throws {
    for (name, beginning) in [
      ("leadgauge.yaml", "# Generated people"), ("model.yaml", "# A model for generated people"),
    ] {
      let path = directory + "/" + name
      guard let obstacle = FreshFile.obstacle(at: path, toWhatBegins: beginning) else { continue }
      throw CommandFailure(
        .cannotCreate, "\(path) is there already and is from no sandbox: it \(obstacle)",
        cure: "Name another --directory; nothing was replaced")
    }
  }

  private var isSimulated: Bool { platform.contains { $0 != "files" } }

  private func write(_ sandbox: FileSandbox, _ session: Session) throws {
    let summary =
      try append.map { try sandbox.appendActivity(to: directory, batch: $0) } ?? sandbox.write(to: directory)
    let rows = summary.activities.values.reduce(0, +)
    session.say(
      append == nil
        ? "\(summary.people) people and \(rows) activities are in \(directory). Next: \(next)\n"
        : "\(rows) activities of \(summary.people) people were appended in \(directory).\n")
    session.sayJSON(
      "{\"people\":\(summary.people),\"activities\":\(rows),\"configuration\":\(PlanJSON.quote(configurationPath))}"
    )
  }

  /// Fills the platforms and lets them answer until the command is stopped.
  private func serve(_ sandbox: SimulatorSandbox, _ session: Session) async throws {
    let environment = session.environment
    let hosts = sandbox.platforms.enumerated().map { index, platform in
      SimulatorHost(
        platform.simulator, port: port == 0 ? 0 : (port ?? Self.usualPort) + index,
        hands: SandboxHands(sandbox: sandbox, folder: directory, platform: index),
        clock: { environment.now })
    }
    do {
      var urls: [String] = []
      for host in hosts { urls.append("http://127.0.0.1:\(try await host.start())") }
      let filled = hosts.enumerated().map { index, host in
        host.withSimulator { sandbox.fill(&$0, of: index) }
      }
      let summary = try sandbox.write(to: directory, urls: urls, filled: filled)
      let rows = summary.activities.values.reduce(0, +)
      let places = zip(urls, sandbox.platforms).map { "\($0) (\($1.name))" }
      let elsewhere = hosts.count > 1 || single ? "" : " and in \(directory)"
      session.say(
        "\(summary.people) people and \(rows) activities are on \(places.joined(separator: ", "))\(elsewhere). "
          + "Ctrl-C ends it. Next: \(next)\n")
      session.sayJSON(
        "{\"people\":\(summary.people),\"activities\":\(rows),\"url\":\"\(urls[0])\",\"configuration\":\(PlanJSON.quote(configurationPath))}"
      )
      while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
    } catch {
      for host in hosts { await host.stop() }
      throw error
    }
    for host in hosts { await host.stop() }
  }

  private var configurationPath: String { directory + "/leadgauge.yaml" }

  private var next: String { "leadgauge plan --config \(configurationPath)" }
}
