/// When a call is repeated, and after how long.
///
/// The wait before the n-th repetition is drawn evenly from 0 to `base * 2^(n-1)` seconds, at most `cap`
/// ("full jitter"), and is never shorter than what the platform asks for.
public struct RetryPolicy: Hashable, Sendable {
  /// How often one call is sent at most; a repetition with a new token does not count.
  public var tries: Int
  /// Seconds: the longest wait before the first repetition.
  public var base: Double
  /// Seconds: the longest wait this side chooses.
  public var cap: Double
  /// Seconds: a platform that asks to wait longer makes the call fail as busy at once.
  public var longestServerWait: Double
  /// Whether a repeatable call that was answered by 500 is sent once more. Off by default: many platforms
  /// answer 500 to input they do not like, and do so every time.
  public var retries500: Bool
  /// The header that says, in Unix seconds or in seconds from now, when a 429 ends, on platforms without
  /// `Retry-After`.
  public var resetHeader: String?
  /// Statuses that a busy or restarting server, or the proxy before it, gives; repeatable calls are repeated.
  public var busyStatuses: Set<Int>
  /// How many repetitions a client makes at most: so many, and `budgetShare` of all its requests. Without a
  /// bound a platform that fails now and then would get several times the requests that it cannot bear.
  public var budgetMinimum: Int
  /// See `budgetMinimum`; from 0 to 1.
  public var budgetShare: Double
  /// After so many tries in a row without a usable answer the client rests, and calls fail at once.
  public var restAfter: Int
  /// Seconds of the first rest; each further one is twice as long, up to ten times the first.
  public var rest: Double

  /// Makes a policy; what is not given is as in `standard`.
  public init(
    tries: Int = 5, base: Double = 0.5, cap: Double = 30, longestServerWait: Double = 300,
    retries500: Bool = false, resetHeader: String? = nil, busyStatuses: Set<Int> = [502, 503, 504],
    budgetMinimum: Int = 50, budgetShare: Double = 0.2, restAfter: Int = 15, rest: Double = 30
  ) {
    self.tries = tries
    self.base = base
    self.cap = cap
    self.longestServerWait = longestServerWait
    self.retries500 = retries500
    self.resetHeader = resetHeader
    self.busyStatuses = busyStatuses
    self.budgetMinimum = budgetMinimum
    self.budgetShare = budgetShare
    self.restAfter = restAfter
    self.rest = rest
  }

  /// At most 5 tries, waits of up to 0.5, 1, 2, 4 seconds, and up to 5 minutes if the platform asks for it.
  public static let standard = RetryPolicy()

  /// Every call is sent once.
  public static let never = RetryPolicy(tries: 1)

  /// Seconds to wait before repetition `number` (from 1), `chance` being drawn from [0, 1).
  func backOff(beforeRepetition number: Int, chance: Double) -> Double {
    // 2^62 is far beyond any cap; more would only risk an overflow to infinity.
    let doublings = Double(sign: .plus, exponent: min(max(number - 1, 0), 62), significand: 1)
    return max(0, chance * min(cap, base * doublings))
  }
}
