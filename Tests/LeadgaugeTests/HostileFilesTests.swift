import Foundation
import Platform
import Testing

@Suite("Files that somebody has put in the way", .timeLimit(.minutes(5)))
struct HostileFilesTests {
  // MARK: Where outputs are made

  /// What may lie under the name that an output has until it is whole.
  enum Planted: CaseIterable {
    case hardLink, symbolicLink, pipe, openToAll

    func put(_ name: String, in place: Workplace) throws {
      try place.write("victim", "precious")
      switch self {
      case .hardLink: #expect(link(place.at("victim"), place.at(name)) == 0)
      case .symbolicLink: #expect(symlink(place.at("victim"), place.at(name)) == 0)
      case .pipe: #expect(mkfifo(place.at(name), 0o666) == 0)
      case .openToAll:
        try place.write(name, "left over")
        #expect(chmod(place.at(name), 0o666) == 0)
      }
    }
  }

  /// The names, and how the program comes to make them.
  private static let outputs: [(name: String, made: String, arguments: [String])] = [
    ("a.plan.part", "a.plan", ["plan", "-o", "a.plan"]),
    ("a.plan.sort", "a.plan", ["plan", "-o", "a.plan"]),
    ("a.plan.whole.part.part", "a.plan", ["plan", "-o", "a.plan", "--limit", "1"]),
    ("page.html.part", "page.html", ["plan", "--html", "page.html"]),
    ("figures.prom.part", "figures.prom", ["sync"]),
    (".scores.csv.new", "scores.csv", ["sync"]),
    (".scores.csv.staged", "scores.csv", ["sync"]),
    ("state/leadgauge.db.plan.part", "scores.csv", ["sync"]),
  ]

  @Test(
    "what lies under the name of an unfinished output is neither written into nor waited for",
    arguments: outputs.indices, Planted.allCases)
  func unfinished(index: Int, planted: Planted) async throws {
    let (name, made, arguments) = Self.outputs[index]
    let place = try Workplace.small()
    try place.append("leadgauge.yaml", "notify: { metrics: figures.prom }\n")
    #expect(try await place.run("pull").status == 0)
    try planted.put(name, in: place)
    let outcome = try await Program.run(arguments, in: place.path)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try place.text("victim") == "precious")
    #expect(try place.text(made).count > 50)
    #expect(!place.exists(name))
    let mode = try #require(place.mode(made))
    #expect(mode & 0o022 == 0)
    if made == "a.plan" || made == "page.html" { #expect(mode == 0o600) }
  }

  @Test(
    "an output takes the place of no pipe, folder, device or link",
    arguments: ["-o", "--html", "--trace"], ["pipe", "folder", "/dev/null", "link"])
  func noPlace(option: String, target: String) async throws {
    let place = try Workplace.small()
    #expect(mkfifo(place.at("pipe"), 0o600) == 0)
    #expect(mkdir(place.at("folder"), 0o700) == 0)
    try place.write("older.plan", "")
    #expect(symlink("older.plan", place.at("link")) == 0)
    let refused = try await place.run("plan", option, target)
    #expect(refused.status == 73, "\(refused)")
    #expect(place.kind("pipe") == S_IFIFO && place.kind("link") == S_IFLNK)
    #expect(try place.text("older.plan").isEmpty)
  }

  @Test(
    "figures replace figures alone: not the state, the configuration, the model, nor what is read or written",
    arguments: ["state/leadgauge.db", "leadgauge.yaml", "model.yaml", "contacts.csv", "scores.csv"])
  func figures(target: String) async throws {
    let place = try Workplace.small()
    #expect(try await place.run("sync").status == 0)
    try place.append("leadgauge.yaml", "notify: { metrics: \(target) }\n")
    let start = try String(
      decoding: Data(contentsOf: URL(fileURLWithPath: place.at(target))).prefix(12), as: UTF8.self)
    let sync = try await place.run("sync")
    #expect(sync.status == 0 && sync.err.contains("it holds something else"), "\(sync)")
    let after = try String(
      decoding: Data(contentsOf: URL(fileURLWithPath: place.at(target))).prefix(12), as: UTF8.self)
    #expect(after == start)
  }

