import Foundation

/// The machine's clock.
public struct SystemClock: WebClock {
  /// Makes the machine's clock.
  public init() {}

  /// Seconds since 1970-01-01T00:00:00Z.
  public func now() -> Double {
    Date().timeIntervalSince1970
  }

  /// Waits that many seconds; ends at once when the task is cancelled.
  public func sleep(seconds: Double) async throws(CancellationError) {
    // A duration beyond what the clock can hold would trap; nothing waits for thirty years.
    let sane = seconds.isFinite ? min(max(seconds, 0), 1e9) : 0
    do {
      try await Task.sleep(for: .seconds(sane))
    } catch {
      throw CancellationError()
    }
  }
}
