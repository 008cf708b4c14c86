import Platform
import Scoring
import WebAPI

/// Reads contacts: everybody at first, then those that the audit log, or else their dates, say have changed.
struct ContactReader: Sendable {
  let api: MauticAPI
  let mapping: ContactMapping
  var sizes = PageSizes()

  /// How many entries are asked for at once.
  struct PageSizes: Sendable {
    /// Full contacts, about 8 kB each; small hosts have little memory and 30 s.
    var contacts = 200
    /// Rows of the audit log.
    var audit = 500
    /// Rows of other tables; 1,000 take about a tenth of a second at any depth (seen on 5.1.1).
    var rows = 2_000
  }

  /// Clean-up jobs delete without a trace in the audit log, so that everybody is listed again now and then.
  private static let longestWithoutWalk: (feed: Int64, dates: Int64) = (30 * 86_400, 7 * 86_400)
  /// The server's rows can become visible a little after the time they bear.
  private static let overlap: Int64 = 600

  func page(after last: Cursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    var cursor: ContactCursor
    if let last {
      cursor = try ContactCursor(last)
      if cursor.isDone { cursor = try await begin(after: cursor, window) }
    } else {
      cursor = ContactCursor()
      cursor.audit = try await lastAuditRow()
      cursor.walkedAt = window.now.seconds
    }
    switch cursor.way {
    case .walk: return try await walk(cursor)
    case .feed:
      if let page = try await feed(cursor) { return page }
      return try await walk(try await fresh(after: cursor, window))
    case .dates: return try await changedByDate(cursor)
    }
  }

  /// A further reading.
  private func begin(
    after last: ContactCursor, _ window: PullWindow
  ) async throws(ConnectorFailure) -> ContactCursor {
    var next = ContactCursor()
    next.reading = last.reading + 1
    next.walkedAt = last.walkedAt
    let age = window.now.seconds - last.walkedAt
    if let audit = last.audit, age < Self.longestWithoutWalk.feed, try await isWhole(since: audit) {
      next.way = .feed
      next.audit = audit
      return next
    }
    if last.audit == nil, age < Self.longestWithoutWalk.dates {
      next.way = .dates
      next.since = last.begunAt - Self.overlap
      return next
    }
    return try await fresh(after: last, window)
  }

  /// A further reading that lists everybody.
  private func fresh(
    after last: ContactCursor, _ window: PullWindow
  ) async throws(ConnectorFailure) -> ContactCursor {
    var next = ContactCursor()
    next.reading = last.reading + 1
    next.audit = try await lastAuditRow()
    next.walkedAt = window.now.seconds
    return next
  }

  /// A server, or a proxy before it, that drops the `where` of an address gives the same entries for ever.
  static func demandProgress(_ page: Page, from old: Int, to new: Int) throws(ConnectorFailure) {
    guard page.hasMore, new <= old else { return }
    throw ConnectorFailure(
      .badData, "Mautic gives the same entries again when asked for those after \(old)",
      cure: "See that no proxy changes addresses with [ and ] in them")
  }

  // MARK: Everybody

  private func walk(_ cursor: ContactCursor) async throws(ConnectorFailure) -> Page {
    var query = MauticQuery(limit: sizes.contacts)
    query.orderContactsByID()
    query.demand("id", .greater, "\(cursor.after)")
    query.demandAny([("date_identified", .isNotNull, ""), ("email", .isNotNull, "")])
    let answer = try await api.get("/api/contacts", query.pairs)
    var next = cursor
    var page = Page(
      reading: Reading(number: cursor.reading, isContinuation: false), cursor: cursor.encoded, hasMore: false)
    if cursor.after == 0 {
      next.total = answer.json["total"].integer ?? 0
      next.begunAt = answer.serverTime?.seconds ?? 0
      page.leftOut = try await anonymousVisitors()
    }
    next.after = take(answer.json["contacts"], into: &page) ?? cursor.after
    page.hasMore = page.recordsRead >= sizes.contacts
    try Self.demandProgress(page, from: cursor.after, to: next.after)
    page.listing = page.hasMore ? .everything : .everythingAndDone
    if next.total > 0, let left = answer.json["total"].integer {
      page.progress = max(0, min(1, 1 - (Double(left) - Double(page.recordsRead)) / Double(next.total)))
    }
    next.isDone = !page.hasMore
    page.cursor = next.encoded
    return page
  }

  private func anonymousVisitors() async throws(ConnectorFailure) -> Int {
    var query = MauticQuery(limit: 1)
    query.demand("date_identified", .isNull)
    query.demand("email", .isNull)
    let total = try await api.get("/api/contacts", query.pairs).json["total"].integer ?? 0
    // It is added to, and only shown.
    return max(0, min(total, 1_000_000_000_000))
  }

  /// Takes a list of contacts; gives the largest id in it.
  private func take(_ contacts: JSONValue, into page: inout Page) -> Int? {
    var largest: Int?
    for contact in contacts.elements {
      page.recordsRead += 1
      guard let id = ContactMapping.id(of: contact), let record = mapping.record(contact) else {
        page.rejected.append(RejectedRecord(place: "contacts", reason: "a contact has no id"))
        continue
      }
      largest = max(largest ?? id, id)
      if ContactMapping.isAnonymous(contact) {
        page.leftOut += 1
      } else {
        page.contacts.append(record)
      }
    }
    return largest
  }

  // MARK: The audit log

  private static let auditPath = "/api/stats/audit_log"

  /// The newest row; nil if the log is not to be had.
  private func lastAuditRow() async throws(ConnectorFailure) -> Int? {
    try await edgeOfAudit(descending: true).map { $0 ?? 0 } ?? nil
  }

