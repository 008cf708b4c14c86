import Foundation
import Platform

/// A service and its timer for systemd.
struct SystemdUnits {
  let schedule: Schedule

  private var needs: ScheduleNeeds { schedule.needs }

  /// Files below `/var/lib/NAME` are the service's own; all others have to be named.
  private var stateFolder: String { "/var/lib/\(schedule.name)" }

  private func isOwn(_ path: String) -> Bool { path.hasPrefix(stateFolder + "/") }

  /// A user that exists only while the service runs can own `/var/lib/NAME`, and read what everybody may read.
  var isDynamic: Bool { schedule.user == nil }

  private var foreignFolders: [String] {
    var seen: Set<String> = []
    let folders = needs.written.filter { !isOwn($0) }.map { ($0 as NSString).deletingLastPathComponent }
      .filter { seen.insert($0).inserted }.sorted()
    return folders.filter { folder in !folders.contains { folder.hasPrefix($0 + "/") } }
  }

  private var usesHome: Bool {
    let paths =
      needs.written + needs.read + needs.secretFiles + [schedule.configuration, schedule.program]
    return paths.contains { path in
      ["/home/", "/root/", "/run/user/"].contains { path.hasPrefix($0) }
    }
  }

  private var usesTemporary: Bool {
    (needs.written + needs.read + needs.secretFiles + [schedule.configuration, schedule.program])
      .contains { $0.hasPrefix("/tmp/") || $0.hasPrefix("/var/tmp/") }
  }

  /// The service.
  var service: String {
    let who =
      schedule.user.map { "User=\(Self.escaped($0))" }
      ?? "# A user that exists only while it runs, and owns \(stateFolder) alone.\nDynamicUser=yes"
    return """
      # /etc/systemd/system/\(schedule.name).service: brings the scores up to date once; \(schedule.name).timer starts it.

      [Unit]
      Description=Leadgauge: bring the scores of leads up to date
      Wants=network-online.target
      After=network-online.target
      AssertPathExists=\(Self.escaped(schedule.configuration))

      [Service]
      Type=oneshot
      \(who)
      ExecStart=\(Self.argument(schedule.program)) sync --quiet --config \(Self.argument(schedule.configuration))
      # 3: some contacts were refused and are tried again. 75: a run by hand is still going on, so this one did nothing.
      SuccessExitStatus=3 75
      # A run that is cut short loses nothing; the next one goes on from there.
      TimeoutStartSec=12h
      TimeoutStopSec=2min
      Nice=10
      \(secrets)
      # Where it may write.
      StateDirectory=\(schedule.name)
      StateDirectoryMode=0700
      \(writable)WorkingDirectory=\(Self.escaped((schedule.configuration as NSString).deletingLastPathComponent))
      UMask=0077

      # What it may do beyond that: talk to the network.
      NoNewPrivileges=yes
      CapabilityBoundingSet=
      AmbientCapabilities=
      ProtectSystem=strict
      ProtectHome=\(usesHome ? "read-only" : "yes")
      PrivateTmp=\(usesTemporary ? "no" : "yes")
      PrivateDevices=yes
      PrivateUsers=yes
      ProtectClock=yes
      ProtectControlGroups=yes
      ProtectHostname=yes
      ProtectKernelLogs=yes
      ProtectKernelModules=yes
      ProtectKernelTunables=yes
      ProtectProc=invisible
      RemoveIPC=yes
      RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
      RestrictNamespaces=yes
      RestrictRealtime=yes
      RestrictSUIDSGID=yes
      LockPersonality=yes
      MemoryDenyWriteExecute=yes
      SystemCallArchitectures=native
      SystemCallFilter=@system-service
      SystemCallFilter=~@privileged @resources
      SystemCallErrorNumber=EPERM

      """
  }

  private var secrets: String {
    var lines: [String] = []
    if !needs.credentials.isEmpty {
      lines += ["", "# Secrets: files of root's with mode 0600, one each, which only this service sees."]
      lines += needs.credentials.map {
        "LoadCredential=\(Self.escaped($0)):/etc/leadgauge/secrets/\(Self.escaped($0))"
      }
    }
    if !needs.variables.isEmpty {
      lines += [
        "",
        "# The variables \(needs.variables.joined(separator: ", ")), each a line NAME=value; mode 0600, root's.",
        "EnvironmentFile=/etc/leadgauge/environment",
      ]
    }
    if !needs.secretFiles.isEmpty {
      lines += ["", "# It has to be able to read: \(needs.secretFiles.joined(separator: ", "))"]
    }
    return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
  }

  private var writable: String {
    let unknown = needs.unknownPaths.map { "# Add the folder of \($0):\n#ReadWritePaths=\n" }.joined()
    return foreignFolders.map { "ReadWritePaths=\(Self.argument($0))\n" }.joined() + unknown
  }

  /// The timer.
  var timer: String {
    let (minutes, hours) = schedule.moments
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let minute = minutes.map(two).joined(separator: ",")
    let hour = hours.map { $0.map(two).joined(separator: ",") } ?? "*"
    return """
      # /etc/systemd/system/\(schedule.name).timer: starts \(schedule.name).service every \(schedule.interval.rawValue). A run that takes longer
      # is never started a second time beside itself.

      [Unit]
      Description=Leadgauge: every \(schedule.interval.rawValue)

      [Timer]
      OnCalendar=*-*-* \(hour):\(minute):00
      # Make up for a run that was missed while the machine was off.
      Persistent=yes
      AccuracySec=30s

      [Install]
      WantedBy=timers.target

      """
  }

  /// `%` begins a specifier in a unit.
  private static func escaped(_ text: String) -> String { text.escaping(["%": "%%"]) }

  /// A word of a command line.
  private static func argument(_ text: String) -> String {
    let escaped = escaped(text)
    let isPlain = escaped.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
        || "/._-%+@=:,".utf8.contains($0)
    }
    if isPlain { return escaped }
    return "\""
      + escaped.escaping(["\\": "\\\\", "\"": "\\\"", "$": "$$"]) + "\""
  }
}
