import Foundation
import GRDB
import Platform
import Scoring
import Store
import Testing

@Suite("The store")
struct StoreTests {
  private let stream = StreamDescription(name: StreamName("log"), role: .activities)
  private let now = Timestamp(1_790_000_000)

  private func page(
    _ contents: [UInt64], reading: Int64, isContinuation: Bool = false, hasMore: Bool = false
  ) -> Page {
    var page = Page(
      reading: Reading(number: reading, isContinuation: isContinuation),
      cursor: Platform.Cursor("c\(reading)"),
      hasMore: hasMore)
    page.activities = contents.map {
      ActivityRecord(
        subject: .contact(ContactID("1")), kind: .known(.purchase), time: now, identity: .content($0))
    }
    page.recordsRead = contents.count
    return page
  }

  private func ingest(_ page: Page, _ store: LeadStore) throws {
    try store.ingest(page, of: stream, on: store.connection(named: "a", platform: "files"), at: now)
  }

  @Test("content that one reading lists twice counts twice, and reading it again adds nothing")
  func multiplicity() throws {
    let store = try LeadStore.temporary()
    try ingest(page([7, 7, 8], reading: 1), store)
    #expect(try store.mergeInbox().newActivities == 3)
    try ingest(page([7, 7, 8], reading: 2), store)
    #expect(try store.mergeInbox().newActivities == 0)
  }

  @Test("a continuation lists further ones, a vanished row still counts")
  func continuation() throws {
    let store = try LeadStore.temporary()
    try ingest(page([7], reading: 1), store)
    _ = try store.mergeInbox()
    try ingest(page([7], reading: 2, isContinuation: true), store)
    #expect(try store.mergeInbox().newActivities == 1)
    try ingest(page([7], reading: 3), store)
    #expect(try store.mergeInbox().newActivities == 0)
    try ingest(page([7, 7, 7], reading: 4), store)
    #expect(try store.mergeInbox().newActivities == 1)
  }

  @Test("where a reading is cut into pages never changes what counts")
  func pageCuts() throws {
    let store = try LeadStore.temporary()
    try ingest(page([7], reading: 1, hasMore: true), store)
    #expect(try store.mergeInbox().newActivities == 0)
    try ingest(page([7], reading: 1), store)
    #expect(try store.mergeInbox().newActivities == 2)
  }

  @Test("a discarded reading leaves nothing, and its stream goes back to the cursor before")
  func discard() throws {
    let store = try LeadStore.temporary()
    let connection = try store.connection(named: "a", platform: "files")
    try ingest(page([1], reading: 1), store)
    _ = try store.mergeInbox()
    try ingest(page([2], reading: 2, hasMore: true), store)
    try store.discardReading(of: stream.name, on: connection)
    #expect(try store.state(of: stream.name, on: connection).cursor == Platform.Cursor("c1"))
    #expect(try store.mergeInbox() == MergeSummary())
  }

  @Test(
    "a value that becomes known later, or grows, is taken, in whatever order it comes",
    arguments: [[nil, 40.0], [40.0, nil], [10, 40], [40, 10], [nil, 10, 40, nil]])
  func grownValues(values: [Double?]) throws {
    let store = try LeadStore.temporary()
    let connection = try store.connection(named: "a", platform: "web")
    var contacts = Page(
      reading: Reading(number: 1, isContinuation: false), cursor: Platform.Cursor("c"), hasMore: false)
    contacts.contacts = [ContactRecord(id: ContactID("1"))]
    contacts.recordsRead = 1
    try store.ingest(
      contacts, of: StreamDescription(name: StreamName("contacts"), role: .contacts), on: connection, at: now)
    var found: [Double] = []
    for (number, value) in zip(Int64(1)..., values) {
      var visit = Page(
        reading: Reading(number: number, isContinuation: true), cursor: Platform.Cursor("h\(number)"),
        hasMore: false)
      visit.activities = [
        ActivityRecord(
          subject: .contact(ContactID("1")), kind: .known(.pageVisit), time: now, value: value,
          identity: .id("page_hits/1"))
      ]
      visit.recordsRead = 1
      try store.ingest(visit, of: stream, on: connection, at: now)
      _ = try store.mergeInbox()
      // Whoever has a new value is scored anew.
      let layout = ReadingLayout(connections: [connection], fields: [])
      _ = try store.rescore(at: now, conditions: "x", layout: layout, texts: store.makeTexts()) { person in
        found = person.buffer.entries.map(\.value)
        return PersonVerdict(
          score: StoredScore(ScoreResult(score: 0, actions: 0, profile: 0)), isPending: [false])
      }
    }
    #expect(found == [values.compactMap(\.self).max() ?? .nan])
  }

