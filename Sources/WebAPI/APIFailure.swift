/// A call that brought no final answer, after all repetitions that were allowed.
public struct APIFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What became of the call.
  public enum Kind: Hashable, Sendable {
    /// No connection came about; the platform has seen nothing of the call.
    case unreachable
    /// The request went out and no whole answer came; the call must not be repeated, or all tries are used.
    case lost
    /// The platform answered with this status (429, 502, 503, 504) and no try is left or allowed.
    case busy(status: Int)
    /// The request was not sent: it is known that this limit of the platform is used up for longer than is
    /// waited for.
    case exhausted(limit: String)
    /// The platform's certificate is not trusted.
    case certificate
    /// The call cannot be sent as it is.
    case badRequest
    /// The answer is longer than the call allows.
    case tooLarge
    /// The task was cancelled.
    case cancelled
    /// The platform gave no access token; with its own message.
    case unauthorized(String)
  }

  /// What may follow, for whoever has to decide about a repetition.
  public enum Standing: Hashable, Sendable {
    /// Nothing of it has reached the platform: it may be sent again.
    case neverSent
    /// The platform has refused it before doing anything, or it changes nothing: it may be sent again later.
    case tryLater
    /// It will not go better a second time.
    case refusedForGood
    /// The platform may have done it: look before it is sent again.
    case unknown
  }

  /// What became of the call.
  public let kind: Kind
  /// How often the request was sent, or begun to be sent.
  public let tries: Int
  /// The last error and the number of tries in plain words, without a full stop and without any secret.
  public let what: String
  /// Whether the platform may have done what the call asked for, in any of the tries. False for calls that
  /// change nothing.
  public let mayHaveActed: Bool
  /// Where the platform said when it will answer again: that time, in Unix seconds; nil if it is beyond all
  /// calendars.
  public let freeAt: Double?

  /// What may follow.
  public var standing: Standing {
    if mayHaveActed { return .unknown }
    return switch kind {
    case .unreachable, .cancelled: .neverSent
    case .busy, .exhausted, .lost: .tryLater
    case .certificate, .badRequest, .tooLarge, .unauthorized: .refusedForGood
    }
  }

  /// Describes a failure.
  public init(kind: Kind, tries: Int, what: String, mayHaveActed: Bool = false, freeAt: Double? = nil) {
    self.kind = kind
    self.tries = tries
    self.what = what
    self.mayHaveActed = mayHaveActed
    self.freeAt = freeAt.flatMap { HTTPDate.isTold($0) ? $0 : nil }
  }

  /// The plain words.
  public var description: String { what }
}
