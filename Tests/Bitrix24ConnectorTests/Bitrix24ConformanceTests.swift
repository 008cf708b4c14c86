import ConnectorConformance
import Testing

@Suite("Bitrix24 keeps the contract of connectors")
struct Bitrix24ConformanceTests {
  @Test(arguments: ConformanceSuite.checks(for: Bitrix24Subject(sort: .usual)))
  func usual(check: ConformanceCheck) async throws { try await check.run() }

  @Test(arguments: ConformanceSuite.checks(for: Bitrix24Subject(sort: .listed)))
  func listed(check: ConformanceCheck) async throws { try await check.run() }

  @Test(arguments: ConformanceSuite.checks(for: Bitrix24Subject(sort: .app)))
  func app(check: ConformanceCheck) async throws { try await check.run() }

  @Test(arguments: ConformanceSuite.checks(for: Bitrix24Subject(sort: .classic)))
  func classic(check: ConformanceCheck) async throws { try await check.run() }

  @Test(arguments: ConformanceSuite.checks(for: Bitrix24Subject(sort: .universal)))
  func universal(check: ConformanceCheck) async throws { try await check.run() }
}
