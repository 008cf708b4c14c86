import ConnectorConformance
import Platform
import Scoring
import Store
import Sync
import Testing

@Suite("The road from pull to apply")
struct PipelineTests {
  private func ready(_ options: InMemoryOptions = .web, contacts: Int = 3) throws -> Workbench {
    let bench = try Workbench(options)
    bench.connector.edit { content in
      for number in 1...contacts {
        content.contacts["\(number)"] = InMemoryContact("p\(number)@example.com", tags: ["vip"])
      }
      for _ in 0..<5 { content.addActivity(of: "1", .pageVisit, at: Timestamp(bench.now.seconds - 3_600)) }
    }
    return bench
  }

  private func sync(_ bench: Workbench, approves: Bool = false, fuses: FuseLimits = .standard) async throws
    -> RunResult
  {
    try await LeadRun("sync", context: bench.context(fuses: fuses)).sync(at: bench.now, approves: approves)
  }

  @Test("a dry run lists the differences and sends nothing that changes anything")
  func dryRun() async throws {
    let bench = try ready()
    let result = try await LeadRun("plan", context: bench.context()).plan(
      at: bench.now, pulls: true, path: nil)
    #expect(result.plan?.changes == 3)
    #expect(bench.connector.requests.isEmpty)
  }

  @Test("a sync writes score, band and tags, and the next one finds nothing to do", arguments: [true, false])
  func syncAndIdle(isFile: Bool) async throws {
    let bench = try ready(isFile ? .file : .web)
    let result = try await sync(bench)
    #expect(result.apply?.written == 3)
    #expect(bench.connector.held("1")?.score == 50)
    #expect(bench.connector.held("1")?.band == "hot")
    #expect(bench.connector.held("1")?.tags == ["vip", "lead_hot"])
    #expect(bench.connector.held("2")?.tags == ["vip", "lead_cold"])
    let again = try await sync(bench)
    #expect(again.plan?.changes == 0)
    #expect(again.apply?.written == 0)
    #expect(bench.connector.violations.isEmpty)
  }

  @Test("a contact that takes no writes counts for its person and is never in a plan, until it does")
  func takesNoWrites() async throws {
    let bench = try ready()
    bench.connector.edit { content in
      content.contacts["1"]?.isWritable = false
      content.contacts["2"]?.emails = ["p2@example.com", "p1@example.com"]
    }
    let first = try await sync(bench)
    #expect(first.plan?.changes == 2)
    #expect(bench.connector.held("1")?.score == nil)
    #expect(bench.connector.held("2")?.score == 50)
    bench.connector.edit { $0.contacts["1"]?.isWritable = true }
    #expect(try await sync(bench).apply?.written == 1)
    #expect(bench.connector.held("1")?.score == 50)
    bench.connector.edit { $0.contacts["1"]?.isWritable = false }
    bench.connector.edit { $0.addActivity(of: "1", .pageVisit, at: Timestamp(bench.now.seconds - 60)) }
    #expect(try await sync(bench).plan?.changes == 1)
    #expect(bench.connector.held("1")?.score == 50)
    #expect(bench.connector.held("2")?.score == 60)
  }

  @Test("only persons whose data changed are scored again")
  func costFollowsChange() async throws {
    let bench = try ready()
    _ = try await sync(bench)
    bench.connector.edit { $0.addActivity(of: "2", .pageVisit, at: Timestamp(bench.now.seconds - 60)) }
    let result = try await sync(bench)
    #expect(result.plan?.rescoring.persons == 1)
    #expect(bench.connector.held("2")?.score == 10)
  }

  @Test("contacts that share an address are one person, and all of them get the same")
  func onePerson() async throws {
    let bench = try ready()
    bench.connector.edit { $0.contacts["4"] = InMemoryContact("other@example.com", "P1@Example.com") }
    _ = try await sync(bench)
    #expect(bench.connector.held("4")?.score == 50)
    bench.connector.edit { $0.contacts["4"]?.emails = ["other@example.com"] }
    _ = try await sync(bench)
    #expect(bench.connector.held("4")?.score == 0)
    #expect(bench.connector.held("1")?.score == 50)
  }

  @Test("an address that more than ten contacts share joins nobody", arguments: [10, 11])
  func sharedMailbox(sharers: Int) async throws {
    let bench = try ready()
    bench.connector.edit { content in
      for number in 1...sharers { content.contacts["s\(number)"] = InMemoryContact("info@example.com") }
      content.addActivity(of: "s1", .pageVisit, at: Timestamp(bench.now.seconds - 60))
    }
    _ = try await sync(bench)
    #expect(bench.connector.held("s1")?.score == 10)
    #expect(bench.connector.held("s2")?.score == (sharers > 10 ? 0 : 10))
  }

