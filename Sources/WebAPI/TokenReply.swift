/// What a server said to a request for a token.
enum TokenReply: Sendable {
  case granted(TokenGrant)
  case refused(TokenRefusal)

  /// Reads an answer.
  ///
  /// - Parameters:
  ///   - asked: when the request was sent, and `now` when the answer was there, in Unix seconds by our clock.
  init(_ response: WebResponse, asked: Double, now: Double, redactor: Redactor) {
    let answer = try? JSONValue.parse(response.body)
    if response.isSuccess, let answer, let token = TokenGrant.usable(answer["access_token"].text) {
      self = .granted(
        TokenGrant(
          accessToken: token, refreshToken: answer["refresh_token"].text.flatMap { $0.isEmpty ? nil : $0 },
          asked: asked,
          life: TokenGrant.life(in: answer, serverNow: response.date ?? now), answer: answer))
      return
    }
    let said =
      PlatformMessage.find(in: response.body, redactor: redactor)
      ?? (response.isSuccess ? "the answer holds no access_token" : "status \(response.status)")
    self = .refused(
      TokenRefusal(
        status: response.status, said: said,
        endsChain: answer?["error"].text?.lowercased() == "invalid_grant"))
  }
}

/// A token that was given.
struct TokenGrant: Sendable {
  let accessToken: String
  /// The one to use next; nil if the old one stays good.
  let refreshToken: String?
  /// When it was asked for, in Unix seconds by our clock.
  let asked: Double
  /// Its life in seconds; nil if the platform does not say.
  let life: Double?
  /// All that was answered.
  let answer: JSONValue

  /// A text that can stand in a header; nil for others.
  static func usable(_ token: String?) -> String? {
    guard let token, !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    return token
  }

  /// The life as a span (`expires_in`), or else up to a moment (`expires`), which is taken by the server's own
  /// clock. A life that is over says only that a clock is wrong.
  static func life(in answer: JSONValue, serverNow: Double) -> Double? {
    if let span = answer["expires_in"].number, span > 0 { return span }
    if let end = answer["expires"].number, end > serverNow { return end - serverNow }
    return nil
  }
}

/// A token that was not given.
struct TokenRefusal: Sendable {
  let status: Int
  /// The platform's own words, without any secret.
  let said: String
  /// Whether the grant itself is dead: `invalid_grant`.
  let endsChain: Bool

  /// The failure of the calls that wait for the token.
  var failure: APIFailure {
    APIFailure(
      // A server that is broken says nothing about the credentials.
      kind: status >= 500 ? .busy(status: status) : .unauthorized(said), tries: 1,
      what: "the platform gave no access token (status \(status)): \(said)")
  }
}
