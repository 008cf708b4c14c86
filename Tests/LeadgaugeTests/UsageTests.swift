import Foundation
import Testing

@Suite("How the program is spoken to")
struct UsageTests {
  /// Every command, as the program itself lists them.
  private func commands(of group: [String] = []) async throws -> [[String]] {
    let place = try Workplace()
    let help = try await Program.run(group + ["--help"], in: place.path)
    #expect(help.status == 0, "\(help)")
    guard let list = help.out.range(of: "SUBCOMMANDS:\n") else { return [group] }
    var found: [[String]] = group.isEmpty ? [] : [group]
    for line in help.out[list.upperBound...].split(separator: "\n") {
      guard let name = line.wholeMatch(of: #/  ([a-z]+)(  .*)?/#)?.1, name != "See" else { continue }
      found += try await commands(of: group + [String(name)])
    }
    return found
  }

  @Test("--help of every command shows an example")
  func examples() async throws {
    let commands = try await commands()
    #expect(commands.count >= 13, "\(commands)")
    let place = try Workplace()
    for command in commands {
      let help = try await Program.run(command + ["--help"], in: place.path)
      #expect(help.status == 0 && help.err.isEmpty, "\(help)")
      let example = help.out.firstRange(of: #/EXAMPLES?\n .*leadgauge /#)
      #expect(example != nil, "\(help)")
    }
  }

  @Test("every command line that help and README show is understood")
  func shownLines() async throws {
    let place = try Workplace()
    try place.write("a-file", "")
    var lines: [String] = []
    for command in try await commands() {
      let help = try await Program.run(command + ["--help"], in: place.path).out
      guard let start = help.firstRange(of: #/EXAMPLES?\n/#), let end = help.range(of: "\nUSAGE:") else {
        continue
      }
      lines += help[start.upperBound..<end.lowerBound].split(separator: "\n").map(String.init)
    }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    for name in ["README.md", "README.vi.md", "docs/operations.md"] {
      let text = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
      lines += text.split(separator: "\n").filter {
        $0.hasPrefix("leadgauge ") || $0.hasPrefix("$ leadgauge ")
      }
      .map(String.init)
    }
    let shown = Set(lines.flatMap(Self.commandLines))
    #expect(shown.count > 20, "\(shown)")
    for line in shown {
      var few = line.hasPrefix("sandbox") ? ["--contacts", "5"] : []
      // A platform's stand-in answers until it is told to stop; below a file it cannot even begin.
      if line.hasPrefix("sandbox"), line.contains("--platform") { few += ["--directory", "a-file/below"] }
      let words = line.split(separator: " ").map(String.init)
      let outcome = try await Program.run(words + few, in: place.path)
      #expect(!outcome.err.contains("Usage:"), "\(outcome)")
    }
  }

  /// `leadgauge a && leadgauge b > file   # why` is `a` and `b`.
  private static func commandLines(_ line: String) -> [String] {
    guard let start = line.range(of: "leadgauge ") else { return [] }
    let words = line[start.lowerBound...].prefix { !"#>".contains($0) }
    return words.components(separatedBy: "&&").map { part in
      part.trimmingCharacters(in: .whitespaces).replacing(#/^leadgauge /#, with: "")
    }
  }

  @Test("--version is a version and nothing else")
  func version() async throws {
    let version = try await Workplace().run("--version")
    #expect(version.status == 0 && version.err.isEmpty)
    #expect(version.out.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil, "\(version)")
  }

  @Test("completions for every shell name the commands and options", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) async throws {
    let place = try Workplace()
    let script = try await place.run("--generate-completion-script", shell)
    #expect(script.status == 0 && script.err.isEmpty)
    for word in ["backfill", "explain", "lint", "as-of"] { #expect(script.out.contains(word)) }
    guard shell == "bash" else { return }
    try place.write("completion", script.out)
    let bash = Process()
    bash.executableURL = URL(fileURLWithPath: "/bin/bash")
    bash.arguments = ["-n", place.at("completion")]
    #expect(try await Program.status(of: bash) == 0)
  }

  @Test(
    "what is not understood is 64, says what, and prints nothing to stdout",
    arguments: [
      (["plan", "--nope"], "--nope"), (["fly"], "fly"), (["apply"], "<plan>"), (["explain"], "<who>"),
      (["plan", "--as-of", "soon"], "'soon' is no time for --as-of"),
      (["backfill", "--since", "then"], "'then' is no time for --since"), (["backfill"], "--since"),
      (["sandbox", "--contacts", "0"], "--contacts"), (["pull", "--as-of", "2026-11-01"], "--as-of"),
      (["plan", "--config"], "--config"),
    ])
  func misunderstood(arguments: [String], said: String) async throws {
    let place = try Workplace.small()
    let outcome = try await Program.run(arguments, in: place.path)
    #expect(outcome.status == 64, "\(outcome)")
    #expect(outcome.out.isEmpty)
    #expect(outcome.err.contains(said), "\(outcome)")
  }

  @Test("a connection that is not there is told with those that are")
  func unknownConnection() async throws {
    let place = try Workplace.small()
    let outcome = try await place.run("sync", "--connection", "crm", "--json")
    #expect(outcome.status == 64, "\(outcome)")
    #expect(try outcome.document(FailureForm.self).error.contains("Known: list"))
  }
}
