import WebAPI

/// The limits of a HubSpot account by its plan, and how answers tell of them (documentation of 2026).
enum HubSpotLimits {
  /// What a customer pays for; it decides how many requests are allowed.
  enum Plan: String, CaseIterable, Sendable {
    case free
    case starter
    case professional
    case enterprise
  }

  /// The kind of request that is counted apart from all others.
  static let searchKind = "search"
  /// The statuses of a busy server, or of the proxies before it.
  static let busyStatuses: Set<Int> = [502, 503, 504, 521, 523, 524]

  /// Without a plan the smallest one is kept to. An app that logs in by OAuth2 has limits of its own, and no
  /// daily one is told.
  static func limits(plan: Plan?, isApp: Bool) -> [RateLimit] {
    let burst: Int
    var daily: Int?
    switch plan {
    case _ where isApp: burst = 110
    case .professional?: (burst, daily) = (190, 625_000)
    case .enterprise?: (burst, daily) = (190, 1_000_000)
    case .free?, .starter?, nil: (burst, daily) = (100, 250_000)
    }
    // Searches have a limit of their own; that they count for the other one too is the careful reading.
    return [
      RateLimit("burst", .rolling(count: burst, seconds: 10)),
      RateLimit("search", .rolling(count: 5, seconds: 1), only: searchKind),
      RateLimit("daily", .daily(count: daily, offset: 0)), RateLimit("in flight", .inFlight(4)),
    ]
  }

  static let signs = LimitSigns(
    headers: [
      LimitSigns.Headers(
        "burst", count: "X-HubSpot-RateLimit-Max", left: "X-HubSpot-RateLimit-Remaining",
        reset: "X-HubSpot-RateLimit-Interval-Milliseconds", resetUnit: .milliseconds),
      LimitSigns.Headers(
        "daily", count: "X-HubSpot-RateLimit-Daily", left: "X-HubSpot-RateLimit-Daily-Remaining"),
    ],
    refusals: [
      LimitSigns.Refusal(status: 429, member: ["policyName"], code: "SECONDLY", limit: "search"),
      LimitSigns.Refusal(status: 429, member: ["policyName"], code: "TEN_SECONDLY_ROLLING", limit: "burst"),
      LimitSigns.Refusal(status: 429, member: ["policyName"], code: "DAILY", limit: "daily"),
      // A record that somebody else is writing.
      LimitSigns.Refusal(status: 423),
      // The account is being moved to another data centre, which may take hours.
      LimitSigns.Refusal(status: 477, isFinal: true),
    ])
}