  @Test(
    "the output of scores replaces an output alone",
    arguments: ["leadgauge.yaml", "model.yaml", "activities.csv", "../elsewhere.txt"])
  func scores(target: String) async throws {
    let place = try Workplace.small()
    let inner = try place.below("user")
    try place.write("elsewhere.txt", "precious")
    try inner.replace("scores.csv", by: target, in: "leadgauge.yaml")
    let before = try inner.text(target)
    let sync = try await inner.run("sync")
    #expect([65, 78].contains(sync.status), "\(sync)")
    #expect(try inner.text(target) == before)
  }

  @Test(
    "a sandbox replaces nobody's own configuration or model", arguments: ["leadgauge.yaml", "model.yaml"])
  func sandbox(own: String) async throws {
    let place = try Workplace.small()
    let other = own == "model.yaml" ? "leadgauge.yaml" : "model.yaml"
    try place.remove(other)
    let text = try place.text(own)
    let refused = try await place.run("sandbox", "--contacts", "5", "--directory", ".")
    #expect(refused.status == 73 && refused.err.contains("is from no sandbox"), "\(refused)")
    #expect(try place.text(own) == text && !place.exists(other))
    for _ in 0..<2 {
      #expect(try await place.run("sandbox", "--contacts", "5", "--directory", "below").status == 0)
    }
  }

  @Test("what init, schedule and a sandbox write follows no link, even with --force")
  func madeFiles() async throws {
    let place = try Workplace()
    try place.write("victim", "precious")
    for (name, arguments) in [
      ("leadgauge.yaml", ["init", "--persona", "saas", "--force"]),
      ("sb/web-contacts.csv", ["sandbox", "--contacts", "5", "--directory", "sb"]),
      (
        "leadgauge.service",
        ["schedule", "systemd", "--config", "sb/leadgauge.yaml", "--directory", ".", "--force"]
      ),
    ] {
      try place.write(name, "")
      try place.remove(name)
      #expect(symlink(place.at("victim"), place.at(name)) == 0)
      let outcome = try await Program.run(arguments, in: place.path)
      #expect(outcome.status == 0, "\(outcome)")
      #expect(try place.text("victim") == "precious")
      #expect(try place.text(name).count > 50)
    }
  }

  // MARK: Rights

