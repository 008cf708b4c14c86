/// Why there is no answer, or no whole one.
public struct HTTPFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// Whether the server can have seen the request.
  public enum Reach: Hashable, Sendable {
    /// Not one byte of the request left for the server: it may be sent again without a thought.
    case neverSent
    /// The server may have received it, and may have acted.
    case maybeReceived
  }

  /// What went wrong.
  public enum Kind: Hashable, Sendable {
    /// The request itself is wrong: its address, its method, a header, or plain http to another machine.
    case badRequest
    /// The name of the host or of the proxy has no address.
    case unresolved
    /// No connection came about.
    case refused
    /// The connection was not ready in time.
    case connectTimedOut
    /// The whole request took too long.
    case timedOut
    /// Nothing moved for too long.
    case stalled
    /// TLS failed: the certificate is not trusted, or no common version or cipher.
    case certificate
    /// The connection ended before the answer did.
    case disconnected
    /// The answer's head or body is larger than allowed.
    case tooLarge
    /// The answer is not HTTP or its compression is damaged.
    case unreadable
    /// The caller cancelled, or the client was closed meanwhile.
    case cancelled
    /// The client was closed before.
    case closed
    /// Anything else.
    case other
  }

  /// Whether the server can have seen the request.
  public let reach: Reach

  /// What went wrong.
  public let kind: Kind

  /// libcurl's error number (`CURLcode`); 0 where the failure is not libcurl's.
  public let code: Int

  /// A plain sentence: scheme, host and port, and the reason. Never a path, query, header or password.
  public let what: String

  /// A failure.
  public init(reach: Reach, kind: Kind, code: Int = 0, what: String) {
    self.reach = reach
    self.kind = kind
    self.code = code
    self.what = what
  }

  /// The sentence, and whether the server can have seen the request.
  public var description: String {
    switch reach {
    case .neverSent: "\(what) (the request was not sent)"
    case .maybeReceived: "\(what) (the server may have received the request)"
    }
  }
}
