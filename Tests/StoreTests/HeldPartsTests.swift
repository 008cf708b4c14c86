import Foundation
import GRDB
import Platform
import Scoring
import Store
import Testing

@Suite("What platforms hold, told in parts")
struct HeldPartsTests {
  private let now = Timestamp(1_790_000_000)
  private let contacts = StreamDescription(name: StreamName("contacts"), role: .contacts)
  private let marks = StreamDescription(name: StreamName("marks"), role: .holdings, parts: .tags)
  private let store: LeadStore
  private let connection: StoredConnection

  init() throws {
    store = try LeadStore.temporary()
    connection = try store.connection(named: "mail", platform: "getresponse")
  }

  private func held(_ id: String) throws -> HeldState? {
    try store.held([ContactID(id)], on: connection)[ContactID(id)]
  }

  private func listScores(_ scores: [String: Int], reading: Int64) throws {
    var page = Page(
      reading: Reading(number: reading, isContinuation: false), cursor: Platform.Cursor("c\(reading)"),
      hasMore: false)
    page.contacts = scores.sorted { $0.key < $1.key }.map { id, score in
      var record = ContactRecord(id: ContactID(id), held: HeldState(score: score))
      record.heldParts = [.score]
      return record
    }
    page.recordsRead = scores.count
    try store.ingest(page, of: contacts, on: connection, at: now)
    _ = try store.mergeInbox()
  }

  /// One page for each tag, as a platform lists who has it.
  private func listHolders(_ holders: [(tag: String, ids: [String])], reading: Int64) throws {
    for (index, holder) in holders.enumerated() {
      let isLast = index == holders.count - 1
      var page = Page(
        reading: Reading(number: reading, isContinuation: false),
        cursor: Platform.Cursor("m\(reading).\(index)"), hasMore: !isLast)
      page.holdings = holder.ids.map {
        Holding(contact: ContactID($0), state: HeldState(tags: [holder.tag]), parts: .tags)
      }
      page.recordsRead = holder.ids.count
      page.listing = isLast ? .everythingAndDone : .everything
      try store.ingest(page, of: marks, on: connection, at: now)
    }
    _ = try store.mergeInbox()
  }

  @Test("tags that one listing tells one after the other add up, and leave the score alone")
  func tagsAddUp() throws {
    try listScores(["a": 12, "b": 3], reading: 1)
    try listHolders([("hot", ["a"]), ("vip", ["a", "b"])], reading: 1)
    #expect(try held("a") == HeldState(score: 12, tags: ["hot", "vip"]))
    #expect(try held("b") == HeldState(score: 3, tags: ["vip"]))
  }

  @Test("who is in no page of the next listing has lost the tags, and keeps the score")
  func tagsGo() throws {
    try listScores(["a": 12, "b": 3], reading: 1)
    try listHolders([("hot", ["a", "b"])], reading: 1)
    try listHolders([("hot", ["b"])], reading: 2)
    #expect(try held("a") == HeldState(score: 12))
    #expect(try held("b") == HeldState(score: 3, tags: ["hot"]))
  }

  @Test("a new listing replaces the tags of the last one")
  func tagsAreReplaced() throws {
    try listScores(["a": 12], reading: 1)
    try listHolders([("cold", ["a"])], reading: 1)
    try listHolders([("hot", ["a"])], reading: 2)
    #expect(try held("a")?.tags == ["hot"])
  }

  @Test("a contact's score alone leaves its tags alone")
  func scoreAlone() throws {
    try listScores(["a": 12], reading: 1)
    try listHolders([("hot", ["a"])], reading: 1)
    try listScores(["a": 15], reading: 2)
    #expect(try held("a") == HeldState(score: 15, tags: ["hot"]))
  }

  @Test("only contacts whose parts changed are looked at again")
  func onlyChanged() throws {
    try listScores(["a": 12, "b": 3], reading: 1)
    try listHolders([("hot", ["a"])], reading: 1)
    let layout = ReadingLayout(connections: [connection], fields: [])
    func rescored() throws -> Int {
      var count = 0
      _ = try store.rescore(at: now, conditions: "x", layout: layout, texts: store.makeTexts()) { _ in
        count += 1
        return PersonVerdict(
          score: StoredScore(ScoreResult(score: 0, actions: 0, profile: 0)), isPending: [false])
      }
      return count
    }
    #expect(try rescored() == 2)
    try listScores(["a": 12, "b": 3], reading: 2)
    try listHolders([("hot", ["a"])], reading: 2)
    #expect(try rescored() == 0)
    try listHolders([("hot", ["a", "b"])], reading: 3)
    #expect(try rescored() == 1)
  }

  @Test(
    "what a search that lags behind tells of the time before a write is no news",
    arguments: [
      ("1795000100", "1795000099", true), ("1795000100", "1795000101", false), ("100", "99", true),
      ("2026-11-27T18:00:05.498Z", "2026-11-27T18:00:05.497Z", true),
      ("2026-11-27T18:00:05.498Z", "2026-11-27T18:00:05Z", false),
      ("2026-11-27T18:00:05Z", "2026-11-27T18:00:04.999Z", true), ("v2", "v1", false),
    ])
  func lagging(known: String, told: String, isOld: Bool) throws {
    try listScores(["a": 1], reading: 1)
    let entry = JournalEntry(
      run: "R", sequence: 1, contact: ContactID("a"), was: HeldState(score: 1),
      wanted: HeldState(score: 40, tags: ["hot"]))
    try store.intend([entry], on: connection)
    var held = entry.wanted
    held.version = known
    try store.settle([JournalOutcome(entry, .done, held: held)], on: connection, at: now)
    var page = Page(
      reading: Reading(number: 2, isContinuation: true), cursor: Platform.Cursor("c2"), hasMore: false)
    page.contacts = [ContactRecord(id: ContactID("a"), held: HeldState(score: 1, version: told))]
    page.recordsRead = 1
    try store.ingest(page, of: contacts, on: connection, at: now)
    _ = try store.mergeInbox()
    #expect(try self.held("a")?.score == (isOld ? 40 : 1))
  }

  @Test("a state file of the first layout is brought up to date and keeps what it holds")
  func migration() throws {
    let path = FileManager.default.temporaryDirectory.path + "/first-" + UUID().uuidString + ".db"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let before = try LeadStore(path: path)
    let connection = try before.connection(named: "web", platform: "mautic")
    var page = Page(
      reading: Reading(number: 1, isContinuation: false), cursor: Platform.Cursor("c"), hasMore: false)
    page.contacts = [ContactRecord(id: ContactID("1"), held: HeldState(score: 7, tags: ["x"]))]
    page.recordsRead = 1
    try before.ingest(page, of: contacts, on: connection, at: now)
    _ = try before.mergeInbox()
    before.close()
    let queue = try DatabaseQueue(path: path)
    try queue.write {
      try $0.execute(
        sql: """
          ALTER TABLE streams DROP COLUMN parts;
          ALTER TABLE contacts DROP COLUMN writable;
          DELETE FROM grdb_migrations WHERE identifier LIKE '2 %';
          """)
    }
    try queue.close()
    let after = try LeadStore(path: path)
    #expect(
      try after.held([ContactID("1")], on: connection)[ContactID("1")] == HeldState(score: 7, tags: ["x"]))
    #expect(try after.state(of: StreamName("contacts"), on: connection).cursor == Platform.Cursor("c"))
  }
}
