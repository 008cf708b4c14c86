/// The tables that have rows, and the texts that they share.
struct StatsTables: Sendable {
  private(set) var pool = TextPool()
  private var tables: [StatsTable]
  private let places: [String: Int]

  init() {
    tables = Self.layouts
    places = Dictionary(uniqueKeysWithValues: tables.enumerated().map { ($0.element.name, $0.offset) })
  }

  /// The table of this name, if it is one that can have rows.
  subscript(name: String) -> StatsTable? {
    places[name].map { tables[$0] }
  }

  /// The number of a text, for a cell.
  mutating func text(_ text: String) -> UInt32 {
    pool.number(of: text)
  }

  /// Adds a row; see `StatsTable.append`.
  @discardableResult
  mutating func append(_ name: String, _ cells: UInt32?...) -> Int {
    guard let place = places[name] else { return 0 }
    return tables[place].append(cells)
  }

  /// Sets a cell.
  mutating func set(_ name: String, _ column: String, _ row: Int, _ cell: UInt32?) {
    if let place = places[name] { tables[place].set(column, row, cell) }
  }

  /// A stored cell; nil for null.
  func cell(_ name: String, _ column: String, _ row: Int) -> UInt32? {
    guard let table = places[name].map({ tables[$0] }), let place = table.place(of: column) else {
      return nil
    }
    return table.cell(place, row)
  }

  /// The rows of a table that pass.
  mutating func rows(of name: String, where parts: [Condition]) -> MatchedRows {
    guard let place = places[name] else { return .range(0..<0) }
    return tables[place].rows(where: parts, pool: pool)
  }

  /// Gives all rows of one contact to another.
  mutating func repoint(_ loser: UInt32, to winner: UInt32) {
    for place in tables.indices { tables[place].replace("lead_id", loser, with: winner) }
  }

  /// Takes the owner out of a deleted contact's rows, or the rows themselves.
  mutating func forget(_ id: UInt32) {
    for place in tables.indices {
      switch tables[place].name {
      case "lead_points_change_log", "lead_donotcontact", "lead_lists_leads":
        tables[place].removeRows(where: "lead_id", is: id)
      default: tables[place].replace("lead_id", id, with: nil)
      }
    }
  }

  /// Takes a contact out of a segment.
  mutating func removeMember(_ id: UInt32, of segment: UInt32) {
    guard let place = places["lead_lists_leads"] else { return }
    tables[place].removeRows(where: "lead_id", is: id) { table, row in table.cell(0, row) == segment }
  }

  /// Adds a row to the audit log.
  mutating func audit(
    by writer: ContactWriter, object: String, _ id: Int, action: String, details: String, _ moment: Int64
  ) {
    append(
      "audit_log", UInt32(writer.id ?? 0), text(writer.name ?? ""), text(object), UInt32(id), text(action),
      text(details), UInt32(clamping: moment))
  }

  private static let layouts: [StatsTable] = [
    StatsTable(
      "page_hits",
      [
        .init("id", .number), .init("redirect_id", .number), .init("email_id", .number),
        .init("lead_id", .number), .init("ip_id", .constant("1")), .init("device_id", .constant("1")),
        .init("date_hit", .date), .init("date_left", .date), .init("country", .constant("")),
        .init("region", .constant("")), .init("city", .constant("")), .init("isp", .constant("")),
        .init("organization", .constant("")), .init("code", .constant("200")), .init("url", .text),
        .init("url_title", .text), .init("user_agent", .constant("simulated/1.0")),
        .init("browser_languages", .constant("a:0:{}")), .init("tracking_id", .token(23)),
        .init("source", .present("email", with: 2)), .init("source_id", .copy(of: 2)),
        .init("query", .pageQuery(url: 14)),
      ]),
    StatsTable(
      "email_stats",
      [
        .init("id", .number), .init("email_id", .number), .init("lead_id", .number),
        .init("ip_id", .constant("1")), .init("email_address", .text), .init("date_sent", .date),
        .init("is_read", .number), .init("is_failed", .number), .init("viewed_in_browser", .constant("0")),
        .init("date_read", .date), .init("tracking_hash", .token(22)), .init("retry_count", .constant("0")),
        .init("source", .constant("api")), .init("source_id", .constant("0")), .init("open_count", .number),
        .init("last_opened", .date), .init("open_details", .openDetails(date: 15)),
      ]),
    StatsTable(
      "email_stats_devices",
      [
        .init("id", .number), .init("device_id", .constant("1")), .init("stat_id", .number),
        .init("ip_id", .constant("1")), .init("date_opened", .date),
      ]),
    StatsTable(
      "email_stat_replies",
      [
        .init("id", .uuid), .init("stat_id", .number), .init("date_replied", .date),
        .init("message_id", .token(20)),
      ]),
    StatsTable(
      "form_submissions",
      [
        .init("id", .number), .init("form_id", .number), .init("ip_id", .constant("1")),
        .init("lead_id", .number), .init("tracking_id", .token(23)), .init("date_submitted", .date),
        .init("referer", .constant("")),
      ]),
    StatsTable(
      "asset_downloads",
      [
        .init("id", .number), .init("asset_id", .number), .init("ip_id", .constant("1")),
        .init("lead_id", .number), .init("date_download", .date), .init("code", .constant("200")),
        .init("tracking_id", .token(23)),
      ]),
    StatsTable(
      "video_hits",
      [
        .init("id", .number), .init("lead_id", .number), .init("ip_id", .constant("1")),
        .init("date_hit", .date), .init("country", .constant("")), .init("region", .constant("")),
        .init("city", .constant("")), .init("isp", .constant("")), .init("organization", .constant("")),
        .init("code", .constant("200")), .init("url", .text), .init("user_agent", .constant("simulated/1.0")),
        .init("guid", .token(12)), .init("browser_languages", .constant("a:0:{}")),
        .init("time_watched", .number), .init("duration", .number), .init("query", .constant("a:0:{}")),
      ]),
    StatsTable(
      "lead_donotcontact",
      [
        .init("id", .number), .init("lead_id", .number), .init("date_added", .date),
        .init("reason", .number), .init("channel", .constant("email")), .init("channel_id", .number),
        .init("comments", .text),
      ]),
    StatsTable(
      "lead_points_change_log",
      [
        .init("id", .number), .init("lead_id", .number), .init("ip_id", .constant("1")),
        .init("group_id", .number), .init("type", .constant("API")), .init("event_name", .text),
        .init("action_name", .text), .init("delta", .number), .init("date_added", .date),
      ]),
    StatsTable(
      "audit_log",
      [
        .init("id", .number), .init("user_id", .number), .init("user_name", .text),
        .init("bundle", .constant("lead")), .init("object", .text), .init("object_id", .number),
        .init("action", .text), .init("details", .text), .init("date_added", .date),
        .init("ip_address", .constant("127.0.0.1")),
      ]),
    StatsTable(
      "page_redirects",
      [
        .init("id", .number), .init("is_published", .constant("1")), .init("date_added", .date),
        .init("created_by", .constant("1")), .init("created_by_user", .constant("Ada Admin")),
        .init("redirect_id", .token(25)), .init("url", .text), .init("hits", .number),
        .init("unique_hits", .constant("1")),
      ]),
    StatsTable(
      "lead_lists_leads",
      [
        .init("leadlist_id", .number), .init("lead_id", .number), .init("date_added", .date),
        .init("manually_removed", .constant("0")), .init("manually_added", .constant("1")),
      ]),
  ]
}
