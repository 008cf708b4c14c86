/// How fast and how many at once a platform may be asked.
public struct RequestLimits: Sendable {
  /// Requests under way at the same time, at least 1. A request that waits before its repetition is not
  /// under way.
  public var inFlight: Int
  /// Requests in a time; clients that share one platform account should share one bucket. Nil: no limit.
  public var bucket: TokenBucket?

  /// Makes limits: 4 at once and no limit in time unless others are given.
  public init(inFlight: Int = 4, bucket: TokenBucket? = nil) {
    self.inFlight = max(1, inFlight)
    self.bucket = bucket
  }

  /// One request after the other, as fast as the platform answers.
  public static let oneAtATime = RequestLimits(inFlight: 1)
}
