import Curl

/// Keeps an access token, and fetches another when it ends or is refused: once for all who wait.
final class TokenKeeper: Sendable {
  /// Gets a token, in the place of the headers that the platform has just refused if there are any.
  ///
  /// It is cancelled when nobody waits for it any more, and may take its time to come to a good end then.
  typealias Fetch =
    @Sendable (_ refused: [WebHeader]?, AuthorizationExchange) async throws(APIFailure) -> AccessToken

  private typealias Outcome = Result<[WebHeader], APIFailure>

  private struct Waiter {
    let number: Int
    let refused: [WebHeader]?
    let exchange: AuthorizationExchange
    let continuation: CheckedContinuation<Outcome, Never>
    /// Was cancelled, and only waits for the fetch to come to its end.
    var hasGivenUp = false
  }

  private struct State {
    var held: AccessToken?
    var waiting: [Waiter] = []
    var nextNumber = 0
    var fetch: Task<Void, Never>?
    /// Whether the fetch was cancelled, since nobody waited for it any more.
    var isAbandoned = false
  }

  private let fetch: Fetch
  private let state = Guarded(State())

  init(_ fetch: @escaping Fetch) {
    self.fetch = fetch
  }

  /// The token's header; fetches a token first when there is none, when it ends, or when `refused` holds it.
  ///
  /// A cancelled task is let go at once while others wait for the fetch; the last one stays until the fetch
  /// has ended, which is soon, lest the program ends with an answer on its way.
  func headers(
    insteadOf refused: [WebHeader]?, through exchange: AuthorizationExchange
  ) async throws(APIFailure) -> [WebHeader] {
    let number = state.withLock { state in
      state.nextNumber += 1
      return state.nextNumber
    }
    let outcome: Outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        join(
          Waiter(number: number, refused: refused, exchange: exchange, continuation: continuation))
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

  private func join(_ waiter: Waiter) {
    let now = waiter.exchange.clock.now()
    let outcome: Outcome? = state.withLock { state in
      if Task.isCancelled { return .failure(.cancelledWhileLoggingIn) }
      if let held = state.held {
        if waiter.refused == held.headers {
          // Nobody shall be sent off with it any more, while another is fetched.
          state.held = nil
        } else if held.isGood(at: now) {
          return .success(held.headers)
        }
      }
      state.waiting.append(waiter)
      if state.fetch == nil { begin(for: waiter, &state) }
      return nil
    }
    if let outcome { waiter.continuation.resume(returning: outcome) }
  }

  /// A task of its own: the request that began the fetch may be cancelled while others wait for it.
  private func begin(for waiter: Waiter, _ state: inout State) {
    state.isAbandoned = false
    state.fetch = Task {
      let result: Result<AccessToken, APIFailure>
      do throws(APIFailure) {
        result = .success(try await fetch(waiter.refused, waiter.exchange))
      } catch {
        result = .failure(error)
      }
      finish(result)
    }
  }

  private func finish(_ result: Result<AccessToken, APIFailure>) {
    let done: [Waiter] = state.withLock { state in
      state.fetch = nil
      if case .success(let token) = result { state.held = token }
      var done = state.waiting
      state.waiting = []
      // Who came after the fetch was cancelled shall not be told so.
      if case .failure(let failure) = result, failure.kind == .cancelled, state.isAbandoned,
        let next = done.first(where: { !$0.hasGivenUp })
      {
        state.waiting = done.filter { !$0.hasGivenUp }
        done.removeAll { !$0.hasGivenUp }
        begin(for: next, &state)
      }
      return done
    }
    for waiter in done {
      waiter.continuation.resume(
        returning: waiter.hasGivenUp ? .failure(.cancelledWhileLoggingIn) : result.map(\.headers))
    }
  }

  private func giveUp(_ number: Int) {
    let (waiter, abandoned): (Waiter?, Task<Void, Never>?) = state.withLock { state in
      guard let index = state.waiting.firstIndex(where: { $0.number == number }) else { return (nil, nil) }
      state.waiting[index].hasGivenUp = true
      guard state.waiting.allSatisfy(\.hasGivenUp) else { return (state.waiting.remove(at: index), nil) }
      state.isAbandoned = true
      return (nil, state.fetch)
    }
    abandoned?.cancel()
    waiter?.continuation.resume(returning: .failure(.cancelledWhileLoggingIn))
  }
}

extension APIFailure {
  static let cancelledWhileLoggingIn = APIFailure(
    kind: .cancelled, tries: 0, what: "cancelled while waiting for an access token")
}
