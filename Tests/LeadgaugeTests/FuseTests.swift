import Foundation
import Testing

@Suite("A blown fuse holds everything back until somebody approves")
struct FuseTests {
  /// 40 people are written, then 24 of them become hot.
  private func beyondMaxChanges() async throws -> Workplace {
    let place = try Workplace.crowd(40)
    let first = try await place.runAsOf("sync")
    #expect(first.status == 0, "\(first)")
    try place.warmUp(1...24)
    return place
  }

  private func hot(_ place: Workplace) throws -> Int {
    try place.scores().values.count { $0.band == "hot" }
  }

  @Test("too many band changes: 10, nothing written, and the cure")
  func maxChanges() async throws {
    let place = try await beyondMaxChanges()
    let before = try place.text("scores.csv")
    let sync = try await place.runAsOf("sync")
    #expect(sync.status == 10, "\(sync)")
    #expect(sync.out.contains("Nothing was written: a fuse is blown."))
    let words = sync.out.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("24 of 40 contacts on list would change their band, more than maxChanges 25 %"))
    #expect(words.contains("leadgauge sync --approve"))
    #expect(try place.text("scores.csv") == before)
  }

  @Test("the first write of all is free of maxChanges")
  func firstWrite() async throws {
    let place = try Workplace.crowd(40)
    try place.warmUp(1...40)
    #expect(try await place.runAsOf("sync").status == 0)
    #expect(try hot(place) == 40)
  }

  @Test("up to the limit nothing blows", arguments: [(limit: "60%", status: 0), ("59.9%", 10)])
  func limit(limit: String, status: Int32) async throws {
    let place = try await beyondMaxChanges()
    try place.append("leadgauge.yaml", "fuses: { maxChanges: \(limit) }\n")
    let sync = try await place.runAsOf("sync")
    #expect(sync.status == status, "\(sync)")
  }

  @Test("it stays blown when its cause is gone, says so with --quiet, and shows in status")
  func latched() async throws {
    let place = try await beyondMaxChanges()
    #expect(try await place.runAsOf("sync").status == 10)
    try place.append("leadgauge.yaml", "fuses: { maxChanges: 100% }\n")
    let later = try await place.runAsOf("sync", "--quiet")
    #expect(later.status == 10, "\(later)")
    #expect(later.out.isEmpty)
    #expect(later.err.contains("maxChanges: blown since") && later.err.contains("--approve"), "\(later)")
    #expect(try hot(place) == 0)

    let status = try await place.run("status", "--json").document(StatusForm.self)
    #expect(status.fuses.map(\.fuse) == ["maxChanges"])
    #expect(status.lastRun?.exit == 10)
    #expect(try await place.run("status").out.contains("Fuse maxChanges blown since"))

    let plan = try await place.runAsOf("plan")
    #expect(plan.status == 0, "\(plan)")
  }

  @Test("sync --approve writes, and the fuse is whole again")
  func approve() async throws {
    let place = try await beyondMaxChanges()
    #expect(try await place.runAsOf("sync").status == 10)
    let approved = try await place.runAsOf("sync", "--approve")
    #expect(approved.status == 0, "\(approved)")
    let words = approved.out.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("Approved: fuse maxChanges of list, blown since"), "\(approved)")
    #expect(words.contains("24 of 40 contacts on list would change their band"))
    #expect(try hot(place) == 24)
    #expect(try await place.runAsOf("sync").status == 0)
    #expect(try await place.run("status").out.contains("Fuses: all whole."))
  }

  @Test("--approve where nothing was blown says so and is no way around what blows now")
  func approveBlindly() async throws {
    let place = try await beyondMaxChanges()
    let blind = try await place.runAsOf("sync", "--approve")
    #expect(blind.status == 10, "\(blind)")
    #expect(blind.out.hasPrefix("No fuse was blown, so --approve approved nothing.\n"), "\(blind)")
    #expect(try hot(place) == 0)
  }

  @Test("so does the apply of a plan that was looked at, and the plan warns of the fuse")
  func apply() async throws {
    let place = try await beyondMaxChanges()
    #expect(try await place.runAsOf("sync").status == 10)
    let plan = try await place.runAsOf("plan", "-o", "monday.plan")
    #expect(plan.out.contains("The fuse maxChanges would blow on list: 24 of 40"), "\(plan)")
    let apply = try await place.run("apply", "monday.plan")
    #expect(apply.status == 0, "\(apply)")
    #expect(try hot(place) == 24)
    #expect(try await place.runAsOf("sync").status == 0)
  }

  @Test("too many writes", arguments: ["sync", "backfill"])
  func maxWrites(command: String) async throws {
    let place = try Workplace.crowd(30, fuses: "fuses: { maxWrites: 29 }\n")
    let since = command == "backfill" ? ["--since", "2026-01-01"] : []
    let run = try await Program.run([command, "--json"] + since + Workplace.asOf, in: place.path)
    #expect(run.status == 10, "\(run)")
    let result = try run.document(ResultForm.self)
    #expect(result.heldBack && result.exit == 10 && result.written == nil)
    #expect(result.fuses.map(\.fuse) == ["maxWrites"])
    #expect(!place.exists("scores.csv"))
  }

  @Test("too many contacts missing: they are kept until somebody approves")
  func maxShrink() async throws {
    let place = try Workplace.crowd(60)
    #expect(try await place.runAsOf("sync").status == 0)
    try place.listCrowd(1...20)
    let sync = try await place.runAsOf("sync")
    #expect(sync.status == 10, "\(sync)")
    #expect(sync.out.contains("maxShrink: 40 of 60 contacts on list are missing"), "\(sync)")
    #expect(try await place.run("status", "--json").document(StatusForm.self).connections[0].contacts == 60)
    #expect(try await place.runAsOf("sync", "--approve").status == 0)
    #expect(try await place.run("status", "--json").document(StatusForm.self).connections[0].contacts == 20)
  }
}
