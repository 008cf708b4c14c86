import Platform
import Scoring
import WebAPI

/// Reads contacts: everybody at first and then once a day, in between those that were changed.
///
/// Lists go by time and not by page, so that a row that leaves moves no other one past the reader. Everybody is
/// listed by the time of creation, which never changes: the list ends, and has everybody, however much is edited
/// while it is read.
struct ContactReader: Sendable {
  let api: GetResponseAPI
  let mapping: ContactMapping
  let catalogue: AccountCatalogue
  let lookup: ContactLookup
  let fullList: TimeSpan
  var sizes = PageSizes()

  /// How many entries are asked for at once: the most that GetResponse gives, and fewer where each of them costs
  /// a call.
  struct PageSizes: Sendable {
    var list = 1_000
    var details = 100
    var activityContacts = 100
  }

  static let stream = StreamName("contacts")
  /// A contact that was created appears after some minutes; seconds.
  static let overlap: Int64 = 600
  /// A daily job never starts at the very same second.
  static let earliness: Int64 = 600
  /// Where everybody costs a call, everybody is listed so much less often; who has left is looked for as often as
  /// ever.
  private static let patience: Int64 = 7

  func page(after last: Cursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    var cursor = ContactCursor()
    cursor.listedAt = window.now.seconds
    cursor.searchedAt = window.now.seconds
    if let last {
      cursor = try ContactCursor(last)
      if cursor.isDone { cursor = try await further(cursor, window) }
    } else {
      cursor.hasDetails = try await wantsDetails(window)
    }
    switch cursor.way {
    case .removed, .undelivered: return try await search(cursor, window)
    case .list, .changes: return try await list(cursor, window)
    }
  }

  /// A further reading.
  private func further(
    _ last: ContactCursor, _ window: PullWindow
  ) async throws(ConnectorFailure) -> ContactCursor {
    var next = ContactCursor()
    next.reading = last.reading + 1
    next.hasDetails = try await wantsDetails(window)
    next.listedAt = last.listedAt
    next.searchedAt = last.searchedAt
    func isDue(_ span: Int64, since time: Int64) -> Bool {
      window.now.seconds - time >= max(0, span - Self.earliness)
    }
    // What was left out of everybody is asked for now.
    let isMore = next.hasDetails && !last.hasDetails
    next.isListing =
      isMore || isDue(fullList.seconds * (next.hasDetails ? Self.patience : 1), since: last.listedAt)
    let looksForRemoved = next.isListing || isDue(fullList.seconds, since: last.searchedAt)
    if next.isListing { next.listedAt = window.now.seconds }
    if looksForRemoved { next.searchedAt = window.now.seconds }
    next.way = looksForRemoved ? .removed : .changes
    if !next.isListing { next.from = last.begunAt - Self.overlap }
    return next
  }

  /// Whether the details of each contact are worth a call: only they tell custom fields.
  private func wantsDetails(_ window: PullWindow) async throws(ConnectorFailure) -> Bool {
    if mapping.needsDetails { return true }
    guard ContactMapping.mayWant(window.needs) else { return false }
    return mapping.wanted(window.needs, of: try await catalogue.freshFields().keys.sorted())
  }

  private func begin(_ cursor: ContactCursor) -> Page {
    Page(
      reading: Reading(number: cursor.reading, isContinuation: !cursor.isListing), cursor: cursor.encoded,
      hasMore: true)
  }

  private func end(_ page: inout Page, _ next: ContactCursor) {
    page.hasMore = !next.isDone
    if next.isListing { page.listing = next.isDone ? .everythingAndDone : .everything }
    page.cursor = next.encoded
  }

  // MARK: Everybody who is subscribed, and changes

  private func list(_ cursor: ContactCursor, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    let field = cursor.way == .list ? "createdOn" : "changedOn"
    let size = cursor.hasDetails ? sizes.details : sizes.list
    var query = [("sort[\(field)]", "ASC"), ("page", "\(max(1, cursor.page))"), ("perPage", "\(size)")]
    if cursor.from > 0 { query.append(("query[\(field)][from]", GetResponseTime.text(cursor.from))) }
    if cursor.page > 0 { query.append(("query[\(field)][to]", GetResponseTime.text(cursor.from))) }
    let answer = try await api.get(GetResponsePaths.contacts, query)
    var page = begin(cursor)
    var next = cursor
    if cursor.begunAt == 0 { next.begunAt = (answer.serverTime ?? window.now).seconds }
    let contacts = answer.json.elements
    try advance(&next, contacts, isFull: contacts.count >= size, total: answer.total, field)
    try await take(contacts, into: &page, cursor)
    end(&page, next)
    return page
  }

