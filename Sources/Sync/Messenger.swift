/// Carries messages to whoever hears of runs and people. The network is not this module's.
public protocol Messenger: Sendable {
  /// Sends one message and says what came of it; follows no redirect and repeats nothing.
  func send(_ message: OutgoingMessage) async -> MessageOutcome

  /// Lets time pass, because a receiver asked for it; ends early when the task is cancelled.
  func wait(seconds: Double) async
}

/// One message.
public struct OutgoingMessage: Sendable {
  /// `GET` or `POST`.
  public var method: String
  /// The whole address. A secret.
  public var url: String
  /// What nothing that is shown or kept may hold.
  public var secrets: [String]
  /// Names and values.
  public var headers: [(name: String, value: String)]
  /// Nil sends none.
  public var body: [UInt8]?
  /// Seconds for the whole answer.
  public var timeout: Double
  /// What traces and counters call it: `notify handoff`.
  public var purpose: String

  /// One message with ten seconds for its answer.
  public init(
    method: String, to address: NotifyAddress, url: String? = nil,
    headers: [(name: String, value: String)] = [], body: [UInt8]? = nil, timeout: Double = 10,
    purpose: String
  ) {
    self.method = method
    self.url = url ?? address.url
    secrets = address.secrets
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.purpose = purpose
  }
}

/// What came of a message.
public enum MessageOutcome: Sendable, Equatable {
  /// The receiver answered: the status, the first bytes of the body as text without any secret, and how many
  /// seconds it asks to be left alone.
  case answered(status: Int, text: String, retryAfter: Double?)
  /// There was no answer; why, without any secret.
  case failed(String)
}
