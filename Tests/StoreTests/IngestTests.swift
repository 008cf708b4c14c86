import Foundation
import GRDB
import Platform
import Scoring
import Testing

@testable import Store

@Suite("What the store takes in and gives away")
struct IngestTests {
  private let now = Timestamp(1_790_000_000)
  private let contacts = StreamDescription(name: StreamName("contacts"), role: .contacts)

  private func connection(_ store: LeadStore) throws -> StoredConnection {
    try store.connection(named: "a", platform: "web")
  }

  private func page(_ fill: (inout Page) -> Void) -> Page {
    var page = Page(
      reading: Reading(number: 1, isContinuation: true), cursor: Platform.Cursor("1"), hasMore: false)
    fill(&page)
    page.recordsRead = 1
    return page
  }

  private func people(_ store: LeadStore) throws {
    let page = page { page in
      page.contacts = [
        ContactRecord(id: ContactID("1"), emails: ["An@Example.com"]),
        ContactRecord(id: ContactID("2"), emails: ["ben@example.com"]),
      ]
      page.activities = [
        ActivityRecord(
          subject: .contact(ContactID("1")), kind: .custom("quiz"), time: now, target: "/Quiz",
          identity: .id("q1"))
      ]
    }
    try store.ingest(page, of: contacts, on: connection(store), at: now)
    _ = try store.mergeInbox()
  }

  /// What all persons did; each of their contacts is shown.
  private func deeds(
    in store: LeadStore, showing contact: (ContactID, [String]) -> Void = { _, _ in }
  ) throws -> [ActivityKind?] {
    let layout = ReadingLayout(connections: [try connection(store)], fields: [])
    var kinds: [ActivityKind?] = []
    let texts = store.makeTexts()
    try store.forEachPerson(layout: layout, texts: texts) { person, names in
      kinds += try person.buffer.entries.map { try texts.kind($0.kind) }
      for name in try names() { contact(name.id, name.emails) }
    }
    return kinds
  }

