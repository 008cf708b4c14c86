/// What a run has sent and read, by connection and route.
public struct Traffic: Hashable, Sendable {
  /// Sorted by connection, then by route.
  public let routes: [TrafficRoute]

  /// Routes of the same connection and name are added up.
  init(_ routes: some Sequence<TrafficRoute>) {
    var sums: [[String]: TrafficRoute] = [:]
    for route in routes {
      let fresh = TrafficRoute(connection: route.connection, route: route.route)
      sums[[route.connection, route.route], default: fresh].add(route)
    }
    self.routes = sums.values.sorted { ($0.connection, $0.route) < ($1.connection, $1.route) }
  }

  /// A list with one map a route: `connection`, `route`, `requests`, `repetitions`, `answers` by class,
  /// `statuses`, `failures`, `bytesSent`, `bytesReceived`, `bytesOnWire`, `secondsInRequests`,
  /// `secondsWaited`, `slowestSeconds`.
  public var json: JSONOutput {
    .list(routes.map(\.json))
  }

  /// A table for a terminal, one line a route and one for all; empty if nothing was sent. Columns without any
  /// figure are left out. Each line ends with a line end and has at most so many columns, unless the figures
  /// alone need more.
  public func text(columns: Int = 120) -> String {
    routes.isEmpty ? "" : TrafficTable(routes, columns: columns).text
  }
}
