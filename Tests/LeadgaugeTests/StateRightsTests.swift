import Foundation
import Testing

@Suite("A state that this user may not write, or that cannot grow")
struct StateRightsTests {
  /// What may not be written.
  enum Closed: CaseIterable, Sendable {
    case folder, file, both

    func close(_ place: Workplace) throws {
      if self != .folder { try place.setMode(0o400, of: "state/leadgauge.db") }
      if self != .file { try place.setMode(0o500, of: "state") }
    }

    func open(_ place: Workplace) throws {
      try place.setMode(0o700, of: "state")
      try place.setMode(0o600, of: "state/leadgauge.db")
    }
  }

  private static let looking = [
    ["status"], ["runs"], ["explain", "list/1"] + Workplace.asOf, ["status", "--json"],
    ["model", "diff", "model.yaml", "model.yaml"] + Workplace.asOf,
  ]

  @Test("can be looked at, with the same answers", arguments: Closed.allCases)
  func looking(closed: Closed) async throws {
    let place = try Workplace.small()
    #expect(try await place.runAsOf("sync").status == 0)
    let before = try await answers(place)
    try closed.close(place)
    defer { try? closed.open(place) }
    #expect(try await answers(place) == before)
  }

  @Test("can be looked at where a web platform keeps files beside it, too")
  func lookingBesideMautic() async throws {
    try await MauticPlace.with { mautic in
      #expect(try await mautic.run("sync").status == 0)
      let closed = try mautic.place.names().filter { $0 == "state" || $0.hasPrefix("state/") }
      #expect(closed.count > 3)
      for name in closed.reversed() {
        try mautic.place.setMode(name.hasSuffix(".d") ? 0o500 : 0o400, of: name)
      }
      try mautic.place.setMode(0o500, of: "state")
      defer { try? mautic.place.setMode(0o700, of: "state") }
      for command in [["status"], ["runs"], ["explain", "p1@example.com"]] {
        let outcome = try await mautic.place.runAsUser(command, environment: MauticPlace.environment())
        #expect(outcome.status == 0 && outcome.err.isEmpty, "\(outcome)")
      }
    }
  }

  private func answers(_ place: Workplace) async throws -> [String] {
    var answers: [String] = []
    for command in Self.looking {
      let outcome = try await place.runAsUser(command)
      #expect(outcome.status == 0, "\(outcome)")
      answers.append(outcome.out)
    }
    return answers
  }

  @Test(
    "stops what would write, with 74 and the file's name, before anything is written",
    arguments: Closed.allCases)
  func writing(closed: Closed) async throws {
    let place = try Workplace.small()
    #expect(try await place.run("pull").status == 0)
    try closed.close(place)
    defer { try? closed.open(place) }
    for command in [["sync"], ["plan", "--no-pull"], ["pull"]] {
      let outcome = try await place.runAsUser(command)
      #expect(outcome.status == 74, "\(outcome)")
      #expect(outcome.out.isEmpty, "\(outcome)")
      #expect(outcome.err.contains("state/leadgauge.db cannot be written"), "\(outcome)")
      #expect(outcome.err.contains("Give this user write access"), "\(outcome)")
    }
    #expect(!place.exists("scores.csv"))
    try closed.open(place)
    #expect(try await place.runAsOf("sync").status == 0)
  }

  @Test("that may not even be read is 74 for everybody")
  func unreadable() async throws {
    let place = try Workplace.small()
    #expect(try await place.runAsOf("sync").status == 0)
    try place.setMode(0, of: "state/leadgauge.db")
    for command in [["status"], ["sync"], ["explain", "list/1"]] {
      let outcome = try await place.runAsUser(command)
      #expect(outcome.status == 74, "\(outcome)")
      #expect(
        outcome.err.contains("state/leadgauge.db cannot be") && outcome.err.contains("access"), "\(outcome)")
    }
  }

  @Test("cannot be read while there is something of a killed run to be written first, and that is said")
  func killedRun() async throws {
    let place = try Workplace.small()
    #expect(try await place.runAsOf("sync").status == 0)
    try place.write("state/leadgauge.db-wal", "what a killed run left")
    try place.setMode(0o500, of: "state")
    defer { try? place.setMode(0o700, of: "state") }
    let status = try await place.runAsUser(["status"])
    #expect(status.status == 74, "\(status)")
    #expect(status.err.contains("state/leadgauge.db-wal has to be written"), "\(status)")
    #expect(status.err.contains("as a user who may write to the folder"), "\(status)")
    try place.setMode(0o700, of: "state")
    #expect(try await place.run("status").status == 0)
  }

  @Test("where the folder takes no file it is 73 before the first run, and check says so")
  func noFolder() async throws {
    let place = try Workplace.small()
    try place.write("state/readme", "")
    try place.setMode(0o500, of: "state")
    defer { try? place.setMode(0o700, of: "state") }
    for command in [["sync"], ["check"]] {
      let outcome = try await place.runAsUser(command)
      #expect(outcome.status == 73, "\(outcome)")
      let words = (outcome.out + outcome.err).split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      #expect(words.contains("cannot be made (Permission denied)"), "\(outcome)")
    }
  }

  @Test("a folder where the file should be is 73")
  func folderInTheWay() async throws {
    let place = try Workplace.small()
    try place.write("state/leadgauge.db/readme", "")
    let sync = try await place.runAsOf("sync")
    #expect(sync.status == 73, "\(sync)")
    #expect(sync.err.contains("state/leadgauge.db cannot be made (a folder is there)"), "\(sync)")
  }

  @Test(
    "a file that may not grow ends a run with 74, wherever it stops, and the next run goes on",
    arguments: [1, 64, 200, 400])
  func smallFiles(blocks: Int) async throws {
    let place = try Workplace.crowd(300)
    try place.warmUp(1...30)
    let stopped = try await place.runWithSmallFiles(blocks: blocks, ["sync"] + Workplace.asOf)
    #expect(stopped.status == 74, "\(stopped)")
    #expect(!stopped.err.isEmpty)
    let again = try await place.runAsOf("sync")
    #expect(again.status == 0, "\(again)")
    #expect(try place.scores().values.count { $0.band == "hot" } == 30)
    #expect(try place.scores().count == 300)
  }
}
