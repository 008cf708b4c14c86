/// Asks for an access token (RFC 6749, sections 4.4 and 5).
struct TokenRequest: Sendable {
  let url: String
  let clientID: String
  let clientSecret: String
  let scope: String?
  let placement: OAuth2ClientCredentials.Placement
  let margin: Double

  func send(through exchange: AuthorizationExchange) async throws(APIFailure) -> AccessToken {
    var form = [("grant_type", "client_credentials")]
    var headers: [WebHeader] = []
    switch placement {
    case .form: form += [("client_id", clientID), ("client_secret", clientSecret)]
    case .basicHeader:
      headers.append(
        BasicAuthorization(
          user: PercentEncoding.encode(clientID), password: PercentEncoding.encode(clientSecret)
        ).header)
    }
    if let scope { form.append(("scope", scope)) }
    let asked = exchange.clock.now()
    // In the Basic header it stands encoded twice.
    let secrets = [clientSecret, PercentEncoding.encode(clientSecret)]
    let response = try await exchange.post(form: form, to: url, headers: headers, secrets: secrets)
    guard response.isSuccess else {
      let said = PlatformMessage.find(
        in: response.body, redactor: exchange.redactor.adding(secrets))
      throw refusal(said ?? "status \(response.status)", status: response.status)
    }
    guard let answer = try? JSONValue.parse(response.body),
      let token = answer["access_token"].text, !token.isEmpty
    else { throw refusal("the answer holds no access_token", status: response.status) }
    return AccessToken(
      headers: [WebHeader("Authorization", "Bearer \(token)")],
      goodUntil: goodUntil(asked: asked, life: answer["expires_in"].number))
  }

  /// Counted from when the token was asked for, which is earlier than when it was made. Without a life it is
  /// used until it is refused.
  private func goodUntil(asked: Double, life: Double?) -> Double {
    guard let life else { return .infinity }
    return asked + life - min(margin, life / 10)
  }

  private func refusal(_ said: String, status: Int) -> APIFailure {
    APIFailure(
      kind: .unauthorized(said), tries: 1,
      what: "the platform gave no access token (status \(status)): \(said)")
  }
}
