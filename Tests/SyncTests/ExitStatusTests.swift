import Platform
import Store
import Testing

@testable import Sync

@Suite("How a command ends")
struct ExitStatusTests {
  private static let errors: [(any Error & Sendable, Int32)] = [
    (StoreFailure(.cannotCreate, "no folder", cure: "Make it"), 73),
    (StoreFailure(.inputOutput, "damaged", cure: "Move it away"), 74),
    (StoreFailure(.newerVersion, "newer", cure: "Upgrade"), 74),
    (StoreFailure(.locked, "locked", cure: "Wait"), 75),
    (PlanFileFailure(kind: .cannotCreate, what: "no folder", cure: ""), 73),
    (PlanFileFailure(kind: .inputOutput, what: "full", cure: ""), 74),
    (PlanFileFailure(kind: .badData, what: "no plan", cure: ""), 65),
    (PlanFileFailure(kind: .missing, what: "no file", cure: ""), 64),
    (StalePlan(what: "old"), 11),
    (ConnectorFailure(.unavailable, "down"), 69),
    (ConnectorFailure(.forbidden, "no right"), 77),
    (ConnectorFailure(.configuration, "no address"), 78),
    (ConnectorFailure(.badData, "no JSON"), 65),
    (ConnectorFailure(.cannotCreate, "no folder"), 73),
    (ConnectorFailure(.inputOutput, "disk"), 74),
    (ConnectorFailure(.changedMeanwhile, "changes"), 74),
    (ConnectorFailure(.cancelled, "stopped"), 130),
    (CancellationError(), 130),
    (Unknown(), 1),
  ]

  private struct Unknown: Error {}

  @Test("every error has its status", arguments: errors.indices)
  func status(index: Int) {
    let (error, status) = Self.errors[index]
    #expect(ExitStatus.of(error).rawValue == status, "\(error)")
  }
}
