/// Logs in nowhere.
public struct NoAuthorization: Authorization {
  /// For open APIs, and for fetching tokens.
  public init() {}

  /// None.
  public func headers(
    insteadOf refused: [WebHeader]?, through exchange: AuthorizationExchange
  ) async throws(APIFailure) -> [WebHeader] {
    []
  }
}
