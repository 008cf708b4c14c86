import ConnectorConformance
import Foundation
import Platform
import Scoring
import Store
import Sync
import Testing

@Suite("Undo")
struct UndoTests {
  /// Contacts "1" to "n"; each paid so many visits as its number modulo 6.
  private func bench(_ options: InMemoryOptions = .web, contacts: Int = 12) throws -> Workbench {
    let bench = try Workbench(options)
    bench.connector.edit { content in
      for number in 1...contacts {
        content.contacts["\(number)"] = InMemoryContact("p\(number)@example.com", tags: ["vip"])
        for _ in 0..<number % 6 {
          content.addActivity(of: "\(number)", .pageVisit, at: Timestamp(bench.now.seconds - 3_600))
        }
      }
    }
    return bench
  }

  private func sync(_ bench: Workbench, model: String = Workbench.model) async throws -> RunResult {
    try await LeadRun("sync", context: bench.context(model: model, fuses: .open)).sync(
      at: bench.now, approves: false)
  }

  private func undo(
    _ bench: Workbench, _ run: String = "last", fuses: FuseLimits = .open, approves: Bool = false,
    isDryRun: Bool = false, path: String? = nil, policy: WritePolicy = .standard
  ) async throws -> RunResult {
    try await LeadRun("undo", context: bench.context(fuses: fuses, policy: policy)).undo(
      run, approves: approves, isDryRun: isDryRun, path: path)
  }

  /// What is held for everybody, without versions.
  private func held(_ bench: Workbench) -> [String: HeldState] {
    bench.connector.content.contacts.keys.reduce(into: [:]) { states, id in
      states[id] = bench.connector.held(id)
      states[id]?.version = nil
    }
  }

  @Test(
    "of a thousand contacts that a run wrote and of which others changed fifty since, 950 are taken back and 50 are named",
    arguments: [true, false])
  func thousand(isFile: Bool) async throws {
    let bench = try bench(isFile ? .file : .web, contacts: 1_000)
    _ = try await sync(bench, model: Workbench.model.replacing("points: 10", with: "points: 7"))
    let before = held(bench)
    // Everybody's score moves, also of those who never came.
    let second = try await sync(
      bench,
      model: Workbench.model.replacing(
        "field: job_title, contains: [ceo], points: 5", with: "missing: [job_title], points: 3"))
    #expect(second.apply?.written == 1_000)
    bench.connector.edit { content in
      for number in 1...50 { content.contacts["\(number)"]?.fields["lead_score"] = "77" }
    }
    let result = try await undo(bench)
    #expect(result.undo?.changes == 950)
    #expect(result.apply?.written == 950)
    #expect(result.apply?.refused == 50)
    #expect(Set(result.apply?.refusals.map(\.contact) ?? []) == Set((1...50).map { "\($0)" }))
    #expect(result.apply?.refusals.allSatisfy { $0.reason.hasPrefix("its score is 77 now") } == true)
    #expect(ExitStatus.of(result) == .someRefused)
    let after = held(bench)
    #expect((51...1_000).allSatisfy { after["\($0)"] == before["\($0)"] })
    #expect((1...50).allSatisfy { after["\($0)"]?.score == 77 })
    #expect(bench.connector.violations.isEmpty)
  }

  @Test("the undo of a first write leaves the platform as it was", arguments: [true, false])
  func firstWrite(isFile: Bool) async throws {
    let bench = try bench(isFile ? .file : .web)
    let before = held(bench)
    _ = try await sync(bench)
    #expect(held(bench) != before)
    let result = try await undo(bench)
    #expect(ExitStatus.of(result) == .done)
    #expect(held(bench) == before)
  }

