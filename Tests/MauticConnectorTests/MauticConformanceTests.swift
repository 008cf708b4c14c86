import ConnectorConformance
import Testing

@Suite("Mautic keeps the contract of connectors")
struct MauticConformanceTests {
  @Test(arguments: ConformanceSuite.checks(for: MauticSubject(sort: .usual)))
  func usual(check: ConformanceCheck) async throws { try await check.run() }

  @Test(arguments: ConformanceSuite.checks(for: MauticSubject(sort: .seven)))
  func versionSeven(check: ConformanceCheck) async throws { try await check.run() }

  @Test(arguments: ConformanceSuite.checks(for: MauticSubject(sort: .client)))
  func client(check: ConformanceCheck) async throws { try await check.run() }

  @Test(arguments: ConformanceSuite.checks(for: MauticSubject(sort: .native)))
  func native(check: ConformanceCheck) async throws { try await check.run() }

  @Test(arguments: ConformanceSuite.checks(for: MauticSubject(sort: .withoutAudit)))
  func withoutAudit(check: ConformanceCheck) async throws { try await check.run() }
}
