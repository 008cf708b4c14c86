import ConnectorConformance
import Testing

@Suite("GetResponse keeps the contract of connectors")
struct GetResponseConformanceTests {
  @Test(arguments: ConformanceSuite.checks(for: GetResponseSubject(sort: .usual)))
  func usual(check: ConformanceCheck) async throws { try await check.run() }

  @Test(arguments: ConformanceSuite.checks(for: GetResponseSubject(sort: .daily)))
  func daily(check: ConformanceCheck) async throws { try await check.run() }

  @Test(arguments: ConformanceSuite.checks(for: GetResponseSubject(sort: .banded)))
  func banded(check: ConformanceCheck) async throws { try await check.run() }

  @Test(arguments: ConformanceSuite.checks(for: GetResponseSubject(sort: .fields)))
  func fields(check: ConformanceCheck) async throws { try await check.run() }
}
