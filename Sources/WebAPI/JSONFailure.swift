/// A text that is not JSON: where and why, never what it holds.
public struct JSONFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// Bytes from the beginning.
  public let offset: Int
  /// What is wrong, without a full stop and without any of the text.
  public let what: String

  /// Describes a failure.
  public init(offset: Int, what: String) {
    self.offset = offset
    self.what = what
  }

  /// `not JSON at byte 12: …`
  public var description: String { "not JSON at byte \(offset): \(what)" }
}
