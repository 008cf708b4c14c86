/// By what answers tell about limits, as data.
public struct LimitSigns: Sendable {
  /// Headers that tell what is left of one limit. Names are compared without regard to case.
  public struct Headers: Hashable, Sendable {
    /// What the reset header counts.
    public enum Reset: Hashable, Sendable {
      /// Unix seconds, by the server's clock.
      case unixSeconds
      /// Seconds from now; what follows the digits is passed over: `525 seconds`.
      case seconds
      /// The length of the limit's time in milliseconds.
      case milliseconds
    }

    /// The limit that they tell of.
    public var limit: String
    /// How many there are in all.
    public var count: String?
    /// How many are left.
    public var left: String
    /// When it is full again.
    public var reset: String?
    /// What the reset header counts.
    public var resetUnit: Reset
    /// They tell of this limit only if the count lies in here: some platforms use the same names for several.
    public var counts: ClosedRange<Int>?

    /// Describes headers.
    public init(
      _ limit: String, count: String? = nil, left: String, reset: String? = nil,
      resetUnit: Reset = .seconds, counts: ClosedRange<Int>? = nil
    ) {
      self.limit = limit
      self.count = count
      self.left = left
      self.reset = reset
      self.resetUnit = resetUnit
      self.counts = counts
    }
  }

  /// How a refusal looks, and by which limit it is.
  public struct Refusal: Hashable, Sendable {
    /// The status of the answer.
    public var status: Int
    /// Where in the JSON body its code stands, name by name; empty: the status alone decides.
    public var member: [String]
    /// The code, compared without regard to case.
    public var code: String
    /// The limit, nil if none is meant.
    public var limit: String?
    /// Where in the JSON body it says after how many seconds it is over, name by name; nil if nowhere.
    public var waitMember: [String]?
    /// Whether no request shall follow in this run: a person has to do something.
    public var isFinal: Bool

    /// Describes a refusal.
    public init(
      status: Int, member: [String] = [], code: String = "", limit: String? = nil,
      waitMember: [String]? = nil, isFinal: Bool = false
    ) {
      self.status = status
      self.member = member
      self.code = code
      self.limit = limit
      self.waitMember = waitMember
      self.isFinal = isFinal
    }
  }

  /// Headers that tell what is left.
  public var headers: [Headers]
  /// How refusals look; the first that fits counts.
  public var refusals: [Refusal]
  /// What else an answer tells.
  public var more: (@Sendable (RequestDemand, WebResponse) -> [LimitObservation])?

  /// Puts signs together.
  public init(
    headers: [Headers] = [], refusals: [Refusal] = [],
    more: (@Sendable (RequestDemand, WebResponse) -> [LimitObservation])? = nil
  ) {
    self.headers = headers
    self.refusals = refusals
    self.more = more
  }

  /// Answers tell nothing but by their status.
  public static let none = LimitSigns()

  /// The refusal that an answer is; nil if it is none that is described.
  package func refusal(_ response: WebResponse) -> Refusal? {
    let candidates = refusals.filter { $0.status == response.status }
    guard !candidates.isEmpty else { return nil }
    let body = candidates.contains { !$0.member.isEmpty } ? try? JSONValue.parse(response.body) : nil
    return candidates.first { refusal in
      guard !refusal.member.isEmpty else { return true }
      guard let text = body.map({ refusal.member.reduce($0) { $0[$1] } })?.text else { return false }
      return text.lowercased() == refusal.code.lowercased()
    }
  }

  /// All that an answer tells about limits. `wait` is for how many seconds it asks to be left alone.
  package func observations(
    _ response: WebResponse, to demand: RequestDemand, wait: Double?, now: Double
  ) -> [LimitObservation] {
    var found = headers.compactMap { quota($0, response, now) }
    if let refusal = refusal(response) {
      found.append(.refused(limit: refusal.limit, wait: wait))
    } else if response.status == 429 {
      found.append(.refused(limit: nil, wait: wait))
    }
    if let more { found += more(demand, response) }
    return found
  }

  /// No limit is so large: it is none.
  private static let mostRequests = 1_000_000_000_000

  private func quota(_ headers: Headers, _ response: WebResponse, _ now: Double) -> LimitObservation? {
    func number(_ name: String?) -> Double? {
      name.flatMap { response.header($0) }.flatMap { ServerWait.leadingNumber($0) }
    }
    let count = number(headers.count).flatMap { Int(exactly: $0.rounded()) }.flatMap {
      $0 <= Self.mostRequests ? $0 : nil
    }
    if let range = headers.counts {
      guard let count, range.contains(count) else { return nil }
    }
    guard let told = number(headers.left).flatMap({ Int(exactly: $0.rounded(.down)) }) else { return nil }
    let left = min(told, Self.mostRequests)
    var resetsIn = number(headers.reset)
    switch headers.resetUnit {
    // The server's clock is the one that it is meant by.
    case .unixSeconds: resetsIn = resetsIn.map { max(0, $0 - (response.date ?? now)) }
    case .seconds: break
    case .milliseconds: resetsIn = resetsIn.map { $0 / 1_000 }
    }
    return .quota(limit: headers.limit, count: count, left: left, resetsIn: resetsIn)
  }
}