  @Test("a fuse that blew stays blown until somebody approves")
  func latch() async throws {
    let bench = try ready()
    let tight = FuseLimits(maxChanges: 2_500, maxWrites: 2, maxShrink: 2_000)
    #expect(try await sync(bench, fuses: tight).isHeldBack)
    #expect(bench.connector.requests.isEmpty)
    let later = try await sync(bench)
    #expect(later.isHeldBack)
    #expect(ExitStatus.of(later) == .fuseBlew)
    let approved = try await sync(bench, approves: true)
    #expect(approved.apply?.written == 3)
    #expect(try bench.context().store.latches().isEmpty)
  }

  @Test("a first write that was cut off goes on as a first write", arguments: [InMemoryCall.write, .commit])
  func cutOff(call: InMemoryCall) async throws {
    let bench = try ready(.file, contacts: 150)
    bench.connector.fail(call, skipping: call == .write ? 1 : 0)
    let first = try await sync(bench)
    #expect(first.failures["crm"] != nil)
    bench.connector.calm()
    let second = try await sync(bench)
    #expect(!second.isHeldBack)
    #expect(bench.connector.held("150")?.score == 0)
  }

  @Test("a run that is stopped while it writes says how many it wrote, and the next one completes that")
  func stoppedRun() async throws {
    let bench = try ready(contacts: 250)
    bench.connector.fail(.write, ConnectorFailure(.cancelled, "stopped"), acted: true, skipping: 2)
    await #expect(throws: ConnectorFailure.self) { try await sync(bench) }
    #expect(try bench.context().store.runs().map(\.written) == [200])
    _ = try await sync(bench)
    #expect(try bench.context().store.runs().map(\.written) == [0, 250])
  }

  @Test("a lost answer is read back and neither forgotten nor written twice", arguments: [true, false])
  func lostAnswer(wasWritten: Bool) async throws {
    let bench = try ready()
    bench.connector.loseAnswer("1", written: wasWritten)
    let first = try await sync(bench)
    #expect(first.apply?.written == (wasWritten ? 3 : 2))
    bench.connector.calm()
    let second = try await sync(bench)
    #expect(second.apply?.written == (wasWritten ? 0 : 1))
    #expect(bench.connector.held("1")?.score == 50)
  }

  @Test("a refused contact is listed, does not stop the others, and is tried again")
  func refused() async throws {
    let bench = try ready()
    bench.connector.refuse("2", "read only")
    let first = try await sync(bench)
    #expect(first.apply?.written == 2)
    #expect(first.apply?.refusals.map(\.reason) == ["read only"])
    #expect(ExitStatus.of(first) == .someRefused)
    bench.connector.calm()
    #expect(try await sync(bench).apply?.written == 1)
  }

  @Test("a plan writes what it says, once, and only where the platform still holds its from")
  func planFile() async throws {
    let bench = try ready()
    let path = bench.folder + "/one.plan"
    _ = try await LeadRun("plan", context: bench.context()).plan(at: bench.now, pulls: true, path: path)
    bench.connector.edit { $0.contacts["3"]?.fields["lead_score"] = "7" }
    let result = try await LeadRun("apply", context: bench.context()).apply(path)
    #expect(result.apply?.written == 2)
    #expect(result.apply?.refusals.map(\.contact) == ["3"])
    #expect(bench.connector.held("3")?.score == 7)
    await #expect(throws: StalePlan.self) { try await LeadRun("apply", context: bench.context()).apply(path) }
    await #expect(throws: StalePlan.self) {
      let other = Workbench.model.replacing("points: 10", with: "points: 11")
      return try await LeadRun("apply", context: bench.context(model: other)).apply(path)
    }
  }

  @Test("a platform that suddenly lists next to nothing loses nobody until somebody approves")
  func shrink() async throws {
    let bench = try ready(.file, contacts: 100)
    _ = try await sync(bench)
    bench.connector.edit { content in for number in 51...100 { content.contacts["\(number)"] = nil } }
    let result = try await sync(bench)
    #expect(result.isHeldBack)
    #expect(result.record.contacts == 100)
    let approved = try await sync(bench, approves: true)
    #expect(!approved.isHeldBack)
    #expect(approved.record.contacts == 50)
  }
}
