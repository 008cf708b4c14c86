import ConnectorConformance
import MauticSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import MauticConnector

@Suite("What is written, and how it is verified")
struct WritingTests {
  private let account = MauticTestAccount()
  private let single = "/api/contacts/1/edit"

  /// Contact 1, written once with everything.
  private func written() async throws -> MauticConnector {
    _ = try await account.people(1)
    let connector = try await account.prepared()
    let state = ContactWrite(1, 44, band: "hot", reasons: "many visits", add: ["lead_hot"])
    #expect(try await connector.write([state]) == [.written(version: nil)])
    return connector
  }

  @Test("A 0 empties the field with overwriteWithBlank, and is read as 0")
  func zero() async throws {
    let connector = try await written()
    let outcomes = try await connector.write([ContactWrite(1, 0, band: "cold", reasons: "nothing")])
    #expect(outcomes == [.written(version: nil)])
    let item = try #require(account.batches.last?.first)
    #expect(item["lead_score"].text == "")
    #expect(item["overwriteWithBlank"].boolean == true)
    #expect(account.held(1)?.fields["lead_score"] == nil)
    guard case .present(let held) = try await connector.current([ContactID("1")])[ContactID("1")] else {
      Issue.record("the contact is not there")
      return
    }
    #expect(held.score == nil, "nothing held means 0, as the capabilities say")
    #expect(!connector.capabilities.storesZero)
    #expect(held.band == "cold")
  }

  @Test("No band empties its field, and so do no reasons")
  func noBand() async throws {
    let connector = try await written()
    #expect(try await connector.write([ContactWrite(1, 12)]) == [.written(version: nil)])
    #expect(account.held(1)?.fields["lead_score"] == "12")
    #expect(account.held(1)?.fields["lead_band"] == nil)
    #expect(account.held(1)?.fields["lead_reasons"] == nil)
  }

  @Test("A state without blanks leaves overwriteWithBlank away")
  func noBlanks() async throws {
    _ = try await written()
    let item = try #require(account.batches.last?.first)
    #expect(!item["overwriteWithBlank"].isPresent)
    #expect(item.members.map(\.key) == ["id", "lead_score", "lead_band", "lead_reasons", "tags"])
  }

