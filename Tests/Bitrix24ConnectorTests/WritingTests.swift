import Bitrix24Simulator
import ConnectorConformance
import Foundation
import Platform
import Scoring
import Testing
import WebAPI

@testable import Bitrix24Connector

@Suite("Writing to Bitrix24")
struct WritingTests {
  private let portal = Bitrix24TestPortal(pageSize: 50)

  @Test("Score, band, reasons and tags go in batches of 50 commands, after a first one of ten")
  func batches() async throws {
    let ids = try await portal.people(100)
    let connector = try await portal.prepared()
    let start = portal.network.requests.count
    for part in [ids[..<50], ids[50...]] {
      let outcomes = try await connector.write(
        part.map { ContactWrite($0, 42, band: "hot", reasons: "Clicked +42", add: ["lead_hot"]) })
      #expect(outcomes.filter { $0.isWritten }.count == 50)
    }
    #expect(
      portal.routes(since: start) == [
        "batch: crm.contact.list", "batch: crm.item.update ×10", "batch: crm.item.update ×40",
        "batch: crm.contact.list", "batch: crm.item.update ×50",
      ])
    let held = try #require(portal.holding(ids[99]))
    #expect(held.value("UF_CRM_LEAD_SCORE") == "42")
    #expect(held.value("UF_CRM_LEAD_BAND") == "hot")
    #expect(held.value("UF_CRM_LEAD_REASONS") == "Clicked +42")
    #expect(held.fields["UF_CRM_LEAD_TAGS"] == ["lead_hot"])
  }

  @Test("A state without tags to come or go is written without reading any")
  func noTags() async throws {
    let ids = try await portal.people(5)
    let connector = try await portal.prepared()
    try await portal.addForeignTag(ids[0], "vip")
    let start = portal.network.requests.count
    _ = try await connector.write(ids.map { ContactWrite($0, 7) })
    #expect(portal.routes(since: start) == ["batch: crm.item.update ×5"])
    #expect(portal.holding(ids[0])?.fields["UF_CRM_LEAD_TAGS"] == ["vip"])
  }

  @Test("Tags of others stay when ours come and go")
  func foreignTags() async throws {
    let ids = try await portal.people(1)
    let connector = try await portal.prepared()
    try await portal.addForeignTag(ids[0], "vip")
    try await portal.addForeignTag(ids[0], "lead_cold")
    _ = try await connector.write([ContactWrite(ids[0], 1, add: ["lead_hot"], remove: ["lead_cold"])])
    #expect(portal.holding(ids[0])?.fields["UF_CRM_LEAD_TAGS"] == ["vip", "lead_hot"])
  }

  @Test("The last tag goes by the classic method, since the universal one cannot empty a field")
  func lastTag() async throws {
    let ids = try await portal.people(2)
    let connector = try await portal.prepared()
    _ = try await connector.write(ids.map { ContactWrite($0, 1, add: ["lead_hot"]) })
    let start = portal.network.requests.count
    let outcomes = try await connector.write([
      ContactWrite(ids[0], 2, remove: ["lead_hot"]), ContactWrite(ids[1], 3),
    ])
    #expect(outcomes.allSatisfy { $0.isWritten })
    #expect(
      portal.routes(since: start) == [
        "batch: crm.contact.list", "crm.contact.update", "batch: crm.item.update ×2",
      ])
    #expect(portal.holding(ids[0])?.fields["UF_CRM_LEAD_TAGS"] == nil)
    #expect(portal.holding(ids[0])?.value("UF_CRM_LEAD_SCORE") == "2")
    #expect(portal.holding(ids[1])?.fields["UF_CRM_LEAD_TAGS"] == ["lead_hot"])
  }

  @Test("Without the classic method a mark takes the place of the last tag, and goes with the next one")
  func mark() async throws {
    let portal = Bitrix24TestPortal(.universal)
    let ids = try await portal.people(1)
    let connector = try await portal.prepared()
    _ = try await connector.write([ContactWrite(ids[0], 1, add: ["lead_hot"])])
    let outcomes = try await connector.write([ContactWrite(ids[0], 2, remove: ["lead_hot"])])
    #expect(outcomes.allSatisfy { $0.isWritten })
    #expect(portal.holding(ids[0])?.fields["UF_CRM_LEAD_TAGS"] == ["-"])
    _ = try await connector.write([ContactWrite(ids[0], 2, add: ["lead_cold"])])
    #expect(portal.holding(ids[0])?.fields["UF_CRM_LEAD_TAGS"] == ["lead_cold"])
  }

  @Test("A band that is nil empties the field")
  func noBand() async throws {
    let ids = try await portal.people(1)
    let connector = try await portal.prepared()
    _ = try await connector.write([ContactWrite(ids[0], 1, band: "hot")])
    #expect(try await connector.write([ContactWrite(ids[0], 0)])[0].isWritten)
    #expect(portal.holding(ids[0])?.value("UF_CRM_LEAD_BAND") == nil)
    #expect(portal.holding(ids[0])?.value("UF_CRM_LEAD_SCORE") == "0")
  }

  @Test("Leads are written beside contacts, in fields of their own")
  func leads() async throws {
    let portal = Bitrix24TestPortal(.classic, pageSize: 50)
    let ids = try await portal.people(6)
    let connector = try await portal.prepared()
    let outcomes = try await connector.write(
      ids.map { ContactWrite($0, 9, band: "warm", add: ["lead_warm"]) })
    #expect(outcomes.allSatisfy { $0.isWritten })
    for id in ids {
      #expect(portal.holding(id)?.value("UF_CRM_LEAD_SCORE") == "9")
      #expect(portal.holding(id)?.value("UF_CRM_LEAD_BAND") == "warm")
    }
    #expect(portal.commands(of: "crm.item.update").contains { $0.contains("entityTypeId=1&") })
  }

  @Test("Where every command is refused the answer is a good one all the same, and each contact says why")
  func allRefused() async throws {
    let ids = try await portal.people(3)
    let connector = try await portal.prepared()
    portal.act { server, _ in
      for id in ids { server.refuse(Int64(id.text) ?? 0, message: "Company is mandatory") }
    }
    let outcomes = try await connector.write(ids.map { ContactWrite($0, 1) })
    #expect(outcomes.allSatisfy { $0.reason?.contains("Company is mandatory") == true })
  }

  @Test("A user who may write nobody ends the write, with the cure")
  func denied() async throws {
    let ids = try await portal.people(20)
    let connector = try await portal.prepared()
    portal.act { server, _ in
      for id in ids { server.refuse(Int64(id.text) ?? 0, code: "ACCESS_DENIED", message: "Access denied.") }
    }
    let found = await failure { _ = try await connector.write(ids.map { ContactWrite($0, 1) }) }
    #expect(found?.kind == .forbidden)
    #expect(found?.cure.contains("CRM administrator") == true)
  }

  @Test("A command in neither map is unknown, not done")
  func cut() async throws {
    let ids = try await portal.people(4)
    let connector = try await portal.prepared()
    portal.act { server, _ in server.cutNextBatch(after: 2) }
    let outcomes = try await connector.write(ids.map { ContactWrite($0, 1) })
    #expect(outcomes.map(\.isWritten) == [true, true, false, false])
    #expect(outcomes.suffix(2) == [.unknown, .unknown])
  }

  @Test("A batch that Bitrix24 cut off is unknown")
  func cutOff() async throws {
    let ids = try await portal.people(2)
    let connector = try await portal.prepared()
    portal.network.decide { request in
      String(decoding: request.body, as: UTF8.self).contains("crm.item.update")
        ? .altered { _ in SimulatedAnswer(status: 500, body: Array("<html>".utf8)) } : .answered
    }
    #expect(try await connector.write(ids.map { ContactWrite($0, 1) }) == [.unknown, .unknown])
  }

  @Test("Contacts that are gone say so, and so does an id that is none")
  func gone() async throws {
    let ids = try await portal.people(2)
    let connector = try await portal.prepared()
    try await portal.remove(ids[0])
    let outcomes = try await connector.write([
      ContactWrite(ids[0], 1), ContactWrite(ContactID("x1"), 1), ContactWrite(ContactID("L5"), 1),
      ContactWrite(ids[1], 1), ContactWrite(ids[1], 1),
    ])
    #expect(outcomes.prefix(3) == [.gone, .gone, .gone])
    #expect(outcomes[3].isWritten)
    #expect(outcomes[4].reason == "its id came twice")
  }

  @Test("Reasons that look like a reference to another command are written as text")
  func reference() async throws {
    let ids = try await portal.people(1)
    let connector = try await portal.prepared()
    let outcomes = try await connector.write([
      ContactWrite(ids[0], 1, reasons: "$result[crm_item_update__c7][item] +1 & 100 % = ü")
    ])
    #expect(outcomes[0].isWritten)
    #expect(
      portal.holding(ids[0])?.value("UF_CRM_LEAD_REASONS")
        == "$ result[crm_item_update__c7][item] +1 & 100 % = ü")
  }

  @Test("A field that somebody deleted meanwhile is noticed, not taken for written")
  func deletedField() async throws {
    let ids = try await portal.people(1)
    let connector = try await portal.prepared()
    portal.act { server, _ in server.removeField("UF_CRM_LEAD_SCORE") }
    let outcomes = try await connector.write([ContactWrite(ids[0], 5)])
    #expect(outcomes[0].reason == "Bitrix24 kept the score empty instead of 5")
  }

  @Test("A slow portal gets fewer commands at once, so that no request lasts a minute")
  func slow() async throws {
    let portal = Bitrix24TestPortal(pageSize: 50) { $0.seconds.update = 2 }
    let ids = try await portal.people(50)
    let connector = portal.bitrix24(through: WorkingTransport(portal.network, clock: portal.clock))
    try await connector.prepare(.standard)
    let start = portal.network.requests.count
    let outcomes = try await connector.write(ids.map { ContactWrite($0, 1) })
    #expect(outcomes.allSatisfy { $0.isWritten })
    #expect(portal.routes(since: start) == [String](repeating: "batch: crm.item.update ×10", count: 5))
  }

  @Test("What a used-up budget refuses within a batch is sent again when it is free")
  func budget() async throws {
    let portal = Bitrix24TestPortal(pageSize: 50) { $0.operatingBudget = 6 }
    let ids = try await portal.people(50)
    let connector = portal.bitrix24(through: WorkingTransport(portal.network, clock: portal.clock))
    try await connector.prepare(.standard)
    // The configuration says 480 s: the portal has far less.
    let outcomes = try await connector.write(ids.map { ContactWrite($0, 1) })
    #expect(outcomes.allSatisfy { $0.isWritten })
    #expect(portal.ask { $0.operatingRefusals } > 0)
  }
}
