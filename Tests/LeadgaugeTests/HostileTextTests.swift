import Foundation
import Platform
import Testing

@Suite("Texts that mean harm, as platforms hold them", .serialized, .timeLimit(.minutes(5)))
struct HostileTextTests {
  /// What a contact may call themselves.
  private static let names = [
    "\u{1B}]0;owned\u{07}\u{1B}[2J\u{1B}[1;1H", "a\rb\u{08}\u{08}\u{7F}", "\u{9B}31m\u{85}\u{90}",
    "\u{202E}gpj.exe\u{202C}", "\u{2066}x\u{2069}\u{200F}\u{61C}", "line\u{2028}line\u{2029}line\nline",
    "<script>alert(1)</script><img src=x onerror=alert(1)>", "</script><!--", "javascript:alert(1)",
    "=HYPERLINK(\"http://x\")", "'; DROP TABLE contact; --", "{{7*7}} ${HOME} `id` $(id) %s%n",
    "a" + String(repeating: "\u{301}", count: 20_000),
  ]

  /// What may stand on a terminal: text, ends of lines, and the program's own colours and progress.
  private func expectTame(_ shown: String, _ what: String) {
    let bare = shown.replacing(/\u{1B}\[[0-9;]*m|\u{1B}\[K/, with: "").replacing("\r\n", with: "\n")
    let wild = bare.unicodeScalars.filter {
      $0.properties.isBidiControl || (0x2028...0x2029).contains($0.value)
        || ($0.properties.generalCategory == .control && $0 != "\n" && $0 != "\r")
    }
    #expect(wild.isEmpty, "\(what): \(wild.map { String($0.value, radix: 16) })")
    // A line begins anew only where the progress does.
    #expect(!bare.contains("a\rb") && !bare.contains(String(repeating: "\u{301}", count: 100)), "\(what)")
  }

  @Test("steer no terminal, whatever command shows them", arguments: HostileWeb.platforms)
  func terminal(platform: String) async throws {
    try await HostileWeb.with(platform, names: Self.names) { place, _ in
      let commands = [
        ["check", "--verbose"], ["pull", "--verbose"], ["plan", "--verbose"], ["sync", "--verbose"],
        ["explain", "p1@example.com"], ["explain", "p4@example.com"], ["explain", "p13@example.com"],
        ["status"], ["runs"], ["undo", "last", "--plan"], ["undo", "last"], ["model", "lint"],
        ["model", "diff", "model.yaml", "model.yaml"], ["sync", "--json"],
        ["explain", "p4@example.com", "--json"],
      ]
      for command in commands {
        // What says nothing to stderr need not be asked twice, and an undo can be had once.
        let streams: [PseudoTerminal.Stream] = command.contains("--verbose") ? [.out, .err] : [.out]
        for stream in streams {
          expectTame(
            try await PseudoTerminal.shows(stream, command, in: place.path, ending: [0, 3]), "\(command)")
        }
      }
    }
  }

  @Test("steer no terminal as what a platform says of an error", arguments: HostileWeb.platforms)
  func errors(platform: String) async throws {
    let said = Self.names.dropLast().joined(separator: " ")
    let text = try String(decoding: JSONEncoder().encode(said), as: UTF8.self)
    for status in [400, 403, 422] {
      try await HostileWeb.with(
        platform,
        spoil: { _, _ in
          SimulatedAnswer(
            status: status, headers: [SimulatedPair("Content-Type", "application/json")],
            body: Array(
              "{\"message\":\(text),\"error\":\(text),\"error_description\":\(text),\"errors\":[{\"message\":\(text)}]}"
                .utf8))
        },
        { place, _ in
          for command in [["check"], ["pull", "--verbose"], ["status"], ["pull", "--json"]] {
            let outcome = try await Program.run(command, in: place.path)
            expectTame(outcome.out, "\(command)")
            expectTame(outcome.err, "\(command)")
          }
        })
    }
  }

  @Test("stand in the page as words, whichever platform holds them", arguments: HostileWeb.platforms)
  func page(platform: String) async throws {
    try await HostileWeb.with(platform, names: Self.names) { place, _ in
      let plan = try await place.run("plan", "--html", "page.html")
      #expect(plan.status == 0, "\(plan)")
      let page = try place.text("page.html")
      #expect(!page.contains("<img") && !page.contains("alert(1)</script>") && !page.contains("<!--"))
      // Its own three, and no end of one before its time.
      #expect(page.components(separatedBy: "<script").count == 4)
      #expect(page.components(separatedBy: "</script").count == 4)
      #expect(!page.contains("href=\"javascript"))
    }
  }
}
