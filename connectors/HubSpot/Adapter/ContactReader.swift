import Platform
import Scoring
import WebAPI

/// Reads contacts: everybody at first and then once a day, in between those that a search says have changed.
///
/// The search goes by ids on every page: HubSpot's own `after` there is a number of rows, so that a row is passed
/// over when one before it changes, and it ends at 10,000.
struct ContactReader: Sendable {
  let api: HubSpotAPI
  let mapping: ContactMapping
  let catalogue: PropertyCatalogue
  let growth: CounterGrowth
  let fullList: TimeSpan
  var sizes = PageSizes()

  /// How many entries are asked for at once: the most that HubSpot gives.
  struct PageSizes: Sendable {
    var list = 100
    var search = 200
    var emailEvents = 1_000
    var events = 100
    var submissions = 50
  }

  /// Changes become visible in search after a while, and this is far more than that; seconds.
  static let overlap: Int64 = 900
  /// A daily job never starts at the very same second.
  private static let earliness: Int64 = 600

  func page(after last: Cursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    var cursor = ContactCursor()
    cursor.listedAt = window.now.seconds
    if let last {
      cursor = try ContactCursor(last)
      if cursor.isDone { cursor = await further(cursor, window) }
    } else {
      await growth.begin()
    }
    switch cursor.way {
    case .archived, .list: return try await list(cursor, window)
    case .search: return try await search(cursor, window)
    }
  }

  /// A further reading.
  private func further(_ last: ContactCursor, _ window: PullWindow) async -> ContactCursor {
    var next = ContactCursor()
    next.reading = last.reading + 1
    next.listedAt = last.listedAt
    let isDue = window.now.seconds - last.listedAt >= max(0, fullList.seconds - Self.earliness)
    // The first counts of everybody are needed once a list of events is refused.
    let needsList = await growth.needsList()
    if isDue || needsList {
      next.way = .archived
      next.listedAt = window.now.seconds
    } else {
      next.way = .search
      next.since = last.begunAt - Self.overlap
    }
    return next
  }

  // MARK: Everybody

  private func list(_ cursor: ContactCursor, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    let isArchived = cursor.way == .archived
    var query = [("limit", "\(sizes.list)"), ("archived", "\(isArchived)")]
    if !cursor.next.isEmpty { query.append(("after", cursor.next)) }
    if !isArchived {
      query.append(("properties", try await catalogue.names(for: window.needs).joined(separator: ",")))
    }
    let answer = try await api.get(api.paths.contacts, query)
    var next = cursor
    var page = Page(
      reading: Reading(number: cursor.reading, isContinuation: false), cursor: cursor.encoded, hasMore: true)
    if cursor.begunAt == 0 { next.begunAt = (answer.serverTime ?? window.now).seconds }
    next.next = answer.next ?? ""
    if !next.next.isEmpty, next.next == cursor.next { throw Self.standstill(cursor.next) }
    let contacts = answer.json["results"].elements
    if isArchived {
      page.recordsRead = contacts.count
      page.removals = contacts.compactMap { ContactMapping.id(of: $0) }
      if next.next.isEmpty { next.way = .list }
    } else {
      try await take(contacts, into: &page, next, window)
      page.hasMore = !next.next.isEmpty
      next.isDone = !page.hasMore
    }
    page.listing = page.hasMore ? .everything : .everythingAndDone
    page.cursor = next.encoded
    return page
  }

  /// Takes contacts; gives the largest id among them.
  @discardableResult
  private func take(
    _ contacts: [JSONValue], into page: inout Page, _ cursor: ContactCursor, _ window: PullWindow
  ) async throws(ConnectorFailure) -> Int64? {
    var largest: Int64?
    for contact in contacts {
      page.recordsRead += 1
      guard let record = mapping.record(contact), let id = Int64(record.id.text) else {
        page.rejected.append(RejectedRecord(place: "contacts", reason: "a contact has no id"))
        continue
      }
      largest = max(largest ?? id, id)
      // A search may lag behind a deletion.
      if contact["archived"].boolean == true {
        page.removals.append(record.id)
        continue
      }
      page.contacts.append(record)
      page.merges += ContactMapping.merges(into: contact)
    }
    try await growth.take(contacts, into: &page, reading: cursor.reading, window)
    return largest
  }

  // MARK: Changes

  private func search(_ cursor: ContactCursor, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    let names = try await catalogue.names(for: window.needs)
    let search = SearchQuery(
      filters: [
        .init("lastmodifieddate", "GTE", HubSpotTime.milliseconds(cursor.since)),
        .init("hs_object_id", "GT", "\(cursor.after)"),
      ], properties: names, limit: sizes.search)
    let answer = try await api.search(api.paths.contactSearch, search.body)
    var next = cursor
    var page = Page(
      reading: Reading(number: cursor.reading, isContinuation: true), cursor: cursor.encoded, hasMore: false)
    if cursor.begunAt == 0 { next.begunAt = (answer.serverTime ?? window.now).seconds }
    let contacts = answer.json["results"].elements
    next.after = try await take(contacts, into: &page, next, window) ?? cursor.after
    page.hasMore = SearchQuery.hasMore(answer, contacts.count)
    if page.hasMore, next.after <= cursor.after { throw Self.standstill("\(cursor.after)") }
    next.isDone = !page.hasMore
    page.cursor = next.encoded
    return page
  }

  /// A server, or a proxy before it, that drops what it was asked for gives the same entries for ever.
  static func standstill(_ place: String) -> ConnectorFailure {
    ConnectorFailure(
      .badData, "HubSpot gives the same entries again when asked for those after \(place)",
      cure: "See that no proxy changes the requests on their way")
  }
}
