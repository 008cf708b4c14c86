/// How a client logs in: the headers that go with every request.
public protocol Authorization: Sendable {
  /// The headers to send.
  ///
  /// - Parameters:
  ///   - refused: the headers that the platform has just answered by 401, or nil. An authorization that can
  ///     get others gets them, once for all who ask, and returns them; one that cannot returns the same
  ///     again, and the client then hands the 401 on.
  ///   - exchange: the way to the server that gives tokens.
  func headers(
    insteadOf refused: [WebHeader]?, through exchange: AuthorizationExchange
  ) async throws(APIFailure) -> [WebHeader]
}
