/// What became of one call so far, and what follows from the last try.
struct RetryCourse: Sendable {
  /// What is to be done next.
  enum Step {
    /// The answer is final.
    case accept(WebResponse)
    /// Wait that long, then send again. `hold` is the time until which the platform wants no requests.
    case repeatAfter(seconds: Double, hold: Double?)
    /// Give up.
    case fail(APIFailure)
  }

  private let policy: RetryPolicy
  private let errand: Errand
  private let redactor: Redactor
  private(set) var tries = 0
  private(set) var mayHaveActed = false
  private var renewals = 0
  private var hasRenewedLogin = false
  private var hasRepeated500 = false

  init(policy: RetryPolicy, errand: Errand, redactor: Redactor) {
    self.policy = policy
    self.errand = errand
    self.redactor = redactor
  }

  /// Whether a refused log-in has led to a repetition already.
  var hasRenewed: Bool { hasRenewedLogin }

  /// Whether the account was found under another host already.
  private(set) var hasMoved = false

  /// Counts the last try as one for the new host.
  mutating func move() {
    hasMoved = true
    renewals += 1
  }

  /// Counts a try that is about to be made.
  mutating func begin() {
    tries += 1
  }

  /// Counts the last try, refused by 401, as one for the log-in.
  mutating func renew() {
    hasRenewedLogin = true
    renewals += 1
  }

  /// Decides what follows from a try's outcome; `chance` is asked for only if there is something to draw.
  /// `refusal` is what the platform's own signs say about the answer.
  mutating func step(
    after outcome: Result<WebResponse, TransportFailure>, refusal: LimitSigns.Refusal?, now: Double,
    chance: () -> Double
  ) -> Step {
    switch outcome {
    case .success(let response): step(after: response, refusal: refusal, now: now, chance: chance)
    case .failure(let failure): step(after: failure, chance: chance)
    }
  }

  /// The failure of a call that may not be repeated any more although its last try was worth it.
  func spent(after failure: APIFailure, freeAt: Double?) -> APIFailure {
    APIFailure(
      kind: failure.kind, tries: tries,
      what: failure.what + "; no more repetitions are made in this run", mayHaveActed: mayHaveActed,
      freeAt: freeAt)
  }

  /// The failure of a call that was not sent because its limit is used up.
  func exhausted(_ limit: String, until time: Double) -> APIFailure {
    fail(
      .exhausted(limit: limit),
      "the platform's limit '\(limit)' is used up until \(HTTPDate.text(time)), so the request was not sent",
      freeAt: time)
  }

  /// The failure of a call that was not sent because nothing has been answered of late.
  func resting(after failures: Int, last: APIFailure.Kind, what: String, until time: Double) -> APIFailure {
    fail(
      last == .lost && !mayHaveActed ? .unreachable : mayHaveActed && last == .unreachable ? .lost : last,
      "\(what); not tried again before \(HTTPDate.text(time)), since \(failures) tries in a row have failed",
      freeAt: time)
  }

  /// What went wrong in plain words.
  func words(of outcome: Result<WebResponse, TransportFailure>) -> String {
    switch outcome {
    case .success(let response): "the platform answered \(response.status)"
    case .failure(let failure): redactor.redact(failure.what)
    }
  }

  /// What this outcome is as a failure, if no repetition follows.
  func failure(of outcome: Result<WebResponse, TransportFailure>) -> APIFailure {
    switch outcome {
    case .success(let response):
      fail(.busy(status: response.status), "the platform answered \(response.status)")
    case .failure(let failure):
      fail(
        failure.reach == .neverSent && !mayHaveActed ? .unreachable : .lost, failure.what)
    }
  }

  /// The failure of a task that was cancelled.
  func cancelled() -> APIFailure {
    fail(.cancelled, "cancelled")
  }

