import Platform
import Scoring
import SimulatorJSON

/// Who may come in, and what goes wrong on demand.
extension Bitrix24Server {
  /// Lets in the webhook, or who sends a good access token as `auth`.
  func authorize(
    webhook: (user: String, secret: String)?, _ parameters: JSON, at now: Int64
  ) throws(Refusal) {
    if let webhook {
      guard !settings.webhookSecret.isEmpty, webhook.user == String(settings.webhookUser),
        webhook.secret == settings.webhookSecret
      else { throw Self.notAuthorized }
      return
    }
    guard let token = parameters["auth"]?.phpText, !token.isEmpty else { throw Self.notAuthorized }
    guard let end = accessTokens[token] else {
      throw Refusal(401, "invalid_token", "Unable to get application by token")
    }
    guard now < end else {
      throw Refusal(401, "expired_token", "The access token provided has expired.")
    }
  }

  private static let notAuthorized = Refusal(401, "NO_AUTH_FOUND", "Wrong authorization data")

  /// `/oauth/token/` with `grant_type=refresh_token`, in the query or as a form.
  mutating func token(_ request: SimulatedRequest, at now: Int64) -> SimulatedAnswer {
    let given = Parameters.read(request)
    guard given["grant_type"]?.phpText == "refresh_token" else {
      return Self.badToken("invalid_request", "Unsupported grant type")
    }
    guard given["client_id"]?.phpText == settings.clientID,
      given["client_secret"]?.phpText == settings.clientSecret
    else { return Self.badToken("invalid_client", "Invalid client") }
    guard given["refresh_token"]?.phpText == goodRefreshToken ?? settings.refreshToken else {
      return Self.badToken("invalid_grant", "Invalid authorization data")
    }
    tokenCount += 1
    let access = "acc\(tokenCount)ess\(now)"
    accessTokens[access] = now + settings.tokenLifetime
    goodRefreshToken = "refresh-token-\(tokenCount + 1)"
    let host = request.header("Host") ?? "portal.bitrix24.test"
    let scheme = host.hasPrefix("127.0.0.1") ? "http" : "https"
    return .json(
      200,
      [
        "access_token": .text(access), "client_endpoint": .text("\(scheme)://\(host)/rest/"),
        "domain": "oauth.bitrix.info", "expires": .integer(now + settings.tokenLifetime),
        "expires_in": .integer(settings.tokenLifetime), "member_id": "a223c6b3710f85df22e9377d6c4f7553",
        "refresh_token": .text(goodRefreshToken ?? ""),
        "scope": .text(settings.scopes.sorted().joined(separator: ",")),
        "server_endpoint": .text("\(scheme)://\(host)/rest/"), "status": "F",
        "user_id": .integer(settings.webhookUser),
      ])
  }

  private static func badToken(_ error: String, _ description: String) -> SimulatedAnswer {
    .json(400, ["error": .text(error), "error_description": .text(description)])
  }

  /// Every access token is expired now; the refresh token stays good.
  public mutating func expireAccessTokens() {
    for token in accessTokens.keys { accessTokens[token] = .min }
  }

  /// The next requests fail with this status, before anything else of them is looked at.
  ///
  /// - Parameter code: What stands as `error` in a JSON body, such as `OVERLOAD_LIMIT`, `ACCESS_DENIED`,
  ///   `PORTAL_DELETED`; without one the answer is a page of HTML.
  public mutating func failNext(_ count: Int, status: Int, code: String? = nil) {
    failure = ProvokedFailure(left: count, status: status, code: code)
  }

  /// The next requests are answered by 302 to the same path on another host: `https://new.bitrix24.com`.
  public mutating func redirectNext(_ count: Int, to base: String) {
    redirect = (count, base)
  }

  /// The next batch ends after so many commands; the others are in none of its maps.
  public mutating func cutNextBatch(after commands: Int) {
    cut = commands
  }

  /// Nothing is refused and nothing fails any more.
  public mutating func calm() {
    refusals = [:]
    (failure, redirect, cut) = (nil, nil, nil)
  }

  mutating func provoked(_ request: SimulatedRequest) throws(Refusal) -> SimulatedAnswer? {
    if let redirect, redirect.left > 0 {
      self.redirect?.left -= 1
      return .html(302, headers: [SimulatedPair("Location", redirect.base + request.path)])
    }
    guard let failure, failure.left > 0 else { return nil }
    self.failure?.left -= 1
    guard let code = failure.code else { return .html(failure.status) }
    throw Refusal(failure.status, .text(code), "This was asked for")
  }
}

/// A failure that was asked for.
struct ProvokedFailure: Sendable {
  var left: Int
  let status: Int
  let code: String?
}
