import Platform
import SimulatedWeb
import Synchronization

/// Counts requests by route, and what the platform's limits refused.
final class CostTally: Sendable {
  private struct Counts {
    var routes: [String: Int] = [:]
    var refused = 0
  }

  private let counts = Mutex(Counts())

  func note(_ request: SimulatedRequest) {
    let route = "\(request.method) \(Self.route(request.path))"
    counts.withLock { $0.routes[route, default: 0] += 1 }
  }

  func note(_ answer: SimulatedAnswer) {
    if answer.status == 429 || answer.status == 503 { counts.withLock { $0.refused += 1 } }
  }

  /// What was counted since the last time.
  func take() -> (requests: Int, refused: Int, routes: [(route: String, count: Int)]) {
    counts.withLock { counts in
      defer { counts = Counts() }
      let routes = counts.routes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      return (
        counts.routes.values.reduce(0, +), counts.refused, routes.map { (route: $0.key, count: $0.value) }
      )
    }
  }

  /// A path with `{id}` for what names one record, and without secrets.
  private static func route(_ path: String) -> String {
    path.split(separator: "/").map { part in
      let isName = part.allSatisfy { $0.isLowercase || "-._".contains($0) }
      return isName || part.contains("20") || part.first == "v" ? String(part) : "{id}"
    }.joined(separator: "/")
  }
}
