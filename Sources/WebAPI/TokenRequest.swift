/// Asks for an access token (RFC 6749, sections 4.4, 5 and 6).
struct TokenRequest: Sendable {
  /// How the request is sent.
  enum Method: Hashable, Sendable {
    case postForm, getQuery
  }

  let url: String
  let clientID: String
  let clientSecret: String
  let placement: OAuth2ClientCredentials.Placement
  var method = Method.postForm
  /// Beside the usual ones.
  var headers: [WebHeader] = []

  /// Sends a grant and reads the answer; a refusal is an answer too.
  ///
  /// - Parameter secrets: texts in the grant that no failure may show.
  func send(
    grant: [(String, String)], secrets: [String] = [], through exchange: AuthorizationExchange
  ) async throws(APIFailure) -> TokenReply {
    var fields = grant
    var headers = headers
    switch placement {
    case .form: fields.insert(contentsOf: [("client_id", clientID), ("client_secret", clientSecret)], at: 1)
    case .basicHeader:
      headers.append(
        BasicAuthorization(
          user: PercentEncoding.encode(clientID), password: PercentEncoding.encode(clientSecret)
        ).header)
    }
    let asked = exchange.clock.now()
    // In the Basic header it stands encoded twice.
    let secrets = secrets + [clientSecret, PercentEncoding.encode(clientSecret)]
    let response =
      switch method {
      case .postForm: try await exchange.post(form: fields, to: url, headers: headers, secrets: secrets)
      case .getQuery: try await exchange.get(query: fields, from: url, headers: headers, secrets: secrets)
      }
    return TokenReply(
      response, asked: asked, now: exchange.clock.now(), redactor: exchange.redactor.adding(secrets))
  }
}
