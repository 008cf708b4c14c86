/// A file of the sandbox that could not be written.
public struct SandboxFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// What the system said, without the full stop.
  public let reason: String

  /// A failure at a path.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason.hasSuffix(".") ? String(reason.dropLast()) : reason
  }

  /// One line for people.
  public var description: String {
    "cannot write \(path): \(reason). Check that the folder can be written to and that the disk has room"
  }
}
