import ConnectorConformance
import Platform
import Scoring
import Store
import Sync
import Testing

@Suite("What happens to people over time")
struct PromiseTests {
  private func bench(_ options: InMemoryOptions = .web, contacts: Int = 3, visits: Int = 5) throws
    -> Workbench
  {
    let bench = try Workbench(options)
    bench.connector.edit { content in
      for number in 1...contacts { content.contacts["\(number)"] = InMemoryContact("p\(number)@example.com") }
      for _ in 0..<visits {
        content.addActivity(of: "1", .pageVisit, at: Timestamp(bench.now.seconds - 3_600))
      }
    }
    return bench
  }

  private func sync(
    _ bench: Workbench, at moment: Timestamp? = nil, policy: WritePolicy = .standard,
    fuses: FuseLimits = .standard
  ) async throws -> RunResult {
    try await LeadRun("sync", context: bench.context(fuses: fuses, policy: policy))
      .sync(at: moment ?? bench.now, approves: false)
  }

  @Test("a contact that left and came back has its activities again")
  func returned() async throws {
    let bench = try bench(.file)
    _ = try await sync(bench)
    bench.connector.edit { $0.contacts["1"] = nil }
    #expect(try await sync(bench).record.contacts == 2)
    bench.connector.edit { $0.contacts["1"] = InMemoryContact("p1@example.com") }
    _ = try await sync(bench)
    #expect(bench.connector.held("1")?.score == 50)
  }

  @Test("after a merge on the platform the winner has what the loser did")
  func merged() async throws {
    let bench = try bench()
    _ = try await sync(bench)
    bench.connector.edit { $0.merge("1", into: "2") }
    let result = try await sync(bench)
    #expect(result.record.contacts == 2)
    #expect(bench.connector.held("2")?.score == 50)
  }

  @Test("activity named by address counts for whoever has the address, known before it or after")
  func byAddress() async throws {
    let bench = try bench()
    bench.connector.edit { content in
      for (number, address) in ["P2@example.com", "late@example.com"].enumerated() {
        content.activities.append(
          ActivityRecord(
            subject: .address(address), kind: .known(.pageVisit), time: Timestamp(bench.now.seconds - 60),
            identity: .id("x\(number)")))
      }
    }
    _ = try await sync(bench)
    #expect(bench.connector.held("2")?.score == 10)
    bench.connector.edit { $0.contacts["3"]?.emails = ["p3@example.com", "late@example.com"] }
    _ = try await sync(bench)
    #expect(bench.connector.held("3")?.score == 10)
  }

  @Test("scores sink by themselves when their moment comes, and nobody else is touched")
  func dueMoment() async throws {
    let bench = try bench()
    _ = try await sync(bench)
    let leaves = Timestamp(bench.now.seconds - 3_600 + 30 * 86_400)
    let before = try await sync(bench, at: Timestamp(leaves.seconds - 1))
    #expect(before.plan?.rescoring.persons == 0)
    #expect(bench.connector.held("1")?.score == 50)
    let after = try await sync(bench, at: leaves)
    #expect(after.plan?.rescoring.persons == 1)
    #expect(bench.connector.held("1")?.score == 0)
  }

  @Test("an earlier as-of time scores everybody anew")
  func backInTime() async throws {
    let bench = try bench()
    _ = try await sync(bench)
    let result = try await sync(bench, at: Timestamp(bench.now.seconds - 7_200))
    #expect(result.plan?.rescoring.wasFull == true)
    #expect(bench.connector.held("1")?.score == 0)
  }

  @Test("a contact stays in the band it holds within the slack, and not a point beyond", arguments: [10, 9])
  func slack(slack: Int) async throws {
    let bench = try bench(visits: 4)
    var policy = WritePolicy.standard
    policy.bandSlack = slack
    _ = try await sync(bench, policy: policy)
    #expect(bench.connector.held("1")?.band == "hot")
    // With three visits at most it is 30 points, and hot starts from 40.
    let moment = Timestamp(bench.now.seconds + 1)
    let lower = Workbench.model.replacing("max: 8", with: "max: 3")
    _ = try await LeadRun("sync", context: bench.context(model: lower, policy: policy)).sync(
      at: moment, approves: false)
    #expect(bench.connector.held("1")?.score == 30)
    #expect(bench.connector.held("1")?.band == (slack == 10 ? "hot" : "warm"))
    #expect(bench.connector.held("1")?.tags == [slack == 10 ? "lead_hot" : "lead_warm"])
  }

