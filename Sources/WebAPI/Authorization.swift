/// How a client logs in: what goes with every request.
public protocol Authorization: Sendable {
  /// The headers to send.
  ///
  /// - Parameters:
  ///   - refused: the headers that the platform has just refused, or nil. An authorization that can get
  ///     others gets them, once for all who ask, and returns them; one that cannot returns the same again,
  ///     and the client then hands the refusal on.
  ///   - exchange: the way to the server that gives tokens.
  func headers(
    insteadOf refused: [WebHeader]?, through exchange: AuthorizationExchange
  ) async throws(APIFailure) -> [WebHeader]

  /// Puts the headers that `headers(insteadOf:through:)` gave into a request, or what they say into another
  /// place of it.
  func sign(_ request: inout WebRequest, with login: [WebHeader])

  /// Whether an answer says that the log-in is not, or no longer, good, so that another is worth a try.
  func isRefusal(_ response: WebResponse) -> Bool
}

extension Authorization {
  /// Adds the headers to those of the request.
  public func sign(_ request: inout WebRequest, with login: [WebHeader]) {
    request.headers += login
  }

  /// Every 401.
  public func isRefusal(_ response: WebResponse) -> Bool {
    response.status == 401
  }
}
