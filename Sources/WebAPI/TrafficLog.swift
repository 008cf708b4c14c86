import Curl

/// Counts every request of a run by connection and route.
public final class TrafficLog: WebObserver {
  /// Routes of one connection that are counted one by one.
  static let mostRoutes = 200
  /// Where all others are counted.
  static let otherRoute = "(other)"

  private struct Counts {
    /// By the connection's name, then by the route as it came.
    var routes: [String: [String: TrafficRoute]] = [:]
  }

  private let counts = Guarded(Counts())

  /// Nothing is counted yet.
  public init() {}

  /// What was counted so far.
  public var traffic: Traffic {
    Traffic(counts.withLock { $0 }.routes.values.flatMap(\.values))
  }

  /// Counts one request.
  public func saw(_ exchange: WebExchange) {
    counts.withLock { counts in
      let key = TrafficLog.key(exchange.route, among: counts.routes[exchange.connection])
      if counts.routes[exchange.connection]?[key] == nil {
        counts.routes[exchange.connection, default: [:]][key] = TrafficLog.begin(key, exchange)
      }
      counts.routes[exchange.connection]?[key]?.add(exchange)
    }
  }

  private static func key(_ route: String, among known: [String: TrafficRoute]?) -> String {
    guard let known, known[route] == nil, known.count >= mostRoutes else { return route }
    return otherRoute
  }

  /// Masked once, when a route is first seen.
  private static func begin(_ route: String, _ exchange: WebExchange) -> TrafficRoute {
    TrafficRoute(
      connection: exchange.redactor.redact(exchange.connection), route: exchange.redactor.redact(url: route))
  }
}