  @Test("all that is private is so under any umask, after a run and after one that was killed")
  func anyUmask() async throws {
    for signal in [SIGKILL, nil] {
      let victim = FatalServer.Victim()
      try await MauticPlace.with(behind: { server -> any Simulator in
        guard let signal else { return server }
        return FatalServer(server, victim: victim, signal: signal, atRequest: 6)
      }) { mautic in
        let process = Program.process(
          [
            "-c", #"umask 000; exec "$0" "$@""#, Program.url.path, "plan", "-o", "a.plan", "--html",
            "page.html",
            "--trace", "trace.har",
          ], in: mautic.place.path, environment: MauticPlace.environment())
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        let status = try await Program.status(of: process) { victim.become(process.processIdentifier) }
        #expect(status == (signal == nil ? 0 : 128 + SIGKILL))
        let own = ["leadgauge.yaml", "model.yaml"]
        let names = try mautic.place.names().filter { !own.contains($0) }
        #expect(names.contains("trace.har") && names.contains("state/leadgauge.db"))
        #expect(names.contains(signal == nil ? "a.plan" : "state/leadgauge.db-wal"), "\(names)")
        for name in names { #expect((mautic.place.mode(name) ?? 0o777) & 0o077 == 0, "\(name)") }
      }
    }
  }

  @Test("what connectors keep beside the state is private under any umask", arguments: HostileWeb.platforms)
  func everyPlatform(platform: String) async throws {
    try await HostileWeb.with(platform) { place, _ in
      let process = Program.process(
        ["-c", #"umask 000; exec "$0" "$@""#, Program.url.path, "sync"], in: place.path, environment: [:])
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
      #expect(try await Program.status(of: process) == 0)
      let names = try place.names().filter { $0.hasPrefix("state") }
      #expect(names.contains { $0.hasPrefix("state/leadgauge.db.d/web.") }, "\(names)")
      for name in names { #expect((place.mode(name) ?? 0o777) & 0o077 == 0, "\(name)") }
    }
  }

  @Test("a private key that every user can read is warned of")
  func readableKey() async throws {
    let place = try Workplace.small()
    for name in ["own.pem", "key.pem"] { try place.write(name, "") }
    try place.append(
      "leadgauge.yaml",
      "  web: { platform: mautic, url: \"http://127.0.0.1:9\", auth: { user: a, password: \"${PATH}\" }, "
        + "network: { certificate: own.pem, key: key.pem } }\n")
    for (mode, isOpen) in [(mode_t(0o644), true), (0o600, false)] {
      #expect(chmod(place.path, 0o755) == 0 && chmod(place.at("key.pem"), mode) == 0)
      let check = try await place.run("check", "--connection", "list")
      let said = check.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(said.contains("every user of this machine can read the secret in") == isOpen, "\(check)")
    }
  }

  @Test(
    "a secret that every user can read, and a state's folder that every user can write into, are warned of")
  func readableSecret() async throws {
    let place = try Workplace.small()
    try place.write("name.txt", "contacts.csv\n")
    try place.replace(
      "contacts: contacts.csv", by: "contacts: \"${file:\(place.at("name.txt"))}\"", in: "leadgauge.yaml")
    #expect(mkdir(place.at("state"), 0o700) == 0)
    func warnings(_ secret: mode_t, _ folder: mode_t, state: mode_t = 0o700) async throws -> String {
      #expect(chmod(place.at("name.txt"), secret) == 0 && chmod(place.path, folder) == 0)
      #expect(chmod(place.at("state"), state) == 0)
      let check = try await place.run("check")
      #expect(check.status == 0, "\(check)")
      return check.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    let open = "every user of this machine can read the secret in"
    #expect(try await warnings(0o644, 0o755).contains(open))
    #expect(try await !warnings(0o640, 0o755).contains(open))
    #expect(try await !warnings(0o644, 0o700).contains(open))
    let writable = "every user of this machine can put files into the state's folder"
    #expect(try await warnings(0o600, 0o755, state: 0o777).contains(writable))
    #expect(try await !warnings(0o600, 0o755).contains(writable))
  }
}

extension Workplace {
  /// The rights of a file, links not followed.
  fileprivate func mode(_ name: String) -> mode_t? { facts(name).map { $0.st_mode & 0o7777 } }

  /// What a file is, links not followed.
  fileprivate func kind(_ name: String) -> mode_t? { facts(name).map { $0.st_mode & S_IFMT } }

  private func facts(_ name: String) -> stat? {
    var facts = stat()
    return lstat(at(name), &facts) == 0 ? facts : nil
  }

  /// The same files in a folder below.
  fileprivate func below(_ name: String) throws -> Below {
    try FileManager.default.createDirectory(atPath: at(name), withIntermediateDirectories: false)
    for file in ["leadgauge.yaml", "model.yaml", "contacts.csv", "activities.csv"] {
      try write(name + "/" + file, text(file))
    }
    return Below(place: self, name: name)
  }
}

/// A folder of a workplace.
private struct Below {
  let place: Workplace
  let name: String

  func text(_ file: String) throws -> String { try place.text(name + "/" + file) }

  func replace(_ old: String, by new: String, in file: String) throws {
    try place.replace(old, by: new, in: name + "/" + file)
  }

  func run(_ arguments: String...) async throws -> Outcome {
    try await Program.run(arguments, in: place.at(name))
  }
}
