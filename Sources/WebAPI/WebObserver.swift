/// Sees every request that a client has sent, when its answer is there or will not come.
///
/// Called by the task that sent the request, before it goes on: what takes long here makes requests slow.
public protocol WebObserver: Sendable {
  /// Takes one request and its outcome. Nothing in it is masked yet: whatever leaves the program has to pass
  /// through `exchange.redactor`.
  func saw(_ exchange: WebExchange)
}

/// One request and what came of it.
public struct WebExchange: Sendable {
  /// The connection's name in the configuration.
  public var connection: String
  /// The call without what differs from one contact to the next: `PATCH /api/contacts/{id}/edit`.
  public var route: String
  /// Which try of its call it was, from 1.
  public var number: Int
  /// When it was sent, in Unix seconds.
  public var begun: Double
  /// Seconds from sending to the last byte of the answer, or to the failure.
  public var seconds: Double
  /// Seconds for which it was held back before: by limits, and for repetitions, since its last try.
  public var waited: Double
  /// What was sent, with the headers that log in.
  public var request: WebRequest
  /// What came.
  public var outcome: Result<WebResponse, TransportFailure>
  /// Masks the secrets of this connection, those that the request logs in with too.
  public var redactor: Redactor

  /// Puts an exchange together.
  public init(
    connection: String, route: String, number: Int = 1, begun: Double, seconds: Double, waited: Double = 0,
    request: WebRequest, outcome: Result<WebResponse, TransportFailure>, redactor: Redactor
  ) {
    self.connection = connection
    self.route = route
    self.number = number
    self.begun = begun
    self.seconds = seconds
    self.waited = waited
    self.request = request
    self.outcome = outcome
    self.redactor = redactor
  }
}
