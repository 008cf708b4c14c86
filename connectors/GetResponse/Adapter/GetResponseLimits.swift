import WebAPI

/// The limits of a GetResponse account, and how answers tell of them (documentation of 2026).
enum GetResponseLimits {
  /// How many requests of one stream or batch are under way at once: ten are allowed, two are for whoever else
  /// uses the account.
  static let together = 8

  /// The statuses of a busy server, or of the proxies before it; 503 stands for maintenance, too. An error inside
  /// GetResponse, 500, is tried once more.
  static let busyStatuses: Set<Int> = [502, 503, 504]

  /// Longer than a frame, so that a long push goes on in the next one.
  static let longestWait = 660.0

  static let policy = RetryPolicy(
    longestServerWait: longestWait, retries500: true, resetHeader: "X-RateLimit-Reset",
    busyStatuses: busyStatuses)

  private static let perFrame = 30_000
  private static let perSecond = 80
  private static let frameSeconds = 600.0

  /// Seconds that so many requests take at least: what is left of the present frame, then whole ones.
  static func seconds(requests: Int, left: Double?, resetsIn: Double?) -> Double {
    let now = min(Double(requests), left ?? Double(perFrame))
    var rest = Double(requests) - now
    var seconds = now / Double(perSecond)
    guard rest > 0 else { return seconds }
    seconds = max(seconds, resetsIn ?? frameSeconds)
    while rest > Double(perFrame) {
      seconds += frameSeconds
      rest -= Double(perFrame)
    }
    return seconds + rest / Double(perSecond)
  }

  static let limits = [
    RateLimit("frame", .frame(count: perFrame, seconds: frameSeconds)),
    RateLimit("second", .rolling(count: perSecond, seconds: 1)), RateLimit("in flight", .inFlight(together)),
  ]

  static let signs = LimitSigns(
    headers: [
      // The same names tell of either limit; the 80 of a second must not be taken for those of the frame.
      LimitSigns.Headers(
        "frame", count: "X-RateLimit-Limit", left: "X-RateLimit-Remaining", reset: "X-RateLimit-Reset",
        counts: 100...Int.max)
    ],
    refusals: [
      LimitSigns.Refusal(
        status: 429, member: ["code"], code: "1015", waitMember: ["context", "timeToReset"])
    ])
}
