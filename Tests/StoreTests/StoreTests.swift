import Foundation
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
      reading: Reading(number: reading, isContinuation: isContinuation), cursor: Cursor("c\(reading)"),
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
    #expect(try store.state(of: stream.name, on: connection).cursor == Cursor("c1"))
    #expect(try store.mergeInbox() == MergeSummary())
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

  @Test("a damaged file, and one of another program, are refused with a cure")
  func damaged() throws {
    let path = FileManager.default.temporaryDirectory.path + "/damaged-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(repeating: 0x41, count: 10_000).write(to: URL(fileURLWithPath: path))
    let failure = #expect(throws: StoreFailure.self) { try LeadStore(path: path) }
    #expect(failure?.kind == .inputOutput)
    #expect(failure?.cure.isEmpty == false)
  }
}
