import ConnectorConformance
import HubSpotSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import HubSpotConnector

@Suite("Writing to HubSpot")
struct WritingTests {
  private let account = HubSpotTestAccount()
  private static let update = "POST /crm/objects/2026-03/contacts/batch/update"

  @Test("Score, band, reasons and tags go in one request of up to 100 contacts, by their ids")
  func oneRequest() async throws {
    let ids = try await account.people(100)
    let connector = try await account.prepared()
    let before = account.network.requests.count
    let outcomes = try await connector.write(
      ids.map { ContactWrite($0, 42, band: "hot", reasons: "Clicked +42", add: ["lead_hot"]) })
    #expect(outcomes.filter(\.isWritten).count == 100)
    #expect(account.routes(since: before) == [Self.update])
    let held = account.held(ids[99])
    #expect(held?.properties["lead_score"] == "42")
    #expect(held?.properties["lead_band"] == "hot")
    #expect(held?.properties["lead_reasons"] == "Clicked +42")
    #expect(held?.values(of: "lead_tags") == ["lead_hot"])
  }

  @Test("Tags that come are added to those that are there without reading them")
  func addedTags() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    account.change { server, now in server.addValue(ids[0], "lead_tags", "vip", at: now) }
    _ = try await connector.write([ContactWrite(ids[0], 1, add: ["lead_hot", "lead_warm"])])
    #expect(account.held(ids[0])?.values(of: "lead_tags") == ["vip", "lead_hot", "lead_warm"])
    #expect(account.batches.last?.first?["properties"]["lead_tags"].text == ";lead_hot;lead_warm")
  }

  @Test("To take a tag away those of the contact are read, and all others stay")
  func removedTags() async throws {
    let ids = try await account.people(2)
    let connector = try await account.prepared()
    account.change { server, now in
      server.addValue(ids[0], "lead_tags", "vip", at: now)
      server.addValue(ids[0], "lead_tags", "lead_cold", at: now)
    }
    let before = account.network.requests.count
    _ = try await connector.write([
      ContactWrite(ids[0], 1, add: ["lead_hot"], remove: ["lead_cold"]), ContactWrite(ids[1], 2),
    ])
    #expect(account.held(ids[0])?.values(of: "lead_tags") == ["vip", "lead_hot"])
    #expect(
      account.routes(since: before) == ["POST /crm/objects/2026-03/contacts/batch/read", Self.update])
  }

  @Test("One contact that makes HubSpot refuse the whole batch is found by halves")
  func halves() async throws {
    let ids = try await account.people(64)
    let connector = try await account.prepared()
    account.change { server, _ in server.refuse(ids[37], message: "a rule forbids it") }
    let before = account.network.requests.count
    let outcomes = try await connector.write(ids.map { ContactWrite($0, 7) })
    #expect(outcomes.filter(\.isWritten).count == 63)
    guard case .refused(let reason) = outcomes[37] else {
      Issue.record("not refused: \(outcomes[37])")
      return
    }
    #expect(reason.contains("a rule forbids it"))
    // One for all, and two for each of six halvings.
    #expect(account.routes(since: before).count == 13)
  }

  @Test("Where everybody is refused one by one it is not they, and the write ends")
  func allRefused() async throws {
    let ids = try await account.people(20)
    let connector = try await account.prepared()
    account.change { server, _ in for id in ids { server.refuse(id, message: "a rule forbids it") } }
    let found = await failure { _ = try await connector.write(ids.map { ContactWrite($0, 7) }) }
    #expect(found?.kind == .badData)
    #expect(found?.what.contains("a rule forbids it") == true)
  }

  @Test("Many at the beginning that are refused do not keep the others from being written")
  func manyRefused() async throws {
    let ids = try await account.people(40)
    let connector = try await account.prepared()
    account.change { server, _ in for id in ids.prefix(25) { server.refuse(id, message: "no") } }
    let outcomes = try await connector.write(ids.map { ContactWrite($0, 7) })
    #expect(outcomes.prefix(25).allSatisfy { !$0.isWritten })
    #expect(outcomes.dropFirst(25).allSatisfy { $0.isWritten })
  }

  @Test("Of contacts that are gone, 207 tells; the others are written")
  func gone() async throws {
    let ids = try await account.people(3)
    let connector = try await account.prepared()
    account.change { server, now in
      server.erase(ids[0], at: now)
      server.archive(ids[1], at: now)
    }
    let outcomes = try await connector.write(ids.map { ContactWrite($0, 7) })
    #expect(outcomes[0] == .gone)
    #expect(outcomes[1] == .gone)
    #expect(outcomes[2].isWritten)
  }

  @Test("Of both that became a third one the new id is told, whether their tags are read or not")
  func merged() async throws {
    let account = HubSpotTestAccount { $0.mergeMakesNewID = true }
    let ids = try await account.people(3)
    let connector = try await account.prepared()
    let winner = account.network.withServer { $0.merge(ids[0], into: ids[1], at: $1) } ?? 0
    let outcomes = try await connector.write([
      ContactWrite(ids[0], 1), ContactWrite(ids[1], 2, remove: ["lead_cold"]), ContactWrite(ids[2], 3),
    ])
    #expect(outcomes[0] == .moved(to: ContactID("\(winner)")))
    #expect(outcomes[1] == .moved(to: ContactID("\(winner)")))
    #expect(outcomes[2].isWritten)
    #expect(account.held(winner)?.properties["lead_score"] == nil)
  }

  @Test("A property that was deleted meanwhile ends the write at once")
  func deletedProperty() async throws {
    let ids = try await account.people(8)
    let connector = try await account.prepared()
    account.change { server, _ in server.archiveProperty("lead_reasons") }
    let before = account.network.requests.count
    let found = await failure { _ = try await connector.write(ids.map { ContactWrite($0, 7) }) }
    #expect(found?.kind == .configuration)
    #expect(found?.what == "HubSpot has no property 'lead_reasons'")
    #expect(account.routes(since: before).count == 1)
  }

  @Test("A value that HubSpot kept as it was is not said to be written")
  func keptValue() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    let result = #"{"id":"\#(ids[0])","properties":{"lead_score":"3"},"updatedAt":"2026-11-27T10:00:00Z"}"#
    account.answer(Self.update, with: .json(#"{"status":"COMPLETE","results":[\#(result)]}"#))
    #expect(
      try await connector.write([ContactWrite(ids[0], 7)])
        == [.refused(reason: "HubSpot kept the score 3 instead of 7")])
  }

  @Test("An answer that says nothing of a contact claims nothing")
  func silentSuccess() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    account.answer(Self.update, with: .json(#"{"status":"COMPLETE","results":[]}"#))
    #expect(try await connector.write([ContactWrite(ids[0], 7)]) == [.unknown])
  }

  @Test("Without the right to write it says which scope is missing")
  func missingScope() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    account.network.withServer { server, _ in _ = server.settings.scopes.remove("crm.objects.contacts.write")
    }
    let found = await failure { _ = try await connector.write([ContactWrite(ids[0], 7)]) }
    #expect(found?.kind == .forbidden)
    #expect(found?.cure.contains("crm.objects.contacts.write") == true)
  }

  @Test("A connection that is only read from cannot be written to")
  func readOnly() async throws {
    let connector = HubSpotConnector(
      settings: account.settings, context: ConnectorContext(name: "hub", folder: "/"),
      surroundings: WebSurroundings(transport: account.network, clock: account.clock))
    let found = await failure { _ = try await connector.write([ContactWrite(1, 7)]) }
    #expect(found?.kind == .configuration)
  }

  @Test("Static lists hold those who have the tag")
  func lists() async throws {
    let account = HubSpotTestAccount(.lists)
    let ids = try await account.people(2)
    let connector = try await account.prepared()
    _ = try await connector.write(ids.map { ContactWrite($0, 7, add: ["lead_hot"]) })
    #expect(account.held(ids[0])?.lists == ["Leadgauge lead_hot"])
    _ = try await account.prepared().write([
      ContactWrite(ids[0], 7, add: ["lead_cold"], remove: ["lead_hot"])
    ])
    #expect(account.held(ids[0])?.lists == ["Leadgauge lead_cold"])
    #expect(account.held(ids[1])?.lists == ["Leadgauge lead_hot"])
  }

  @Test("Our own write comes back as what is known: the same fields, what was written, and its version")
  func ownWrite() async throws {
    let ids = try await account.people(2)
    let connector = try await account.prepared()
    var pull = Pull()
    try await pull.read("contacts", connector, account.window())
    let known = pull.pages["contacts"]?.first?.contacts.first
    account.clock.advance(3_600)
    let outcomes = try await connector.write([
      ContactWrite(ids[0], 7, band: "hot", reasons: "a", add: ["lead_hot"])
    ])
    #expect(try await connector.commit().isEmpty)
    account.clock.advance(3_600)
    try await pull.read("contacts", connector, account.window())
    let record = try #require(pull.pages["contacts"]?.flatMap(\.contacts).first)
    #expect(record.fields == known?.fields)
    guard case .written(let version) = outcomes[0] else {
      Issue.record("not written")
      return
    }
    #expect(
      record.held
        == HeldState(score: 7, band: "hot", reasons: "a", tags: ["lead_hot"], version: version))
  }
}
