import WebAPI

/// How a platform counts, as the platform sees it: a pure function of what arrived and when.
package protocol LimitModel: Sendable {
  /// What a request gets that arrives at this moment, and how long the platform works at it, in seconds.
  mutating func answer(_ demand: RequestDemand, by party: Party, at now: Double) -> (
    WebResponse, seconds: Double
  )
  /// The request's answer leaves.
  mutating func finish(_ demand: RequestDemand, by party: Party, at now: Double)
  /// How much would have been served from 0 to that moment if every moment had been used.
  func allowance(of kind: String?, until end: Double) -> Double
  /// How much a served request counts.
  func weight(of response: WebResponse) -> Double
}

/// Who sends.
package enum Party: Hashable, Sendable {
  case own
  case other
}

extension LimitModel {
  package mutating func finish(_ demand: RequestDemand, by party: Party, at now: Double) {}
  package func weight(of response: WebResponse) -> Double { 1 }

  static func answer(_ status: Int, _ headers: [(String, String)] = [], _ body: String = "{}") -> WebResponse
  {
    WebResponse(status: status, headers: headers.map { WebHeader($0.0, $0.1) }, body: Array(body.utf8))
  }
}

/// Requests within the last `window` seconds.
struct RollingCount {
  let count: Int
  let window: Double
  private var taken: [Double] = []
  private var first = 0

  init(count: Int, window: Double) {
    self.count = count
    self.window = window
  }

  mutating func left(at now: Double) -> Int {
    while first < taken.count, taken[first] <= now - window { first += 1 }
    if first > 1_000 {
      taken.removeFirst(first)
      first = 0
    }
    return count - (taken.count - first)
  }

  mutating func take(at now: Double) { taken.append(now) }
}
