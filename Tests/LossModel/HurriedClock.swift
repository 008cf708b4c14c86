import Curl
import WebAPI

/// Time that passes only when somebody sleeps, and then at once.
public final class HurriedClock: WebClock {
  private let time = Guarded(1_795_779_660.0)

  /// A clock that shows 2026-11-27T11:41:00Z.
  public init() {}

  /// Seconds since 1970-01-01T00:00:00Z.
  public func now() -> Double { time.withLock { $0 } }

  /// Moves the time on.
  public func sleep(seconds: Double) async throws(CancellationError) {
    if Task.isCancelled { throw CancellationError() }
    time.withLock { $0 += seconds }
  }
}
