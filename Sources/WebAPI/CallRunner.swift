import Curl

/// Sends errands until there is a final answer, and counts.
final class CallRunner: Sendable {
  let surroundings: WebSurroundings
  let redactor: Redactor
  private let policy: RetryPolicy
  private let connection: String
  private let rename: RenameRule?
  private let state: Guarded<State>

  private struct State {
    var counters = APICounters()
    var breaker: CircuitBreaker
    /// What the last failed try was, in words without a secret.
    var lastFailure: (kind: APIFailure.Kind, what: String)?
    /// The origin that has been renamed, and the new one.
    var renamed: (old: String, new: String)?
  }

  init(
    policy: RetryPolicy, redactor: Redactor, connection: String, rename: RenameRule?,
    surroundings: WebSurroundings
  ) {
    self.policy = policy
    self.redactor = redactor
    self.connection = connection
    self.rename = rename
    self.surroundings = surroundings
    state = Guarded(
      State(
        breaker: CircuitBreaker(
          threshold: policy.restAfter, firstRest: policy.rest, longestRest: policy.rest * 10)))
  }

  var counters: APICounters { state.withLock { $0.counters } }

  /// The new origin of an account whose host was renamed; nil if it was not.
  var renamedTo: String? { state.withLock { $0.renamed?.new } }

  func run(_ errand: Errand) async throws(APIFailure) -> WebResponse {
    let exchange = AuthorizationExchange(runner: self)
    var course = RetryCourse(policy: policy, errand: errand, redactor: redactor.adding(errand.secrets))
    var waited = 0.0
    while true {
      let attempt = try await attempt(errand, &course, &waited, exchange)
      if case .success(let response) = attempt.outcome {
        if errand.authorization.isRefusal(response), !course.hasRenewed {
          let newer = try await headers(errand, insteadOf: attempt.login, exchange, course)
          if newer == attempt.login { return response }
          course.renew()
          state.withLock { $0.counters.retries += 1 }
          continue
        }
        if !course.hasMoved, follows(response, to: errand.request.url) {
          course.move()
          continue
        }
      }
      let step = course.step(
        after: attempt.outcome, refusal: attempt.refusal, now: surroundings.clock.now(),
        chance: { surroundings.random() })
      switch step {
      case .accept(let response): return response
      case .fail(let failure): throw failure
      case .repeatAfter(let seconds, let hold):
        // A limit that the governor counts is waited for there, by those alone whom it concerns.
        if let hold, attempt.refusal?.limit == nil { errand.governor?.hold(until: hold) }
        guard spendRepetition() else {
          if case .success(let response) = attempt.outcome, response.status == 500 { return response }
          throw course.spent(after: course.failure(of: attempt.outcome), freeAt: hold)
        }
        do {
          waited += try await waiting { () async throws(CancellationError) in
            try await surroundings.clock.sleep(seconds: seconds)
          }
        } catch {
          throw course.cancelled()
        }
      }
    }
  }

  /// What one request brought.
  private struct Attempt {
    let outcome: Result<WebResponse, TransportFailure>
    let login: [WebHeader]
    let refusal: LimitSigns.Refusal?
  }

  /// One request: past the governor, with the log-in that is valid then.
  private func attempt(
    _ errand: Errand, _ course: inout RetryCourse, _ waited: inout Double, _ exchange: AuthorizationExchange
  ) async throws(APIFailure) -> Attempt {
    if Task.isCancelled { throw course.cancelled() }
    let ticket = try await enter(errand, course, &waited)
    let login: [WebHeader]
    do throws(APIFailure) {
      try passBreaker(course)
      login = try await headers(errand, insteadOf: nil, exchange, course)
    } catch {
      leave(errand, ticket, RequestEnd())
      throw error
    }
    var request = errand.request
    errand.authorization.sign(&request, with: login)
    request.url = current(request.url)
    course.begin()
    state.withLock { $0.counters.requests += 1 }
    let begun = surroundings.clock.now()
    let outcome: Result<WebResponse, TransportFailure>
    do throws(TransportFailure) {
      outcome = .success(try await surroundings.transport.send(request))
    } catch {
      outcome = .failure(without(login, in: error))
    }
    let now = surroundings.clock.now()
    let refusal = conclude(errand, ticket, outcome, course, now)
    if let observer = surroundings.observer {
      observer.saw(
        WebExchange(
          connection: connection, route: errand.route, number: course.tries, begun: begun,
          seconds: max(0, now - begun), waited: waited, request: request, outcome: outcome,
          redactor: redactor.adding(errand.secrets + secrets(in: login))))
    }
    waited = 0
    return Attempt(outcome: outcome, login: login, refusal: refusal)
  }

