import Synchronization

/// Logs in by tokens that the platform gives for a client's id and secret (RFC 6749, section 4.4).
///
/// One fetch serves all requests that wait for a token. A token is used until shortly before it ends, or
/// until the platform refuses it.
public final class OAuth2ClientCredentials: Authorization {
  /// Where the id and the secret stand in the token request.
  public enum Placement: Hashable, Sendable {
    /// As `client_id` and `client_secret` in the form.
    case form
    /// In a Basic `Authorization` header, both percent-encoded before as RFC 6749, section 2.3.1, asks.
    case basicHeader
  }

  private typealias Outcome = Result<[WebHeader], APIFailure>

  private struct Waiter {
    let number: Int
    let continuation: CheckedContinuation<Outcome, Never>
  }

  private struct State {
    var held: AccessToken?
    var waiting: [Waiter] = []
    var nextNumber = 0
    var fetch: Task<Void, Never>?
    /// Tells a fetch that nobody waited for any more from the one that followed it.
    var fetchNumber = 0
  }

  private let tokenRequest: TokenRequest
  private let state = Mutex(State())

  /// Keeps what is needed for fetching; fetches nothing yet.
  ///
  /// - Parameters:
  ///   - margin: seconds before its end from which on a token is not used any more; at most a tenth of the
  ///     token's life is taken.
  public init(
    tokenURL: String, clientID: String, clientSecret: String, scope: String? = nil,
    placement: Placement = .form, margin: Double = 60
  ) {
    tokenRequest = TokenRequest(
      url: tokenURL, clientID: clientID, clientSecret: clientSecret, scope: scope, placement: placement,
      margin: margin)
  }

  /// The token's header; fetches a token first when there is none, when it ends, or when `refused` holds it.
  public func headers(
    insteadOf refused: [WebHeader]?, through exchange: AuthorizationExchange
  ) async throws(APIFailure) -> [WebHeader] {
    let number = state.withLock { state in
      state.nextNumber += 1
      return state.nextNumber
    }
    let outcome: Outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        join(Waiter(number: number, continuation: continuation), refused: refused, exchange: exchange)
      }
    } onCancel: {
      giveUp(number)
    }
    return try outcome.get()
  }

  /// How many calls wait for a token.
  var waiterCount: Int {
    state.withLock { $0.waiting.count }
  }

  private func join(_ waiter: Waiter, refused: [WebHeader]?, exchange: AuthorizationExchange) {
    let now = exchange.clock.now()
    let outcome: Outcome? = state.withLock { state in
      if Task.isCancelled { return .failure(.cancelledWhileLoggingIn) }
      if let held = state.held, now < held.goodUntil, refused != held.headers {
        return .success(held.headers)
      }
      state.waiting.append(waiter)
      if state.fetch == nil {
        state.fetchNumber += 1
        let fetchNumber = state.fetchNumber
        // A task of its own: the request that began the fetch may be cancelled while others wait for it.
        state.fetch = Task {
          let result: Result<AccessToken, APIFailure>
          do throws(APIFailure) {
            result = .success(try await tokenRequest.send(through: exchange))
          } catch {
            result = .failure(error)
          }
          finish(fetchNumber, result)
        }
      }
      return nil
    }
    if let outcome { waiter.continuation.resume(returning: outcome) }
  }

  private func finish(_ fetchNumber: Int, _ result: Result<AccessToken, APIFailure>) {
    let waiting: [Waiter] = state.withLock { state in
      guard fetchNumber == state.fetchNumber else { return [] }
      state.fetch = nil
      if case .success(let token) = result { state.held = token }
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiter in waiting { waiter.continuation.resume(returning: result.map(\.headers)) }
  }

  private func giveUp(_ number: Int) {
    let (waiter, abandoned): (Waiter?, Task<Void, Never>?) = state.withLock { state in
      guard let index = state.waiting.firstIndex(where: { $0.number == number }) else { return (nil, nil) }
      let waiter = state.waiting.remove(at: index)
      guard state.waiting.isEmpty else { return (waiter, nil) }
      defer {
        state.fetch = nil
        state.fetchNumber += 1
      }
      return (waiter, state.fetch)
    }
    abandoned?.cancel()
    waiter?.continuation.resume(returning: .failure(.cancelledWhileLoggingIn))
  }
}

extension APIFailure {
  fileprivate static let cancelledWhileLoggingIn = APIFailure(
    kind: .cancelled, tries: 0, what: "cancelled while waiting for an access token")
}
