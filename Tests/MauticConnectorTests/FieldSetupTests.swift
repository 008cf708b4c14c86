import ConnectorConformance
import MauticSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import MauticConnector

@Suite("The fields that are written to")
struct FieldSetupTests {
  private let account = MauticTestAccount()
  private let create = "POST /api/fields/contact/new"
  private let time = Timestamp(1_795_000_000)

  private func prepare(_ layout: WriteLayout = .standard) async -> ConnectorFailure? {
    await failure { try await account.mautic(pageSize: 100).prepare(layout) }
  }

  private func count() -> Int { account.routes().filter { $0 == create }.count }

  @Test("What is missing is made once, and then left alone")
  func made() async throws {
    #expect(await prepare() == nil)
    #expect(count() == 3)
    #expect(await prepare() == nil)
    #expect(count() == 3)
  }

  @Test("Native points and no other field need nothing")
  func nothing() async throws {
    var layout = WriteLayout.standard
    layout.fields = WrittenFields(score: .native, band: nil, reasons: nil, tags: true)
    #expect(await prepare(layout) == nil)
    #expect(account.network.requests.isEmpty)
  }

  @Test("A server that makes fields in the background is asked for all of them, once, with the cure")
  func background() async throws {
    account.change { $0.settings.createsFieldsInBackground = true }
    for _ in 0..<2 {
      let failed = await prepare()
      #expect(failed?.kind == .unavailable)
      #expect(failed?.what.contains("lead_score") == true)
      #expect(failed?.cure.contains("mautic:custom-field:create-column") == true)
      #expect(count() == 3)
    }
    account.change { $0.finishFields() }
    let id = try await account.people(1)[0]
    let connector = account.mautic(pageSize: 100)
    try await connector.prepare(.standard)
    #expect(
      try await connector.write([ContactWrite(id, 5, band: "hot")]) == [.written(version: nil)])
    #expect(count() == 3)
  }

  @Test(
    "A field of another type is not written to",
    arguments: [("lead_score", "text"), ("lead_band", "number"), ("lead_reasons", "boolean")])
  func type(_ alias: String, _ type: String) async throws {
    let time = time
    account.change { $0.addField(alias: alias, type: type, at: time) }
    let failed = await prepare()
    #expect(failed?.kind == .configuration)
    #expect(failed?.what.contains("'\(alias)'") == true)
    #expect(failed?.what.contains("of the type \(type)") == true)
    #expect(failed?.cure.isEmpty == false)
  }

  @Test("Long texts and look-ups hold texts too", arguments: ["text", "textarea", "lookup"])
  func texts(_ type: String) async throws {
    let time = time
    account.change { $0.addField(alias: "lead_band", type: type, at: time) }
    #expect(await prepare() == nil)
  }

  private func choice(_ alias: String, _ options: String) {
    let time = time
    account.change { $0.addField(alias: alias, type: "select", at: time) }
    account.alter({ $0.method == "GET" && $0.path == "/api/fields/contact" }) { text in
      text.replacingOccurrences(
        of: "\"properties\":{}}", with: "\"properties\":{\"list\":\(options)}}")
    }
  }

  @Test("A choice field has to have every band, in either form of options")
  func choices() async throws {
    choice("lead_band", "[{\"label\":\"Hot\",\"value\":\"hot\"},{\"label\":\"Warm\",\"value\":\"warm\"}]")
    let failed = await prepare()
    #expect(failed?.kind == .configuration)
    #expect(failed?.what == "the choice field 'lead_band' of Mautic lacks cold")
    choice("lead_band", "[\"hot\",\"warm\",\"cold\"]")
    #expect(await prepare() == nil)
  }

  @Test("Reasons cannot be chosen from a list")
  func reasonsByChoice() async throws {
    choice("lead_reasons", "[\"hot\",\"warm\",\"cold\"]")
    let failed = await prepare()
    #expect(failed?.kind == .configuration)
    #expect(failed?.what == "the field 'lead_reasons' of Mautic is of the type select, not text")
  }

  @Test("A field that was made although the answer was lost is taken")
  func lostButMade() async throws {
    account.network.decide { $0.method == "POST" ? .lost(acted: true) : .answered }
    #expect(await prepare() == nil)
    #expect(count() == 3)
  }

  @Test("A field whose creation was lost before it happened fails the call")
  func lostForGood() async throws {
    account.network.decide { $0.method == "POST" ? .lost(acted: false) : .answered }
    let failed = await prepare()
    #expect(failed?.kind == .unavailable)
    #expect(count() == 1)
  }

  @Test("A field that comes back under another name is a fault of the configuration")
  func otherAlias() async throws {
    account.alter({ $0.method == "POST" }) {
      $0.replacingOccurrences(of: "\"alias\":\"lead_score\"", with: "\"alias\":\"lead_score1\"")
    }
    let failed = await prepare()
    #expect(failed?.kind == .configuration)
    #expect(failed?.what.contains("made the field 'lead_score1' for 'lead_score'") == true)
  }

  @Test("Without the right to make fields, the failure says which one to make by hand")
  func forbidden() async throws {
    account.change { $0.settings.rights.remove(.createFields) }
    let failed = await prepare()
    #expect(failed?.kind == .forbidden)
    #expect(failed?.cure.contains("by hand: type number") == true)
  }

  @Test("An error of the server while a field is made fails the call")
  func serverError() async throws {
    account.network.decide {
      $0.method == "POST"
        ? .altered { _ in .json("{\"errors\":[{\"message\":\"full\",\"code\":500}]}", status: 500) }
        : .answered
    }
    let failed = await prepare()
    #expect(failed?.kind == .unavailable)
    #expect(failed?.what.contains("status 500: full") == true)
  }

  @Test("A long list of fields is read to its end")
  func longList() async throws {
    let time = time
    account.change { server in
      for number in 0..<600 { server.addField(alias: "extra_\(number)", type: "text", at: time) }
      server.addField(alias: "lead_score", type: "number", at: time)
    }
    #expect(await prepare() == nil)
    #expect(count() == 2)
  }
}
