import WebAPI

/// A bucket of 50 that loses 2 a second, and 480 s of working time for each method in 10 minutes.
package struct Bitrix24Limits: LimitModel {
  private static let budget = 480.0
  private var level = 0.0
  private var asOf = 0.0
  /// What each method has used, by one-minute basket.
  private var used: [String: [Double: Double]] = [:]
  private var chance: UInt64
  /// Seconds of a call at least and at most.
  private let cost: ClosedRange<Double>

  /// Calls take this long; more than about a quarter of a second makes working time the narrower limit.
  package init(cost: ClosedRange<Double>, seed: UInt64 = 1) {
    self.cost = cost
    chance = seed
  }

  /// The same limits as a governor is told of them.
  package static let described: (limits: [RateLimit], signs: LimitSigns) = (
    [
      RateLimit("rate", .bucket(rate: 2, burst: 50), reserve: 0.2),
      RateLimit("operating", .operating(seconds: 480, window: 600, baskets: 10)),
      RateLimit("in flight", .inFlight(2)),
    ],
    LimitSigns(
      refusals: [
        LimitSigns.Refusal(status: 503, member: ["error"], code: "QUERY_LIMIT_EXCEEDED", limit: "rate"),
        LimitSigns.Refusal(status: 429, member: ["error"], code: "OPERATION_TIME_LIMIT", limit: "operating"),
      ],
      more: { demand, response in
        guard let body = try? JSONValue.parse(response.body), let used = body["time"]["operating"].number
        else {
          return []
        }
        return demand.methods.keys.map {
          .operating(
            limit: "operating", method: $0, used: used, leavesAt: body["time"]["operating_reset_at"].number)
        }
      })
  )

  package mutating func answer(
    _ demand: RequestDemand, by party: Party, at now: Double
  ) -> (WebResponse, seconds: Double) {
    level = max(0, level - 2 * (now - asOf))
    asOf = now
    guard level + 1 <= 50 else {
      return (Self.answer(503, [], #"{"error":"QUERY_LIMIT_EXCEEDED"}"#), 0.01)
    }
    level += 1
    let method = demand.methods.keys.first ?? "other"
    let before = sum(of: method, at: now)
    guard before < Self.budget else {
      return (Self.answer(429, [], #"{"error":"OPERATION_TIME_LIMIT"}"#), 0.01)
    }
    chance = chance &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let share = Double(chance >> 11) / Double(1 << 53)
    let seconds = cost.lowerBound + share * (cost.upperBound - cost.lowerBound)
    let basket = (now / 60).rounded(.down)
    used[method, default: [:]][basket, default: 0] += seconds
    let oldest = used[method]?.keys.min() ?? basket
    let body =
      #"{"result":true,"time":{"operating":\#(before + seconds),"operating_reset_at":\#((oldest + 10) * 60),"#
      + #""cost":\#(seconds)}}"#
    return (Self.answer(200, [], body), seconds)
  }

  /// The time used by calls of a method until now.
  private mutating func sum(of method: String, at now: Double) -> Double {
    let first = (now / 60).rounded(.down) - 9
    used[method] = used[method]?.filter { $0.key >= first }
    return used[method]?.values.reduce(0, +) ?? 0
  }

  package func allowance(of kind: String?, until end: Double) -> Double {
    kind == "operating" ? Self.budget * (end / 600).rounded(.up) : 50 + 2 * end
  }

  package func weight(of response: WebResponse) -> Double {
    guard let body = try? JSONValue.parse(response.body) else { return 0 }
    return cost.lowerBound > 0.25 ? body["time"]["cost"].number ?? 0 : 1
  }
}
