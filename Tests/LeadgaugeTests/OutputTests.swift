import Foundation
import Testing

@Suite("What goes to stdout, to stderr, and to nobody")
struct OutputTests {
  /// Every command that works on a folder, in an order in which each has something to do.
  static let allCommands = [
    ["init", "--config", "new/leadgauge.yaml"], ["sandbox", "--contacts", "5"], ["check"], ["model", "lint"],
    ["pull"], ["plan", "--as-of", "2026-11-01", "-o", "monday.plan"],
    ["sync", "--as-of", "2026-11-01"], ["apply", "tuesday.plan"],
    ["backfill", "--since", "2025-01-01", "--as-of", "2026-11-01"], ["explain", "list/1"], ["status"],
    ["runs"],
  ]

  private func place() async throws -> Workplace {
    let place = try Workplace.small()
    try place.append("activities.csv", "ben@example.com,dance,2026-10-20,x\n")
    #expect(try await place.run("plan", "-o", "tuesday.plan").status == 0)
    return place
  }

  @Test("with --quiet a good run of any command says nothing")
  func quiet() async throws {
    let place = try await place()
    for command in Self.allCommands where command != ["apply", "tuesday.plan"] {
      let outcome = try await Program.run(command + ["--quiet"], in: place.path)
      #expect(outcome.status == 0 && outcome.out.isEmpty && outcome.err.isEmpty, "\(outcome)")
    }
    try place.append("activities.csv", "chi@example.com,purchase,2026-10-20,Tea\n")
    #expect(try await place.runAsOf("plan", "--quiet", "-o", "friday.plan").out.isEmpty)
    let apply = try await place.run("apply", "friday.plan", "--quiet")
    #expect(apply.status == 0 && apply.out.isEmpty && apply.err.isEmpty, "\(apply)")
  }

  @Test("with --quiet errors are still told")
  func quietErrors() async throws {
    let place = try Workplace.small()
    try place.remove("contacts.csv")
    let sync = try await place.run("sync", "--quiet")
    #expect(sync.status == 78 && sync.out.isEmpty, "\(sync)")
    #expect(sync.err.contains("contacts.csv"))
  }

  @Test("with --json stdout is one document, and stderr is empty")
  func json() async throws {
    let place = try await place()
    for command in Self.allCommands {
      let outcome = try await Program.run(command + ["--json"], in: place.path)
      #expect([0, 3].contains(outcome.status) && outcome.err.isEmpty, "\(outcome)")
      #expect(outcome.out.hasSuffix("\n") && outcome.out.split(separator: "\n").count == 1, "\(outcome)")
      #expect(throws: Never.self, "\(outcome)") {
        try JSONSerialization.jsonObject(with: Data(outcome.out.utf8))
      }
    }
  }

  @Test("without a terminal there are no colours and no progress, whatever the command")
  func noTerminal() async throws {
    let place = try await place()
    for command in Self.allCommands {
      let outcome = try await Program.run(command, in: place.path, environment: ["TERM": "xterm"])
      #expect([0, 3].contains(outcome.status) && outcome.err.isEmpty, "\(outcome)")
      #expect(!outcome.out.utf8.contains(0x1B) && !outcome.out.utf8.contains(0x0D), "\(outcome)")
    }
  }

  @Test("on a terminal reports have colours, unless NO_COLOR or a dumb terminal asks for none")
  func colours() async throws {
    let place = try await place()
    let plan = ["plan"] + Workplace.asOf
    #expect(try await PseudoTerminal.shows(.out, plan, in: place.path).contains("\u{1B}[1mPlan as of"))
    for surroundings in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      let shown = try await PseudoTerminal.shows(.out, plan, in: place.path, environment: surroundings)
      #expect(shown.contains("Plan as of") && !shown.utf8.contains(0x1B), "\(shown)")
    }
    let bare = try await PseudoTerminal.shows(.out, plan, in: place.path, environment: ["NO_COLOR": ""])
    #expect(bare.utf8.contains(0x1B))
  }

  @Test("progress is shown on a terminal, wiped at the end, and not with --quiet, --json or a dumb one")
  func progress() async throws {
    let place = try await place()
    let sync = ["sync"] + Workplace.asOf
    let shown = try await PseudoTerminal.shows(.err, sync, in: place.path)
    #expect(shown.contains("pull list"), "\(shown)")
    #expect(shown.hasSuffix("\r\u{1B}[K"), "\(shown)")
    for flag in ["--quiet", "--json"] {
      #expect(try await PseudoTerminal.shows(.err, sync + [flag], in: place.path).isEmpty)
    }
    let dumb = try await PseudoTerminal.shows(.err, sync, in: place.path, environment: ["TERM": "dumb"])
    #expect(dumb.isEmpty)
  }
}