  @Test("a record that cannot be used is kept with its reason, the newest reason for a place")
  func rejected() throws {
    let store = try LeadStore.temporary()
    for reason in ["no date", "no such date"] {
      let page = page { $0.rejected = [RejectedRecord(place: "row 3", reason: reason)] }
      try store.ingest(page, of: contacts, on: connection(store), at: now)
    }
    #expect(try store.rejectedCount(on: connection(store)) == 1)
    #expect(
      try store.rejected(on: connection(store)) == [RejectedRecord(place: "row 3", reason: "no such date")])
  }

  @Test("an outcome is kept once, by contact or by address")
  func outcomes() throws {
    let store = try LeadStore.temporary()
    let outcomes = [
      OutcomeRecord(subject: .contact(ContactID("1")), result: .won, time: now, amount: 10),
      OutcomeRecord(subject: .address(" An@Example.com"), result: .lost, time: now),
    ]
    for _ in 0..<2 {
      try store.ingest(page { $0.outcomes = outcomes }, of: contacts, on: connection(store), at: now)
    }
    let rows = try store.read {
      try String.fetchAll($0, sql: "SELECT subject || is_address || result FROM outcomes ORDER BY subject")
    }
    #expect(rows == ["10won", "an@example.com1lost"])
  }

  @Test("a person is found by an address, and a contact that is gone by none")
  func findAndForget() throws {
    let store = try LeadStore.temporary()
    try people(store)
    let address = try #require(EmailAddress("AN@example.com"))
    let found = try store.persons(having: address)
    #expect(try found == [store.find(ContactID("1"), on: connection(store))].compactMap(\.self))
    #expect(found.count == 1)
    try store.forget(ContactID("1"), on: connection(store))
    #expect(try store.persons(having: address).isEmpty)
    #expect(try store.connections().map(\.contacts) == [1])
  }

  @Test("what a contact did is the winner's after a merge")
  func merge() throws {
    let store = try LeadStore.temporary()
    try people(store)
    try store.merge(ContactID("1"), into: ContactID("2"), on: connection(store))
    let kinds = try deeds(in: store) { id, emails in
      #expect(id == ContactID("2"))
      #expect(emails == ["ben@example.com"])
    }
    #expect(kinds == [.custom("quiz")])
    #expect(try store.fieldNames().isEmpty)
  }

  @Test("what was read by the address of a merged contact stays until the winner is read with that address")
  func mergeBeforeAddress() throws {
    let store = try LeadStore.temporary()
    try people(store)
    let byAddress = ActivityRecord(
      subject: .address("ben@example.com"), kind: .known(.pageVisit), time: now, identity: .id("v1"))
    let winner = ContactRecord(id: ContactID("1"), emails: ["An@Example.com", "ben@example.com"])
    let pages = [
      page { $0.activities = [byAddress] },
      page { $0.merges = [ContactMerge(loser: ContactID("2"), winner: ContactID("1"))] },
      page { $0.contacts = [winner] },
    ]
    for page in pages {
      try store.ingest(page, of: contacts, on: connection(store), at: now)
      _ = try store.mergeInbox()
    }
    #expect(try Set(deeds(in: store)) == [.custom("quiz"), .known(.pageVisit)])
  }

  @Test("a kind of the user's own has a code once somebody did it")
  func customKinds() throws {
    let store = try LeadStore.temporary()
    try people(store)
    let texts = store.makeTexts()
    let code = try #require(try texts.customKindCode("quiz"))
    #expect(try texts.kind(code) == .custom("quiz"))
    #expect(try texts.customKindCode("never") == nil)
    #expect(try texts.kind(UInt32(KnownKind.call.rawValue)) == .known(.call))
  }

  @Test(
    "every trouble of SQLite has its words, its cure and its kind",
    arguments: [
      (ResultCode.SQLITE_FULL, "the disk is full", StoreFailure.Kind.inputOutput),
      (.SQLITE_CORRUPT, "is damaged", .inputOutput), (.SQLITE_NOTADB, "is damaged", .inputOutput),
      (.SQLITE_READONLY, "cannot be written", .inputOutput),
      (.SQLITE_CANTOPEN, "cannot be written", .inputOutput),
      (.SQLITE_BUSY, "another program is using", .locked),
      (.SQLITE_IOERR, "could not be read or written", .inputOutput),
      (.SQLITE_NOMEM, "failed", .inputOutput),
    ])
  func words(code: ResultCode, said: String, kind: StoreFailure.Kind) {
    let failure = StoreFailure.from(DatabaseError(resultCode: code), path: "state.db")
    #expect(failure.what.contains(said) && failure.what.contains("state.db"))
    #expect(failure.kind == kind)
    #expect(!failure.cure.isEmpty && failure.description == "\(failure.what). \(failure.cure).")
  }

  @Test("what may only be read is told so")
  func wordsOfReaders() {
    let failure = StoreFailure.from(
      DatabaseError(resultCode: .SQLITE_CANTOPEN), path: "state.db", isReadOnly: true)
    #expect(failure.what.contains("cannot be read") && failure.cure.contains("read access"))
  }

  @Test("a state or lock that cannot be made names the place and the cure")
  func cannotBeMade() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/made-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder + "/state.db", withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: folder + "/x.db.lock", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data().write(to: URL(fileURLWithPath: folder + "/file"))
    for path in [folder + "/state.db", folder + "/file/state.db", "/proc/state.db"] {
      let failure = #expect(throws: StoreFailure.self) { try LeadStore(path: path) }
      #expect(failure?.kind == .cannotCreate)
      #expect(failure?.cure.contains("state:") == true)
    }
    let lock = #expect(throws: StoreFailure.self) { try StoreLock(beside: folder + "/x.db", holder: "me") }
    #expect(lock?.kind == .inputOutput && lock?.what.contains("cannot be opened") == true)
    let nowhere = #expect(throws: StoreFailure.self) { try StoreLock(beside: "/proc/x.db", holder: "me") }
    #expect(nowhere?.kind == .cannotCreate)
  }
}
