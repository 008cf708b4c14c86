/// Keeps a client from knocking for ever at a door that nobody opens.
///
/// After so many tries in a row without a usable answer nobody goes through for a while; then one request goes
/// ahead of the others, and what becomes of it decides whether they follow. Pure: time comes with every call.
struct CircuitBreaker: Sendable {
  /// Whether a request may go through.
  enum Verdict: Hashable {
    case pass
    /// Not before that time, in Unix seconds.
    case rest(until: Double)
  }

  private enum State {
    case closed(failures: Int)
    case open(until: Double, rest: Double)
    /// One request has gone ahead; the time is after which it counts as lost.
    case halfOpen(until: Double, rest: Double)
  }

  private let threshold: Int
  private let firstRest: Double
  private let longestRest: Double
  private var state = State.closed(failures: 0)
  /// How many tries in a row have failed.
  private(set) var failures = 0

  init(threshold: Int, firstRest: Double, longestRest: Double) {
    self.threshold = max(1, threshold)
    self.firstRest = firstRest
    self.longestRest = longestRest
  }

  mutating func verdict(at now: Double) -> Verdict {
    switch state {
    case .closed: return .pass
    case .open(let until, let rest), .halfOpen(let until, let rest):
      // A clock that was set back must not keep the door shut for hours.
      guard now >= until || until - now > longestRest * 2 else { return .rest(until: until) }
      state = .halfOpen(until: now + longestRest, rest: rest)
      return .pass
    }
  }

  mutating func succeed() {
    failures = 0
    state = .closed(failures: 0)
  }

  mutating func fail(at now: Double) {
    failures += 1
    switch state {
    case .closed(let before):
      state =
        before + 1 >= threshold
        ? .open(until: now + firstRest, rest: firstRest) : .closed(failures: before + 1)
    case .halfOpen(_, let rest):
      let longer = min(rest * 2, longestRest)
      state = .open(until: now + longer, rest: longer)
    // A request that was under way when it opened.
    case .open: break
    }
  }

  /// The request that went ahead was cancelled and tells nothing: the next one goes ahead.
  mutating func forget() {
    if case .halfOpen(_, let rest) = state { state = .open(until: -.infinity, rest: rest) }
  }
}