  /// True unless rows after this one may have been cleaned away.
  private func isWhole(since row: Int) async throws(ConnectorFailure) -> Bool {
    guard let edge = try await edgeOfAudit(descending: false) else { return false }
    guard let oldest = edge else { return row == 0 }
    return oldest <= row || oldest - 1 == row
  }

  /// The id of the first or last row, nil inside if there is none; nil outside if the log is not to be had.
  private func edgeOfAudit(descending: Bool) async throws(ConnectorFailure) -> Int?? {
    var query = MauticQuery(limit: 1)
    query.order(by: "id", descending: descending)
    let answer = try await api.get(Self.auditPath, query.pairs)
    guard answer.json["stats"].isPresent else { return .none }
    return .some(answer.json["stats"].elements.first?["id"].integer)
  }

  /// Rows of the log about contacts after one; nil if the log is not to be had.
  func auditRows(after row: Int, limit: Int) async throws(ConnectorFailure) -> [JSONValue]? {
    var query = MauticQuery(limit: limit)
    query.order(by: "id")
    query.demand("bundle", .equal, "lead")
    query.demand("object", .equal, "lead")
    query.demand("id", .greater, "\(row)")
    let answer = try await api.get(Self.auditPath, query.pairs)
    return answer.json["stats"].isPresent ? answer.json["stats"].elements : nil
  }

  /// The next changes; nil if the log is not to be had any more.
  private func feed(_ cursor: ContactCursor) async throws(ConnectorFailure) -> Page? {
    guard let rows = try await auditRows(after: cursor.audit ?? 0, limit: sizes.audit) else { return nil }
    var next = cursor
    var page = Page(
      reading: Reading(number: cursor.reading, isContinuation: true), cursor: cursor.encoded,
      hasMore: rows.count >= sizes.audit)
    var changed: Set<Int> = []
    for row in rows {
      guard let id = row["id"].integer else { continue }
      next.audit = max(next.audit ?? 0, id)
      guard let contact = row["object_id"].integer else { continue }
      switch row["action"].text {
      case "delete":
        page.removals.append(ContactID("\(contact)"))
        changed.remove(contact)
      case "merge":
        changed.remove(contact)
        guard let winner = try await winner(of: contact, row["details"].text ?? "") else {
          page.removals.append(ContactID("\(contact)"))
          continue
        }
        guard winner != contact else { continue }
        page.merges.append(ContactMerge(loser: ContactID("\(contact)"), winner: ContactID("\(winner)")))
        changed.insert(winner)
      default: changed.insert(contact)
      }
    }
    try Self.demandProgress(page, from: cursor.audit ?? 0, to: next.audit ?? 0)
    for chunk in Self.chunks(changed.sorted(), of: sizes.contacts) {
      let answer = try await contacts(chunk)
      _ = take(answer, into: &page)
    }
    next.isDone = !page.hasMore
    page.cursor = next.encoded
    return page
  }

  /// Into whom a contact was merged, by the row's details or, if they do not say, by what its id leads to today;
  /// nil if that is nobody.
  private func winner(of loser: Int, _ details: String) async throws(ConnectorFailure) -> Int? {
    if let winner = Self.winner(details) { return winner }
    switch try await ContactLookup(api: api, mapping: mapping).one(loser) {
    case .moved(let winner): return Int(winner.text)
    case .present: return loser
    case .gone: return nil
    }
  }

  /// The id in PHP's `a:1:{s:11:"merged_into";i:52;}`, which may also stand as text: `s:2:"52"`.
  static func winner(_ details: String) -> Int? {
    guard let range = details.range(of: "\"merged_into\";"),
      let end = details[range.upperBound...].firstIndex(of: ";")
    else { return nil }
    var rest = details[range.upperBound..<end]
    if rest.hasPrefix("s:") { rest = rest.drop { $0 != "\"" } }
    return Int(rest.filter(\.isASCII).filter(\.isNumber))
  }

  /// The contacts with these ids that there are.
  func contacts(_ ids: [Int]) async throws(ConnectorFailure) -> JSONValue {
    var query = MauticQuery(limit: ids.count)
    query.orderContactsByID()
    query.demand("id", .isIn, ids.map(String.init).joined(separator: ","))
    return try await api.get("/api/contacts", query.pairs).json["contacts"]
  }

  static func chunks<Element>(_ list: [Element], of size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: list.count, by: size).map { list[$0..<min(list.count, $0 + size)] }
  }

  private func contacts(_ ids: ArraySlice<Int>) async throws(ConnectorFailure) -> JSONValue {
    try await contacts(Array(ids))
  }

  // MARK: Dates

  /// A contact that was only created has no date of change, so both dates are asked for (seen on 5.1.1).
  private func changedByDate(_ cursor: ContactCursor) async throws(ConnectorFailure) -> Page {
    let since = MauticQuery.text(Timestamp(cursor.since))
    var query = MauticQuery(limit: sizes.contacts)
    query.orderContactsByID()
    query.demandAny([("date_modified", .atLeast, since), ("date_added", .atLeast, since)])
    query.demand("id", .greater, "\(cursor.after)")
    let answer = try await api.get("/api/contacts", query.pairs)
    var next = cursor
    var page = Page(
      reading: Reading(number: cursor.reading, isContinuation: true), cursor: cursor.encoded, hasMore: false)
    if cursor.after == 0 { next.begunAt = answer.serverTime?.seconds ?? cursor.since + Self.overlap }
    next.after = take(answer.json["contacts"], into: &page) ?? cursor.after
    page.hasMore = page.recordsRead >= sizes.contacts
    try Self.demandProgress(page, from: cursor.after, to: next.after)
    next.isDone = !page.hasMore
    page.cursor = next.encoded
    return page
  }
}
