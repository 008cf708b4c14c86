import ConnectorConformance
import GetResponseSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import GetResponseConnector

@Suite("Writing to GetResponse")
struct WritingTests {
  private let account = GetResponseTestAccount()

  @Test("The score goes alone, in one call a contact")
  func scoreAlone() async throws {
    let ids = try await account.people(3)
    let connector = try await account.prepared()
    account.change { server, now in server.addTag(ids[0].text, "vip", at: now) }
    let before = account.network.requests.count
    let outcomes = try await connector.write(ids.map { ContactWrite($0, 42) })
    #expect(outcomes.allSatisfy { $0.isWritten })
    #expect(account.routes(since: before).sorted() == ids.map { "POST /v3/contacts/\($0)" }.sorted())
    #expect(account.body("POST /v3/contacts/\(ids[0])") == #"{"scoring":42}"#)
    #expect(account.heldNow(ids[0])?.scoring == 42)
    #expect(account.heldNow(ids[0])?.tags == ["vip"])
    #expect(account.heldNow(ids[0])?.list == "customers")
  }

  @Test("An own score can be made empty again, one in a custom field cannot")
  func cleared() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    #expect(connector.capabilities.canClearScore)
    _ = try await connector.write([ContactWrite(ids[0], 42)])
    var write = ContactWrite(ids[0], 0)
    write.clearsScore = true
    #expect(try await connector.write([write]).first?.isWritten == true)
    #expect(account.body("POST /v3/contacts/\(ids[0])") == #"{"scoring":null}"#)
    #expect(account.heldNow(ids[0])?.scoring == nil)
    let context = ConnectorContext(name: "mail", folder: "/", fields: WriteLayout.standard.fields)
    let other = GetResponseConnector(
      settings: account.settings, context: context,
      surroundings: WebSurroundings(transport: account.network, clock: account.clock, random: { 0.5 }))
    #expect(!other.capabilities.canClearScore)
  }

  @Test("A tag is added by a call that takes none away")
  func addedTag() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    account.change { server, now in server.addTag(ids[0].text, "vip", at: now) }
    let before = account.network.requests.count
    _ = try await connector.write([ContactWrite(ids[0], 1, add: ["lead_hot", "lead_warm"])])
    #expect(
      account.routes(since: before) == ["POST /v3/contacts/\(ids[0])", "POST /v3/contacts/\(ids[0])/tags"])
    #expect(account.heldNow(ids[0])?.tags == ["vip", "lead_hot", "lead_warm"])
  }

  @Test("To take a tag away all are read and written anew with the score, and custom fields stay")
  func removedTag() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    account.change { server, now in
      server.addTag(ids[0].text, "vip", at: now)
      server.addTag(ids[0].text, "lead_cold", at: now)
      server.setField(ids[0].text, "company", to: "Acme", at: now)
    }
    let before = account.network.requests.count
    _ = try await connector.write([ContactWrite(ids[0], 7, add: ["lead_hot"], remove: ["lead_cold"])])
    #expect(
      account.routes(since: before) == ["GET /v3/contacts/\(ids[0])", "POST /v3/contacts/\(ids[0])"])
    #expect(account.heldNow(ids[0])?.tags == ["vip", "lead_hot"])
    #expect(account.heldNow(ids[0])?.scoring == 7)
    #expect(account.heldNow(ids[0])?.fields["company"] == "Acme")
    #expect(account.body("POST /v3/contacts/\(ids[0])")?.contains("customFieldValues") == false)
  }

  @Test("A tag that has gone already is not taken away by writing the others anew")
  func nothingToRemove() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    account.change { server, now in server.addTag(ids[0].text, "vip", at: now) }
    _ = try await connector.write([ContactWrite(ids[0], 7, add: ["lead_hot"], remove: ["lead_cold"])])
    #expect(account.body("POST /v3/contacts/\(ids[0])") == #"{"scoring":7}"#)
    #expect(account.heldNow(ids[0])?.tags == ["vip", "lead_hot"])
  }

  @Test("Of a contact that shows 500 tags none is taken away, since others may not be shown")
  func fullTags() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    account.change { server, now in
      for number in 1...520 { server.addTag(ids[0].text, "tag_\(number)", at: now) }
    }
    let outcomes = try await connector.write([ContactWrite(ids[0], 7, remove: ["tag_1"])])
    #expect(outcomes.first?.reason?.contains("500 tags") == true)
    #expect(account.heldNow(ids[0])?.tags.count == 520)
    #expect(account.heldNow(ids[0])?.scoring == nil)
    #expect(try await connector.write([ContactWrite(ids[0], 7, add: ["lead_hot"])]).first?.isWritten == true)
  }

  @Test("The last tag goes only if the settings allow an empty list")
  func lastTag() async throws {
    let ids = try await account.people(1)
    account.change { server, now in server.addTag(ids[0].text, "lead_hot", at: now) }
    var settings = account.settings
    settings.emptyTags = false
    let careful = try await account.prepared(settings: settings)
    let outcomes = try await careful.write([ContactWrite(ids[0], 7, remove: ["lead_hot"])])
    #expect(outcomes.first?.reason?.contains("emptyTags: true") == true)
    #expect(account.heldNow(ids[0])?.tags == ["lead_hot"])
    #expect(account.heldNow(ids[0])?.scoring == nil)
    settings.emptyTags = true
    let bold = try await account.prepared(settings: settings)
    #expect(try await bold.write([ContactWrite(ids[0], 7, remove: ["lead_hot"])]).first?.isWritten == true)
    #expect(account.heldNow(ids[0])?.tags == [])
  }

  @Test("Custom fields are set by a call that takes none away, and all of ours in one")
  func customFields() async throws {
    let account = GetResponseTestAccount(.fields)
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    account.change { server, now in server.setField(ids[0].text, "company", to: "Acme", at: now) }
    let before = account.network.requests.count
    let long = String(repeating: "x", count: 300)
    _ = try await connector.write([ContactWrite(ids[0], 42, band: "hot", reasons: long)])
    #expect(account.routes(since: before) == ["POST /v3/contacts/\(ids[0])/custom-fields"])
    let held = try #require(account.heldNow(ids[0]))
    #expect(held.fields["lead_score"] == "42")
    #expect(held.fields["lead_band"] == "hot")
    #expect(held.fields["lead_reasons"]?.count == 255)
    #expect(held.fields["company"] == "Acme")
    #expect(held.scoring == nil)
  }

  @Test("Score, band and reasons beside the native score are two calls")
  func nativeAndFields() async throws {
    let account = GetResponseTestAccount(.banded)
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    let before = account.network.requests.count
    _ = try await connector.write([ContactWrite(ids[0], 42, band: "hot")])
    #expect(account.routes(since: before).count == 2)
    #expect(account.heldNow(ids[0])?.scoring == 42)
    #expect(account.heldNow(ids[0])?.fields["lead_band"] == "hot")
  }

  @Test("A failure after the first of two calls leaves it unknown")
  func secondCall() async throws {
    let ids = try await account.people(2)
    let connector = try await account.prepared()
    account.answer("POST /v3/contacts/\(ids[0])/tags", with: .trouble(400, 1002))
    let outcomes = try await connector.write(ids.map { ContactWrite($0, 5, add: ["lead_hot"]) })
    #expect(outcomes.first == .unknown)
    #expect(outcomes.last?.isWritten == true)
  }

  @Test("A contact that is gone is gone, one whose state forbids it is refused, and the others are written")
  func others() async throws {
    let ids = try await account.people(4)
    let connector = try await account.prepared()
    account.change { server, now in
      server.remove(ids[0].text, at: now)
      server.refuse(ids[1].text, message: "is blacklisted")
    }
    let outcomes = try await connector.write(
      ids.map { ContactWrite($0, 5, add: ["lead_hot"]) }
        + [ContactWrite(ContactID("../x"), 5), ContactWrite(ContactID(".."), 5)])
    #expect(outcomes[0] == .gone)
    #expect(outcomes[1].reason?.contains("is blacklisted") == true)
    #expect(outcomes[2].isWritten && outcomes[3].isWritten)
    #expect(outcomes[4] == .gone)
    #expect(outcomes[5] == .gone)
  }

  @Test("A tag that was deleted meanwhile is looked up anew, once")
  func staleTag() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    let tally = Tally()
    let route = "POST /v3/contacts/\(ids[0])/tags"
    account.network.decide { request in
      guard "\(request.method) \(request.path)" == route, tally.next() == 1 else { return .answered }
      return .altered { _ in .trouble(400, 1001) }
    }
    #expect(try await connector.write([ContactWrite(ids[0], 5, add: ["lead_hot"])]).first?.isWritten == true)
    #expect(account.heldNow(ids[0])?.tags == ["lead_hot"])
    account.answer(route, with: .trouble(400, 1001))
    let found = await failure { _ = try await connector.write([ContactWrite(ids[0], 6, add: ["lead_hot"])]) }
    #expect(found?.kind == .configuration)
  }

  @Test("A score beyond GetResponse's bounds is refused without a call")
  func bounds() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    let before = account.network.requests.count
    for score in [-1, 100_000_000] {
      #expect(try await connector.write([ContactWrite(ids[0], score)]).first?.reason != nil)
    }
    #expect(account.routes(since: before).isEmpty)
  }

  @Test("A score that GetResponse kept as it was is not said to be written")
  func kept() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    account.answer("POST /v3/contacts/\(ids[0])", with: .json(#"{"contactId":"\#(ids[0])","scoring":3}"#))
    #expect(
      try await connector.write([ContactWrite(ids[0], 7)])
        == [.refused(reason: "GetResponse kept the score 3 instead of 7")])
  }

  @Test("A connection that is only read from cannot be written to")
  func readOnly() async throws {
    let connector = account.getResponse(fields: .some(nil))
    let found = await failure { _ = try await connector.write([ContactWrite(ContactID("a"), 7)]) }
    #expect(found?.kind == .configuration)
  }

  @Test("An answer for another contact, whose id differs by case, is not taken for this one")
  func otherCase() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    account.answer("GET /v3/contacts/\(ids[0])", with: .json(#"{"contactId":"\#(ids[0])x","scoring":3}"#))
    #expect(try await connector.current(ids)[ids[0]] == .gone)
  }

  @Test(
    "What a write is refused with decides whether it is the contact, the account or a mistake",
    arguments: [(400, 1002), (400, 1009), (400, 1027), (400, 1028), (400, 1029)])
  func refusals(status: Int, code: Int) async throws {
    let ids = try await account.people(2)
    let connector = try await account.prepared()
    account.answer("POST /v3/contacts/\(ids[0])", with: .trouble(status, code))
    let outcomes = try await connector.write(ids.map { ContactWrite($0, 5) })
    #expect(outcomes[0].reason?.contains("words of \(code) (code \(code), uuid u-1)") == true)
    #expect(outcomes[1].isWritten)
  }

  @Test(
    "A mistake of ours, wrong credentials and a block end the write",
    arguments: [
      (400, 1000, ConnectorFailure.Kind.badData), (400, 1003, .badData), (400, 1007, .badData),
      (401, 1014, .forbidden), (403, 1016, .forbidden), (403, 1023, .forbidden), (400, 1021, .configuration),
    ])
  func ends(status: Int, code: Int, kind: ConnectorFailure.Kind) async throws {
    let ids = try await account.people(2)
    let connector = try await account.prepared()
    account.answer("POST /v3/contacts/\(ids[0])", with: .trouble(status, code))
    let found = await failure { _ = try await connector.write(ids.map { ContactWrite($0, 5) }) }
    #expect(found?.kind == kind)
  }

  @Test("A tag whose name differs from the model's by case is the same tag")
  func tagCase() async throws {
    let ids = try await account.people(1)
    let connector = try await account.prepared()
    account.answer(
      "GET /v3/contacts/\(ids[0])",
      with: .json(#"{"contactId":"\#(ids[0])","scoring":3,"tags":[{"tagId":"x","name":"Lead_Hot"}]}"#))
    #expect(try await connector.current(ids)[ids[0]] == .present(HeldState(score: 3, tags: ["lead_hot"])))
  }
}
