import ConnectorConformance
import Platform
import Scoring
import Store
import Sync
import Testing

/// What worlds full of faults brought to light, each told again as plainly as can be.
@Suite("What worlds full of faults brought to light")
struct FoundBySoakTests {
  private func sync(_ bench: Workbench, fuses: FuseLimits = .standard) async throws -> RunResult {
    try await LeadRun("sync", context: bench.context(fuses: fuses)).sync(at: bench.now, approves: false)
  }

  @Test(
    "whoever stays when one of three contacts of a person is deleted is scored without it", arguments: 1...3)
  func oneOfThree(_ gone: Int) async throws {
    let bench = try Workbench(.web)
    bench.connector.edit { content in
      for number in 1...3 {
        content.contacts["\(number)"] = InMemoryContact("p\(number)@example.com", "shared@example.com")
        for _ in 0..<number {
          content.addActivity(of: "\(number)", .pageVisit, at: Timestamp(bench.now.seconds - 3_600))
        }
      }
    }
    #expect(try await sync(bench).exit == Sync.ExitStatus.done)
    #expect(bench.connector.held("1")?.score == 60)
    bench.connector.edit { $0.contacts["\(gone)"] = nil }
    let loose = FuseLimits(maxChanges: 10_000, maxWrites: 100, maxShrink: 10_000)
    #expect(try await sync(bench, fuses: loose).exit == Sync.ExitStatus.done)
    for other in 1...3 where other != gone {
      #expect(bench.connector.held("\(other)")?.score == 60 - 10 * gone)
    }
  }
}

extension RunResult {
  fileprivate var exit: Sync.ExitStatus { Sync.ExitStatus.of(self) }
}
