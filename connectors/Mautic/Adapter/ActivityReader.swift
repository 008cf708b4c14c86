import Platform
import Scoring
import WebAPI

/// Reads the tables of activity, each from where it was left.
struct ActivityReader: Sendable {
  let api: MauticAPI
  let names: MauticNames
  var sizes = ContactReader.PageSizes()

  func page(
    of table: ActivityTable, after last: Cursor?, _ window: PullWindow
  ) async throws(ConnectorFailure) -> Page {
    var cursor =
      try last.map { (cursor) throws(ConnectorFailure) in try TableCursor(cursor) } ?? TableCursor()
    if cursor.isDone { cursor = Self.further(cursor) }
    let answer = try await rows(of: table, cursor, window)
    var page = Page(
      reading: Reading(number: cursor.reading, isContinuation: true), cursor: cursor.encoded, hasMore: false)
    guard answer.json["stats"].isPresent else {
      // `availableTables` without rows: the table, or the plugin that has it, is not there.
      try refuse(answer, of: table, into: &page)
      cursor.isDone = true
      page.cursor = cursor.encoded
      return page
    }
    let rows = answer.json["stats"].elements
    page.recordsRead = rows.count
    page.hasMore = rows.count >= sizes.rows
    let mapping = ActivityMapping(api: api, names: names)
    try await mapping.take(rows, of: table, into: &page, since: window.since)
    let next = Self.next(cursor, rows, table, answer.serverTime ?? window.now, hasMore: page.hasMore)
    if table.hasRisingIDs { try ContactReader.demandProgress(page, from: cursor.last, to: next.last) }
    page.cursor = next.encoded
    return page
  }

  private static func further(_ last: TableCursor) -> TableCursor {
    var next = TableCursor()
    next.reading = last.reading + 1
    next.last = last.open.map { $0 > last.last ? last.last : max($0, .min + 1) - 1 } ?? last.last
    next.since = last.since
    return next
  }

  private static func next(
    _ cursor: TableCursor, _ rows: [JSONValue], _ table: ActivityTable, _ now: Timestamp, hasMore: Bool
  ) -> TableCursor {
    var next = cursor
    next.isDone = !hasMore
    if next.begunAt == 0 { next.begunAt = now.seconds }
    guard table.hasRisingIDs else {
      next.start = hasMore ? cursor.start + rows.count : 0
      if !hasMore { next.since = next.begunAt - table.openFor }
      return next
    }
    for row in rows {
      guard let id = row["id"].integer else { continue }
      if next.open == nil, let time = row[table.timeColumn].text.flatMap({ Timestamp($0) }),
        time.seconds > next.begunAt - table.openFor
      {
        // A neighbour that comes late may have an id between the row before, if there is one, and this one.
        next.open = next.last > 0 && next.last < id ? next.last + 1 : id
      }
      next.last = max(next.last, id)
    }
    return next
  }

  private func rows(
    of table: ActivityTable, _ cursor: TableCursor, _ window: PullWindow
  ) async throws(ConnectorFailure) -> MauticAnswer {
    var query = MauticQuery(limit: sizes.rows)
    if table.hasRisingIDs {
      query.order(by: "id")
      query.demand("id", .greater, "\(cursor.last)")
      // The first rows show where the history begins; from there the ids alone are enough, and faster.
      if cursor.last == 0 { query.demand(table.timeColumn, .atLeast, MauticQuery.text(window.since)) }
    } else {
      query.order(by: table.timeColumn)
      query.add("start", "\(cursor.start)")
      let since = max(cursor.since ?? window.since.seconds, window.since.seconds)
      query.demand(table.timeColumn, .atLeast, MauticQuery.text(Timestamp(since)))
    }
    return try await api.get("/api/stats/\(table.rawValue)", query.pairs)
  }

  private func refuse(
    _ answer: MauticAnswer, of table: ActivityTable, into page: inout Page
  ) throws(ConnectorFailure) {
    if answer.json["availableTables"].isPresent, answer.errorMessage == nil { return }
    let failure = api.refusal(answer, of: "/api/stats/\(table.rawValue)")
    guard table.isOptional else { throw failure }
    page.rejected.append(RejectedRecord(place: table.rawValue, reason: failure.what))
  }
}
