import WebAPI

/// So many calls in an hour that begins with the first, told by headers with a Unix time; and few workers, so that
/// more at once only take longer.
package struct MauticLimits: LimitModel {
  private let count: Int?
  private let workers: Int
  private var resetsAt = -1.0
  private var used = 0
  private var atOnce = 0

  package init(count: Int?, workers: Int) {
    self.count = count
    self.workers = workers
  }

  /// The same limits as a governor is told of them.
  package static let described: (limits: [RateLimit], signs: LimitSigns) = (
    [
      RateLimit("hourly", .frame(count: nil, seconds: 3_600)),
      RateLimit("in flight", .adaptive(most: 2, slow: 20)),
    ],
    LimitSigns(
      headers: [
        LimitSigns.Headers(
          "hourly", count: "X-RateLimit-Limit", left: "X-RateLimit-Remaining", reset: "X-RateLimit-Reset",
          resetUnit: .unixSeconds)
      ],
      refusals: [LimitSigns.Refusal(status: 429, limit: "hourly")])
  )

  package mutating func answer(
    _ demand: RequestDemand, by party: Party, at now: Double
  ) -> (WebResponse, seconds: Double) {
    atOnce += 1
    let seconds = 0.3 * max(1, Double(atOnce) / Double(workers))
    guard let count else { return (Self.answer(200), seconds) }
    if now >= resetsAt {
      resetsAt = now.rounded(.down) + 3_600
      used = 0
    }
    let left = max(0, count - used - 1)
    let headers = [
      ("X-RateLimit-Limit", "\(count)"), ("X-RateLimit-Remaining", "\(left)"),
      ("X-RateLimit-Reset", "\(Int(resetsAt))"),
    ]
    guard used < count else { return (Self.answer(429, headers), 0.05) }
    used += 1
    return (Self.answer(200, headers), seconds)
  }

  package mutating func finish(_ demand: RequestDemand, by party: Party, at now: Double) { atOnce -= 1 }

  package func allowance(of kind: String?, until end: Double) -> Double {
    guard let count else { return Double(workers) / 0.3 * end }
    return Double(count) * (end / 3_600).rounded(.up)
  }
}
