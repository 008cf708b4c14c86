import Foundation

/// Logs in by a user's name and password in the `Authorization` header (RFC 7617), in UTF-8.
public struct BasicAuthorization: Authorization {
  let header: WebHeader

  /// Sends these with every request. A user's name cannot hold a colon: what follows it would count as
  /// password.
  public init(user: String, password: String) {
    let pair = Data("\(user):\(password)".utf8).base64EncodedString()
    header = WebHeader("Authorization", "Basic \(pair)")
  }

  /// Always the same header.
  public func headers(
    insteadOf refused: [WebHeader]?, through exchange: AuthorizationExchange
  ) async throws(APIFailure) -> [WebHeader] {
    [header]
  }
}
