import Foundation
import Platform

/// A line for cron, and a snippet for logrotate.
struct CronTable {
  let schedule: Schedule
  /// Where the reports go.
  let log: String

  /// The line with what has to be known about it.
  var text: String {
    let (minutes, hours) = schedule.moments
    let minute = minutes.map(String.init).joined(separator: ",")
    let hour = hours.map { $0.map(String.init).joined(separator: ",") } ?? "*"
    let user = schedule.user.map { $0 + " " } ?? ""
    let command =
      "umask 077; exec \(Self.word(schedule.program)) sync --config \(Self.word(schedule.configuration)) >>\(Self.word(log))"
    let place =
      schedule.user == nil
      ? "Add this line with: crontab -e" : "A file for /etc/cron.d: save it as /etc/cron.d/\(schedule.name)"
    return """
      # Leadgauge: every \(schedule.interval.rawValue). \(place)
      # The report of each run goes to the log; what went wrong is printed, so cron mails it. A run that is still going
      # on when the next one is due is not disturbed: the next one says so and ends with 75.
      \(secrets)\(minute) \(hour) * * * \(user)\(Self.escaped(command))

      """
  }

  private var secrets: String {
    var lines: [String] = []
    for name in schedule.needs.variables {
      lines.append(
        "# \(name) is not set under cron: write the secret into a file that only this user may read,")
      lines.append("# and name it in the configuration: ${file:/path/to/\(name.lowercased())}")
    }
    for name in schedule.needs.credentials {
      lines.append("# ${credential:\(name)} is systemd's: under cron name a file, ${file:/path/to/\(name)}")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Keeps a year of weekly logs.
  var rotation: String {
    let owner =
      schedule.user.map { "    create 0600 \($0) \($0)\n    su \($0) \($0)\n" } ?? "    create 0600\n"
    return """
      # For /etc/logrotate.d/\(schedule.name):
      #
      #   "\(log)" {
      \(("    weekly\n    rotate 52\n    missingok\n    notifempty\n    compress\n" + owner).split(separator: "\n").map { "#   \($0)" }.joined(separator: "\n"))
      #   }

      """
  }

  /// A percent sign ends the command in a crontab.
  private static func escaped(_ text: String) -> String { text.escaping(["%": "\\%"]) }

  private static func word(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
        || "/._-+@=:,%".utf8.contains($0)
    }
    return isPlain ? text : "'" + text.escaping(["'": "'\\''"]) + "'"
  }
}