  @Test("A score below 0 is written as it is")
  func negative() async throws {
    let connector = try await written()
    #expect(
      try await connector.write([ContactWrite(1, -5, band: "cold")]) == [.written(version: nil)])
    #expect(account.held(1)?.fields["lead_score"] == "-5")
  }

  @Test("Reasons are cut where Mautic's texts end", arguments: [190, 191, 192, 400])
  func reasons(_ length: Int) async throws {
    let connector = try await written()
    let text = String(repeating: "é", count: length)
    let state = ContactWrite(1, 9, band: "cold", reasons: text)
    #expect(try await connector.write([state]) == [.written(version: nil)])
    let held = try #require(account.held(1)?.fields["lead_reasons"])
    #expect(held.unicodeScalars.count == min(length, 191))
    #expect(held == (length > 191 ? text.prefix(190) + "…" : text))
  }

  @Test("Characters of several code points are not cut in two")
  func wholeCharacters() {
    let family = "👨‍👩‍👧"
    let text = String(repeating: family, count: 60)
    let short = BatchWriter.shortened(text)
    #expect(short.unicodeScalars.count <= 191)
    #expect(short.dropLast().allSatisfy { String($0) == family })
    #expect(short.last == "…")
  }

  @Test("Tags are added by their names and taken away by a minus; others stay")
  func tags() async throws {
    let connector = try await written()
    account.change { $0.addTag(1, "theirs", at: Timestamp(1_795_000_000)) }
    let state = ContactWrite(
      1, 20, band: "warm", reasons: "r", add: ["lead_warm"], remove: ["lead_hot"])
    #expect(try await connector.write([state]) == [.written(version: nil)])
    let tags = try #require(account.batches.last?.first)["tags"].elements.map(\.text)
    #expect(tags == ["lead_warm", "-lead_hot"])
    #expect(account.held(1)?.tags == ["lead_warm", "theirs"])
  }

  @Test("Tags with characters that Mautic stores escaped are known again")
  func escapedTags() async throws {
    let connector = try await written()
    let tag = "R&D <\"hot\">"
    let add = ContactWrite(1, 20, band: "warm", reasons: "r", add: [tag])
    #expect(try await connector.write([add]) == [.written(version: nil)])
    guard case .present(let held) = try await connector.current([ContactID("1")])[ContactID("1")] else {
      Issue.record("the contact is not there")
      return
    }
    #expect(held.tags == ["lead_hot", tag])
    let remove = ContactWrite(1, 20, band: "warm", reasons: "r", remove: [tag])
    #expect(try await connector.write([remove]) == [.written(version: nil)])
    #expect(account.held(1)?.tags == ["lead_hot"])
  }

  @Test(
    "Entities of HTML are read as what they stand for, all else as it is",
    arguments: [
      ("R&#38;D", "R&D"), ("a&lt;b&gt;&quot;c&#039;", "a<b>\"c'"), ("&amp;lt;", "&lt;"),
      ("a & b; c", "a & b; c"),
      ("&;&", "&;&"), ("", ""), ("&nosuch;", "&nosuch;"), ("plain", "plain"),
    ])
  func entities(_ stored: String, _ plain: String) {
    #expect(EscapedText.plain(stored) == plain)
  }

  @Test(
    "A score that somebody else wrote is rounded, or none if it is beyond all numbers",
    arguments: [
      ("12.5", 13), ("\"12.4\"", 12), ("-0.5", -1), ("1e300", nil), ("\"much\"", nil), ("null", nil),
    ]
      as [(String, Int?)])
  func oddScores(_ text: String, _ score: Int?) throws {
    let contact = try JSONValue.parse(Array("{\"fields\":{\"all\":{\"lead_score\":\(text)}}}".utf8))
    #expect(ContactMapping(fields: WriteLayout.standard.fields).held(contact).score == score)
  }

  @Test("What the batch's answer shows otherwise is written alone, and good if that shows it")
  func mismatchOnce() async throws {
    let connector = try await written()
    account.alter({ $0.path == BatchWriter.batchPath }) {
      $0.replacingOccurrences(of: "\"lead_score\":55", with: "\"lead_score\":7")
    }
    let outcomes = try await connector.write([ContactWrite(1, 55, band: "hot", reasons: "r")])
    #expect(outcomes == [.written(version: nil)])
    #expect(account.network.requests.filter { $0.path == single }.map(\.method) == ["PATCH"])
  }

  @Test(
    "What is shown otherwise both times is refused with what Mautic kept",
    arguments: [
      ("\"lead_score\":55", "\"lead_score\":7", "Mautic kept the score 7 instead of 55"),
      ("\"lead_score\":55", "\"lead_score\":null", "Mautic kept the score empty instead of 55"),
      ("\"lead_band\":\"warm\"", "\"lead_band\":\"hot\"", "Mautic kept the band hot instead of warm"),
      ("\"lead_band\":\"warm\"", "\"lead_band\":null", "Mautic kept the band empty instead of warm"),
      ("\"tag\":\"lead_warm\"", "\"tag\":\"other\"", "Mautic did not add the tag lead_warm"),
      ("\"tag\":\"lead_warm\"", "\"tag\":\"lead_hot\"", "Mautic did not add the tag lead_warm"),
      ("\"tags\":[", "\"tags\":[{\"tag\":\"lead_hot\"},", "Mautic did not remove the tag lead_hot"),
    ])
  func mismatchTwice(_ found: String, _ shown: String, _ reason: String) async throws {
    let connector = try await written()
    account.alter({ $0.method == "PATCH" }) { $0.replacingOccurrences(of: found, with: shown) }
    let state = ContactWrite(
      1, 55, band: "warm", reasons: "r", add: ["lead_warm"], remove: ["lead_hot"])
    #expect(try await connector.write([state]) == [.refused(reason: reason)])
    #expect(account.network.requests.filter { $0.path == single }.count == 1)
  }

  @Test("Another contact in the answer than was sent: nobody knows what was written")
  func otherContact() async throws {
    let connector = try await written()
    alterID()
    #expect(try await connector.write([ContactWrite(1, 55, band: "hot")]) == [.unknown])
  }

  @Test("From 7 on another contact in the answer is the winner of a merge")
  func winnerInAnswer() async throws {
    let connector = try await written()
    account.change { $0.settings.version = "7.1.0" }
    alterID()
    #expect(
      try await connector.write([ContactWrite(1, 55, band: "hot")]) == [.moved(to: ContactID("999"))])
  }

  private func alterID() {
    account.alter({ $0.path == BatchWriter.batchPath }) {
      $0.replacingOccurrences(of: "\"id\":1,\"points\"", with: "\"id\":999,\"points\"")
    }
  }

  @Test("A contact in the answer without an id leaves it unknown")
  func noID() async throws {
    let connector = try await written()
    account.alter({ $0.path == BatchWriter.batchPath }) {
      $0.replacingOccurrences(of: "\"id\":1,\"points\"", with: "\"id\":null,\"points\"")
    }
    #expect(try await connector.write([ContactWrite(1, 55, band: "hot")]) == [.unknown])
  }

  @Test("Two contacts with one address are refused with the cure; the third is written")
  func sharedAddress() async throws {
    let connector = try await written()
    for number in [7, 8] {
      account.change {
        $0.add(
          SimulatedContact(
            number: number, email: number == 7 ? "twin@example.test" : "Twin@example.test",
            createdAt: Timestamp(1_795_000_000)))
      }
    }
    let outcomes = try await connector.write([2, 1, 3].map { ContactWrite($0, 9, band: "cold") })
    #expect(outcomes[1] == .written(version: nil))
    for outcome in [outcomes[0], outcomes[2]] {
      guard case .refused(let reason) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(reason.contains("must be unique"))
      #expect(reason.contains("merge the two in Mautic"))
    }
  }

  @Test("Without the right to edit, the call fails as forbidden")
  func forbidden() async throws {
    let connector = try await written()
    account.change { $0.settings.rights.remove(.editContacts) }
    let failed = await failure { _ = try await connector.write([ContactWrite(1, 9)]) }
    #expect(failed?.kind == .forbidden)
    #expect(failed?.cure.isEmpty == false)
  }

  @Test("Merged, deleted and unusable ids each have their outcome")
  func whereabouts() async throws {
    let connector = try await written()
    let ids = try await account.people(3)
    account.change {
      $0.merge(ids[0], into: ids[1], at: Timestamp(1_795_000_000))
      $0.remove(ids[2], at: Timestamp(1_795_000_000))
    }
    var states = [ids[0], ids[2], 1].map { ContactWrite($0, 9, band: "cold") }
    states.append(states[2])
    states.append(ContactWrite(0, 9))
    states.append(ContactWrite(2, 9))
    states[5].contact = ContactID("two")
    let outcomes = try await connector.write(states)
    let unusable = WriteOutcome.refused(reason: "its id is no number of Mautic's, or it came twice")
    #expect(
      outcomes == [
        .moved(to: ContactID("\(ids[1])")), .gone, .written(version: nil), unusable, unusable, unusable,
      ])
    #expect(account.batches.last?.map { $0["id"].integer } == [ids[0], ids[2], 1])
  }

  @Test("Ids that are all unusable are refused without a request")
  func allUnusable() async throws {
    let connector = try await written()
    let before = account.network.requests.count
    var state = ContactWrite(1, 9)
    state.contact = ContactID("two")
    guard case .refused = try await connector.write([state]).first else {
      Issue.record("not refused")
      return
    }
    #expect(account.network.requests.count == before)
  }

  @Test("A contact that the batch did not find although it is there is refused")
  func notFoundThough() async throws {
    let connector = try await written()
    account.answer(
      "PATCH \(BatchWriter.batchPath)",
      with: .json(
        "{\"contacts\":[],\"statusCodes\":[404],\"errors\":[{\"message\":\"Item was not found.\",\"code\":404}]}"
      ))
    guard case .refused(let reason)? = try await connector.write([ContactWrite(1, 9)]).first else {
      Issue.record("not refused")
      return
    }
    #expect(reason.contains("although it is there"))
  }

  @Test("A connection without fields writes nothing")
  func noFields() async throws {
    var mautic = ScriptedMautic([])
    mautic.fields = nil
    let failed = await failure { _ = try await mautic.connector().write([ContactWrite(1, 9)]) }
    #expect(failed?.kind == .configuration)
    #expect(mautic.transport.requests.isEmpty)
  }

  @Test("Over a long time of all sorts of writes, only what is allowed is ever sent")
  func nothingElse() async throws {
    let connector = try await written()
    let ids = try await account.people(60)
    for round in 0..<6 {
      account.change {
        $0.rename(ids[round], to: "Other \(round)", at: Timestamp(1_795_000_000))
        $0.remove(ids[10 + round], at: Timestamp(1_795_000_000))
        $0.merge(ids[20 + round], into: ids[30 + round], at: Timestamp(1_795_000_000))
        $0.refuse(ids[40 + round], message: "archived")
      }
      var states = ids.prefix(50).map { id in
        ContactWrite(
          id, round * 7 % 3 * id, band: id % 3 == 0 ? nil : "hot", reasons: round % 2 == 0 ? "" : "visits",
          add: id % 2 == 0 ? ["lead_hot"] : [], remove: id % 2 == 1 ? ["lead_hot"] : [])
      }
      states[7].contact = ContactID("")
      states[8].contact = states[9].contact
      _ = try await connector.write(states)
      _ = try await connector.commit()
    }
    let changing = account.network.requests.filter { !["GET", "HEAD"].contains($0.method) }
    let allowed = ["POST /api/fields/contact/new", "PATCH /api/contacts/batch/edit"]
    for request in changing {
      let route = "\(request.method) \(request.path)"
      #expect(allowed.contains(route) || route.hasPrefix("PATCH /api/contacts/") && route.hasSuffix("/edit"))
    }
    #expect(account.batches.count > 6)
    let names: Set = ["id", "lead_score", "lead_band", "lead_reasons", "tags", "overwriteWithBlank"]
    for batch in account.batches {
      #expect(batch.count <= 50)
      let sent = batch.compactMap { $0["id"].integer }
      #expect(sent.count == batch.count)
      #expect(Set(sent).count == batch.count)
      #expect(batch.allSatisfy { names.isSuperset(of: $0.members.map(\.key)) })
    }
  }
}
