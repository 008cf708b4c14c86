import WebAPI

/// The limits of a Mautic, and how its answers tell of them.
///
/// An hourly limit is off by default; where it is on, every answer has three headers, and nothing else tells of it
/// (seen on 5.1.1). Beyond it PHP workers are few: one request, or two where the server bears them.
enum MauticLimits {
  static let resetHeader = "X-RateLimit-Reset"

  static let limits = [
    RateLimit("hourly", .frame(count: nil, seconds: 3_600)),
    RateLimit("in flight", .adaptive(most: 2, slow: 20)),
  ]

  static let signs = LimitSigns(
    headers: [
      LimitSigns.Headers(
        "hourly", count: "X-RateLimit-Limit", left: "X-RateLimit-Remaining", reset: resetHeader,
        resetUnit: .unixSeconds)
    ],
    refusals: [LimitSigns.Refusal(status: 429, limit: "hourly")])
}
