import ConnectorConformance
import Foundation
import Platform
import Scoring
import Store
import Sync
import Testing

@Suite("Getting around the fuses")
struct FuseGuardTests {
  private static let model = Workbench.model

  private func bench(_ options: InMemoryOptions = .web, contacts: Int = 100) throws -> Workbench {
    let bench = try Workbench(options)
    bench.connector.edit { content in
      for number in 1...contacts { content.contacts["\(number)"] = InMemoryContact("p\(number)@example.com") }
    }
    return bench
  }

  private func sync(
    _ bench: Workbench, model: String = FuseGuardTests.model, approves: Bool = false,
    fuses: FuseLimits = .standard, policy: WritePolicy = .standard, also other: InMemoryConnector? = nil,
    chosen: Set<String> = [], limit: Int? = nil
  ) async throws -> RunResult {
    try await LeadRun(
      "sync", context: bench.context(model: model, fuses: fuses, policy: policy, also: other, chosen: chosen)
    ).sync(at: bench.now, approves: approves, limit: limit)
  }

  private func visit(_ bench: Workbench, _ contacts: ClosedRange<Int>) {
    bench.connector.edit { content in
      for number in contacts {
        for _ in 0..<4 {
          content.addActivity(of: "\(number)", .pageVisit, at: Timestamp(bench.now.seconds - 60))
        }
      }
    }
  }

  private func leave(_ bench: Workbench, _ contacts: ClosedRange<Int>) {
    bench.connector.edit { content in for number in contacts { content.contacts["\(number)"] = nil } }
  }

  private func other(contacts: Int = 40) -> InMemoryConnector {
    let other = InMemoryConnector(.web)
    other.edit { content in
      for number in 1...contacts {
        content.contacts["o\(number)"] = InMemoryContact("o\(number)@example.com")
      }
    }
    return other
  }

  // MARK: - Approving

