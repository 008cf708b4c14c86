import WebAPI

/// 30,000 requests, or so many, in frames of 10 minutes that the platform's clock begins, 80 within a second, 10 at once.
package struct GetResponseLimits: LimitModel {
  private static let length = 600.0
  /// The platform's frames began before ours.
  private static let phase = 217.0

  private let count: Int
  private var frame = -1.0
  private var used = 0
  private var second = RollingCount(count: 80, window: 1)
  private var atOnce = 0

  package init(count: Int = 30_000) {
    self.count = count
  }

  /// The same limits as a governor is told of them.
  package static let described: (limits: [RateLimit], signs: LimitSigns) = (
    [
      RateLimit("frame", .frame(count: 30_000, seconds: 600)),
      RateLimit("second", .rolling(count: 80, seconds: 1)),
      // Ten are allowed; two are for whoever else uses the account.
      RateLimit("in flight", .inFlight(8)),
    ],
    LimitSigns(
      headers: [
        LimitSigns.Headers(
          "frame", count: "X-RateLimit-Limit", left: "X-RateLimit-Remaining", reset: "X-RateLimit-Reset",
          counts: 100...Int.max)
      ],
      refusals: [
        LimitSigns.Refusal(
          status: 429, member: ["code"], code: "1015", limit: nil, waitMember: ["context", "timeToReset"])
      ])
  )

  package mutating func answer(
    _ demand: RequestDemand, by party: Party, at now: Double
  ) -> (WebResponse, seconds: Double) {
    let current = ((now + Self.phase) / Self.length).rounded(.down)
    if current != frame {
      frame = current
      used = 0
    }
    let reset = (frame + 1) * Self.length - Self.phase - now
    func refused(_ seconds: Double, limit: Int) -> (WebResponse, seconds: Double) {
      let text = "\(Int(seconds.rounded(.up))) seconds"
      return (
        Self.answer(
          429,
          [("X-RateLimit-Limit", "\(limit)"), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", text)],
          #"{"httpStatus":429,"code":1015,"context":{"timeToReset":"\#(text)"}}"#), 0.01
      )
    }
    atOnce += 1
    guard used < count else { return refused(reset, limit: count) }
    guard atOnce <= 10, second.left(at: now) > 0 else { return refused(1, limit: 80) }
    used += 1
    second.take(at: now)
    let headers = [
      ("X-RateLimit-Limit", "\(count)"), ("X-RateLimit-Remaining", "\(count - used)"),
      ("X-RateLimit-Reset", "\(Int(reset.rounded(.up))) seconds"),
    ]
    return (Self.answer(200, headers), 0.06)
  }

  package mutating func finish(_ demand: RequestDemand, by party: Party, at now: Double) { atOnce -= 1 }

  package func allowance(of kind: String?, until end: Double) -> Double {
    // Each frame in turn, but never faster than 80 a second.
    var total = 0.0
    var time = 0.0
    while time < end {
      let next = min(
        end, ((time + Self.phase) / Self.length).rounded(.down) * Self.length + Self.length - Self.phase)
      total += min(Double(count), 80 * (next - time))
      time = next
    }
    return total
  }
}
