/// Traffic in columns.
struct TrafficTable {
  private static let titles = [
    "connection", "route", "requests", "repeated", "4xx", "5xx", "failed", "sent", "read", "took", "waited",
    "slowest",
  ]
  private static let nothing: Set<String> = ["0", PlainLine.bytes(0), PlainLine.seconds(0)]
  private static let gap = 2
  private static let shortestRoute = 12

  private let rows: [[String]]
  private let widths: [Int]

  init(_ routes: [TrafficRoute], columns: Int) {
    var all = TrafficRoute(connection: "all", route: "")
    for route in routes { all.add(route) }
    let lines = (routes.count > 1 ? routes + [all] : routes).map(TrafficTable.cells)
    let kept = TrafficTable.titles.indices.filter { column in
      column < 3 || lines.contains { !TrafficTable.nothing.contains($0[column]) }
    }
    let rows = ([TrafficTable.titles] + lines).map { line in kept.map { line[$0] } }
    var widths = kept.indices.map { column in rows.map { PlainLine.width($0[column]) }.max() ?? 0 }
    widths[0] = min(widths[0], 20)
    // The route gives way to the figures.
    let rest = widths.reduce(0, +) - widths[1] + TrafficTable.gap * (widths.count - 1)
    widths[1] = min(widths[1], max(TrafficTable.shortestRoute, columns - rest))
    self.rows = rows
    self.widths = widths
  }

  var text: String {
    rows.map { cells in
      let line = cells.enumerated().map { column, cell in
        column < 2 ? PlainLine.left(cell, widths[column]) : PlainLine.right(cell, widths[column])
      }
      return line.joined(separator: String(repeating: " ", count: TrafficTable.gap)) + "\n"
    }.joined()
  }

  private static func cells(_ route: TrafficRoute) -> [String] {
    [
      PlainLine.safe(route.connection), PlainLine.safe(route.route), String(route.requests),
      String(route.repetitions), String(route.answers(ofClass: 4)), String(route.answers(ofClass: 5)),
      String(route.failures), PlainLine.bytes(route.bytesSent), PlainLine.bytes(route.bytesReceived),
      PlainLine.seconds(route.secondsInRequests), PlainLine.seconds(route.secondsWaited),
      PlainLine.seconds(route.slowest),
    ]
  }
}
