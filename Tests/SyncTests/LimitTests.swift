import ConnectorConformance
import Foundation
import Platform
import Scoring
import Store
import Sync
import Testing

@Suite("A limit")
struct LimitTests {
  /// After a first sync: 1 rises into hot, 2 and 3 into warm, 4 falls out of hot, 5 gets another tag, 6 and 7
  /// get another score.
  private func bench(_ options: InMemoryOptions = .web) async throws -> Workbench {
    let bench = try Workbench(options)
    bench.connector.edit { content in
      for number in 1...7 { content.contacts["\(number)"] = InMemoryContact("p\(number)@example.com") }
      for _ in 0..<4 {
        content.addActivity(of: "4", .pageVisit, at: Timestamp(bench.now.seconds - 29 * 86_400))
      }
    }
    _ = try await sync(bench, at: bench.now)
    bench.connector.edit { content in
      for (number, visits) in [(1, 4), (2, 2), (3, 3), (6, 1), (7, 1)] {
        for _ in 0..<visits {
          content.addActivity(of: "\(number)", .pageVisit, at: Timestamp(bench.now.seconds + 2 * 86_400))
        }
      }
      content.contacts["7"]?.fields["job_title"] = "CEO"
      content.contacts["5"]?.tags.insert("lead_hot")
    }
    return bench
  }

  private func later(_ bench: Workbench) -> Timestamp { Timestamp(bench.now.seconds + 3 * 86_400) }

  private func sync(_ bench: Workbench, at moment: Timestamp, limit: Int? = nil) async throws -> RunResult {
    try await LeadRun("sync", context: bench.context(fuses: .open)).sync(
      at: moment, approves: false, limit: limit)
  }

  @Test(
    "the most important are written first: band up, band down, tags, score, and the larger move before the smaller",
    arguments: [InMemoryOptions.Style.changeFeed, .fullListing])
  func order(style: InMemoryOptions.Style) async throws {
    let bench = try await bench(style == .fullListing ? .file : .web)
    var written: [[String]] = []
    for _ in 0..<7 {
      let before = bench.connector.writes.count
      let result = try await sync(bench, at: later(bench), limit: 1)
      #expect(result.apply?.written == 1)
      #expect(result.apply?.leftByLimit == 6 - written.count)
      written.append(bench.connector.writes[before...].map(\.contact.text))
    }
    #expect(written == [["1"], ["3"], ["2"], ["4"], ["5"], ["7"], ["6"]])
    #expect(try await sync(bench, at: later(bench), limit: 1).apply?.leftByLimit == 0)
    #expect(bench.connector.violations.isEmpty)
  }

  @Test(
    "among changes that are alike the plan's order decides, and never more than the limit is written",
    arguments: [1, 99, 100, 101, 249, 250, 251])
  func alike(limit: Int) async throws {
    let bench = try Workbench(.file)
    bench.connector.edit { content in
      for number in 1...250 { content.contacts["\(number)"] = InMemoryContact("p\(number)@example.com") }
    }
    let result = try await sync(bench, at: bench.now, limit: limit)
    #expect(result.apply?.written == min(limit, 250))
    #expect(result.apply?.leftByLimit == max(0, 250 - limit))
    #expect(bench.connector.violations.isEmpty)
  }

  @Test("a first write in several parts is one first write, and the fuse watches from its end on")
  func firstWrite() async throws {
    let bench = try Workbench(.web)
    bench.connector.edit { content in
      for number in 1...100 { content.contacts["\(number)"] = InMemoryContact("p\(number)@example.com") }
    }
    for part in 1...4 {
      let result = try await LeadRun("sync", context: bench.context()).sync(
        at: bench.now, approves: false, limit: 30)
      #expect(!result.isHeldBack, "part \(part)")
    }
    #expect(try bench.context().store.connections().first?.hasBeenWritten == true)
    #expect(bench.connector.held("100")?.score == 0)
  }

  @Test("a plan with a limit holds the most important changes alone and can be applied")
  func planFile() async throws {
    let bench = try await bench()
    let path = bench.folder + "/first.plan"
    let result = try await LeadRun("plan", context: bench.context(fuses: .open)).plan(
      at: later(bench), pulls: true, path: path, limit: 2)
    #expect(result.plan?.changes == 7)
    #expect(result.planned == 2)
    let reader = try PlanReader(path: path)
    var contacts: [String] = []
    while let change = try reader.next() { contacts.append(change.contact) }
    #expect(Set(contacts) == ["1", "3"])
    #expect(!FileManager.default.fileExists(atPath: path + ".whole.part"))
    #expect(try await LeadRun("apply", context: bench.context(fuses: .open)).apply(path).apply?.written == 2)
  }

  @Test("an apply with a limit writes the most important of the plan")
  func apply() async throws {
    let bench = try await bench()
    let path = bench.folder + "/all.plan"
    _ = try await LeadRun("plan", context: bench.context(fuses: .open)).plan(
      at: later(bench), pulls: true, path: path)
    let result = try await LeadRun("apply", context: bench.context(fuses: .open)).apply(path, limit: 3)
    #expect(result.apply?.leftByLimit == 4)
    #expect(bench.connector.held("2")?.band == "warm")
    #expect(bench.connector.held("4")?.band == "hot")
  }

  @Test("the fuses measure the whole plan: a limit is no way around them")
  func fuses() async throws {
    let bench = try await bench()
    let tight = FuseLimits(maxChanges: 10_000, maxWrites: 5, maxShrink: 10_000)
    let result = try await LeadRun("sync", context: bench.context(fuses: tight)).sync(
      at: later(bench), approves: false, limit: 1)
    #expect(result.isHeldBack)
    #expect(result.blown.map(\.fuse) == ["maxWrites"])
  }
}
