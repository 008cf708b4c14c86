/// What a client has done so far.
public struct APICounters: Hashable, Sendable {
  /// Requests handed to the transport, repetitions and token fetches included.
  public var requests = 0
  /// Requests that repeated an earlier one.
  public var retries = 0
  /// Bytes of bodies, after decompression.
  public var bytesReceived = 0
  /// Seconds spent waiting: for a place, for the rate limit, and before repetitions; summed over all calls.
  public var secondsWaited = 0.0

  /// All zero.
  public init() {}
}
