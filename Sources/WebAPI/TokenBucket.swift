import Synchronization

/// A limit of requests in a time: `rate` a second on average, up to `burst` at once after a pause.
///
/// Who asks first is served first. A task that is cancelled while it waits uses up nothing.
public final class TokenBucket: Sendable {
  private struct State {
    /// When the bucket will be full again, in Unix seconds.
    var fullAt = -Double.infinity
    var lastSeen = -Double.infinity
  }

  private let secondsPerToken: Double
  private let tolerance: Double
  private let queue = Turnstile(places: 1)
  private let state = Mutex(State())

  /// Makes a full bucket.
  ///
  /// - Parameters:
  ///   - rate: requests a second; what is not above zero counts as one in a thousand seconds.
  ///   - burst: requests at once after a pause, at least 1.
  public init(rate: Double, burst: Int) {
    secondsPerToken = 1 / max(rate.isNaN ? 0 : rate, 0.001)
    tolerance = Double(max(1, burst) - 1) * secondsPerToken
  }

  /// Takes one token, waiting on the clock until there is one.
  public func take(clock: any WebClock) async throws(CancellationError) {
    try await queue.enter()
    defer { queue.leave() }
    let seconds = wait(at: clock.now())
    if seconds > 0 { try await clock.sleep(seconds: seconds) }
    spend(at: clock.now())
  }

  private func wait(at now: Double) -> Double {
    state.withLock { state in
      // A clock that was set back must not make anybody wait for the hours it was set back by.
      if now < state.lastSeen { state.fullAt -= state.lastSeen - now }
      state.lastSeen = now
      return state.fullAt - tolerance - now
    }
  }

  private func spend(at now: Double) {
    state.withLock { state in
      if now < state.lastSeen { state.fullAt -= state.lastSeen - now }
      state.lastSeen = now
      // A clock that wakes a little early must not let the rate creep up: the token counts from its due time.
      state.fullAt = max(state.fullAt, now) + secondsPerToken
    }
  }
}