  /// Where the next page begins.
  private func advance(
    _ next: inout ContactCursor, _ contacts: [JSONValue], isFull: Bool, total: Int?, _ field: String
  ) throws(ConnectorFailure) {
    if next.page > 0 {
      // The contacts of one second, page by page: an import makes many of them.
      let hasShrunk = total.map { $0 < next.total } ?? false
      next.total = total ?? 0
      if hasShrunk {
        next.page = 1
      } else if isFull {
        next.page += 1
      } else {
        (next.page, next.total) = (0, 0)
        next.from += 1
      }
      return
    }
    guard isFull else {
      next.isDone = true
      return
    }
    var latest = next.from
    for contact in contacts {
      guard let time = GetResponseTime.read(contact[field])?.seconds, time >= latest else {
        throw ConnectorFailure(
          .badData, "\(api.place) does not list contacts in the order of \(field)",
          cure: "See that no proxy changes the requests on their way")
      }
      latest = time
    }
    if latest > next.from { next.from = latest } else { (next.page, next.total) = (1, 0) }
  }

  private func take(
    _ contacts: [JSONValue], into page: inout Page, _ cursor: ContactCursor
  ) async throws(ConnectorFailure) {
    page.recordsRead = contacts.count
    var known: [JSONValue] = []
    for contact in contacts {
      if ContactMapping.id(of: contact) == nil {
        page.rejected.append(RejectedRecord(place: "contacts", reason: "a contact has no id"))
      } else {
        known.append(contact)
      }
    }
    if cursor.hasDetails {
      // Somebody who is gone by now is in the next search for those who left.
      known = try await lookup.details(of: known.compactMap { ContactMapping.id(of: $0) }).compactMap(\.self)
    }
    page.contacts = known.compactMap { mapping.record($0) }
  }

  // MARK: Those who left

  private func search(_ cursor: ContactCursor, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    var next = cursor
    if cursor.page == 0 {
      let (_, time) = try await catalogue.freshLists()
      next.page = 1
      if cursor.begunAt == 0 { next.begunAt = time ?? window.now.seconds }
    }
    var page = begin(cursor)
    let query = SegmentQuery(
      kind: cursor.way == .removed ? .removed : .undelivered, lists: try await catalogue.lists())
    let answer = try await SegmentSearch(api: api).page(query, number: next.page, size: sizes.list)
    let rows = answer.json.elements
    page.recordsRead = rows.count
    for row in rows { take(row, into: &page, cursor, window) }
    let hasShrunk = answer.total.map { $0 < next.total } ?? false
    next.total = answer.total ?? 0
    if hasShrunk {
      // Somebody came back, and all behind him moved up.
      next.page = 1
    } else if rows.count >= sizes.list {
      next.page += 1
    } else {
      (next.page, next.total) = (0, 0)
      next.way = cursor.way == .removed ? .undelivered : cursor.isListing ? .list : .changes
    }
    end(&page, next)
    return page
  }

  /// What a reason of having left is as an activity; all others mean that the contact is no one's any more.
  private static let reasons: [String: KnownKind] = [
    "unsubscribe": .emailUnsubscribe, "bounce": .emailBounce, "complaint": .emailComplaint,
  ]

  private func take(
    _ row: JSONValue, into page: inout Page, _ cursor: ContactCursor, _ window: PullWindow
  ) {
    guard var record = mapping.record(row) else {
      page.rejected.append(RejectedRecord(place: "contacts", reason: "a contact has no id"))
      return
    }
    let said = ContactMapping.text(row["reason"])?.lowercased()
    guard let reason = said ?? (cursor.way == .undelivered ? "bounce" : nil), let kind = Self.reasons[reason]
    else {
      if cursor.isListing { page.leftOut += 1 } else { page.removals.append(record.id) }
      return
    }
    record.isWritable = false
    record.held = nil
    page.contacts.append(record)
    guard let time = GetResponseTime.read(row["deletedOn"]) else { return }
    guard time >= window.since else {
      page.skippedAsOlder += 1
      return
    }
    page.activities.append(
      ActivityRecord(
        subject: .contact(record.id), kind: .known(kind), time: time,
        identity: .id("\(record.id)|\(reason)|\(time.seconds)")))
  }
}
