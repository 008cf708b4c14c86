/// What an adapter needs of the world: a transport, a clock and a source of chance, all handed in.
public struct WebSurroundings: Sendable {
  /// Carries the requests.
  public var transport: any WebTransport
  /// Makes another transport, for a connection that needs its own certificates or proxy; nil: there is none.
  public var makeTransport: (@Sendable (TransportSettings) -> any WebTransport)?
  /// Tells the time and waits.
  public var clock: any WebClock
  /// A number from 0 up to, but without, 1.
  public var random: @Sendable () -> Double
  /// Sees every request; nil if nobody looks.
  public var observer: (any WebObserver)?

  /// Puts the surroundings together; time and chance are the machine's unless others are given.
  public init(
    transport: any WebTransport, clock: any WebClock = SystemClock(),
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
    observer: (any WebObserver)? = nil,
    makeTransport: (@Sendable (TransportSettings) -> any WebTransport)? = nil
  ) {
    self.transport = transport
    self.clock = clock
    self.random = random
    self.observer = observer
    self.makeTransport = makeTransport
  }

  /// These surroundings with a transport of other settings; the same where no other one can be made.
  public func reaching(by settings: TransportSettings) -> WebSurroundings {
    guard let makeTransport else { return self }
    var other = self
    other.transport = makeTransport(settings)
    return other
  }
}
