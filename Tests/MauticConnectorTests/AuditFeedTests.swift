import ConnectorConformance
import Foundation
import MauticSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import MauticConnector

@Suite("Contacts by the audit log")
struct AuditFeedTests {
  private let account = MauticTestAccount()
  private let time = Timestamp(1_795_000_000)

  /// Contacts that were read to the end once.
  private func read(
    _ count: Int, pageSize: Int = 100
  ) async throws -> (Pull, MauticConnector, [Int]) {
    let ids = try await account.people(count)
    let connector = account.mautic(pageSize: pageSize)
    var pull = Pull()
    try await pull.read("contacts", connector, account.window())
    return (pull, connector, ids)
  }

  private func merges(_ pull: Pull) -> [ContactMerge] { (pull.pages["contacts"] ?? []).flatMap(\.merges) }

  private func removals(_ pull: Pull) -> [String] {
    (pull.pages["contacts"] ?? []).flatMap(\.removals).map(\.text)
  }

  private func merge(_ loser: Int, _ winner: Int) -> ContactMerge {
    ContactMerge(loser: ContactID("\(loser)"), winner: ContactID("\(winner)"))
  }

  @Test("Who was changed or made comes once, and nobody else")
  func update() async throws {
    var (pull, connector, ids) = try await read(4)
    let time = time
    account.change { [ids] in
      $0.rename(ids[1], to: "A", at: time)
      $0.rename(ids[1], to: "B", at: time)
      $0.addTag(ids[3], "vip", at: time)
    }
    let new = try await account.addContact(email: "new@example.test", firstName: "New")
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts() == ["\(ids[1])", "\(ids[3])", new.text])
    #expect(pull.pages["contacts"]?.map(\.listing) == [.changes])
    #expect(pull.pages["contacts"]?.map(\.reading) == [Reading(number: 2, isContinuation: true)])
    #expect(pull.pages["contacts"]?.first?.contacts.last?.emails == ["new@example.test"])
  }

  @Test("A chain of merges in one page leads to the last winner")
  func chainInOnePage() async throws {
    var (pull, connector, ids) = try await read(3)
    let time = time
    account.change { [ids] in
      $0.merge(ids[0], into: ids[1], at: time)
      $0.merge(ids[1], into: ids[2], at: time)
    }
    try await pull.read("contacts", connector, account.window())
    #expect(merges(pull) == [merge(ids[0], ids[1]), merge(ids[1], ids[2])])
    #expect(pull.contacts() == ["\(ids[2])"])
    #expect(pull.pages["contacts"]?.count == 1)
  }

  @Test("A chain of merges over two pages leads there too")
  func chainOverTwoPages() async throws {
    var (pull, connector, ids) = try await read(3, pageSize: 1)
    let time = time
    account.change { [ids] in
      $0.merge(ids[0], into: ids[1], at: time)
      $0.merge(ids[1], into: ids[2], at: time)
    }
    try await pull.read("contacts", connector, account.window())
    #expect(merges(pull) == [merge(ids[0], ids[1]), merge(ids[1], ids[2])])
    #expect(pull.contacts() == ["\(ids[2])"])
    #expect(pull.pages["contacts"]?.count == 3)
  }

  @Test("A deleted contact is gone, whatever happened to it before")
  func delete() async throws {
    var (pull, connector, ids) = try await read(3)
    let time = time
    account.change { [ids] in
      $0.rename(ids[0], to: "Soon gone", at: time)
      $0.remove(ids[0], at: time)
      $0.merge(ids[1], into: ids[2], at: time)
      $0.remove(ids[2], at: time)
    }
    try await pull.read("contacts", connector, account.window())
    #expect(removals(pull) == ["\(ids[0])", "\(ids[2])"])
    #expect(merges(pull) == [merge(ids[1], ids[2])])
    #expect(pull.contacts().isEmpty)
  }

  @Test(
    "The winner stands in PHP's notation, as a number or as a text",
    arguments: [
      ("a:1:{s:11:\"merged_into\";i:52;}", 52), ("a:1:{s:11:\"merged_into\";s:2:\"52\";}", 52),
      ("a:2:{s:4:\"name\";s:1:\"9\";s:11:\"merged_into\";s:3:\"520\";}", 520),
      ("a:0:{}", nil), ("", nil), ("a:1:{s:11:\"merged_into\";N;}", nil),
      ("a:1:{s:11:\"merged_into\";s:0:\"\";}", nil), ("a:1:{s:11:\"merged_into\";s:2:\"5", nil),
    ] as [(String, Int?)])
  func winner(_ details: String, _ winner: Int?) {
    #expect(ContactReader.winner(details) == winner)
  }

  @Test("A merge whose winner stands as a text is followed")
  func winnerAsText() async throws {
    var (pull, connector, ids) = try await read(2)
    let time = time
    account.change { [ids] in $0.merge(ids[0], into: ids[1], at: time) }
    let winner = "\(ids[1])"
    account.alter({ $0.path == "/api/stats/audit_log" }) {
      $0.replacingOccurrences(
        of: "merged_into\\\";i:\(winner);", with: "merged_into\\\";s:\(winner.count):\\\"\(winner)\\\";")
    }
    try await pull.read("contacts", connector, account.window())
    #expect(merges(pull) == [merge(ids[0], ids[1])])
    #expect(pull.contacts() == [winner])
  }

  @Test("A merge whose winner cannot be read shows where the loser leads today")
  func winnerUnreadable() async throws {
    var (pull, connector, ids) = try await read(2)
    let time = time
    account.change { [ids] in $0.merge(ids[0], into: ids[1], at: time) }
    account.alter({ $0.path == "/api/stats/audit_log" }) {
      $0.replacingOccurrences(of: "merged_into", with: "merged")
    }
    try await pull.read("contacts", connector, account.window())
    #expect(merges(pull) == [merge(ids[0], ids[1])])
    #expect(pull.contacts() == ["\(ids[1])"])
  }

  @Test("A merge whose winner cannot be read and is gone since is a removal")
  func winnerUnreadableAndGone() async throws {
    var (pull, connector, ids) = try await read(2)
    let time = time
    account.change { [ids] in
      $0.merge(ids[0], into: ids[1], at: time)
      $0.remove(ids[1], at: time)
    }
    account.alter({ $0.path == "/api/stats/audit_log" }) {
      $0.replacingOccurrences(of: "merged_into", with: "merged")
    }
    try await pull.read("contacts", connector, account.window())
    #expect(Set(removals(pull)) == ["\(ids[0])", "\(ids[1])"])
    #expect(pull.contacts().isEmpty)
  }

  @Test("A log whose next rows were cleaned away makes everybody be listed again")
  func purged() async throws {
    var (pull, connector, ids) = try await read(3)
    account.alter({ request in
      request.path == "/api/stats/audit_log"
        && request.query.contains(SimulatedPair("order[0][dir]", "ASC"))
    }) { _ in "{\"total\":\"1\",\"stats\":[{\"id\":\"900\"}]}" }
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts() == ids.map { "\($0)" })
    #expect(pull.pages["contacts"]?.map(\.listing) == [.everythingAndDone])
  }

  @Test("A log that was emptied makes everybody be listed again, once")
  func emptied() async throws {
    var (pull, connector, _) = try await read(3)
    account.alter({ $0.path == "/api/stats/audit_log" }) { _ in "{\"total\":\"0\",\"stats\":[]}" }
    try await pull.read("contacts", connector, account.window())
    #expect(pull.pages["contacts"]?.map(\.listing) == [.everythingAndDone])
    try await pull.read("contacts", connector, account.window())
    #expect(pull.pages["contacts"]?.map(\.listing) == [.changes])
  }

  @Test("A log that is refused from now on makes everybody be listed, and then dates count")
  func refused() async throws {
    var (pull, connector, ids) = try await read(3)
    account.change { $0.settings.auditLogAllowed = false }
    account.clock.advance(3_600)
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts() == ids.map { "\($0)" })
    #expect(pull.pages["contacts"]?.map(\.listing) == [.everythingAndDone])
    account.clock.advance(3_600)
    let now = Timestamp(Int64(account.clock.now()))
    account.change { [ids] in $0.rename(ids[1], to: "Changed", at: now) }
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts() == ["\(ids[1])"])
    #expect(pull.pages["contacts"]?.map(\.listing) == [.changes])
  }

  @Test("A log that is refused in the middle of a reading makes everybody be listed too")
  func refusedMeanwhile() async throws {
    var (pull, connector, ids) = try await read(3, pageSize: 1)
    let time = time
    account.change { [ids] in for id in ids { $0.rename(id, to: "Changed", at: time) } }
    let name = StreamName("contacts")
    let first = try await connector.page(of: name, after: pull.cursors[name], window: account.window())
    #expect(first.hasMore)
    pull.cursors[name] = first.cursor
    account.change { $0.settings.auditLogAllowed = false }
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts() == ids.map { "\($0)" })
    #expect(pull.pages["contacts"]?.last?.listing == .everythingAndDone)
    #expect(pull.pages["contacts"]?.allSatisfy { $0.reading.number == 3 } == true)
  }

  @Test("After a month everybody is listed again, and who is gone without a trace is not")
  func monthly() async throws {
    var (pull, connector, ids) = try await read(3)
    account.clock.advance(29 * 86_400)
    try await pull.read("contacts", connector, account.window())
    #expect(pull.pages["contacts"]?.map(\.listing) == [.changes])
    account.clock.advance(86_400)
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts() == ids.map { "\($0)" })
    #expect(pull.pages["contacts"]?.map(\.listing) == [.everythingAndDone])
    try await pull.read("contacts", connector, account.window())
    #expect(pull.pages["contacts"]?.map(\.listing) == [.changes])
  }

  @Test("A long listing tells how far it has come, and ends it only once")
  func progress() async throws {
    let (pull, _, ids) = try await read(5, pageSize: 2)
    #expect(pull.contacts() == ids.map { "\($0)" })
    #expect(pull.pages["contacts"]?.map(\.progress) == [0.4, 0.8, 1])
    #expect(pull.pages["contacts"]?.map(\.listing) == [.everything, .everything, .everythingAndDone])
  }

  @Test("Visitors whom nobody knows are left out and counted, in the listing and in the log")
  func anonymous() async throws {
    let time = time
    account.change { for _ in 0..<3 { $0.addAnonymousVisitor(at: time) } }
    var (pull, connector, ids) = try await read(2)
    #expect(pull.contacts() == ids.map { "\($0)" })
    #expect(pull.pages["contacts"]?.map(\.leftOut) == [3])
    account.change { $0.setField(2, "city", to: "Town", at: time) }
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts().isEmpty)
    #expect(pull.pages["contacts"]?.map(\.leftOut) == [1])
    account.change { $0.setField(2, "email", to: "known@example.test", at: time) }
    try await pull.read("contacts", connector, account.window())
    #expect(pull.contacts() == ["2"])
    #expect(pull.pages["contacts"]?.map(\.leftOut) == [0])
    #expect(pull.pages["contacts"]?.first?.contacts.first?.emails == ["known@example.test"])
  }

  @Test("A contact without id is told")
  func noID() async throws {
    _ = try await account.people(2)
    account.alter({ $0.path == "/api/contacts" }) {
      $0.replacingOccurrences(of: "\"id\":1,\"points\"", with: "\"id\":null,\"points\"")
    }
    var pull = Pull()
    try await pull.read("contacts", account.mautic(pageSize: 100), account.window())
    #expect(pull.contacts() == ["2"])
    #expect(pull.pages["contacts"]?.flatMap(\.rejected).map(\.place) == ["contacts"])
  }

  @Test("Fields have their canonical names; a mobile number stands in for a phone")
  func fields() async throws {
    let time = time
    let id = try await account.people(1)[0]
    let values = [
      "lastname": "Last", "company": "Acme", "position": "Head", "country": "France", "city": "Town",
      "website": "https://example.com", "preferred_locale": "fr", "mobile": "123", "zipcode": "9000",
      "lead_score": "4", "lead_band": "hot", "lead_reasons": "r",
    ]
    account.change { server in
      for (name, value) in values { server.setField(id, name, to: value, at: time) }
    }
    account.alter({ $0.path == "/api/contacts" }) {
      $0.replacingOccurrences(of: "\"stage\":null", with: "\"stage\":{\"id\":1,\"name\":\"Customer\"}")
    }
    var pull = Pull()
    try await pull.read("contacts", account.mautic(pageSize: 100), account.window())
    let contact = try #require(pull.pages["contacts"]?.first?.contacts.first)
    let expected = [
      ("email", "p1@example.test"), ("first_name", "Person 1"), ("last_name", "Last"), ("company", "Acme"),
      ("job_title", "Head"), ("country", "France"), ("city", "Town"), ("website", "https://example.com"),
      ("language", "fr"), ("mobile", "123"), ("phone", "123"), ("zipcode", "9000"),
      ("lifecycle_stage", "Customer"), ("points", "0"),
    ].map { ContactField($0.0, $0.1) }
    #expect(Set(contact.fields) == Set(expected))
    #expect(contact.fields.count == expected.count)
    #expect(contact.held == HeldState(score: 4, band: "hot", reasons: "r"))
    #expect(contact.createdAt == time)
  }
}
