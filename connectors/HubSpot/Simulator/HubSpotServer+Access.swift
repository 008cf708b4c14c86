import Foundation
import Platform
import Scoring
import SimulatorJSON

/// Who may come in, and what goes wrong on demand.
extension HubSpotServer {
  /// Lets in who bears the service key or a good access token; tells whether it is a token.
  func authorize(_ request: SimulatedRequest, at now: Moment) throws(Refusal) -> Bool {
    guard let header = request.header("Authorization"), header.lowercased().hasPrefix("bearer ") else {
      throw Self.notAuthenticated
    }
    let token = String(header.dropFirst(7))
    guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw Refusal(status: 530, message: "error code: 1016")
    }
    if token == settings.token, !settings.token.isEmpty { return false }
    guard let end = accessTokens[token] else { throw Self.notAuthenticated }
    guard now < end else {
      throw Refusal(
        status: 401,
        message: "This oauth-token (\(token.prefix(4))**) is expired! expiresAt: \(end.milliseconds), now: "
          + "\(now.milliseconds)", category: "EXPIRED_AUTHENTICATION")
    }
    return true
  }

  private static var notAuthenticated: Refusal {
    Refusal(
      status: 401,
      message: "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can "
        + "find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
      category: "INVALID_AUTHENTICATION")
  }

  /// Refuses unless one of these scopes is granted.
  func require(_ scopes: String...) throws(Refusal) {
    guard scopes.contains(where: { settings.scopes.contains($0) }) else { throw .missingScopes(scopes) }
  }

  /// `POST /oauth/{version}/token`: a form with `grant_type=refresh_token`.
  mutating func token(_ request: SimulatedRequest, at now: Moment) throws(Refusal) -> SimulatedAnswer {
    let form = Self.form(request.body)
    guard request.method == "POST", form["grant_type"] == "refresh_token" else {
      throw Self.badToken("invalid_request", "missing or unknown grant type", "BAD_GRANT_TYPE")
    }
    guard form["client_id"] == settings.clientID else {
      throw Self.badToken("invalid_client", "missing or unknown client id", "BAD_CLIENT_ID")
    }
    guard form["client_secret"] == settings.clientSecret else {
      throw Self.badToken("invalid_client", "missing or invalid client secret", "BAD_CLIENT_SECRET")
    }
    let refreshToken = goodRefreshToken ?? settings.refreshToken
    guard form["refresh_token"] == refreshToken else {
      throw Self.badToken(
        "invalid_grant", "refresh token is invalid, expired or revoked", "BAD_REFRESH_TOKEN")
    }
    tokenCount += 1
    let access = "CK" + Identifier.opaque("access \(tokenCount) \(now.milliseconds)").filter { $0 != "=" }
    accessTokens[access] = Moment(now.milliseconds + settings.tokenLifetime * 1_000)
    if settings.rotatesRefreshToken { goodRefreshToken = "refresh-token-\(tokenCount + 1)" }
    return .json(
      200,
      [
        "access_token": .text(access), "refresh_token": .text(goodRefreshToken ?? refreshToken),
        "expires_in": .integer(settings.tokenLifetime), "token_type": "bearer", "token_use": "access_token",
        "hub_id": .integer(settings.portalID), "user_id": 456,
        "scopes": .list(settings.scopes.sorted().map { .text($0) }),
      ])
  }

  private static func badToken(_ error: String, _ message: String, _ status: String) -> Refusal {
    Refusal(
      status: 400, message: message,
      others: [
        JSON.Member("error", .text(error)), JSON.Member("error_description", .text(message)),
        JSON.Member("status", .text(status)),
      ])
  }

  private static func form(_ body: [UInt8]) -> [String: String] {
    var result: [String: String] = [:]
    for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1).map {
        $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? String($0)
      }
      if let name = sides.first { result[name] = sides.count > 1 ? sides[1] : "" }
    }
    return result
  }

  /// Every access token ends now; the refresh token stays good.
  public mutating func revokeAccessTokens() {
    accessTokens = [:]
  }

  /// As if other programs of the account had sent so many requests today.
  public mutating func spendDaily(_ count: Int, at now: Timestamp) {
    limiter.spend(count, day: day(of: Moment(now)))
  }

  /// The next requests fail with this status, before anything else of them is looked at.
  ///
  /// 423 tells that the account is locked, 477 that it is being moved, both as JSON; others come as a page of HTML
  /// from a machine in between.
  public mutating func failNext(_ count: Int, status: Int, retryAfter: Int? = nil) {
    failure = ProvokedFailure(left: count, status: status, retryAfter: retryAfter)
  }

  /// Nothing is refused and nothing fails any more.
  public mutating func calm() {
    refusals = [:]
    failure = nil
  }

  mutating func provokedFailure() -> SimulatedAnswer? {
    guard let failure, failure.left > 0 else { return nil }
    self.failure?.left -= 1
    var answer: SimulatedAnswer
    switch failure.status {
    case 423:
      answer = Refusal(status: 423, message: "The resource is locked.", category: "LOCKED")
        .answer(correlationID: Identifier.uuid("failure", UInt64(failure.left)))
    case 477:
      answer = Refusal(
        status: 477, message: "This account is being migrated.", category: "MIGRATION_IN_PROGRESS"
      )
      .answer(correlationID: Identifier.uuid("failure", UInt64(failure.left)))
    default:
      answer = SimulatedAnswer(
        status: failure.status, headers: [SimulatedPair("Content-Type", "text/html")],
        body: Array("<html><head><title>\(failure.status)</title></head></html>".utf8))
    }
    if let wait = failure.retryAfter { answer.headers.append(SimulatedPair("Retry-After", "\(wait)")) }
    return answer
  }
}

/// A failure that was asked for.
struct ProvokedFailure: Sendable {
  var left: Int
  let status: Int
  let retryAfter: Int?
}
