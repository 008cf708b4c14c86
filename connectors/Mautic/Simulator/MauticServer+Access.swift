import Foundation
import Platform
import Scoring

/// Who may come in, and how often.
extension MauticServer {
  /// Why a request was turned away.
  struct Refusal: Error {
    let answer: SimulatedAnswer
  }

  /// Who sends a request.
  func authorize(_ request: SimulatedRequest, at now: Timestamp) -> Result<ContactWriter, Refusal> {
    let header = request.header("Authorization") ?? ""
    if let bearer = Self.credentials(header, "bearer ") {
      guard let end = tokens[bearer] else {
        return .failure(Refusal(answer: .bare(401, "The access token provided is invalid.", "invalid_grant")))
      }
      guard now.seconds < end else {
        return .failure(
          Refusal(answer: .bare(401, "The access token provided has expired.", "invalid_grant")))
      }
      return .success(ContactWriter(id: nil, name: settings.clientName))
    }
    guard let basic = Self.credentials(header, "basic ") else {
      return .failure(Refusal(answer: .bare(401, "API authorization denied.", "access_denied")))
    }
    guard settings.basicEnabled else {
      return .failure(
        Refusal(answer: .bare(403, "Basic authentication is not enabled.", "access_denied")))
    }
    let expected = Data("\(settings.user):\(settings.password)".utf8).base64EncodedString()
    guard basic == expected else {
      return .failure(
        Refusal(answer: .bare(401, "Authorization denied, invalid credentials.", "access_denied")))
    }
    return .success(
      ContactWriter(id: settings.userID, name: settings.firstName + " " + settings.lastName))
  }

  private static func credentials(_ header: String, _ scheme: String) -> String? {
    guard header.lowercased().hasPrefix(scheme) else { return nil }
    return String(header.dropFirst(scheme.count))
  }

  /// `POST /oauth/v2/token`, as a form or as JSON.
  mutating func token(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
    guard request.method == "POST", let body = Self.body(of: request) else { return .serverError(400) }
    guard body["grant_type"]?.scalarText == "client_credentials" else {
      return .bare(
        400, "Invalid grant_type parameter or parameter missing", "invalid_request")
    }
    guard body["client_id"]?.scalarText == settings.clientID,
      body["client_secret"]?.scalarText == settings.clientSecret
    else { return .bare(400, "The client credentials are invalid", "invalid_client") }
    let text = "simulated-token-\(tokens.count + 1)-\(now.seconds)"
    let token = Data(text.utf8).base64EncodedString().filter { $0 != "=" }
    tokens[token] = now.seconds + settings.tokenLifetime
    return SimulatedAnswer(
      status: 200,
      headers: [
        SimulatedPair("Content-Type", "application/json"),
        SimulatedPair("Cache-Control", "no-store, private"), SimulatedPair("Pragma", "no-cache"),
      ],
      body: JSONWriter.bytes(of: [
        "access_token": .text(token), "expires_in": .integer(Int(settings.tokenLifetime)),
        "token_type": "bearer", "scope": nil,
      ]))
  }

  /// Every token ends now, as when an administrator revokes a client.
  public mutating func revokeTokens() {
    tokens = [:]
  }

  /// Counts a call; gives the answer to one too many.
  mutating func limit(at now: Timestamp) -> SimulatedAnswer? {
    guard let limit = settings.effectiveRateLimit else { return nil }
    if rateWindow.map({ now.seconds >= $0.end }) ?? true { rateWindow = (now.seconds + 3_600, 0) }
    rateWindow?.used += 1
    guard (rateWindow?.used ?? 0) > limit else { return nil }
    let body =
      "{ \"errors\": [ { \"code\": 429, \"message\": \"You exceeded the rate limit of \(limit) API calls per "
      + "hour.\", \"details\": [] } ]}"
    var answer = SimulatedAnswer(
      status: 429,
      headers: [
        SimulatedPair("Content-Type", "application/json"),
        SimulatedPair("Cache-Control", "no-cache, private"),
      ], body: Array(body.utf8))
    answer.headers += rateHeaders()
    return answer
  }

  /// What is left of the hour's calls; nothing if the limiter is off.
  func rateHeaders() -> [SimulatedPair] {
    guard let limit = settings.effectiveRateLimit, let window = rateWindow else { return [] }
    return [
      SimulatedPair("X-RateLimit-Limit", "\(limit)"),
      SimulatedPair("X-RateLimit-Remaining", "\(max(0, limit - window.used))"),
      SimulatedPair("X-RateLimit-Reset", "\(window.end)"),
    ]
  }
}
