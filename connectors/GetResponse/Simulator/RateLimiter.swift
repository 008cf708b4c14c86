import Platform
import Scoring
import SimulatorJSON

/// Counts requests by the frame of ten minutes and by the second.
struct RateLimiter: Sendable {
  static let frameSeconds: Int64 = 600

  private var frame: (number: Int64, count: Int) = (.min, 0)
  private var second: (number: Int64, count: Int) = (.min, 0)

  func inFrame(at now: Int64) -> Int { frame.number == now / Self.frameSeconds ? frame.count : 0 }
  func inSecond(at now: Int64) -> Int { second.number == now ? second.count : 0 }

  /// Seconds until the frame ends.
  func frameReset(at now: Int64) -> Int64 { Self.frameSeconds - now % Self.frameSeconds }

  mutating func count(_ requests: Int = 1, at now: Int64) {
    frame = (now / Self.frameSeconds, inFrame(at: now) + requests)
    second = (now, inSecond(at: now) + requests)
  }

  /// As if other programs of the account had sent so many requests in this frame.
  mutating func spend(_ requests: Int, at now: Int64) {
    frame = (now / Self.frameSeconds, inFrame(at: now) + requests)
  }
}

extension GetResponseServer {
  private static let inFlightLimit = 10

  /// Counts a request, or refuses one too many, which does not count.
  mutating func limit(at now: Int64) throws(Refusal) {
    guard settings.limitsRequests else { return limiter.count(at: now) }
    if limiter.inFrame(at: now) >= settings.frameLimit { throw tooMany(.frame, at: now) }
    if limiter.inSecond(at: now) >= settings.secondLimit || settings.othersInFlight >= Self.inFlightLimit {
      throw tooMany(.second, at: now)
    }
    limiter.count(at: now)
  }

  private func tooMany(_ limit: GetResponseLimit, at now: Int64) -> Refusal {
    let wait = limit == .frame ? limiter.frameReset(at: now) : 1
    let most = limit == .frame ? settings.frameLimit : settings.secondLimit
    var refusal = Refusal(
      status: 429, code: 1015,
      message: "You have reached your requests limit for this time window, please wait...",
      context: [
        JSON.Member("currentLimit", .integer(Int64(most))),
        JSON.Member("timeToReset", .text("\(wait) seconds")),
      ])
    refusal.headers = Self.headers(limit: most, left: 0, reset: wait)
    if settings.retryAfter.contains(limit) { refusal.headers.append(SimulatedPair("Retry-After", "\(wait)")) }
    return refusal
  }

  /// What is left of the limit that usual answers tell of.
  func limitHeaders(at now: Int64) -> [SimulatedPair] {
    switch settings.toldLimit {
    case .frame:
      return Self.headers(
        limit: settings.frameLimit, left: settings.frameLimit - limiter.inFrame(at: now),
        reset: limiter.frameReset(at: now))
    case .second:
      return Self.headers(
        limit: settings.secondLimit, left: settings.secondLimit - limiter.inSecond(at: now), reset: 1)
    }
  }

  private static func headers(limit: Int, left: Int, reset: Int64) -> [SimulatedPair] {
    [
      SimulatedPair("X-Ratelimit-Limit", "\(limit)"),
      SimulatedPair("X-Ratelimit-Remaining", "\(max(0, left))"),
      SimulatedPair("X-Ratelimit-Reset", "\(reset) seconds"),
    ]
  }

  /// As if other programs of the account had sent so many requests in this frame of ten minutes.
  public mutating func spend(_ requests: Int, at now: Timestamp) {
    limiter.spend(requests, at: now.seconds)
  }
}
