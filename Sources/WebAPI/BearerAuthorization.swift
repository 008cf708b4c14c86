/// Logs in by a fixed token in the `Authorization` header (RFC 6750).
public struct BearerAuthorization: Authorization {
  private let header: WebHeader

  /// Sends this token with every request.
  public init(token: String) {
    header = WebHeader("Authorization", "Bearer \(token)")
  }

  /// Always the same header.
  public func headers(
    insteadOf refused: [WebHeader]?, through exchange: AuthorizationExchange
  ) async throws(APIFailure) -> [WebHeader] {
    [header]
  }
}