  private func enter(
    _ errand: Errand, _ course: RetryCourse, _ waited: inout Double
  ) async throws(APIFailure) -> RequestTicket? {
    guard let governor = errand.governor else { return nil }
    let begun = surroundings.clock.now()
    defer {
      let seconds = max(0, surroundings.clock.now() - begun)
      waited += seconds
      state.withLock { $0.counters.secondsWaited += seconds }
    }
    do throws(Governor.Refusal) {
      return try await governor.enter(
        errand.demand, longest: policy.longestServerWait, clock: surroundings.clock)
    } catch {
      switch error {
      case .cancelled: throw course.cancelled()
      case .exhausted(let limit, let until): throw course.exhausted(limit, until: until)
      }
    }
  }

  private func leave(_ errand: Errand, _ ticket: RequestTicket?, _ end: RequestEnd) {
    if let ticket { errand.governor?.leave(ticket, end, clock: surroundings.clock) }
  }

  private func passBreaker(_ course: RetryCourse) throws(APIFailure) {
    let failure: APIFailure? = state.withLock { state in
      guard case .rest(let until) = state.breaker.verdict(at: surroundings.clock.now()) else { return nil }
      let last = state.lastFailure ?? (.lost, "nothing was answered")
      return course.resting(
        after: state.breaker.failures, last: last.kind, what: last.what, until: until)
    }
    if let failure { throw failure }
  }

  /// Tells the governor and the breaker what came of a request.
  private func conclude(
    _ errand: Errand, _ ticket: RequestTicket?, _ outcome: Result<WebResponse, TransportFailure>,
    _ course: RetryCourse, _ now: Double
  ) -> LimitSigns.Refusal? {
    var end = RequestEnd()
    var refusal: LimitSigns.Refusal?
    var isTrouble = false
    switch outcome {
    case .success(let response):
      let signs = errand.governor?.signs ?? .none
      refusal = signs.refusal(response)
      isTrouble = refusal == nil && policy.busyStatuses.contains(response.status)
      let wait = ServerWait.seconds(
        asked: response, resetHeader: policy.resetHeader, member: refusal?.waitMember, now: now)
      end.observations = signs.observations(response, to: errand.demand, wait: wait, now: now)
      state.withLock { $0.counters.bytesReceived += response.body.count }
    case .failure(let failure):
      isTrouble = [.unreachable, .timedOut, .disconnected, .other].contains(failure.kind)
    }
    end.isGood = !isTrouble
    leave(errand, ticket, end)
    state.withLock { state in
      if isTrouble {
        state.breaker.fail(at: now)
        let failure = course.failure(of: outcome)
        state.lastFailure = (failure.kind, course.words(of: outcome))
      } else if case .failure = outcome {
        state.breaker.forget()
      } else {
        state.breaker.succeed()
      }
    }
    return refusal
  }

  private func headers(
    _ errand: Errand, insteadOf refused: [WebHeader]?, _ exchange: AuthorizationExchange,
    _ course: RetryCourse
  ) async throws(APIFailure) -> [WebHeader] {
    do throws(APIFailure) {
      return try await errand.authorization.headers(insteadOf: refused, through: exchange)
    } catch {
      throw course.stopped(by: error)
    }
  }

  /// Counts a repetition; false if there have been too many for this run.
  private func spendRepetition() -> Bool {
    state.withLock { state in
      let most = Double(policy.budgetMinimum) + policy.budgetShare * Double(state.counters.requests)
      guard Double(state.counters.retries) < most else { return false }
      state.counters.retries += 1
      return true
    }
  }

  private func waiting(
    _ work: () async throws(CancellationError) -> Void
  ) async throws(CancellationError) -> Double {
    let begun = surroundings.clock.now()
    defer {
      let seconds = max(0, surroundings.clock.now() - begun)
      state.withLock { $0.counters.secondsWaited += seconds }
    }
    try await work()
    return max(0, surroundings.clock.now() - begun)
  }

  // MARK: Renamed hosts

  private func current(_ url: String) -> String {
    guard let renamed = state.withLock({ $0.renamed }), url.hasPrefix(renamed.old + "/") else { return url }
    return renamed.new + url.dropFirst(renamed.old.count)
  }

  private func follows(_ response: WebResponse, to url: String) -> Bool {
    guard let rename, let new = rename.origin(after: response, to: current(url)) else { return false }
    // Up to the first slash after the two of the scheme.
    let host = url.dropFirst("https://".count).prefix { $0 != "/" }
    state.withLock { $0.renamed = ("https://" + host, new) }
    return true
  }

  // MARK: Secrets

  /// A transport should name no header at all; this makes sure of those that log in.
  private func without(_ login: [WebHeader], in failure: TransportFailure) -> TransportFailure {
    TransportFailure(
      reach: failure.reach, kind: failure.kind,
      what: redactor.adding(secrets(in: login)).redact(failure.what))
  }

  private func secrets(in login: [WebHeader]) -> [String] {
    let values = login.map(\.value)
    let tokens = values.compactMap { value in
      value.split(separator: " ", maxSplits: 1).dropFirst().first.map { String($0) }
    }
    return values + tokens
  }
}
