import ConnectorConformance
import HubSpotSimulator
import Platform
import Scoring
import Testing

@testable import HubSpotConnector

@Suite("What a run costs")
struct CostTests {
  @Test("1,000 contacts cost 10 calls to list, 5 to search, 10 to write; a quiet run costs one a source")
  func calls() async throws {
    let account = HubSpotTestAccount()
    let ids = try await account.people(1_000)
    account.clock.advance(3_600)
    let connector = try await account.prepared()
    var pull = Pull()
    func count(_ part: String, since start: Int) -> Int {
      account.routes(since: start).filter { $0.contains(part) }.count
    }
    var start = account.network.requests.count
    try await pull.read(connector, account.window())
    #expect(count("GET /crm/objects/2026-03/contacts", since: start) == 10)
    start = account.network.requests.count
    for number in stride(from: 0, to: ids.count, by: 100) {
      _ = try await connector.write(ids[number..<number + 100].map { ContactWrite($0, 1, add: ["lead_hot"]) })
    }
    #expect(account.routes(since: start).count == 10)
    account.clock.advance(3_600)
    start = account.network.requests.count
    try await pull.read(connector, account.window())
    #expect(count("contacts/search", since: start) == 5)
    account.clock.advance(3_600)
    start = account.network.requests.count
    try await pull.read(connector, account.window())
    // Contacts, five types of e-mail events, page views and attendances, and six types of records; forms, types of
    // events and properties are known in this process.
    let quiet = account.routes(since: start)
    #expect(quiet.count == 14, "\(quiet)")
  }

  @Test("Writing is foretold by the size of a batch, and what is known of the limits outlives the process")
  func forecast() async throws {
    let account = HubSpotTestAccount()
    let connector = try await account.prepared()
    let forecast = await connector.forecast(writes: 250)
    #expect(forecast?.requests == 6)
    #expect(forecast?.heldBy == nil)
    let left = await connector.quotas().first { $0.name == "daily" }?.left
    await connector.close()
    #expect(left != nil)
    #expect(await account.hubspot().quotas().first { $0.name == "daily" }?.left == left)
  }
}
