import Foundation
import Sandbox
import Scoring
import Testing

@Suite struct AppendedActivityTests {
  @Test func `one in a hundred people does something new`() throws {
    let written = try WrittenSandbox(people: 2_000, connections: .one)
    let before = try written.text("web-activities.csv")
    let summary = try written.sandbox.appendActivity(to: written.folder)
    let after = try written.text("web-activities.csv")
    #expect(after.hasPrefix(before))
    let rows = try written.activities("web").suffix(summary.activities["web", default: 0])
    #expect(summary.people == 20)
    #expect(Set(rows.map { $0["contact", default: ""] + $0["email", default: ""] }).count == 20)
    #expect(try written.activities("web").count == 20_000 + rows.count)
  }

  @Test func `the new activity lies within the span that was named`() throws {
    let written = try WrittenSandbox(people: 2_000)
    let start = WrittenSandbox.now + .days(3)
    let summary = try written.sandbox.appendActivity(
      to: written.folder, share: 0.1, after: start, within: TimeSpan(seconds: 3_600))
    for name in ["web", "shop"] {
      let rows = try written.activities(name).suffix(summary.activities[name, default: 0])
      let times = rows.compactMap { Timestamp($0["at", default: ""]) }
      #expect(!times.isEmpty)
      #expect(times == times.sorted())
      #expect(times.allSatisfy { $0 >= start && $0 < start + TimeSpan(seconds: 3_600) })
    }
  }

  @Test func `the same batch gives the same bytes and another one other people`() throws {
    let worlds = try (0..<3).map { _ in try WrittenSandbox(people: 1_000, connections: .one) }
    for (written, batch) in zip(worlds, [1, 1, 2]) {
      try written.sandbox.appendActivity(to: written.folder, share: 0.05, batch: batch)
    }
    #expect(try worlds[0].text("web-activities.csv") == worlds[1].text("web-activities.csv"))
    let contacts = try worlds.map { written in
      Set(try written.activities("web").dropFirst(10_000).compactMap { $0["contact"] }).subtracting([""])
    }
    #expect(contacts[0].isDisjoint(with: contacts[2]))
  }

  @Test func `identities of different batches differ`() throws {
    let written = try WrittenSandbox(people: 50, connections: .one)
    for batch in 1...3 { try written.sandbox.appendActivity(to: written.folder, share: 1, batch: batch) }
    let rows = try written.activities("web").filter { $0["id"] != "" }
    let distinct = Set(rows)
    #expect(Set(distinct.compactMap { $0["id"] }).count == distinct.count)
  }

  @Test func `a missing file is reported with its path`() throws {
    let world = GeneratedWorld(people: 1, activitiesPerPerson: 1, seed: 1, now: WrittenSandbox.now)
    let failure = #expect(throws: SandboxFailure.self) {
      try FileSandbox(world: world).appendActivity(to: "/nowhere")
    }
    #expect(failure?.path == "/nowhere/web-activities.csv")
  }
}
