/// A request that brought no answer.
public struct TransportFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// How far the request came; decides whether a write may be repeated.
  public enum Reach: Hashable, Sendable {
    /// It is certain that no byte of the request left this machine.
    case neverSent
    /// The server may have read the request and acted on it.
    case maybeReceived
  }

  /// What went wrong.
  public enum Kind: Hashable, Sendable {
    /// The name was not found, the connection refused, or connecting took too long.
    case unreachable
    /// The server's certificate is not trusted, or TLS could not be agreed.
    case certificate
    /// The whole answer did not come in time, or it stood still for too long.
    case timedOut
    /// The connection ended before the whole answer had come.
    case disconnected
    /// The answer is longer than the request allows.
    case tooLarge
    /// The request itself cannot be sent: a bad URL, a header with a line end in it.
    case badRequest
    /// The task was cancelled.
    case cancelled
    /// Anything else.
    case other
  }

  /// How far the request came.
  public let reach: Reach
  /// What went wrong.
  public let kind: Kind
  /// A plain sentence without a full stop, and without any secret.
  public let what: String

  /// Describes a failure.
  public init(reach: Reach, kind: Kind, what: String) {
    self.reach = reach
    self.kind = kind
    self.what = what
  }

  /// The plain sentence.
  public var description: String { what }
}