  @Test("where a score cannot be emptied again it stays, and the contact is named")
  func cannotClear() async throws {
    var options = InMemoryOptions.web
    options.capabilities.canClearScore = false
    let bench = try bench(options, contacts: 5)
    _ = try await sync(bench)
    let result = try await undo(bench)
    #expect(result.undo?.keptScoreCount == 5)
    #expect(
      result.undo?.keptScores.first { $0.contact == "5" }?.reason
        == "its score was empty before and cannot be emptied again; it stays 50")
    #expect(bench.connector.held("5")?.score == 50)
    #expect(bench.connector.held("5")?.band == nil)
    #expect(bench.connector.held("5")?.tags == ["vip"])
  }

  @Test(
    "a platform that cannot store 0 gets back what it held, and 0 is no edit of somebody",
    arguments: [true, false])
  func noZero(canClear: Bool) async throws {
    var options = InMemoryOptions.web
    options.capabilities.storesZero = false
    options.capabilities.canClearScore = canClear
    let bench = try bench(options)
    let before = held(bench)
    _ = try await sync(bench)
    #expect(bench.connector.held("6")?.score == nil)
    let result = try await undo(bench)
    #expect(result.apply?.refused == 0)
    #expect(held(bench) == before)
  }

  @Test("an undo can be undone, and then the run can be undone once more")
  func undoOfUndo() async throws {
    let bench = try bench()
    let before = held(bench)
    let run = try await sync(bench)
    let written = held(bench)
    let back = try await undo(bench)
    #expect(try await undo(bench, back.record.id).apply?.written == 12)
    #expect(held(bench) == written)
    #expect(try await undo(bench, run.record.id).apply?.written == 12)
    #expect(held(bench) == before)
  }

  @Test("runs can be undone one after the other, the last one first")
  func stepByStep() async throws {
    let bench = try bench()
    var states = [held(bench)]
    var runs: [String] = []
    for _ in 1...3 {
      runs.append(try await sync(bench).record.id)
      states.append(held(bench))
      bench.connector.edit { content in
        for number in 1...12 {
          content.addActivity(of: "\(number)", .pageVisit, at: Timestamp(bench.now.seconds - 60))
        }
      }
    }
    for step in (0..<3).reversed() {
      #expect(try await undo(bench, runs[step]).apply?.refused == 0)
      #expect(held(bench) == states[step])
    }
  }

  @Test("'last' is the last run that wrote and is no undo, so that asking twice takes nothing back twice")
  func last() async throws {
    let bench = try bench()
    let run = try await sync(bench)
    _ = try await LeadRun("plan", context: bench.context()).plan(at: bench.now, pulls: true, path: nil)
    let back = try await undo(bench)
    #expect(back.undo?.run.id == run.record.id)
    let refusal = await #expect(throws: UndoRefusal.self) { try await undo(bench) }
    #expect(refusal?.what.contains("was undone already, by run \(back.record.id)") == true)
  }

  @Test("the beginning of a run's id is enough if no other begins so")
  func prefix() async throws {
    let bench = try bench()
    let run = try await sync(bench)
    let idle = try await sync(bench)
    let unique = zip(run.record.id, idle.record.id).prefix { $0 == $1 }.count + 1
    let result = try await undo(bench, String(run.record.id.prefix(unique)).lowercased(), isDryRun: true)
    #expect(result.undo?.run.id == run.record.id)
    let several = await #expect(throws: UndoRefusal.self) {
      try await undo(bench, String(run.record.id.prefix(6)))
    }
    #expect(several?.what.contains("is the beginning of several runs") == true)
  }

  @Test("a run that is unknown or wrote nothing cannot be undone, and it is said which")
  func nothingToUndo() async throws {
    let bench = try bench()
    let none = await #expect(throws: UndoRefusal.self) { try await undo(bench) }
    #expect(none?.what == "no run has written anything yet")
    for name in ["01ZZZ", "", "%"] {
      let unknown = await #expect(throws: UndoRefusal.self) { try await undo(bench, name) }
      #expect(unknown?.what == "there is no run '\(name)'")
    }
    _ = try await sync(bench)
    let idle = try await sync(bench)
    let empty = await #expect(throws: UndoRefusal.self) { try await undo(bench, idle.record.id) }
    #expect(empty?.what.contains("wrote nothing") == true)
    #expect(empty.map(ExitStatus.of) == .usage)
  }

  @Test("a dry run shows everything and sends nothing; its file can be applied, once")
  func dryRun() async throws {
    let bench = try bench()
    let before = held(bench)
    _ = try await sync(bench)
    let requests = bench.connector.requests.count
    let path = bench.folder + "/back.plan"
    let shown = try await undo(bench, isDryRun: true, path: path)
    #expect(shown.undo?.changes == 12)
    #expect(shown.undo?.moves[UndoSummary.BandMove(from: "hot", to: nil)] == 4)
    #expect(bench.connector.requests.count == requests)
    // Another model is no hindrance: what was written is what counts.
    let model = Workbench.model.replacing("lead_", with: "mark_")
    _ = try await LeadRun("apply", context: bench.context(model: model)).apply(path)
    #expect(held(bench) == before)
    await #expect(throws: StalePlan.self) { try await LeadRun("apply", context: bench.context()).apply(path) }
    await #expect(throws: UndoRefusal.self) { try await undo(bench) }
    #expect(bench.connector.violations.isEmpty)
  }

  @Test("what others change between the look and the write is left, too")
  func changedMeanwhile() async throws {
    let bench = try bench(contacts: 3)
    _ = try await sync(bench)
    bench.connector.beforeEachCall { connector, call in
      guard call == .current else { return }
      connector.beforeEachCall(nil)
      connector.edit { content in
        content.contacts["1"]?.fields["lead_band"] = "warm"
        content.contacts["2"]?.tags = ["vip"]
        content.merge("3", into: "2")
      }
    }
    let result = try await undo(bench)
    let reasons = Dictionary(
      (result.apply?.refusals ?? []).map { ($0.contact, $0.reason) }, uniquingKeysWith: { first, _ in first })
    #expect(
      reasons == [
        "1": "its band is warm now, not cold as written",
        "2": "its tags were changed since: lead_warm taken away",
        "3": "the contact became a part of 2",
      ])
    #expect(bench.connector.held("1")?.band == "warm")
  }

  @Test(
    "reasons that somebody wrote over are left, and ones that the platform cut off are not taken for that")
  func reasons() async throws {
    let bench = try bench(contacts: 2)
    _ = try await sync(bench)
    bench.connector.edit { content in
      content.contacts["1"]?.fields["lead_reasons"] = "visit…"
      content.contacts["2"]?.fields["lead_reasons"] = "Called on Monday"
    }
    let result = try await undo(bench)
    #expect(
      result.apply?.refusals.map(\.reason)
        == ["its reasons text is 'Called on Monday' now, not 'visit +20' as written"])
    #expect(bench.connector.held("1")?.reasons == nil)
  }

  @Test(
    "a text that the platform cut, stripped or escaped is still ours; one with words of somebody is not",
    arguments: [
      ("Saw the pricing page +40 · Clicked a li…", true), ("Saw the pricing page +40", true),
      ("  Saw the pricing page +40 · Clicked a link in R&#38;D +15 ", true),
      ("Saw the pricing page +40 · Clicked a link in R&amp;D +15", true), ("", false),
      ("Called on Monday", false),
      ("Saw the pricing page +41 · Clicked a link in R&D +15", false),
      ("Saw the pricing page +40 · Clicked a link in R&D +15. Call!", false), ("Clicked Saw", false),
    ])
  func texts(held: String, isOurs: Bool) async throws {
    let bench = try bench(contacts: 1)
    let model = Workbench.model.replacing(
      "{ id: visit,",
      with: "{ id: visit, label: Saw the pricing page +40 · Clicked a link in R&D +15 and more,")
    _ = try await sync(bench, model: model)
    bench.connector.edit { $0.contacts["1"]?.fields["lead_reasons"] = held.isEmpty ? nil : held }
    #expect(try await undo(bench).apply?.written == (isOurs ? 1 : 0))
  }

  @Test("tags and fields of others are not touched, whatever they did meanwhile")
  func othersTags() async throws {
    let bench = try bench(contacts: 2)
    _ = try await sync(bench)
    bench.connector.edit { content in
      content.contacts["1"]?.tags.formUnion(["newsletter"])
      content.contacts["1"]?.tags.remove("vip")
      content.contacts["1"]?.fields["city"] = "Hue"
    }
    #expect(try await undo(bench).apply?.written == 2)
    #expect(bench.connector.content.contacts["1"]?.tags == ["newsletter"])
    #expect(bench.connector.content.contacts["1"]?.fields["city"] == "Hue")
  }

  @Test("contacts that a later run wrote again are left, and the later run is named")
  func laterRun() async throws {
    let bench = try bench(contacts: 3)
    let first = try await sync(bench)
    bench.connector.edit { $0.addActivity(of: "1", .pageVisit, at: Timestamp(bench.now.seconds - 60)) }
    let second = try await sync(bench)
    let result = try await undo(bench, first.record.id)
    #expect(result.apply?.written == 2)
    #expect(
      result.apply?.refusals.map(\.reason)
        == ["its score is 20 now, not 10 as written; run \(second.record.id) wrote it later"])
  }

  @Test("contacts that are gone, or take no writes any more, are named")
  func gone() async throws {
    let bench = try bench(contacts: 3)
    _ = try await sync(bench)
    bench.connector.edit { content in
      content.contacts["1"] = nil
      content.contacts["2"]?.isWritable = false
    }
    let result = try await undo(bench)
    #expect(result.apply?.written == 1)
    #expect(
      Set(result.apply?.refusals.map(\.reason) ?? []) == [
        "the contact is gone, or became a part of another one", "the contact takes no writes any more",
      ])
  }

  @Test("after an undo the next sync writes by the model again")
  func syncAfterwards() async throws {
    let bench = try bench()
    _ = try await sync(bench)
    let written = held(bench)
    _ = try await undo(bench)
    #expect(try await sync(bench).apply?.written == 12)
    #expect(held(bench) == written)
  }

  @Test(
    "an undo that is stopped goes on when it is asked for again", arguments: [InMemoryCall.write, .current])
  func stopped(call: InMemoryCall) async throws {
    let bench = try bench(contacts: 250)
    let before = held(bench)
    _ = try await sync(bench)
    bench.connector.fail(call, skipping: 1)
    let first = try await undo(bench)
    #expect(ExitStatus.of(first) == .unavailable)
    #expect(first.apply?.written == 100)
    bench.connector.calm()
    let second = try await undo(bench)
    #expect(second.apply?.written == 150)
    #expect(held(bench) == before)
  }

  @Test("an undo whose answer was lost and whose process died is written anew by the next sync")
  func lostAndKilled() async throws {
    let bench = try bench(contacts: 2)
    _ = try await sync(bench)
    // The write arrives, its answer does not, and nothing answers any more until the process ends.
    bench.connector.loseAnswer("2", written: true)
    bench.connector.fail(.current, skipping: 1, times: nil)
    _ = try await undo(bench)
    bench.connector.calm()
    #expect(bench.connector.held("2")?.score == nil)
    _ = try await sync(bench)
    #expect(bench.connector.held("2")?.score == 20)
  }

  @Test("the fuses watch an undo; approving it writes, and leaves the fuses of syncs as they are")
  func fuses() async throws {
    let bench = try bench(contacts: 40)
    let before = held(bench)
    let run = try await sync(bench)
    let held1 = try await undo(bench, fuses: .standard)
    #expect(held1.isHeldBack)
    #expect(ExitStatus.of(held1) == .fuseBlew)
    #expect(held1.blown.map(\.fuse) == ["maxChanges"])
    #expect(held1.blown[0].cure.contains("leadgauge undo \(run.record.id) --approve"))
    #expect(try bench.context().store.latches().isEmpty)
    let context = try bench.context()
    try context.store.blow(
      Latch(connection: "crm", fuse: "maxShrink", blownAt: bench.now, run: "0", message: "m"))
    #expect(try await undo(bench).isHeldBack)
    #expect(try await !undo(bench, fuses: .standard, approves: true).isHeldBack)
    #expect(held(bench) == before)
    #expect(try context.store.latches().count == 1)
  }

  @Test("a connection to which nothing is written any more is left alone, and it is said how to go on")
  func readOnly() async throws {
    let bench = try bench(contacts: 3)
    let other = InMemoryConnector(.web)
    other.edit { $0.contacts["o1"] = InMemoryContact("p1@example.com") }
    _ = try await LeadRun("sync", context: bench.context(also: other)).sync(at: bench.now, approves: false)
    let result = try await LeadRun("undo", context: bench.context(also: other, chosen: ["crm"])).undo("last")
    #expect(result.apply?.written == 3)
    #expect(result.undo?.connections.map(\.obstacle) == [nil, "it is not part of this run (--connection)"])
    #expect(other.held("o1")?.score == 10)
    #expect(
      try await LeadRun("undo", context: bench.context(also: other)).undo("last").apply?.written == 1)
    #expect(other.held("o1")?.score == nil)
  }
}

extension FuseLimits {
  /// Nothing blows.
  static let open = FuseLimits(maxChanges: 10_000, maxWrites: 1_000_000, maxShrink: 10_000)
}
