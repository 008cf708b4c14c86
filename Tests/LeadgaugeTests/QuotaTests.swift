import Foundation
import Testing

@Suite("Quotas in status", .serialized)
struct QuotaTests {
  /// What `status --json` says of quotas.
  private struct QuotasForm: Decodable {
    struct Quota: Decodable {
      let name: String
      let unit: String
      let left: Double?
      let count: Double?
      let resetsAt: String?
      let asOf: String
    }
    struct Forecast: Decodable {
      let requests: Int
      let seconds: Double?
      let heldBy: String?
    }
    struct Connection: Decodable {
      let connection: String
      let pending: Int
      let quotas: [Quota]
      let forecast: Forecast?
    }
    let connections: [Connection]
  }

  private func status(of mautic: MauticPlace) async throws -> QuotasForm.Connection {
    let outcome = try await mautic.run("status", "--json")
    #expect(outcome.status == 0, "\(outcome)")
    return try #require(try outcome.document(QuotasForm.self).connections.first)
  }

  @Test("what is left of the hour is known to the next process, without a request")
  func nextProcess() async throws {
    try await MauticPlace.with({ $0.rateLimit = 1_000 }) { mautic in
      #expect(try await mautic.run("plan").status == 0)
      let asked = mautic.host.requests.all
      let limits = try mautic.place.names().filter { $0.hasSuffix(".d/web.limits.json") }
      #expect(limits == ["state/leadgauge.db.d/web.limits.json"])
      let connection = try await status(of: mautic)
      let quota = try #require(connection.quotas.first { $0.name == "hourly" })
      #expect(quota.count == 1_000 && quota.left == Double(1_000 - asked) && quota.unit == "requests")
      #expect(quota.resetsAt != nil)
      let forecast = try #require(connection.forecast)
      #expect(connection.pending == MauticPlace.people && forecast.requests >= 1 && forecast.heldBy == nil)
      #expect(try #require(forecast.seconds) > 0)
      let text = try await mautic.run("status")
      #expect(
        text.out.contains("quota hourly: \(1_000 - asked) of 1,000 requests left, resets at"), "\(text)")
      #expect(text.out.contains("at this rate 120 writes take about"), "\(text)")
      #expect(mautic.host.requests.all == asked)
    }
  }

  @Test("when nothing waits there is no forecast, and a server without a limit has no quota")
  func nothing() async throws {
    try await MauticPlace.with { mautic in
      #expect(try await mautic.run("sync").status == 0)
      let connection = try await status(of: mautic)
      #expect(connection.pending == 0 && connection.forecast == nil)
      #expect(connection.quotas.allSatisfy { $0.left == nil }, "\(connection.quotas)")
    }
  }

  @Test("an hour that is used up ends the run with 69 and the time at which it goes on; status says so too")
  func usedUp() async throws {
    try await MauticPlace.with({ $0.rateLimit = 6 }) { mautic in
      let sync = try await mautic.run("sync", "--trace", "trace.har")
      #expect(sync.status == 69, "\(sync)")
      #expect(sync.err.contains("hourly") || sync.err.contains("rate limit"), "\(sync)")
      let quota = try #require(try await status(of: mautic).quotas.first { $0.name == "hourly" })
      #expect(quota.left == 0 && quota.count == 6)
      let asked = mautic.host.requests.all
      let again = try await mautic.run("sync")
      #expect(again.status == 69, "\(again)")
      #expect(mautic.host.requests.all - asked <= 1)
    }
  }

  @Test("a file of limits that is damaged costs no more than learning anew")
  func damaged() async throws {
    try await MauticPlace.with({ $0.rateLimit = 1_000 }) { mautic in
      #expect(try await mautic.run("plan").status == 0)
      try mautic.place.write("state/leadgauge.db.d/web.limits.json", "{\"limits\":[")
      #expect(try await mautic.run("status").status == 0)
      #expect(try await mautic.run("sync").status == 0)
      #expect(try await status(of: mautic).quotas.contains { $0.name == "hourly" && $0.count == 1_000 })
    }
  }
}
