import Synchronization

/// Where requests wait until one more may be under way.
final class RequestGate: Sendable {
  private let places: Turnstile
  private let bucket: TokenBucket?
  private let longestHold: Double
  private let heldUntil = Mutex(-Double.infinity)

  init(limits: RequestLimits, longestHold: Double) {
    places = Turnstile(places: limits.inFlight)
    bucket = limits.bucket
    self.longestHold = longestHold
  }

  /// Takes a place and a token. Must be followed by `leave()`, unless it throws.
  func enter(clock: any WebClock) async throws(CancellationError) {
    try await places.enter()
    do {
      try await waitWhileHeld(clock: clock)
      try await bucket?.take(clock: clock)
    } catch {
      places.leave()
      throw CancellationError()
    }
  }

  /// Gives the place back.
  func leave() {
    places.leave()
  }

  /// Lets nobody in before that time: the platform has told one request when it will answer again, so that
  /// the others need not find out by a refusal each.
  func hold(until time: Double) {
    heldUntil.withLock { $0 = max($0, time) }
  }

  private func waitWhileHeld(clock: any WebClock) async throws(CancellationError) {
    while true {
      let until = heldUntil.withLock { $0 }
      let seconds = until - clock.now()
      guard seconds > 0 else { return }
      try await clock.sleep(seconds: min(seconds, longestHold))
      // Lifted after one wait whatever the clock says, for it may have been set back meanwhile.
      heldUntil.withLock { if $0 == until { $0 = -.infinity } }
    }
  }
}
