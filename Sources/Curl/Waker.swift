import CCurl
import Foundation

/// Ends the wait of a thread for its sockets. Any thread may wake at any time, before and after the other one
/// is gone.
final class Waker: Sendable {
  /// Readable once somebody has woken.
  let descriptor: Int32

  /// Fails when the process has no descriptor left.
  init?() {
    descriptor = ccurl_open_event()
    if descriptor < 0 { return nil }
  }

  deinit {
    close(descriptor)
  }

  /// Ends the wait, or the next one.
  func wake() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  /// Makes the next wait a long one again.
  func calm() {
    var count: UInt64 = 0
    _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
  }
}
