import Platform
import SimulatorJSON

/// Counts requests by the second, the ten seconds and the day.
struct RateLimiter: Sendable {
  private var bySecond: [Int64: Int] = [:]
  private var searches: (second: Int64, count: Int) = (.min, 0)
  private var day: (number: Int64, count: Int) = (.min, 0)

  /// Requests within the ten seconds that end now.
  func burst(at second: Int64) -> Int {
    bySecond.reduce(0) { $0 + ($1.key > second - 10 && $1.key <= second ? $1.value : 0) }
  }

  func searches(at second: Int64) -> Int { searches.second == second ? searches.count : 0 }
  func inDay(_ number: Int64) -> Int { day.number == number ? day.count : 0 }

  mutating func count(isSearch: Bool, second: Int64, day number: Int64) {
    bySecond = bySecond.filter { $0.key > second - 10 }
    bySecond[second, default: 0] += 1
    if isSearch { searches = (second, searches(at: second) + 1) }
    day = (number, inDay(number) + 1)
  }

  /// As if other programs of the account had sent so many requests today.
  mutating func spend(_ count: Int, day number: Int64) {
    day = (number, inDay(number) + count)
  }
}

extension HubSpotServer {
  private static let oauthBurst = 110

  /// Counts a request, or refuses one too many, which does not count.
  mutating func limit(isSearch: Bool, isOAuth: Bool, at now: Moment) throws(Refusal) {
    let (second, day) = (now.seconds, self.day(of: now))
    guard settings.limitsRequests else {
      limiter.count(isSearch: isSearch, second: second, day: day)
      return
    }
    if limiter.inDay(day) >= settings.effectiveDaily, !isOAuth { throw tooMany(.daily, at: now) }
    if limiter.burst(at: second) >= burst(isOAuth: isOAuth) { throw tooMany(.rolling, at: now) }
    if isSearch, limiter.searches(at: second) >= settings.searchLimit { throw tooMany(.secondly, at: now) }
    limiter.count(isSearch: isSearch, second: second, day: day)
  }

  private func burst(isOAuth: Bool) -> Int { isOAuth ? Self.oauthBurst : settings.effectiveBurst }

  /// The account's day in which a moment lies.
  func day(of now: Moment) -> Int64 {
    let local = now.seconds + settings.utcOffset
    return (local - (local % 86_400 + 86_400) % 86_400) / 86_400
  }

  /// When the account's day ends.
  func dayEnd(of now: Moment) -> Moment {
    Moment(((day(of: now) + 1) * 86_400 - settings.utcOffset) * 1_000)
  }

  private enum Policy: String {
    case rolling = "TEN_SECONDLY_ROLLING"
    case secondly = "SECONDLY"
    case daily = "DAILY"
  }

  private func tooMany(_ policy: Policy, at now: Moment) -> Refusal {
    var refusal = Refusal(
      status: 429, message: "You have reached your \(policy.rawValue.lowercased()) limit.")
    refusal.others = [
      JSON.Member("errorType", "RATE_LIMIT"), JSON.Member("policyName", .text(policy.rawValue)),
      JSON.Member(
        "groupName",
        .text("publicapi:private_app-api-calls-\(Self.group(of: policy)):1234:\(settings.portalID)")),
    ]
    if settings.sendsRetryAfter {
      let wait = policy == .daily ? dayEnd(of: now).seconds - now.seconds : policy == .rolling ? 10 : 1
      refusal.headers.append(SimulatedPair("Retry-After", "\(wait)"))
    }
    return refusal
  }

  private static func group(of policy: Policy) -> String {
    switch policy {
    case .rolling: return "ten-secondly"
    case .secondly: return "search-secondly"
    case .daily: return "daily"
    }
  }

  /// What is left; the day's quota is not told to OAuth apps, and a search tells nothing.
  func limitHeaders(isOAuth: Bool, at now: Moment) -> [SimulatedPair] {
    let most = burst(isOAuth: isOAuth)
    var headers = [
      SimulatedPair("X-HubSpot-RateLimit-Interval-Milliseconds", "10000"),
      SimulatedPair("X-HubSpot-RateLimit-Max", "\(most)"),
      SimulatedPair("X-HubSpot-RateLimit-Remaining", "\(max(0, most - limiter.burst(at: now.seconds)))"),
    ]
    if !isOAuth {
      let left = max(0, settings.effectiveDaily - limiter.inDay(day(of: now)))
      headers.append(SimulatedPair("X-HubSpot-RateLimit-Daily", "\(settings.effectiveDaily)"))
      headers.append(SimulatedPair("X-HubSpot-RateLimit-Daily-Remaining", "\(left)"))
    }
    return headers
  }
}
