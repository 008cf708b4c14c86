/// How many requests a host was sent.
public struct RequestCount: Equatable, Sendable {
  /// All of them.
  public internal(set) var all = 0
  /// Those that may change something by the platform's own rules; see `Simulator.mayChange`.
  public internal(set) var changing = 0

  /// No requests.
  public init() {}

  mutating func add(mayChange: Bool) {
    all += 1
    if mayChange { changing += 1 }
  }
}
