import Bitrix24Simulator
import ConnectorConformance
import Foundation
import Platform
import Scoring
import Testing
import WebAPI

@testable import Bitrix24Connector

@Suite("What a run costs")
struct CostTests {
  private func portal(
    _ count: Int, _ change: @escaping (inout Bitrix24ServerSettings) -> Void = { _ in }
  ) -> Bitrix24TestPortal {
    let portal = Bitrix24TestPortal(pageSize: 50, change: change)
    portal.act { server, now in
      for number in 1...count {
        server.add(
          SimulatedContact(
            number: number, email: "p\(number)@example.test",
            fields: [ContactField("first_name", "Person \(number)")], createdAt: now))
      }
    }
    portal.clock.advance(3_600)
    return portal
  }

  private func connector(_ portal: Bitrix24TestPortal) -> Bitrix24Connector {
    portal.bitrix24(through: WorkingTransport(portal.network, clock: portal.clock))
  }

  private func window(_ portal: Bitrix24TestPortal) -> PullWindow {
    let now = Timestamp(Int64(portal.clock.now()))
    return PullWindow(
      since: now - .days(30), now: now,
      needs: PullNeeds(fields: ["job_title"], kinds: nil, tags: [], bands: []))
  }

  @Test("10,000 contacts are seven requests; a run in which nothing happened is one")
  func reading() async throws {
    let portal = portal(10_000)
    let connector = connector(portal)
    var pull = Pull()
    try await pull.read(connector, window(portal))
    #expect(Set(pull.ids()).count == 10_000)
    // 1, 5, 25 and four times 50 pages.
    #expect(portal.network.requests.count == 7, "\(portal.routes())")
    portal.clock.advance(3_600)
    var start = portal.network.requests.count
    try await pull.read(connector, window(portal))
    #expect(
      portal.routes(since: start) == ["batch: crm.activity.list, crm.contact.list, crm.stagehistory.list"])
    portal.clock.advance(3_600)
    portal.act { server, now in
      for number in 1...100 {
        server.rename(server.id(ofContact: number) ?? 0, to: "Other", at: now)
        server.add(
          SimulatedActivity(contact: number, kind: .known(.emailReply), time: now, target: nil, value: nil))
      }
    }
    portal.clock.advance(60)
    start = portal.network.requests.count
    try await pull.read(self.connector(portal), window(portal))
    #expect(pull.ids().count == 100)
    #expect(pull.activities().count == 100)
    // A new process asks once more what fields there are, along with the rest.
    #expect(portal.network.requests.count - start <= 5, "\(portal.routes(since: start))")
  }

  @Test("Writing 5,000 contacts never makes the portal refuse anything, and takes as long as was foretold")
  func writing() async throws {
    for (payer, count) in [(Bitrix24ServerSettings.BatchPayer.commands, 5_000), (.batch, 2_000)] {
      let portal = portal(count) { $0.batchPayer = payer }
      let connector = connector(portal)
      try await connector.prepare(.standard)
      var pull = Pull()
      try await pull.read(connector, window(portal))
      let ids = pull.contacts().map(\.id)
      // What an update takes shows at the first write of all; later runs remember it.
      _ = try await connector.write(ids.prefix(50).map { ContactWrite($0, 1) })
      await connector.close()
      portal.clock.advance(3_600)
      let later = self.connector(portal)
      let forecast = try #require(await later.forecast(writes: count))
      let begun = portal.clock.now()
      for start in stride(from: 0, to: ids.count, by: 50) {
        let outcomes = try await later.write(
          ids[start..<start + 50].map { ContactWrite($0, 42, band: "hot", add: ["lead_hot"]) })
        let failed = outcomes.filter { !$0.isWritten }
        try #require(failed.isEmpty, "\(failed)")
      }
      let took = portal.clock.now() - begun
      #expect(portal.ask { $0.operatingRefusals } == 0)
      #expect(portal.ask { $0.rateRefusals } == 0)
      #expect(abs(forecast.seconds - took) < 0.2 * took, "foretold \(forecast.seconds), took \(took)")
      #expect(forecast.heldBy == "operating")
    }
  }
}
