/// One limit of a platform, as data.
public struct RateLimit: Hashable, Sendable {
  /// How the platform counts.
  public enum Shape: Hashable, Sendable {
    /// At most `count` requests within any `seconds`.
    case rolling(count: Int, seconds: Double)
    /// At most `count` requests within a time that the platform begins and ends; answers tell how many are left
    /// and when it ends. Nil: the count is known from answers only, and until then there is no limit.
    case frame(count: Int?, seconds: Double)
    /// A bucket that holds `burst` requests and loses `rate` of them a second; what comes when it is full is
    /// refused.
    case bucket(rate: Double, burst: Int)
    /// At most `seconds` of the platform's own working time for each method within `window` seconds, counted in
    /// `baskets` equal parts of it that leave one by one. A call is refused if the time was used up before it.
    case operating(seconds: Double, window: Double, baskets: Int)
    /// At most `count` requests in a day of the account, which begins `offset` seconds before midnight UTC (for
    /// a place east of Greenwich a positive number). Nil: known from answers only.
    case daily(count: Int?, offset: Double)
    /// At most so many requests under way at the same time.
    case inFlight(Int)
    /// From 1 up to `most` requests under way, as many as the platform bears: more while it answers as fast as
    /// ever, half as many when an answer takes longer than `slow` seconds or the platform is in trouble.
    case adaptive(most: Int, slow: Double)
  }

  /// What messages and saved state call it: `daily`.
  public var name: String
  /// How the platform counts.
  public var shape: Shape
  /// The limit counts only requests of this kind; nil: all but those that `exempt` names.
  public var only: String?
  /// Kinds of requests that this limit does not count.
  public var exempt: Set<String>
  /// The share, from 0 up to 1, that is left to whoever else uses the account.
  public var reserve: Double

  /// Describes a limit; it counts all requests and leaves nothing unless more is given.
  public init(
    _ name: String, _ shape: Shape, only: String? = nil, exempt: Set<String> = [], reserve: Double = 0
  ) {
    self.name = name
    self.shape = shape
    self.only = only
    self.exempt = exempt
    self.reserve = min(max(reserve.isNaN ? 0 : reserve, 0), 0.95)
  }

  /// Whether a request counts.
  func counts(_ demand: RequestDemand) -> Bool {
    if let only { return only == demand.kind }
    return demand.kind.map { !exempt.contains($0) } ?? true
  }

  /// The counter for it.
  func meter() -> any LimitMeter {
    switch shape {
    case .rolling(let count, let seconds): RollingMeter(count: count, window: seconds, reserve: reserve)
    case .frame(let count, let seconds): FrameMeter(count: count, seconds: seconds, reserve: reserve)
    case .bucket(let rate, let burst): BucketMeter(rate: rate, burst: burst, reserve: reserve)
    case .operating(let seconds, let window, let baskets):
      OperatingMeter(budget: seconds * (1 - reserve), window: window, baskets: baskets)
    case .daily(let count, let offset): DailyMeter(count: count, offset: offset, reserve: reserve)
    case .inFlight(let most): InFlightMeter(most: most)
    case .adaptive(let most, let slow): AdaptiveMeter(most: most, slow: slow)
    }
  }
}
