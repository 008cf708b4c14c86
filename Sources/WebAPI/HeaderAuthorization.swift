/// Logs in by one fixed header, for example `Api-Token: …`.
public struct HeaderAuthorization: Authorization {
  private let header: WebHeader

  /// Sends this header with every request.
  public init(name: String, value: String) {
    header = WebHeader(name, value)
  }

  /// Always the same header.
  public func headers(
    insteadOf refused: [WebHeader]?, through exchange: AuthorizationExchange
  ) async throws(APIFailure) -> [WebHeader] {
    [header]
  }
}
