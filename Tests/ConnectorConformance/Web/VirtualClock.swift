import Synchronization
import WebAPI

/// A clock that stands still until somebody waits, or moves it.
public final class VirtualClock: WebClock {
  private let seconds: Mutex<Double>

  /// A clock that shows this, in Unix seconds.
  public init(_ seconds: Double) {
    self.seconds = Mutex(seconds)
  }

  /// What it shows.
  public func now() -> Double { seconds.withLock { $0 } }

  /// Lets the time pass at once.
  public func sleep(seconds: Double) async throws(CancellationError) {
    guard !Task.isCancelled else { throw CancellationError() }
    advance(seconds)
  }

  /// Moves the hands.
  public func advance(_ by: Double) {
    seconds.withLock { $0 += max(0, by) }
  }
}