  @Test("a share fuse never blows for fewer than twenty contacts", arguments: [19, 20])
  func fewContacts(movers: Int) async throws {
    let bench = try bench(contacts: 40, visits: 0)
    _ = try await sync(bench)
    bench.connector.edit { content in
      for number in 1...movers {
        for _ in 0..<4 {
          content.addActivity(of: "\(number)", .pageVisit, at: Timestamp(bench.now.seconds - 60))
        }
      }
    }
    #expect(try await sync(bench).isHeldBack == (movers == 20))
  }

  @Test("only the history asked for is read, and backfill reads what is older")
  func backfill() async throws {
    let bench = try bench()
    bench.connector.edit {
      $0.addActivity(of: "2", .pageVisit, at: Timestamp(bench.now.seconds - 20 * 86_400))
    }
    _ = try await LeadRun("sync", context: bench.context(history: .days(10))).sync(
      at: bench.now, approves: false)
    #expect(bench.connector.held("2")?.score == 0)
    _ = try await LeadRun("backfill", context: bench.context(history: .days(10))).backfill(
      since: Timestamp(bench.now.seconds - 30 * 86_400), at: bench.now, writes: true)
    #expect(bench.connector.held("2")?.score == 10)
  }

  @Test("people who also stand on a connection that was taken out are still scored")
  func connectionTakenOut() async throws {
    let bench = try bench(contacts: 40)
    let other = InMemoryConnector(.web)
    other.edit { content in
      for number in 1...40 { content.contacts["o\(number)"] = InMemoryContact("p\(number)@example.com") }
    }
    _ = try await LeadRun("sync", context: bench.context(also: other)).sync(at: bench.now, approves: false)
    #expect(other.held("o1")?.score == 50)
    let result = try await sync(bench, at: Timestamp(bench.now.seconds + 31 * 86_400))
    #expect(result.plan?.rescoring.contacts == 40)
    #expect(bench.connector.held("1")?.score == 0)
  }

  @Test("nothing is written before every connection was read once; later, what is known is enough")
  func neverRead() async throws {
    let bench = try bench(contacts: 3)
    let other = InMemoryConnector(.web)
    func run() async throws -> RunResult {
      try await LeadRun("sync", context: bench.context(also: other)).sync(at: bench.now, approves: false)
    }
    other.fail(.page("activities"), times: nil)
    await #expect(throws: ConnectorFailure.self) { try await run() }
    #expect(bench.connector.requests.isEmpty)
    other.calm()
    #expect(try await run().apply?.written == 3)
    other.fail(.page("contacts"), times: nil)
    bench.connector.edit { $0.addActivity(of: "2", .pageVisit, at: Timestamp(bench.now.seconds - 60)) }
    let later = try await run()
    #expect(later.failures["other"] != nil)
    #expect(later.apply?.written == 1)
  }

  @Test("a score alone is written when it moved far enough")
  func minDelta() async throws {
    let bench = try bench()
    var policy = WritePolicy.standard
    policy.minDelta = 11
    _ = try await sync(bench, policy: policy)
    bench.connector.edit { $0.addActivity(of: "1", .pageVisit, at: Timestamp(bench.now.seconds - 60)) }
    #expect(try await sync(bench, policy: policy).plan?.changes == 0)
    bench.connector.edit { $0.addActivity(of: "1", .pageVisit, at: Timestamp(bench.now.seconds - 60)) }
    #expect(try await sync(bench, policy: policy).plan?.changes == 1)
  }

  @Test("once everything was written, the fuse watches, even if the end of the first write was cut off")
  func firstWriteEnds() async throws {
    let bench = try bench(.file, contacts: 40, visits: 0)
    bench.connector.fail(.commit, acted: true)
    _ = try await sync(bench)
    bench.connector.calm()
    #expect(try await sync(bench).plan?.changes == 0)
    bench.connector.edit { content in
      for number in 1...30 {
        for _ in 0..<4 {
          content.addActivity(of: "\(number)", .pageVisit, at: Timestamp(bench.now.seconds - 60))
        }
      }
    }
    #expect(try await sync(bench).isHeldBack)
  }
}
