import ConnectorConformance
import Foundation
import HubSpotSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import HubSpotConnector

@Suite("Counters stand in for events that HubSpot refuses")
struct CounterTests {
  /// Everything that a connector of a new process reads.
  private func run(_ pull: inout Pull, _ account: HubSpotTestAccount) async throws -> [ActivityRecord] {
    let connector = account.hubspot()
    try await pull.read(connector, account.window())
    return try await connector.streams().flatMap { pull.activities($0.name.text) }
  }

  private func withoutEvents() async throws -> HubSpotTestAccount {
    let account = HubSpotTestAccount {
      $0.plan = .professional
      $0.scopes.subtract(["content", "forms"])
    }
    _ = try await account.people(3)
    account.did(1, .pageVisit, ago: 86_400, target: "https://www.example.com/old")
    account.clock.advance(3_600)
    return account
  }

  @Test("The first reading only notes them; growth becomes as many activities, at the time of the last one")
  func growth() async throws {
    let account = try await withoutEvents()
    var pull = Pull()
    #expect(try await run(&pull, account).isEmpty)
    account.clock.advance(3_600)
    account.did(1, .pageVisit, ago: 600, target: "https://www.example.com/a")
    account.did(1, .pageVisit, ago: 300, target: "https://www.example.com/pricing")
    account.did(2, .emailOpen, ago: 200, campaign: "News")
    account.did(3, .formSubmit, ago: 100, target: "Contact us")
    let last = Int64(account.clock.now()) - 300
    account.clock.advance(60)
    let found = try await run(&pull, account)
    #expect(
      found.map(\.kind.name).sorted() == ["email_open", "form_submit", "page_visit", "page_visit"])
    let visits = found.filter { $0.kind == .known(.pageVisit) }
    #expect(visits.map(\.time.seconds) == [last, last])
    #expect(visits.allSatisfy { $0.target == "https://www.example.com/pricing" })
    account.clock.advance(3_600)
    #expect(try await run(&pull, account).isEmpty)
  }

  @Test("A page that is asked for again after a crash gives the same growth under the same identities")
  func repeated() async throws {
    let account = try await withoutEvents()
    var pull = Pull()
    _ = try await run(&pull, account)
    account.clock.advance(3_600)
    account.did(1, .pageVisit, ago: 300)
    account.clock.advance(60)
    let before = pull
    let first = try await run(&pull, account)
    var again = before
    #expect(first.count == 1)
    #expect(try await run(&again, account) == first)
    account.did(1, .pageVisit, ago: 10)
    account.clock.advance(60)
    let next = try await run(&again, account)
    #expect(next.count == 1)
    #expect(next.first?.identity != first.first?.identity)
  }

  @Test("When the events are to be had one day, what was counted does not count again")
  func eventsAppear() async throws {
    let account = try await withoutEvents()
    var pull = Pull()
    _ = try await run(&pull, account)
    account.clock.advance(3_600)
    account.did(1, .pageVisit, ago: 300, target: "https://www.example.com/counted")
    account.clock.advance(60)
    #expect(try await run(&pull, account).count == 1)
    account.clock.advance(3_600)
    account.network.withServer { server, _ in server.settings.plan = .enterprise }
    account.did(1, .pageVisit, ago: 300, target: "https://www.example.com/last counted")
    account.clock.advance(60)
    let found = try await run(&pull, account)
    // The old one had not been counted; the last one is counted by growth in this very run.
    #expect(
      found.map(\.target) == ["https://www.example.com/last counted", "https://www.example.com/old"])
    account.clock.advance(3_600)
    account.did(1, .pageVisit, ago: 300, target: "https://www.example.com/event")
    account.clock.advance(60)
    let later = try await run(&pull, account).filter { $0.target?.hasSuffix("/event") == true }
    #expect(later.count == 1)
  }

  @Test("When the events are refused one day, everybody is listed once to begin with")
  func eventsVanish() async throws {
    let account = HubSpotTestAccount()
    _ = try await account.people(3)
    account.did(1, .pageVisit, ago: 86_400)
    account.clock.advance(3_600)
    var pull = Pull()
    #expect(try await run(&pull, account).count == 1)
    account.network.withServer { server, _ in server.settings.plan = .professional }
    account.clock.advance(3_600)
    _ = try await run(&pull, account)
    account.clock.advance(3_600)
    #expect(try await run(&pull, account).isEmpty)
    #expect(pull.pages["contacts"]?.last?.listing == .everythingAndDone)
    account.clock.advance(3_600)
    account.did(1, .pageVisit, ago: 300)
    account.clock.advance(60)
    #expect(try await run(&pull, account).map(\.kind) == [.known(.pageVisit)])
  }

  @Test("The winner of a merge has what both did, which is no growth")
  func merged() async throws {
    let account = try await withoutEvents()
    var pull = Pull()
    _ = try await run(&pull, account)
    account.clock.advance(3_600)
    account.change { server, now in
      guard let loser = server.id(ofContact: 1), let winner = server.id(ofContact: 2) else { return }
      server.merge(loser, into: winner, at: now)
    }
    account.clock.advance(60)
    #expect(try await run(&pull, account).isEmpty)
  }

  @Test("With a new state file the counters are noted anew, and grow again from the second reading on")
  func newState() async throws {
    let account = try await withoutEvents()
    var pull = Pull()
    for _ in 0..<3 {
      _ = try await run(&pull, account)
      account.clock.advance(3_600)
    }
    account.did(1, .pageVisit, ago: 300)
    account.clock.advance(60)
    pull = Pull()
    #expect(try await run(&pull, account).isEmpty)
    account.clock.advance(3_600)
    account.did(1, .pageVisit, ago: 300)
    account.clock.advance(60)
    #expect(try await run(&pull, account).count == 1)
  }

  @Test("With nowhere to keep what they were, nothing grows")
  func nowhere() async throws {
    let growth = CounterGrowth(path: nil)
    await growth.noteRefused(.pages)
    #expect(await growth.needsList() == false)
  }

  @Test("The file finds thousands of contacts again, after it was opened anew, too")
  func table() throws {
    let account = HubSpotTestAccount()
    let path = account.folder + "/counters.table"
    let table = try CounterTable(path: path, capacity: 16)
    for id in 1...2_000 {
      var entry = CounterTable.Entry()
      entry.reading = UInt32(id % 7)
      entry.values[3] = UInt32(id)
      entry.before[7] = UInt32(id * 2)
      try table.set(entry, of: Int64(id) * 1_000_003)
    }
    let again = try CounterTable(path: path)
    for id in 1...2_000 {
      let entry = try again.entry(of: Int64(id) * 1_000_003)
      #expect(entry?.values[3] == UInt32(id))
      #expect(entry?.before[7] == UInt32(id * 2))
      #expect(entry?.reading == UInt32(id % 7))
    }
    #expect(try again.entry(of: 5) == nil)
  }

  @Test("A file that is none of ours begins anew")
  func foreignFile() throws {
    let account = HubSpotTestAccount()
    let path = account.folder + "/counters.table"
    try FileManager.default.createDirectory(atPath: account.folder, withIntermediateDirectories: true)
    try Data(repeating: 7, count: 1_000).write(to: URL(fileURLWithPath: path))
    let table = try CounterTable(path: path)
    #expect(try table.entry(of: 1) == nil)
  }
}
