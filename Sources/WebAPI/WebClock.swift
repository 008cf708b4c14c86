/// The only source of time: everything that waits or looks at the clock does it here.
public protocol WebClock: Sendable {
  /// Seconds since 1970-01-01T00:00:00Z.
  func now() -> Double
  /// Waits that many seconds; ends at once when the task is cancelled.
  func sleep(seconds: Double) async throws(CancellationError)
}
