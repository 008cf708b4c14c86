import ArgumentParser
import Foundation
import StrictYAML
import Sync

struct ScheduleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule", abstract: "Print what cron or systemd needs to run sync again and again.",
    discussion: """
      EXAMPLES
        leadgauge schedule cron
        leadgauge schedule systemd --every 30m
      """, subcommands: [ScheduleCronCommand.self, ScheduleSystemdCommand.self])
}

/// What both ways take.
struct ScheduleOptions: ParsableArguments {
  @Option(help: "How often: 15m, 30m, 1h, 2h, 3h, 4h, 6h, 12h or 24h.")
  var every = "1h"

  @Option(help: "The minute of the hour; else one that follows from the configuration's path.")
  var minute: Int?

  @Option(help: "What the unit, or the file, is called.")
  var name = "leadgauge"

  func validate() throws {
    guard Schedule.Interval(rawValue: every) != nil else {
      let known = Schedule.Interval.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--every takes one of \(known).")
    }
    guard (0...59).contains(minute ?? 0) else { throw ValidationError("--minute goes from 0 to 59.") }
    let isName = name.wholeMatch(of: #/[a-z][a-z0-9-]{0,60}/#) != nil
    guard isName else { throw ValidationError("--name takes a-z, 0-9 and -, beginning with a letter.") }
  }

  /// Looks at the configuration, without any secret having to be set.
  func schedule(_ session: Session, user: String?) throws -> Schedule {
    let current = FileManager.default.currentDirectoryPath
    let configuration = ScheduleNeeds.absolute(session.options.configPath, in: current)
    guard let data = FileManager.default.contents(atPath: configuration) else {
      throw CommandFailure(
        .badConfiguration, "the configuration \(session.options.configPath) cannot be read",
        cure: "Make one with: leadgauge init, or name it with --config")
    }
    if let user, user.wholeMatch(of: #/[A-Za-z_][A-Za-z0-9_.-]{0,31}/#) == nil {
      throw CommandFailure(
        .usage, "--user takes the name of a user of this machine", cure: "Use letters, digits, _, . and -")
    }
    let needs: ScheduleNeeds
    do {
      needs = try ScheduleNeeds(yaml: String(decoding: data, as: UTF8.self), file: configuration)
    } catch {
      throw CommandFailure(.badConfiguration, error.description, cure: "")
    }
    for path in [configuration] + needs.written where path.unicodeScalars.contains(where: { $0.value < 0x20 })
    {
      throw CommandFailure(
        .badConfiguration, "the path \(path) has a control character", cure: "Move it to a plainer path")
    }
    return Schedule(
      program: Self.program(in: current), configuration: configuration,
      interval: Schedule.Interval(rawValue: every) ?? .hour,
      minute: minute ?? Schedule.minute(for: configuration), user: user, name: name, needs: needs)
  }

  /// This program, as the system knows it.
  private static func program(in folder: String) -> String {
    if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") { return path }
    return ScheduleNeeds.absolute(CommandLine.arguments.first ?? "leadgauge", in: folder)
  }
}

struct ScheduleCronCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cron", abstract: "Print the line for crontab, and a snippet for logrotate.",
    discussion: """
      EXAMPLES
        leadgauge schedule cron
        leadgauge schedule cron --user leadgauge > /etc/cron.d/leadgauge
      """)

  @OptionGroup var options: SharedOptions
  @OptionGroup var schedule: ScheduleOptions

  @Option(help: "As whom it runs, for a file in /etc/cron.d; without it, a line for crontab -e.")
  var user: String?

  @Option(help: "Where the reports go; else leadgauge.log beside the state.")
  var log: String?

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      let schedule = try command.schedule.schedule(session, user: command.user)
      let folder = FileManager.default.currentDirectoryPath
      let log =
        command.log.map { ScheduleNeeds.absolute($0, in: folder) }
        ?? (schedule.needs.state as NSString).deletingLastPathComponent + "/\(schedule.name).log"
      let table = CronTable(schedule: schedule, log: log)
      session.say(table.text + "\n" + table.rotation)
      session.sayJSON(
        #"{"crontab":\#(PlanJSON.quote(table.text)),"logrotate":\#(PlanJSON.quote(table.rotation)),"minute":\#(schedule.minute)}"#
      )
      return .done
    }
  }
}

struct ScheduleSystemdCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "systemd", abstract: "Print a hardened service and its timer.",
    discussion: """
      Without --user the service runs as a user that systemd makes up and that owns /var/lib/NAME: for that, put
      state: and outputs below it. Its messages are in the journal: journalctl -u leadgauge.

      EXAMPLES
        leadgauge schedule systemd --config /etc/leadgauge/leadgauge.yaml
        leadgauge schedule systemd --every 30m --directory units
      """)

  @OptionGroup var options: SharedOptions
  @OptionGroup var schedule: ScheduleOptions

  @Option(
    help: "As whom it runs; else a user of its own, or you if the state lies elsewhere than in /var/lib/NAME."
  )
  var user: String?

  @Option(help: "Write NAME.service and NAME.timer into this folder instead of printing them.")
  var directory: String?

  @Flag(help: "Replace files that are there.")
  var force = false

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      var schedule = try command.schedule.schedule(session, user: command.user)
      if schedule.user == nil { schedule.user = Self.neededUser(schedule) }
      let units = SystemdUnits(schedule: schedule)
      if let directory = command.directory {
        try command.write(units, schedule.name, to: directory)
        session.say(
          """
          Written: \(schedule.name).service and \(schedule.name).timer in \(directory).
          Next, if that is not /etc/systemd/system itself: copy both there. Then:
          systemctl daemon-reload && systemctl enable --now \(schedule.name).timer

          """)
      } else {
        session.say(units.service + "\n" + units.timer)
      }
      session.sayJSON(
        #"{"service":\#(PlanJSON.quote(units.service)),"timer":\#(PlanJSON.quote(units.timer)),"minute":\#(schedule.minute)}"#
      )
      return .done
    }
  }

  /// Whoever owns the files, where a made-up user could not write or read them.
  private static func neededUser(_ schedule: Schedule) -> String? {
    let isOwn = schedule.needs.written.allSatisfy { $0.hasPrefix("/var/lib/\(schedule.name)/") }
    return isOwn && schedule.needs.secretFiles.isEmpty ? nil : NSUserName()
  }

  private func write(_ units: SystemdUnits, _ name: String, to directory: String) throws {
    let files = [
      ("\(directory)/\(name).service", units.service), ("\(directory)/\(name).timer", units.timer),
    ]
    if !force, let there = files.map(\.0).first(where: { FileManager.default.fileExists(atPath: $0) }) {
      throw CommandFailure(
        .cannotCreate, "\(there) is there already", cure: "Use --force to replace it, or another --name")
    }
    for (path, text) in files { try NewFile.write(text, to: path) }
  }
}
