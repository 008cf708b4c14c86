import Synchronization

/// Sends errands until there is a final answer, and counts.
final class CallRunner: Sendable {
  let surroundings: WebSurroundings
  let redactor: Redactor
  private let policy: RetryPolicy
  private let counted = Mutex(APICounters())

  init(policy: RetryPolicy, redactor: Redactor, surroundings: WebSurroundings) {
    self.policy = policy
    self.redactor = redactor
    self.surroundings = surroundings
  }

  var counters: APICounters {
    counted.withLock { $0 }
  }

  func run(_ errand: Errand) async throws(APIFailure) -> WebResponse {
    let exchange = AuthorizationExchange(runner: self)
    var course = RetryCourse(policy: policy, errand: errand, redactor: redactor.adding(errand.secrets))
    while true {
      let (outcome, login) = try await attempt(errand, &course, exchange)
      if case .success(let response) = outcome, response.status == 401, !course.hasRenewed {
        let newer = try await headers(errand, insteadOf: login, exchange, course)
        if newer == login { return response }
        course.renew()
        counted.withLock { $0.retries += 1 }
        continue
      }
      let step = course.step(
        after: outcome, now: surroundings.clock.now(), chance: { surroundings.random() })
      switch step {
      case .accept(let response): return response
      case .fail(let failure): throw failure
      case .repeatAfter(let seconds, let hold):
        if let hold { errand.gate?.hold(until: hold) }
        do {
          try await pause(seconds)
        } catch {
          throw course.cancelled()
        }
        counted.withLock { $0.retries += 1 }
      }
    }
  }

  /// One request: through the gate, with the log-in that is valid then.
  private func attempt(
    _ errand: Errand, _ course: inout RetryCourse, _ exchange: AuthorizationExchange
  ) async throws(APIFailure) -> (Result<WebResponse, TransportFailure>, login: [WebHeader]) {
    if Task.isCancelled { throw course.cancelled() }
    if let gate = errand.gate {
      do {
        try await waiting { () async throws(CancellationError) in
          try await gate.enter(clock: surroundings.clock)
        }
      } catch {
        throw course.cancelled()
      }
    }
    defer { errand.gate?.leave() }
    let login = try await headers(errand, insteadOf: nil, exchange, course)
    var request = errand.request
    request.headers += login
    course.begin()
    counted.withLock { $0.requests += 1 }
    do throws(TransportFailure) {
      let response = try await surroundings.transport.send(request)
      counted.withLock { $0.bytesReceived += response.body.count }
      return (.success(response), login)
    } catch {
      return (.failure(without(login, in: error)), login)
    }
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

  private func pause(_ seconds: Double) async throws(CancellationError) {
    try await waiting { () async throws(CancellationError) in
      try await surroundings.clock.sleep(seconds: seconds)
    }
  }

  private func waiting(
    _ work: () async throws(CancellationError) -> Void
  ) async throws(CancellationError) {
    let began = surroundings.clock.now()
    defer {
      let ended = surroundings.clock.now()
      counted.withLock { $0.secondsWaited += max(0, ended - began) }
    }
    try await work()
  }

  /// A transport should name no header at all; this makes sure of those that log in.
  private func without(_ login: [WebHeader], in failure: TransportFailure) -> TransportFailure {
    let values = login.map(\.value)
    let tokens = values.compactMap { value in
      value.split(separator: " ", maxSplits: 1).dropFirst().first.map { String($0) }
    }
    return TransportFailure(
      reach: failure.reach, kind: failure.kind,
      what: redactor.adding(values + tokens).redact(failure.what))
  }
}
