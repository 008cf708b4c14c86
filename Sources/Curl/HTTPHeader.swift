/// One header line of a request or an answer.
public struct HTTPHeader: Hashable, Sendable {
  /// The name as it was given or received; HTTP compares names without regard to case.
  public var name: String

  /// The value without blanks around it.
  public var value: String

  /// A header line.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  /// Whether this header has that name, in any case.
  public func isNamed(_ other: String) -> Bool {
    name.utf8.count == other.utf8.count
      && name.utf8.elementsEqual(other.utf8) { Self.lower($0) == Self.lower($1) }
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }
}
