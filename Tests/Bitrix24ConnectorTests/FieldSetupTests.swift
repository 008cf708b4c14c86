import Bitrix24Simulator
import ConnectorConformance
import Platform
import Scoring
import Testing
import WebAPI

@testable import Bitrix24Connector

@Suite("Making fields in Bitrix24")
struct FieldSetupTests {
  private let portal = Bitrix24TestPortal()

  @Test("Fields that are missing are made once, with all options")
  func made() async throws {
    let connector = portal.bitrix24()
    try await connector.prepare(.standard)
    for name in ["SCORE", "BAND", "REASONS", "TAGS"] {
      #expect(portal.ask { $0.hasField("UF_CRM_LEAD_\(name)") })
    }
    #expect(portal.ask { $0.options(of: "UF_CRM_LEAD_BAND") } == ["hot", "warm", "cold"])
    let changes = try await portal.changingRequests()
    try await connector.prepare(.standard)
    try await portal.bitrix24().prepare(.standard)
    #expect(try await portal.changingRequests() == changes)
  }

  @Test("Leads get fields of their own")
  func leads() async throws {
    let portal = Bitrix24TestPortal(.classic)
    try await portal.bitrix24().prepare(.standard)
    #expect(portal.ask { $0.hasField("UF_CRM_LEAD_SCORE", isLead: true) })
    #expect(portal.ask { $0.options(of: "UF_CRM_LEAD_BAND", isLead: true) } == ["hot", "warm", "cold"])
  }

  @Test("Options that are missing are added, and those there stay")
  func options() async throws {
    portal.act { server, _ in
      server.addField("UF_CRM_LEAD_BAND", type: "enumeration", options: ["gold", "cold"])
    }
    try await portal.bitrix24().prepare(.standard)
    #expect(Set(portal.ask { $0.options(of: "UF_CRM_LEAD_BAND") }) == ["gold", "cold", "hot", "warm"])
  }

  @Test("A text will do for the band")
  func text() async throws {
    portal.act { server, _ in server.addField("UF_CRM_LEAD_BAND") }
    let ids = try await portal.people(1)
    let connector = try await portal.prepared()
    #expect(try await connector.write([ContactWrite(ids[0], 1, band: "hot")])[0].isWritten)
    #expect(portal.holding(ids[0])?.value("UF_CRM_LEAD_BAND") == "hot")
  }

  @Test("Without the rights of a CRM administrator it is said what to make by hand")
  func rights() async throws {
    let portal = Bitrix24TestPortal { $0.isCRMAdministrator = false }
    let found = await failure { try await portal.bitrix24().prepare(.standard) }
    #expect(found?.kind == .forbidden)
    #expect(found?.what.contains("UF_CRM_LEAD_SCORE") == true)
    #expect(found?.cure.contains("a number (integer)") == true)
  }

  @Test("Fields that an administrator made by hand are good without any right to make them")
  func byHand() async throws {
    let portal = Bitrix24TestPortal { $0.isCRMAdministrator = false }
    portal.act { server, _ in
      server.addField("UF_CRM_LEAD_SCORE", type: "integer")
      server.addField("UF_CRM_LEAD_BAND", type: "enumeration", options: ["hot", "warm", "cold"])
      server.addField("UF_CRM_LEAD_REASONS")
      server.addField("UF_CRM_LEAD_TAGS", isMultiple: true)
    }
    try await portal.bitrix24().prepare(.standard)
    #expect(try await portal.changingRequests() == 0)
  }

  @Test(
    "A field of another type is not written to",
    arguments: [
      ("UF_CRM_LEAD_SCORE", "string", false, "not a number"),
      ("UF_CRM_LEAD_SCORE", "integer", true, "of several"),
      ("UF_CRM_LEAD_TAGS", "string", false, "of several values"),
      ("UF_CRM_LEAD_BAND", "date", false, "not a list"),
    ])
  func types(name: String, type: String, isMultiple: Bool, expected: String) async throws {
    portal.act { server, _ in server.addField(name, type: type, isMultiple: isMultiple) }
    let found = await failure { try await portal.bitrix24().prepare(.standard) }
    #expect(found?.kind == .configuration)
    #expect(found?.what.contains(name) == true)
    #expect(found?.what.contains(expected) == true, "\(found?.what ?? "")")
  }

  @Test("A field whose making was answered by nobody is not made twice")
  func lost() async throws {
    portal.network.decide { request in
      request.path.hasSuffix("userfield.add") ? .lost(acted: true) : .answered
    }
    let found = await failure { try await portal.bitrix24().prepare(.standard) }
    #expect(found?.kind == .unavailable)
    portal.network.decide { _ in .answered }
    try await portal.bitrix24().prepare(.standard)
    let made = portal.network.requests.filter { $0.path.hasSuffix("contact.userfield.add") }
    #expect(made.count == 4)
  }
}
