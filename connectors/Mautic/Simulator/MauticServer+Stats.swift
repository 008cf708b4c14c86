import Platform

/// `/api/stats`: tables as they are, and errors with status 200.
extension MauticServer {
  mutating func statsRoute(_ call: MauticCall) -> SimulatedAnswer? {
    guard call.method == "GET", call.path.count <= 2 else { return nil }
    guard call.path.count == 2, let columns = StatsCatalogue.columns(of: call.path[1]) else {
      return .json(200, StatsCatalogue.value)
    }
    let table = call.path[1]
    guard mayRead(table) else {
      let area = table == "webhook_logs" ? "webhook" : "lead"
      return .statsProblem(
        "You do not have the view permission to load data from the \(area) table", 403)
    }
    let layout = tables[table] ?? StatsTable(table, columns.map { .init($0, .constant(nil)) })
    let parser = ConditionParser { name in
      let name = name.hasPrefix("e.") ? String(name.dropFirst(2)) : name
      if let place = layout.place(of: name) { return (place, layout.kind(of: place)) }
      return columns.contains(name) ? (-1, .text) : nil
    }
    let parts: [Condition]
    do {
      parts = try parser.parse(call.query["where"])
    } catch {
      switch error {
      case .unknownColumn(let name): return Self.unknownColumn(name, "WHERE")
      case .missingExpression:
        return .statsProblem("\"expr\" is missing in the where clause array.", 0)
      }
    }
    let limit = call.query.integer("limit") ?? 100
    let start = call.query.integer("start") ?? 0
    if limit < 0 || start < 0 { return Self.badSyntax(min(limit, start)) }
    var order: [SortColumn] = []
    for clause in call.query["order"]?.children ?? [] {
      let name = clause.tree.text("col") ?? ""
      let descending = clause.tree.text("dir")?.lowercased() == "desc"
      if let place = layout.place(of: name) {
        order.append(SortColumn(column: place, descending: descending))
      } else if !columns.contains(name) {
        return Self.unknownColumn(name, "ORDER BY")
      }
    }
    return page(of: table, layout, where: parts, order: order, start: start, limit: limit)
  }

  private func mayRead(_ table: String) -> Bool {
    if !settings.rights.isSuperset(of: [.viewContacts, .stats]) { return false }
    if table == "webhook_logs" { return settings.rights == .all }
    return table != "audit_log" || settings.auditLogAllowed
  }

  private mutating func page(
    of name: String, _ table: StatsTable, where parts: [Condition], order: [SortColumn], start: Int,
    limit: Int
  ) -> SimulatedAnswer {
    // A column that exists but is never filled is null in every row: its comparisons are as good as tested.
    let parts = parts.map { $0.withoutUnfilled }
    let rows = tables.rows(of: name, where: parts)
    let pool = tables.pool
    var page: [Int] = []
    if limit > 0 {
      if let first = order.first, first.column != 0 || table.kind(of: 0) == .text {
        page = MatchedRows.rows(Self.sort(rows.all, of: table, by: order, pool: pool)[...])
          .page(start: start, limit: limit)
      } else if order.first?.descending == true {
        let end = max(0, rows.count - start)
        let first = max(0, end - limit)
        page = end > 0 ? rows.page(start: first, limit: end - first).reversed() : []
      } else {
        page = rows.page(start: start, limit: limit)
      }
    }
    var writer = JSONWriter(reserving: 500 * page.count + 100)
    writer.append(raw: "{\"total\":\"\(rows.count)\",\"stats\":[")
    for (number, row) in page.enumerated() {
      if number > 0 { writer.append(raw: ",") }
      table.append(row: row, pool: pool, to: &writer)
    }
    writer.append(raw: "]}")
    return .json(200, writer.bytes)
  }

  private static func sort(
    _ rows: [Int], of table: StatsTable, by order: [SortColumn], pool: TextPool
  ) -> [Int] {
    let keys = rows.map { row in (row, order.map { table.condition($0.column, row, pool: pool) }) }
    return keys.sorted { left, right in
      for (number, sort) in order.enumerated() {
        let comparison = compare(left.1[number], right.1[number])
        if comparison != 0 { return sort.descending ? comparison > 0 : comparison < 0 }
      }
      return left.0 < right.0
    }.map { $0.0 }
  }

  private static func unknownColumn(_ name: String, _ clause: String) -> SimulatedAnswer {
    .statsProblem(
      "An exception occurred while executing a query: SQLSTATE[42S22]: Column not found: 1054 "
        + "Unknown column 'e.\(name)' in '\(clause)'", 1_054)
  }

  private static func badSyntax(_ number: Int) -> SimulatedAnswer {
    .statsProblem(
      "An exception occurred while executing a query: SQLSTATE[42000]: Syntax error or access violation: "
        + "1064 You have an error in your SQL syntax; check the manual that corresponds to your MariaDB "
        + "server version for the right syntax to use near '\(number)' at line 1", 1_064)
  }
}

extension Condition {
  /// The same condition with comparisons of the column -1, which is null everywhere, already answered.
  fileprivate var withoutUnfilled: Condition {
    switch self {
    case .test(let test):
      guard test.column == -1 else { return self }
      return test.holds(.null) ? .all([]) : .any([])
    case .all(let parts): return .all(parts.map { $0.withoutUnfilled })
    case .any(let parts): return .any(parts.map { $0.withoutUnfilled })
    }
  }
}
