import ConnectorConformance
import GetResponseSimulator
import Platform
import Scoring
import Testing

@testable import GetResponseConnector

@Suite("What a run costs")
struct CostTests {
  private let account = GetResponseTestAccount()

  private var settings: GetResponseSettings {
    var settings = account.settings
    settings.fullList = .days(1)
    settings.activityRefresh = TimeSpan(seconds: 6 * 3_600)
    return settings
  }

  @Test("An idle run of an account with a shop makes no more than 8 requests")
  func idle() async throws {
    let ids = try await account.people(50)
    for id in ids.prefix(5) { account.did(id, .emailOpen) }
    account.change { server, now in
      server.addOrder(ids[0].text, total: 5, at: Timestamp(now.seconds - 9_000))
      _ = server.addMail(
        to: "p1@example.test", at: Timestamp(now.seconds - 9_000), opened: Timestamp(now.seconds - 8_000))
      server.addField("company")
    }
    var pull = Pull()
    // A model that asks for as much as a run can be asked for without details.
    for _ in 0..<2 {
      try await pull.read(account.getResponse(pageSize: 1_000, settings: settings), account.year(.model()))
      account.clock.advance(3_600)
    }
    let before = account.network.requests.count
    try await pull.read(account.getResponse(pageSize: 1_000, settings: settings), account.year(.model()))
    let routes = account.routes(since: before)
    #expect(routes.count <= 8, "\(routes)")
    // The same where the model tests a field that lists do not tell.
    account.clock.advance(1_800)
    let again = account.network.requests.count
    try await pull.read(
      account.getResponse(pageSize: 1_000, settings: settings), account.year(.model(fields: ["job_title"])))
    #expect(account.routes(since: again).count <= 8)
  }

  @Test(
    "First run, idle run, writing and backfill cost what GetResponse's calls make necessary, and a tenth more"
  )
  func plan() async throws {
    var cost = GetResponseCost(people: 4_000)
    func check(_ bill: GetResponseCost.Bill, _ calls: Int, _ what: String) {
      #expect(bill.requests >= calls && bill.requests <= calls + calls / 10, "\(what): \(bill)")
    }
    let lists = cost.people / 1_000
    check(try await cost.run(), lists + cost.active, "first run")
    check(try await cost.run(), cost.active, "the run after it")
    #expect(try await cost.run().requests <= 8)
    check(try await cost.push(), cost.active, "the score alone")
    check(try await cost.push(add: ["lead_hot"]), 2 * cost.active, "a tag added")
    check(
      try await cost.push(add: ["lead_cold"], remove: ["lead_hot"]), 2 * cost.active, "one tag for another")
    check(try await cost.run(days: 90), cost.people, "backfill")
  }

  @Test("Writing costs one call a contact, two where a tag comes too or goes")
  func writing() async throws {
    let ids = try await account.people(100)
    let connector = try await account.prepared()
    func cost(_ add: [String], _ remove: [String]) async throws -> Int {
      account.clock.advance(600)
      let before = account.network.requests.count
      let outcomes = try await connector.write(ids.map { ContactWrite($0, 5, add: add, remove: remove) })
      #expect(outcomes.allSatisfy { $0.isWritten })
      return account.routes(since: before).count
    }
    #expect(try await cost([], []) == 100)
    #expect(try await cost(["lead_hot"], []) == 200)
    #expect(try await cost(["lead_cold"], ["lead_hot"]) == 200)
  }

  @Test("Writing is foretold call by call, and the frame that is used up outlives the process")
  func forecast() async throws {
    _ = try await account.people(1)
    let connector = try await account.prepared()
    let forecast = await connector.forecast(writes: 100_000)
    #expect(forecast?.requests == 200_000)
    #expect((forecast?.seconds ?? 0) > 3_000)
    #expect(forecast?.heldBy == "frame")
    let left = await connector.quotas().first { $0.name == "frame" }?.left
    await connector.close()
    #expect(left != nil)
    #expect(await account.getResponse().quotas().first { $0.name == "frame" }?.left == left)
  }
}
