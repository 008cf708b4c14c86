/// How long the parts of a request may take, in seconds. `.infinity` means no limit.
public struct HTTPTimeouts: Hashable, Sendable {
  /// From the start of a connection until it can carry the request: name, TCP, proxy and TLS. The wait for a
  /// free connection is not part of it.
  public var connect: Double

  /// From `send` to the last byte of the body: the wait for a free connection and the reader's own pauses
  /// are part of it.
  public var total: Double

  /// How long nothing may move once the request has begun. A pause because the reader is slow is not a stall.
  public var stall: Double

  /// Timeouts, in seconds.
  public init(connect: Double = 10, total: Double = 120, stall: Double = 60) {
    self.connect = connect
    self.total = total
    self.stall = stall
  }

  /// Seconds as nanoseconds, between a millisecond and a year; what is no number means no limit.
  static func nanoseconds(_ seconds: Double) -> Int {
    let year = 366.0 * 86_400
    return Int((seconds.isNaN ? year : min(max(seconds, 0.001), year)) * 1e9)
  }

  /// Seconds as libcurl wants them: it counts milliseconds in 32 bits.
  static func milliseconds(_ seconds: Double) -> Int {
    min(nanoseconds(seconds) / 1_000_000, Int(Int32.max))
  }
}
