/// What an adapter needs of the world: a transport, a clock and a source of chance, all handed in.
public struct WebSurroundings: Sendable {
  /// Carries the requests.
  public var transport: any WebTransport
  /// Tells the time and waits.
  public var clock: any WebClock
  /// A number from 0 up to, but without, 1.
  public var random: @Sendable () -> Double

  /// Puts the surroundings together; time and chance are the machine's unless others are given.
  public init(
    transport: any WebTransport, clock: any WebClock = SystemClock(),
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.transport = transport
    self.clock = clock
    self.random = random
  }
}