  @Test("what a visitor throws comes out as it is, and a merge that was stopped goes on where it was")
  func visitorErrors() throws {
    let store = try LeadStore.temporary()
    let connection = try store.connection(named: "a", platform: "files")
    var contacts = Page(
      reading: Reading(number: 1, isContinuation: false), cursor: Platform.Cursor("c"), hasMore: false)
    contacts.contacts = (0..<500).map { ContactRecord(id: ContactID("\($0)")) }
    contacts.recordsRead = 500
    let list = StreamDescription(name: StreamName("contacts"), role: .contacts)
    try store.ingest(contacts, of: list, on: connection, at: now)
    #expect(throws: CancellationError.self) { try store.mergeInbox { _ in throw CancellationError() } }
    let known = try store.connections().reduce(0) { $0 + $1.contacts }
    #expect((1..<500).contains(known))
    _ = try store.mergeInbox()
    #expect(try store.connections().reduce(0) { $0 + $1.contacts } == 500)
    let layout = ReadingLayout(connections: [connection], fields: [])
    #expect(throws: CancellationError.self) {
      try store.rescore(at: now, conditions: "x", layout: layout, texts: store.makeTexts()) { _ in
        throw CancellationError()
      }
    }
  }

  @Test("an intended write stays open until it is settled")
  func journal() throws {
    let store = try LeadStore.temporary()
    let connection = try store.connection(named: "a", platform: "files")
    let entry = JournalEntry(
      run: "R", sequence: 1, contact: ContactID("1"), was: .nothing,
      wanted: HeldState(score: 12, band: "cold", reasons: "Visit +12", tags: ["lead_cold", "vip"]))
    try store.intend([entry], on: connection)
    #expect(try store.openEntries(on: connection, limit: 10) == [entry])
    try store.settle([JournalOutcome(entry, .done, held: entry.wanted)], on: connection, at: now)
    #expect(try store.openEntries(on: connection, limit: 10).isEmpty)
    #expect(try store.entries(of: "R", on: connection).map(\.state) == [.done])
  }

  @Test("state and lock are for their owner alone, a second run learns who is at work")
  func filesAndLock() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/store-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try LeadStore(path: folder + "/state.db")
    let mode = try FileManager.default.attributesOfItem(atPath: store.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let lock = try StoreLock(beside: store.path, holder: "sync, process 4711")
    let failure = #expect(throws: StoreFailure.self) { try StoreLock(beside: store.path, holder: "plan") }
    #expect(failure?.kind == .locked)
    #expect(failure?.what.contains("sync, process 4711") == true)
    withExtendedLifetime(lock) {}
  }

  @Test("a state file that was cut off while it was made is made anew")
  func cutOffWhileMade() throws {
    let path = FileManager.default.temporaryDirectory.path + "/cut-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    let queue = try DatabaseQueue(path: path)
    try queue.write {
      try $0.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
    }
    try queue.close()
    let store = try LeadStore(path: path)
    #expect(try store.connection(named: "a", platform: "files").contacts == 0)
  }

  @Test("a SQLite file of another program is refused and left as it is")
  func foreignFile() throws {
    let path = FileManager.default.temporaryDirectory.path + "/foreign-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "CREATE TABLE theirs (x)") }
    try queue.close()
    let failure = #expect(throws: StoreFailure.self) { try LeadStore(path: path) }
    #expect(failure?.what.contains("another program") == true)
  }

  @Test("a damaged file is refused with a cure")
  func damaged() throws {
    let path = FileManager.default.temporaryDirectory.path + "/damaged-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(repeating: 0x41, count: 10_000).write(to: URL(fileURLWithPath: path))
    let failure = #expect(throws: StoreFailure.self) { try LeadStore(path: path) }
    #expect(failure?.kind == .inputOutput)
    #expect(failure?.cure.isEmpty == false)
  }
}
