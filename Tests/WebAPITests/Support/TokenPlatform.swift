import Curl
import Foundation

@testable import WebAPI

/// A platform whose refresh tokens are good for one use: `refresh0` gives `access1` and `refresh1`, and so on.
/// It lets in whoever brings the newest access token.
final class TokenPlatform: Sendable {
  static let tokenURL = "https://crm.example.test/oauth/token"

  private struct State {
    var number = 0
    /// The refresh tokens that were sent.
    var sent: [String] = []
  }

  /// What happens to the n-th request for a token, from 1.
  struct Accidents: Sendable {
    /// An outcome in the place of a renewal.
    var instead: @Sendable (Int) async -> ScriptedTransport.Outcome? = { _ in nil }
    /// Happens after the renewal and before the answer.
    var meanwhile: @Sendable (Int) async -> Void = { _ in }
  }

  private let state = Guarded(State())
  private let life: String
  private let date: String?
  private let rotates: Bool
  private let accidents: Accidents

  /// - Parameter life: members of the answer, each behind a comma.
  init(
    life: String = #","expires_in":3600"#, date: String? = nil, rotates: Bool = true,
    accidents: Accidents = Accidents()
  ) {
    self.life = life
    self.date = date
    self.rotates = rotates
    self.accidents = accidents
  }

  /// The refresh tokens that were sent, in order.
  var sent: [String] { state.withLock { $0.sent } }

  /// Declares all access tokens dead.
  func revoke() { state.withLock { $0.number += 1000 } }

  var transport: ScriptedTransport {
    ScriptedTransport { [self] request, _ in await answer(request) }
  }

  private func answer(_ request: WebRequest) async -> ScriptedTransport.Outcome {
    guard request.url.hasPrefix(TokenPlatform.tokenURL) else {
      let good = state.withLock { "Bearer access\($0.number)" }
      return .answer(request.headers.value(of: "Authorization") == good ? 200 : 401)
    }
    let token = TokenPlatform.refreshToken(in: request)
    let count = state.withLock { state in
      state.sent.append(token)
      return state.sent.count
    }
    if let outcome = await accidents.instead(count) { return outcome }
    let number: Int? = state.withLock { state in
      guard token == "refresh\(rotates ? state.number : 0)" else { return nil }
      state.number += 1
      return state.number
    }
    guard let number else {
      return .answer(400, body: #"{"error":"invalid_grant","error_description":"\#(token) is used up"}"#)
    }
    await accidents.meanwhile(count)
    let next = rotates ? #","refresh_token":"refresh\#(number)""# : ""
    return .answer(
      200, date.map { [WebHeader("Date", $0)] } ?? [],
      body: #"{"access_token":"access\#(number)"\#(next)\#(life)}"#)
  }

  private static func refreshToken(in request: WebRequest) -> String {
    let query = request.url.split(separator: "?").dropFirst().joined()
    let form = String(decoding: request.body ?? [], as: UTF8.self)
    let fields = (query + "&" + form).split(separator: "&")
    return fields.first { $0.hasPrefix("refresh_token=") }.map { String($0.dropFirst(14)) } ?? ""
  }
}

/// A program, or one of two, that logs in by a refresh token.
struct TokenUser {
  let authorization: OAuth2RefreshToken
  let clock: VirtualClock
  let transport: ScriptedTransport
  let client: APIClient

  init(
    _ platform: TokenPlatform, file: String, configured: String = "refresh0",
    service: OAuth2TokenService = OAuth2TokenService(tokenURL: TokenPlatform.tokenURL),
    clock: VirtualClock = VirtualClock(passesBySleeping: false), policy: RetryPolicy = .never
  ) {
    self.init(
      platform.transport,
      OAuth2RefreshToken(
        service: service, clientID: "id 1", clientSecret: "client-se:cret", refreshToken: configured,
        file: file), clock: clock, policy: policy)
  }

  /// Another client with the same log-in.
  init(
    _ transport: ScriptedTransport, _ authorization: OAuth2RefreshToken, clock: VirtualClock,
    policy: RetryPolicy = .never
  ) {
    self.authorization = authorization
    self.clock = clock
    self.transport = transport
    client = APIClient(
      base: "https://crm.example.test", authorization: authorization, policy: policy,
      surroundings: WebSurroundings(transport: transport, clock: clock, random: { 0.5 }))
  }

  /// The status of a call, or nil if it failed.
  func read() async throws -> Int { try await client.send(.read).status }

  /// Why a call failed; nil if it did not.
  func failure() async -> APIFailure? {
    do throws(APIFailure) {
      _ = try await client.send(.read)
      return nil
    } catch {
      return error
    }
  }

  /// The access tokens that were used, in order.
  var used: [String] {
    transport.requests.filter { !$0.url.hasPrefix(TokenPlatform.tokenURL) }
      .compactMap { $0.headers.value(of: "Authorization").map { String($0.dropFirst(7)) } }
  }
}
