import ConnectorConformance
import Testing

@Suite("HubSpot keeps the contract of connectors")
struct HubSpotConformanceTests {
  @Test(arguments: ConformanceSuite.checks(for: HubSpotSubject(sort: .usual)))
  func usual(check: ConformanceCheck) async throws { try await check.run() }

  @Test(arguments: ConformanceSuite.checks(for: HubSpotSubject(sort: .listed)))
  func listed(check: ConformanceCheck) async throws { try await check.run() }

  @Test(arguments: ConformanceSuite.checks(for: HubSpotSubject(sort: .app)))
  func app(check: ConformanceCheck) async throws { try await check.run() }

  @Test(arguments: ConformanceSuite.checks(for: HubSpotSubject(sort: .lists)))
  func lists(check: ConformanceCheck) async throws { try await check.run() }
}
