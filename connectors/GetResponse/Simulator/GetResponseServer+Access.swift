import Foundation
import Platform
import Scoring
import SimulatorJSON

/// Who may come in, and what goes wrong on demand.
extension GetResponseServer {
  /// An account of MAX has to be named by its domain, and perhaps by its parent's login.
  func checkDomain(_ request: SimulatedRequest) throws(Refusal) {
    guard let domain = settings.domain else { return }
    guard let named = request.header("X-Domain") else {
      throw Refusal(status: 400, code: 1021, message: "The header X-Domain is missing")
    }
    guard named == domain else {
      throw Refusal(status: 404, code: 1024, message: "Domain was not found: \(named)")
    }
    if let login = settings.parentLogin, request.header("X-Parent-Login") != login {
      throw Refusal(status: 400, code: 1021, message: "The header X-Parent-Login is missing or wrong")
    }
  }

  /// Lets in who bears the account's key or a good access token.
  func authorize(_ request: SimulatedRequest, at now: Int64) throws(Refusal) {
    if let header = request.header("X-Auth-Token") {
      guard header.hasPrefix("api-key ") else {
        throw Refusal(status: 400, code: 1021, message: "The header X-Auth-Token must begin with api-key")
      }
      guard !settings.apiKey.isEmpty, header.dropFirst(8) == settings.apiKey else {
        throw Self.notAuthenticated("auth_token")
      }
      return
    }
    guard let header = request.header("Authorization"), header.hasPrefix("Bearer ") else {
      throw Self.notAuthenticated("auth_token")
    }
    guard let end = accessTokens[String(header.dropFirst(7))] else { throw Self.notAuthenticated("oauth") }
    guard now < end else { throw .unauthorized("The access token provided is expired", type: "oauth") }
  }

  private static func notAuthenticated(_ type: String) -> Refusal {
    .unauthorized(
      "Unable to authenticate request. Check credentials or authentication method details", type: type)
  }

  /// `POST /v3/token`: a form with the login of the app in the header.
  ///
  /// Refusals are written as RFC 6749 says; how GetResponse writes them is not documented.
  mutating func token(_ request: SimulatedRequest, at now: Int64) throws(Refusal) -> SimulatedAnswer {
    guard request.method == "POST" else { throw .notFound("\(request.method) /v3/token") }
    let login = Data("\(settings.clientID):\(settings.clientSecret)".utf8).base64EncodedString()
    guard request.header("Authorization") == "Basic \(login)" else {
      return Self.badToken(401, "invalid_client", "The client credentials are invalid")
    }
    let form = Self.form(request.body)
    let good = goodRefreshToken ?? settings.refreshToken
    switch form["grant_type"] {
    case "client_credentials": return grant(refreshToken: nil, at: now)
    case "refresh_token":
      guard form["refresh_token"] == good else {
        return Self.badToken(400, "invalid_grant", "Invalid refresh token")
      }
      if settings.rotatesRefreshToken { goodRefreshToken = Identifier.token("refresh", tokenCount + 1) }
      return grant(refreshToken: goodRefreshToken ?? good, at: now)
    default: return Self.badToken(400, "unsupported_grant_type", "Grant type is missing or not supported")
    }
  }

  private mutating func grant(refreshToken: String?, at now: Int64) -> SimulatedAnswer {
    tokenCount += 1
    let access = Identifier.token("access", tokenCount)
    accessTokens[access] = now + settings.tokenLifetime
    return .json(
      200,
      .map(present: [
        JSON.Member("access_token", .text(access)),
        JSON.Member("expires_in", .integer(settings.tokenLifetime)), JSON.Member("token_type", "Bearer"),
        JSON.Member("scope", .null), refreshToken.map { JSON.Member("refresh_token", .text($0)) },
      ]))
  }

  private static func badToken(_ status: Int, _ error: String, _ what: String) -> SimulatedAnswer {
    .json(status, ["error": .text(error), "error_description": .text(what)])
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

  /// Refuses what the plan does not have.
  func require(_ feature: GetResponseFeature) throws(Refusal) {
    guard !settings.missingFeatures.contains(feature) else {
      throw Refusal(
        status: 403, code: 1023, message: "You do not have permission to access this resource")
    }
  }

  /// Every access token ends now; the refresh token stays good.
  public mutating func revokeAccessTokens() {
    for token in accessTokens.keys { accessTokens[token] = .min }
  }

  /// The next requests fail with this status before anything else of them is looked at: with GetResponse's own
  /// body if there is a code (1016 to 1018 block the account or address, 1019 is maintenance, 1 an internal
  /// error), else with a page of HTML from a machine in between.
  public mutating func failNext(_ count: Int, status: Int, code: Int? = nil, retryAfter: Int? = nil) {
    failure = ProvokedFailure(left: count, status: status, code: code, retryAfter: retryAfter)
  }

  /// Nothing is refused and nothing fails any more.
  public mutating func calm() {
    refusals = [:]
    failure = nil
  }

  mutating func provokedFailure() throws(Refusal) -> SimulatedAnswer? {
    guard let failure, failure.left > 0 else { return nil }
    self.failure?.left -= 1
    let headers = failure.retryAfter.map { [SimulatedPair("Retry-After", "\($0)")] } ?? []
    if let code = failure.code {
      throw Refusal(status: failure.status, code: code, message: "It was asked for", headers: headers)
    }
    return SimulatedAnswer(
      status: failure.status, headers: [SimulatedPair("Content-Type", "text/html")] + headers,
      body: Array("<html><head><title>\(failure.status)</title></head></html>".utf8))
  }
}

/// A failure that was asked for.
struct ProvokedFailure: Sendable {
  var left: Int
  let status: Int
  let code: Int?
  let retryAfter: Int?
}
