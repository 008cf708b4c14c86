import ConnectorConformance
import Platform
import Scoring
import Testing

/// A connector around the one in memory that does everything as that one does, but for what it overrides.
protocol Tampering: Connector {
  var inner: InMemoryConnector { get }
}

extension Tampering {
  var platform: String { inner.platform }
  var capabilities: ConnectorCapabilities { inner.capabilities }

  func streams() async throws(ConnectorFailure) -> [StreamDescription] { try await inner.streams() }

  func page(
    of stream: StreamName, after cursor: Cursor?, window: PullWindow
  ) async throws(ConnectorFailure) -> Page {
    try await inner.page(of: stream, after: cursor, window: window)
  }

  func current(
    _ contacts: [ContactID]
  ) async throws(ConnectorFailure) -> [ContactID: CurrentState] {
    try await inner.current(contacts)
  }

  func prepare(_ layout: WriteLayout) async throws(ConnectorFailure) { try await inner.prepare(layout) }

  func write(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> [WriteOutcome] {
    try await inner.write(batch)
  }

  func commit() async throws(ConnectorFailure) -> [StreamName: Cursor] { try await inner.commit() }

  func check(now: Timestamp) async -> [Finding] { await inner.check(now: now) }
}

/// The clauses that the suite finds broken when every connector is wrapped so.
func brokenClauses(
  _ options: InMemoryOptions = InMemoryConformanceTests.web,
  _ wrapping: @escaping @Sendable (InMemoryConnector) -> any Connector
) async throws -> Set<ConformanceClause> {
  var broken: Set<ConformanceClause> = []
  for check in ConformanceSuite.checks(for: InMemorySubject("tampered", options, wrapping: wrapping)) {
    do {
      try await check.run()
    } catch is ConformanceFailure {
      broken.insert(check.clause)
    }
  }
  return broken
}
