/// How many requests a host was sent.
public struct RequestCount: Equatable, Sendable {
  /// All of them.
  public internal(set) var all = 0
  /// Those that may change something: all but GET, HEAD and OPTIONS. A login by POST is among them.
  public internal(set) var changing = 0

  /// No requests.
  public init() {}

  mutating func add(_ method: String) {
    all += 1
    if Self.isChanging(method) { changing += 1 }
  }

  static func isChanging(_ method: String) -> Bool { !["GET", "HEAD", "OPTIONS"].contains(method) }
}
