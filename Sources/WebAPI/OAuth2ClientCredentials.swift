/// Logs in by tokens that the platform gives for a client's id and secret (RFC 6749, section 4.4).
///
/// One fetch serves all requests that wait for a token. A token is used until shortly before it ends, or
/// until the platform refuses it. It is kept in memory only.
public final class OAuth2ClientCredentials: Authorization {
  /// Where the id and the secret stand in the token request.
  public enum Placement: Hashable, Sendable {
    /// As `client_id` and `client_secret` in the form, or in the query of a GET.
    case form
    /// In a Basic `Authorization` header, both percent-encoded before as RFC 6749, section 2.3.1, asks.
    case basicHeader
  }

  private let keeper: TokenKeeper

  /// Keeps what is needed for fetching; fetches nothing yet.
  ///
  /// - Parameters:
  ///   - margin: seconds before its end from which on a token is not used any more; at most a tenth of the
  ///     token's life is taken.
  public init(
    tokenURL: String, clientID: String, clientSecret: String, scope: String? = nil,
    placement: Placement = .form, margin: Double = 60
  ) {
    let request = TokenRequest(
      url: tokenURL, clientID: clientID, clientSecret: clientSecret, placement: placement)
    let grant = [("grant_type", "client_credentials")] + (scope.map { [("scope", $0)] } ?? [])
    keeper = TokenKeeper { (_, exchange) async throws(APIFailure) -> AccessToken in
      switch try await request.send(grant: grant, through: exchange) {
      case .granted(let grant):
        return AccessToken(grant.accessToken, asked: grant.asked, life: grant.life, margin: margin)
      case .refused(let refusal): throw refusal.failure
      }
    }
  }

  /// The token's header; fetches a token first when there is none, when it ends, or when `refused` holds it.
  public func headers(
    insteadOf refused: [WebHeader]?, through exchange: AuthorizationExchange
  ) async throws(APIFailure) -> [WebHeader] {
    try await keeper.headers(insteadOf: refused, through: exchange)
  }

  /// How many calls wait for a token.
  var waiterCount: Int { keeper.waiterCount }
}
