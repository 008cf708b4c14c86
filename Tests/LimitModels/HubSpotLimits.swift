import WebAPI

/// 190 requests within 10 s, told by headers; search apart, 5 within a second and without any header.
package struct HubSpotLimits: LimitModel {
  private var burst: RollingCount
  private var search = RollingCount(count: 5, window: 1)
  private let count: Int

  package init(count: Int) {
    self.count = count
    burst = RollingCount(count: count, window: 10)
  }

  /// The same limits as a governor is told of them.
  package static func described(count: Int) -> (limits: [RateLimit], signs: LimitSigns) {
    (
      [
        RateLimit("burst", .rolling(count: count, seconds: 10), exempt: ["search"]),
        RateLimit("search", .rolling(count: 5, seconds: 1), only: "search"),
        RateLimit("in flight", .inFlight(8)),
      ],
      LimitSigns(
        headers: [
          LimitSigns.Headers(
            "burst", count: "X-HubSpot-RateLimit-Max", left: "X-HubSpot-RateLimit-Remaining",
            reset: "X-HubSpot-RateLimit-Interval-Milliseconds", resetUnit: .milliseconds)
        ],
        refusals: [
          LimitSigns.Refusal(status: 429, member: ["policyName"], code: "SECONDLY", limit: "search"),
          LimitSigns.Refusal(
            status: 429, member: ["policyName"], code: "TEN_SECONDLY_ROLLING", limit: "burst"),
        ])
    )
  }

  package mutating func answer(
    _ demand: RequestDemand, by party: Party, at now: Double
  ) -> (WebResponse, seconds: Double) {
    if demand.kind == "search" {
      guard search.left(at: now) > 0 else {
        return (Self.answer(429, [], #"{"status":"error","policyName":"SECONDLY"}"#), 0.01)
      }
      search.take(at: now)
      return (Self.answer(200), 0.05)
    }
    guard burst.left(at: now) > 0 else {
      return (Self.answer(429, [], #"{"status":"error","policyName":"TEN_SECONDLY_ROLLING"}"#), 0.01)
    }
    burst.take(at: now)
    let headers = [
      ("X-HubSpot-RateLimit-Max", "\(count)"), ("X-HubSpot-RateLimit-Remaining", "\(burst.left(at: now))"),
      ("X-HubSpot-RateLimit-Interval-Milliseconds", "10000"),
    ]
    return (Self.answer(200, headers), 0.05)
  }

  package func allowance(of kind: String?, until end: Double) -> Double {
    kind == "search" ? 5 * end : Double(count) / 10 * end
  }
}