  @Test("who approves is told what he approves")
  func names() async throws {
    let bench = try bench()
    _ = try await sync(bench)
    visit(bench, 1...30)
    #expect(try await sync(bench).isHeldBack)
    let approved = try await sync(bench, approves: true)
    #expect(!approved.isHeldBack)
    #expect(approved.approval?.released.map(\.fuse) == ["maxChanges"])
    #expect(
      approved.approval?.released[0].message.hasPrefix("30 of 100 contacts on crm would change") == true)
    #expect(approved.apply?.written == 30)
    // What was approved is done with.
    #expect(try await sync(bench, approves: true).approval?.released.isEmpty == true)
  }

  @Test("approving where nothing was blown approves nothing: what blows now has been seen by nobody")
  func blindly() async throws {
    let bench = try bench()
    _ = try await sync(bench)
    visit(bench, 1...30)
    let blind = try await sync(bench, approves: true)
    #expect(blind.isHeldBack)
    #expect(blind.approval?.released.isEmpty == true)
    #expect(try await !sync(bench, approves: true).isHeldBack)
  }

  @Test("a fuse that a plan showed to be blown can be approved without a sync that blows it")
  func shownByPlan() async throws {
    let bench = try bench()
    _ = try await sync(bench)
    visit(bench, 1...30)
    _ = try await LeadRun("plan", context: bench.context()).plan(at: bench.now, pulls: true, path: nil)
    let approved = try await sync(bench, approves: true)
    #expect(approved.apply?.written == 30)
    #expect(approved.approval?.released.map(\.fuse) == ["maxChanges"])
  }

  @Test("what was approved is what was shown: by far more, or by another model, it blows again")
  func more() async throws {
    let bench = try bench()
    _ = try await sync(bench)
    visit(bench, 1...30)
    _ = try await sync(bench)
    visit(bench, 31...90)
    #expect(try await sync(bench, approves: true).isHeldBack)
    #expect(
      try await sync(bench, model: Self.model.replacing("points: 10", with: "points: 11"), approves: true)
        .isHeldBack)
    visit(bench, 91...95)
    #expect(
      try await !sync(bench, model: Self.model.replacing("points: 10", with: "points: 11"), approves: true)
        .isHeldBack)
  }

  @Test("a fuse that an older version latched, which kept nothing of what it showed, can be approved")
  func olderState() async throws {
    let bench = try bench()
    _ = try await sync(bench)
    visit(bench, 1...30)
    try bench.context().store.blow(
      Latch(connection: "crm", fuse: "maxChanges", blownAt: bench.now, run: "0", message: "m. c"))
    #expect(try await sync(bench, approves: true).apply?.written == 30)
  }

  // MARK: - One connection and another

  @Test("a run over one connection neither forgets nor releases a fuse of another one")
  func otherConnection() async throws {
    let bench = try bench()
    let other = other()
    _ = try await sync(bench, also: other)
    visit(bench, 1...30)
    #expect(try await sync(bench, also: other).isHeldBack)
    let plain = try await sync(bench, also: other, chosen: ["other"])
    #expect(plain.isHeldBack)
    #expect(plain.blown[0].cure.contains("other connections"))
    #expect(plain.blown[0].message.hasSuffix("more than maxChanges 25 %"))
    let approved = try await sync(bench, approves: true, also: other, chosen: ["other"])
    #expect(!approved.isHeldBack)
    #expect(approved.approval?.released.isEmpty == true)
    #expect(approved.approval?.kept.map(\.connection) == ["crm"])
    #expect(try await sync(bench, also: other).isHeldBack)
    #expect(bench.connector.held("1")?.band == "cold")
    #expect(try await !sync(bench, approves: true, also: other, chosen: ["crm"]).isHeldBack)
    #expect(bench.connector.held("1")?.band == "hot")
  }

  @Test("a fuse over the whole plan is approved only by a run over all connections")
  func wholePlan() async throws {
    let bench = try bench()
    let other = other()
    let tight = FuseLimits(maxChanges: 10_000, maxWrites: 50, maxShrink: 10_000)
    #expect(try await sync(bench, fuses: tight, also: other).isHeldBack)
    let part = try await sync(bench, approves: true, fuses: tight, also: other, chosen: ["other"])
    #expect(part.approval?.kept.map(\.fuse) == ["maxWrites"])
    #expect(part.apply?.written == 40)
    #expect(try await sync(bench, fuses: tight, also: other).isHeldBack)
    #expect(try await sync(bench, approves: true, fuses: tight, also: other).apply?.written == 100)
  }

  @Test("what a plan of one connection shows does not approve what another one would do")
  func planOfAnother() async throws {
    let bench = try bench()
    let other = other()
    _ = try await sync(bench, also: other)
    visit(bench, 1...30)
    _ = try await LeadRun("plan", context: bench.context(also: other, chosen: ["other"])).plan(
      at: bench.now, pulls: true, path: nil)
    #expect(try await sync(bench, approves: true, also: other).isHeldBack)
  }

  @Test("a fuse of a connection that is no longer configured can be approved")
  func formerConnection() async throws {
    let bench = try bench()
    let other = other()
    _ = try await sync(bench, also: other)
    let store = try bench.context().store
    try store.blow(Latch(connection: "other", fuse: "maxChanges", blownAt: bench.now, run: "0", message: "m"))
    #expect(try await sync(bench).isHeldBack)
    #expect(try await !sync(bench, approves: true).isHeldBack)
    #expect(try store.latches().isEmpty)
  }

  // MARK: - Missing contacts

  @Test("contacts that went missing after the plan was made are not forgotten because it is applied")
  func missingAfterPlan() async throws {
    let bench = try bench(.file)
    _ = try await sync(bench)
    visit(bench, 1...3)
    let path = bench.folder + "/early.plan"
    _ = try await LeadRun("plan", context: bench.context()).plan(at: bench.now, pulls: true, path: path)
    leave(bench, 51...100)
    let result = try await LeadRun("apply", context: bench.context()).apply(path)
    #expect(result.isHeldBack)
    #expect(result.blown.map(\.fuse) == ["maxShrink"])
    #expect(result.record.contacts == 100)
    #expect(bench.connector.held("1")?.band == "cold")
    // A plan that shows them missing is one that was looked at.
    _ = try await LeadRun("plan", context: bench.context()).plan(at: bench.now, pulls: true, path: path)
    let looked = try await LeadRun("apply", context: bench.context()).apply(path)
    #expect(looked.apply?.written == 3)
    #expect(looked.record.contacts == 50)
    #expect(try bench.context().store.latches().isEmpty)
  }

  @Test("a plan that was made before a fuse blew does not release it")
  func olderPlan() async throws {
    let bench = try bench()
    _ = try await sync(bench)
    visit(bench, 1...3)
    let path = bench.folder + "/older.plan"
    _ = try await LeadRun("plan", context: bench.context()).plan(at: bench.now, pulls: true, path: path)
    visit(bench, 4...40)
    #expect(try await sync(bench).isHeldBack)
    let result = try await LeadRun("apply", context: bench.context()).apply(path)
    #expect(result.isHeldBack)
    #expect(result.blown[0].message.hasPrefix("blown after this plan was made"))
    _ = try await LeadRun("plan", context: bench.context()).plan(at: bench.now, pulls: true, path: path)
    #expect(try await LeadRun("apply", context: bench.context()).apply(path).apply?.written == 40)
    #expect(try bench.context().store.latches().isEmpty)
  }

  @Test("more contacts that go missing while somebody approves are kept")
  func moreMissing() async throws {
    let bench = try bench(.file)
    _ = try await sync(bench)
    leave(bench, 61...100)
    #expect(try await sync(bench).isHeldBack)
    leave(bench, 11...60)
    let blind = try await sync(bench, approves: true)
    #expect(blind.isHeldBack)
    #expect(blind.record.contacts == 100)
    #expect(try await sync(bench, approves: true).record.contacts == 10)
  }

  @Test("a dry run shows a fuse that an earlier run blew")
  func shownInPlan() async throws {
    let bench = try bench()
    _ = try await sync(bench)
    visit(bench, 1...30)
    _ = try await sync(bench)
    bench.connector.edit { $0.activities.removeAll() }
    let plan = try await LeadRun("plan", context: bench.context(fuses: .open)).plan(
      at: bench.now, pulls: false, path: nil)
    #expect(plan.blown.map(\.fuse) == ["maxChanges"])
    #expect(plan.blown[0].message.hasPrefix("blown since"))
  }

  // MARK: - Bands

  @Test("another model does not pass as the rest of a first write that was cut off")
  func otherModelInFirstWrite() async throws {
    let bench = try bench()
    #expect(try await sync(bench, limit: 60).apply?.written == 60)
    let other = Self.model.replacing(
      "field: job_title, contains: [ceo], points: 5", with: "missing: [job_title], points: 50")
    let result = try await sync(bench, model: other)
    #expect(result.isHeldBack)
    #expect(result.blown[0].message.hasPrefix("60 of 100 contacts"))
    #expect(try await sync(bench, approves: true).apply?.written == 40)
  }

  @Test("where only the score is written, the band in which the held score lies is the one that changes")
  func scoreAlone() async throws {
    let bench = try bench()
    var policy = WritePolicy.standard
    policy.fields = WrittenFields(score: .field("lead_score"), band: nil, reasons: nil, tags: false)
    _ = try await sync(bench, policy: policy)
    let three = "missing: [job_title], points: 3"
    let moved = try await sync(
      bench, model: Self.model.replacing("field: job_title, contains: [ceo], points: 5", with: three),
      policy: policy)
    #expect(moved.apply?.written == 100)
    let hot = three.replacing("3", with: "50")
    #expect(
      try await sync(
        bench, model: Self.model.replacing("field: job_title, contains: [ceo], points: 5", with: hot),
        policy: policy
      ).isHeldBack)
  }

  @Test("a model that moves everybody's score within the bands is no matter for maxChanges but for maxWrites")
  func everybodyWithinBands() async throws {
    let bench = try bench()
    _ = try await sync(bench)
    let model = Self.model.replacing(
      "field: job_title, contains: [ceo], points: 5", with: "missing: [job_title], points: 3")
    let tight = FuseLimits(maxChanges: 2_500, maxWrites: 99, maxShrink: 2_000)
    let result = try await sync(bench, model: model, fuses: tight)
    #expect(result.blown.map(\.fuse) == ["maxWrites"])
    #expect(try await sync(bench, model: model, approves: true, fuses: .standard).apply?.written == 100)
  }

  @Test("every blown fuse says what to do", arguments: ["maxChanges", "maxWrites", "maxShrink"])
  func cures(fuse: String) async throws {
    let bench = try bench(.file)
    _ = try await sync(bench)
    switch fuse {
    case "maxShrink": leave(bench, 51...100)
    default: visit(bench, 1...40)
    }
    let limits = FuseLimits(
      maxChanges: fuse == "maxWrites" ? 10_000 : 2_500, maxWrites: fuse == "maxWrites" ? 39 : 1_000,
      maxShrink: 2_000)
    let result = try await sync(bench, fuses: limits)
    let blown = try #require(result.blown.first { $0.fuse == fuse })
    #expect(blown.cure.contains("leadgauge sync --approve"))
    let latch = try #require(try bench.context().store.latches().first { $0.fuse == fuse })
    #expect(latch.message.contains("leadgauge sync --approve"))
  }

  // MARK: - Numbers

  @Test("a platform may hold any number without stopping the program", arguments: [Int.max, .min, .min + 1])
  func extremes(score: Int) async throws {
    let bench = try bench(contacts: 2)
    bench.connector.layout = .standard
    bench.connector.edit { $0.contacts["1"]?.fields["lead_score"] = "\(score)" }
    visit(bench, 2...2)
    #expect(try await sync(bench, limit: 1).apply?.written == 1)
    _ = try await sync(bench)
    #expect(bench.connector.held("1")?.score == 0)
  }

  @Test("a move of exactly minDelta is written, one less is not", arguments: [(10, true), (11, false)])
  func minDelta(delta: Int, isWritten: Bool) async throws {
    let bench = try bench(contacts: 2)
    _ = try await sync(bench)
    bench.connector.edit { $0.addActivity(of: "1", .pageVisit, at: Timestamp(bench.now.seconds - 60)) }
    var policy = WritePolicy.standard
    policy.minDelta = delta
    #expect(try await sync(bench, policy: policy).plan?.changes == (isWritten ? 1 : 0))
  }

  @Test(
    "on a platform that cannot store 0, none is 0 for minDelta; elsewhere any number is a move from none",
    arguments: [true, false])
  func minDeltaFromNothing(storesZero: Bool) async throws {
    var options = InMemoryOptions.web
    options.capabilities.storesZero = storesZero
    let bench = try bench(options, contacts: 1)
    var policy = WritePolicy(
      fields: WrittenFields(score: .field("lead_score"), band: nil, reasons: nil, tags: false))
    policy.minDelta = 11
    bench.connector.edit { $0.addActivity(of: "1", .pageVisit, at: Timestamp(bench.now.seconds - 60)) }
    #expect(try await sync(bench, policy: policy).plan?.changes == (storesZero ? 1 : 0))
  }

  @Test("any slack holds a band, and no number of it overflows")
  func endlessSlack() async throws {
    let bench = try bench(contacts: 1)
    visit(bench, 1...1)
    _ = try await sync(bench)
    var policy = WritePolicy.standard
    policy.bandSlack = .max
    _ = try await sync(
      bench, model: Self.model.replacing("points: 10, max: 8", with: "points: 1, max: 8"), policy: policy)
    #expect(bench.connector.held("1")?.score == 4)
    #expect(bench.connector.held("1")?.band == "hot")
  }
}