  /// A failure of this call by what stopped it before it was sent.
  func stopped(by failure: APIFailure) -> APIFailure {
    APIFailure(
      kind: failure.kind, tries: failure.tries, what: redactor.redact(failure.what),
      mayHaveActed: failure.mayHaveActed || mayHaveActed, freeAt: failure.freeAt)
  }

  private mutating func step(
    after response: WebResponse, refusal: LimitSigns.Refusal?, now: Double, chance: () -> Double
  ) -> Step {
    if let refusal, response.status != 429 || refusal.isFinal || refusal.waitMember != nil {
      // Refused before anything was done, whatever the status.
      return repeatBusy(
        response, allowed: !refusal.isFinal, member: refusal.waitMember, now: now, chance: chance)
    }
    switch response.status {
    case 429:
      // Refused before anything was done: any call may be repeated.
      return repeatBusy(response, allowed: true, now: now, chance: chance)
    case 500:
      guard policy.retries500, errand.isRepeatable, !hasRepeated500, hasTryLeft else {
        return .accept(response)
      }
      hasRepeated500 = true
      noteReceived()
      return .repeatAfter(seconds: backOff(chance), hold: nil)
    case let status where policy.busyStatuses.contains(status):
      noteReceived()
      return repeatBusy(response, allowed: errand.isRepeatable, now: now, chance: chance)
    default:
      return .accept(response)
    }
  }

  private mutating func step(after failure: TransportFailure, chance: () -> Double) -> Step {
    if failure.reach == .maybeReceived { noteReceived() }
    switch failure.kind {
    case .cancelled: return .fail(fail(.cancelled, failure.what))
    case .certificate: return .fail(fail(.certificate, failure.what))
    case .badRequest: return .fail(fail(.badRequest, failure.what))
    case .tooLarge: return .fail(fail(.tooLarge, failure.what))
    case .unreachable, .timedOut, .disconnected, .other:
      if hasTryLeft, failure.reach == .neverSent || errand.isRepeatable {
        return .repeatAfter(seconds: backOff(chance), hold: nil)
      }
      // "Unreachable" promises that the platform has seen nothing, in none of the tries.
      let isUnseen = failure.reach == .neverSent && !mayHaveActed
      return .fail(fail(isUnseen ? .unreachable : .lost, failure.what))
    }
  }

  private func repeatBusy(
    _ response: WebResponse, allowed: Bool, member: [String]? = nil, now: Double, chance: () -> Double
  ) -> Step {
    let kind = APIFailure.Kind.busy(status: response.status)
    let said = "the platform answered \(response.status)"
    let asked = ServerWait.seconds(
      asked: response, resetHeader: policy.resetHeader, member: member, now: now)
    let freeAt = asked.map { now + $0 }
    guard allowed, hasTryLeft else { return .fail(fail(kind, said, freeAt: freeAt)) }
    guard let asked else { return .repeatAfter(seconds: backOff(chance), hold: nil) }
    guard asked <= policy.longestServerWait else {
      return .fail(
        fail(
          kind,
          "\(said) and asks to wait until \(HTTPDate.text(now + asked)), longer than the "
            + "\(ServerWait.text(policy.longestServerWait)) that are waited at most", freeAt: freeAt))
    }
    return .repeatAfter(seconds: max(asked, backOff(chance)), hold: asked > 0 ? freeAt : nil)
  }

  private var hasTryLeft: Bool { tries - renewals < policy.tries }

  private func backOff(_ chance: () -> Double) -> Double {
    policy.backOff(beforeRepetition: tries - renewals, chance: chance())
  }

  private mutating func noteReceived() {
    if !errand.changesNothing { mayHaveActed = true }
  }

  private func fail(_ kind: APIFailure.Kind, _ what: String, freeAt: Double? = nil) -> APIFailure {
    let count = tries == 1 ? "1 try" : "\(tries) tries"
    return APIFailure(
      kind: kind, tries: tries, what: redactor.redact("\(errand.label): \(what) (\(count))"),
      mayHaveActed: mayHaveActed, freeAt: freeAt)
  }
}
