import Foundation
import Testing

@testable import leadgauge

@Suite("schedule prints what cron and systemd need")
struct ScheduleTests {
  @Test("a line for crontab with absolute paths, and the same minute every time")
  func cron() async throws {
    let place = try Workplace.small()
    let cron = try await place.run("schedule", "cron")
    #expect(cron.status == 0 && cron.err.isEmpty, "\(cron)")
    let line = try #require(cron.out.split(separator: "\n").first { !$0.hasPrefix("#") })
    let minute = try #require(
      line.firstMatch(of: #/^(\d+) \* \* \* \* umask 077; exec (/\S+) sync --config (/\S+) >>(/\S+)$/#))
    #expect((1...59).contains(Int(minute.1) ?? 0))
    #expect(FileManager.default.isExecutableFile(atPath: String(minute.2)))
    #expect(minute.3.hasSuffix("/leadgauge.yaml") && minute.4.hasSuffix("/state/leadgauge.log"))
    #expect(cron.out.contains("#       rotate 52"))
    #expect(try await place.run("schedule", "cron").out == cron.out)
  }

  @Test("the minutes of many configurations are spread, and never the full hour")
  func minutes() {
    let minutes = (0..<590).map { Schedule.minute(for: "/home/u\($0)/leadgauge.yaml") }
    let counts = Dictionary(minutes.map { ($0, 1) }, uniquingKeysWith: +)
    #expect(counts.keys.allSatisfy { (1...59).contains($0) })
    #expect(counts.count == 59 && counts.values.allSatisfy { $0 < 30 }, "\(counts)")
  }

  @Test(
    "every interval becomes hours and minutes",
    arguments: [
      ("15m", "7,22,37,52 * * * *"), ("30m", "7,37 * * * *"), ("1h", "37 * * * *"),
      ("4h", "37 1,5,9,13,17,21 * * *"), ("24h", "37 3 * * *"),
    ])
  func intervals(every: String, when: String) async throws {
    let place = try Workplace.small()
    let cron = try await place.run("schedule", "cron", "--every", every, "--minute", "37")
    #expect(cron.out.contains("\n\(when) umask"), "\(cron)")
  }

  @Test("a configuration below /var/lib/NAME gets a user of its own, credentials and the environment")
  func dynamicUser() async throws {
    let place = try Workplace()
    try place.write(
      "etc/leadgauge.yaml",
      """
      version: 1
      model: model.yaml
      state: /var/lib/leadgauge/leadgauge.db   # ${NOT_THIS}
      connections:
        web: { platform: mautic, url: "https://m.example.com", auth: { user: a, password: "${credential:mautic}" } }
        hub: { platform: hubspot, auth: { token: "${HUBSPOT_TOKEN}" } }
        list: { platform: files, contacts: /srv/c.csv, output: /var/lib/leadgauge/out.csv }

      """)
    let units = try await place.run("schedule", "systemd", "--config", "etc/leadgauge.yaml")
    #expect(units.status == 0, "\(units)")
    for line in [
      "DynamicUser=yes", "StateDirectory=leadgauge", "ProtectSystem=strict", "NoNewPrivileges=yes",
      "LoadCredential=mautic:/etc/leadgauge/secrets/mautic", "EnvironmentFile=/etc/leadgauge/environment",
      "SuccessExitStatus=3 75", "WantedBy=timers.target",
    ] {
      #expect(units.out.contains("\n\(line)\n"), "\(line): \(units)")
    }
    #expect(units.out.contains("The variables HUBSPOT_TOKEN,") && !units.out.contains("NOT_THIS"))
    #expect(!units.out.contains("User=root") && !units.out.contains("ReadWritePaths"))
  }

  @Test("a state elsewhere is named as writable, for the user who owns it")
  func foreignState() async throws {
    let place = try Workplace.small()
    let units = try await place.run("schedule", "systemd")
    #expect(units.out.contains("\nUser=\(NSUserName())\n"), "\(units)")
    let writable = units.out.split(separator: "\n").filter { $0.hasPrefix("ReadWritePaths=") }
    #expect(
      writable.count == 1 && writable.first?.hasSuffix(place.path.split(separator: "/").last ?? "?") == true)
  }

  @Test("with --directory two files are written, and none is replaced unless told to")
  func directory() async throws {
    let place = try Workplace.small()
    let first = try await place.run("schedule", "systemd", "--directory", "units", "--name", "scores")
    #expect(first.status == 0 && first.out.contains("systemctl enable --now scores.timer"), "\(first)")
    #expect(try place.text("units/scores.service").contains("StateDirectory=scores"))
    #expect(try place.text("units/scores.timer").contains("OnCalendar=*-*-* *:"))
    let again = try await place.run("schedule", "systemd", "--directory", "units", "--name", "scores")
    #expect(again.status == 73, "\(again)")
    let forced = try await place.run(
      "schedule", "systemd", "--directory", "units", "--name", "scores", "--force")
    #expect(forced.status == 0, "\(forced)")
  }

  @Test("signs that cron, a shell or systemd would take for their own come through as they are")
  func oddPaths() async throws {
    let place = try Workplace()
    let folder = "100% it's $HOME"
    try place.write(folder + "/leadgauge.yaml", Workplace.configuration)
    let cron = try await place.run("schedule", "cron", "--config", folder + "/leadgauge.yaml")
    #expect(cron.out.contains(#"/100\% it'\''s $HOME/leadgauge.yaml'"#), "\(cron)")
    let units = try await place.run("schedule", "systemd", "--config", folder + "/leadgauge.yaml")
    #expect(units.out.contains(#"/100%% it's $$HOME/leadgauge.yaml""#), "\(units)")
  }

  @Test(
    "what cannot be is refused",
    arguments: [
      (["cron", "--every", "7m"], 64), (["cron", "--minute", "60"], 64), (["systemd", "--name", "A B"], 64),
      (["cron", "--config", "nowhere.yaml"], 78),
    ])
  func refused(arguments: [String], status: Int) async throws {
    let place = try Workplace.small()
    let outcome = try await Program.run(["schedule"] + arguments, in: place.path)
    #expect(Int(outcome.status) == status, "\(outcome)")
  }
}
