import ConnectorConformance
import HubSpotSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import HubSpotConnector

@Suite("Properties in which HubSpot is written to")
struct PropertySetupTests {
  private let account = HubSpotTestAccount()

  @Test("Group and properties are made once, with every band and tag that the model may give")
  func made() async throws {
    _ = try await account.prepared()
    account.change { server, _ in
      #expect(server.hasProperty("lead_score"))
      #expect(server.options(of: "lead_band") == ["hot", "warm", "cold"])
      #expect(server.options(of: "lead_tags") == ["lead_hot", "lead_warm", "lead_cold"])
    }
    let before = account.network.requests.count
    try await account.hubspot().prepare(.standard)
    #expect(
      account.routes(since: before) == [
        "GET /account-info/2026-03/details", "GET /crm/properties/2026-03/contacts",
      ])
  }

  @Test("A new band and a new tag are added to the options, and those of others stay")
  func newValues() async throws {
    _ = try await account.prepared()
    let ids = try await account.people(1)
    account.change { server, now in server.addValue(ids[0], "lead_tags", "vip", at: now) }
    var layout = WriteLayout.standard
    layout.bandNames.append("frozen")
    layout.ownedTags.append("lead_frozen")
    try await account.hubspot().prepare(layout)
    account.change { server, _ in
      #expect(server.options(of: "lead_band") == ["hot", "warm", "cold", "frozen"])
      #expect(
        server.options(of: "lead_tags") == ["lead_hot", "lead_warm", "lead_cold", "vip", "lead_frozen"])
    }
    #expect(account.held(ids[0])?.values(of: "lead_tags") == ["vip"])
  }

  @Test("A text does for the band")
  func textBand() async throws {
    account.change { server, now in server.addProperty("lead_band", at: now) }
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    _ = try await connector.write([ContactWrite(ids[0], 3, band: "hot")])
    #expect(account.held(ids[0])?.properties["lead_band"] == "hot")
  }

  @Test(
    "A property of the wrong type is named with the cure",
    arguments: [
      ("lead_score", "string", "text"), ("lead_band", "number", "number"), ("lead_tags", "string", "text"),
      ("lead_tags", "enumeration", "select"), ("lead_reasons", "enumeration", "select"),
    ])
  func wrongType(name: String, type: String, fieldType: String) async throws {
    account.change { server, now in server.addProperty(name, type: type, fieldType: fieldType, at: now) }
    let found = await failure { try await account.hubspot().prepare(.standard) }
    #expect(found?.kind == .configuration)
    #expect(found?.what.hasPrefix("the property '\(name)' of HubSpot is \(type)/\(fieldType)") == true)
    #expect(found?.cure.isEmpty == false)
  }

  @Test("A read-only property cannot be used")
  func readOnly() async throws {
    account.change { server, now in
      server.addProperty("lead_score", type: "number", fieldType: "number", readOnly: true, at: now)
    }
    let found = await failure { try await account.hubspot().prepare(.standard) }
    #expect(found?.what == "the property 'lead_score' of HubSpot is read-only")
  }

  @Test("A property that takes a while to be there is waited for")
  func late() async throws {
    let account = HubSpotTestAccount { $0.propertyDelay = 2 }
    let begun = account.clock.now()
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    #expect(account.clock.now() - begun >= 2)
    #expect(try await connector.write([ContactWrite(ids[0], 3)]).first?.isWritten == true)
  }

  @Test("A property that never comes is named")
  func never() async throws {
    let account = HubSpotTestAccount { $0.propertyDelay = 1_000 }
    let found = await failure { try await account.hubspot().prepare(.standard) }
    #expect(found?.kind == .unavailable)
    #expect(found?.what == "HubSpot has not made the property 'lead_score'")
  }

  @Test("Why a property cannot be made is said, and one that somebody else has just made does no harm")
  func notMade() async throws {
    let route = "POST /crm/properties/2026-03/contacts/batch/create"
    @Sendable func answer(_ category: String) -> SimulatedAnswer {
      let error = #"{"status":"error","category":"\#(category)","message":"the limit is 10"}"#
      return .json(#"{"status":"COMPLETE","results":[],"numErrors":1,"errors":[\#(error)]}"#, status: 207)
    }
    account.answer(route, with: answer("VALIDATION_ERROR"))
    let found = await failure { try await account.hubspot().prepare(.standard) }
    #expect(found?.what == "HubSpot made not all properties: the limit is 10")
    account.network.decide { request in
      guard "\(request.method) \(request.path)" == route else { return .answered }
      return .altered { _ in answer("OBJECT_ALREADY_EXISTS") }
    }
    try await account.hubspot().prepare(.standard)
  }

  @Test("Without the right to make properties it says which scope is missing")
  func missingScope() async throws {
    let account = HubSpotTestAccount { $0.scopes.remove("crm.schemas.contacts.write") }
    let found = await failure { try await account.hubspot().prepare(.standard) }
    #expect(found?.kind == .forbidden)
    #expect(found?.cure.contains("crm.schemas.contacts.write") == true)
  }

  @Test("In another account than the one that was meant nothing is made")
  func wrongPortal() async throws {
    let account = HubSpotTestAccount { $0.portalID = 999 }
    let found = await failure { try await account.hubspot().prepare(.standard) }
    #expect(found?.kind == .configuration)
    #expect(found?.what == "the credentials lead to the HubSpot account 999, not to 12345678")
    #expect(try await account.changingRequests() == 0)
  }
}
