import Platform
import Scoring
import Store
import Testing

@Suite("Contacts that a complete listing does not list")
struct MissingTests {
  private let stream = StreamDescription(name: StreamName("contacts"), role: .contacts)
  private let now = Timestamp(1_790_000_000)

  private func ingest(_ ids: [Int], _ listing: Listing, reading: Int64, into store: LeadStore) throws {
    var page = Page(
      reading: Reading(number: reading, isContinuation: listing == .changes),
      cursor: Platform.Cursor("\(reading)"), hasMore: false)
    page.contacts = ids.map { ContactRecord(id: ContactID("\($0)")) }
    page.listing = listing
    page.recordsRead = ids.count
    try store.ingest(page, of: stream, on: connection(store), at: now)
  }

  private func connection(_ store: LeadStore) throws -> StoredConnection {
    try store.connection(named: "a", platform: "web")
  }

  @Test("are no longer missing when a later reading tells of them, though it is no complete one")
  func foundAgain() throws {
    let store = try LeadStore.temporary()
    try ingest([1, 2, 3], .everythingAndDone, reading: 1, into: store)
    _ = try store.mergeInbox()
    try ingest([1], .everythingAndDone, reading: 2, into: store)
    _ = try store.mergeInbox()
    #expect(try store.missingCount(on: connection(store)) == 2)
    try ingest([2], .changes, reading: 3, into: store)
    _ = try store.mergeInbox()
    #expect(try store.missingCount(on: connection(store)) == 1)
    #expect(try store.forgetMissing(on: connection(store)) == 1)
    #expect(try store.find(ContactID("2"), on: connection(store)) != nil)
    #expect(try store.find(ContactID("3"), on: connection(store)) == nil)
  }

  @Test("are none if a complete listing that lists them comes next")
  func listedAgain() throws {
    let store = try LeadStore.temporary()
    for (reading, ids) in [(Int64(1), [1, 2, 3]), (2, []), (3, [1, 2, 3])] {
      try ingest(ids, .everythingAndDone, reading: reading, into: store)
      _ = try store.mergeInbox()
      #expect(try store.missingCount(on: connection(store)) == 3 - ids.count)
    }
    #expect(try store.connections().map(\.contacts) == [3])
  }
}
