/// Logs in by access tokens that are renewed with a refresh token (RFC 6749, section 6).
///
/// One renewal serves all requests that wait for it, in all processes that use the same token file. Where the
/// platform gives a new refresh token with each renewal, the new one is in the file before its access token is
/// used for the first time. The file is for its owner alone (mode 0600); beside it stand a lock file, for
/// moments a file that ends in `.new`, and a damaged file that was set aside, ending in `.damaged`.
///
/// The first token comes from the configuration. When that changes, the new one takes the place of all that
/// came from the old.
public final class OAuth2RefreshToken: Authorization {
  private let service: OAuth2TokenService
  private let chain: TokenChain
  private let keeper: TokenKeeper

  /// Keeps what is needed for renewing; reads and asks for nothing yet.
  ///
  /// - Parameters:
  ///   - refreshToken: the one of the configuration.
  ///   - file: the path of the token file, one for each connection; its folder is made, for its owner alone, if
  ///     it is missing.
  public init(
    service: OAuth2TokenService, clientID: String, clientSecret: String, refreshToken: String, file: String
  ) {
    self.service = service
    let chain = TokenChain(
      service: service, clientID: clientID, clientSecret: clientSecret, configured: refreshToken,
      file: TokenFile(path: file))
    self.chain = chain
    keeper = TokenKeeper { (refused, exchange) async throws(APIFailure) -> AccessToken in
      try await chain.token(insteadOf: refused, through: exchange)
    }
  }

  /// The token as a Bearer header; renews it first when there is none, when it ends, or when `refused` holds it.
  ///
  /// - Throws: `APIFailure` of kind `.unauthorized` when the platform gives no token or the token file cannot
  ///   be used; the text tells the cure.
  public func headers(
    insteadOf refused: [WebHeader]?, through exchange: AuthorizationExchange
  ) async throws(APIFailure) -> [WebHeader] {
    try await keeper.headers(insteadOf: refused, through: exchange)
  }

  /// Puts the token where the service wants it.
  public func sign(_ request: inout WebRequest, with login: [WebHeader]) {
    switch service.tokenPlace {
    case .bearerHeader: request.headers += login
    case .parameter(let name):
      for header in login { TokenParameter(name: name, bearer: header).add(to: &request) }
    }
  }

  /// A 401 that a new token may cure.
  public func isRefusal(_ response: WebResponse) -> Bool {
    guard response.status == 401, !service.refusals.isEmpty else { return response.status == 401 }
    guard let answer = try? JSONValue.parse(response.body) else { return false }
    return [answer["error"], answer["code"]].contains { code in
      code.text.map { service.refusals.contains($0.lowercased()) } ?? false
    }
  }

  /// The members of the last token answer that the service names; nothing before the first token.
  ///
  /// - Throws: `APIFailure` when the token file cannot be used.
  public func members() throws(APIFailure) -> [String: String] {
    try chain.members()
  }

  /// How many calls wait for a token.
  var waiterCount: Int { keeper.waiterCount }
}
