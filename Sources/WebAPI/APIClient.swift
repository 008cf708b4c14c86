/// Speaks with one platform account: logs in, keeps to its limits, and repeats what may be repeated.
///
/// Every call either brings a final answer, which may well be a refusal (a 404, a 422), or fails with the
/// reason and with whether the platform may have acted. Safe to use from many tasks.
public final class APIClient: Sendable {
  private let base: String
  private let authorization: any Authorization
  /// Keeps to the limits of the account.
  public let governor: Governor
  private let runner: CallRunner

  /// Makes a client; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - base: `https://host` or `https://host/folder`; what is wrong with it shows at the first call.
  ///   - connection: what traces and counters call it.
  ///   - governor: keeps to the limits; clients of the same account share one.
  ///   - rename: the redirects that are followed; nil: none.
  ///   - redactor: knows the secrets that no failure may show.
  public init(
    base: String, connection: String = "", authorization: any Authorization,
    policy: RetryPolicy = .standard, governor: Governor = Governor([RateLimit("in flight", .inFlight(4))]),
    rename: RenameRule? = nil, redactor: Redactor = Redactor(), surroundings: WebSurroundings
  ) {
    var trimmed = Substring(base)
    while trimmed.last == "/" { trimmed.removeLast() }
    self.base = String(trimmed)
    self.authorization = authorization
    self.governor = governor
    runner = CallRunner(
      policy: policy, redactor: redactor, connection: connection, rename: rename, surroundings: surroundings)
  }

  /// Sends a call and returns its final answer: any status that is not worth a repetition.
  ///
  /// - Throws: `APIFailure` when there is no final answer; at once, as cancelled, when the task is cancelled.
  public func send(_ call: APICall) async throws(APIFailure) -> WebResponse {
    try await runner.run(errand(call))
  }

  /// What this client has done so far, token fetches included.
  public var counters: APICounters { runner.counters }

  /// The new origin, `https://host`, of an account whose host was renamed; nil if it was not.
  public var renamedTo: String? { runner.renamedTo }

  /// What is left of the account's limits, as far as it is known without asking.
  public func quotas() -> [QuotaReading] { governor.quotas(at: runner.surroundings.clock.now()) }

  /// Seconds in which so many requests would be done from now on, `together` of them at a time, and the limit
  /// that would hold them up most; nil if none would.
  public func forecast(
    _ demand: RequestDemand, requests: Int, together: Int = 1
  ) -> (seconds: Double, heldBy: String?) {
    governor.forecast(demand, requests: requests, together: together, at: runner.surroundings.clock.now())
  }

  /// Saves what the next run should know of the limits.
  public func close() { governor.save(at: runner.surroundings.clock.now()) }

  private func errand(_ call: APICall) throws(APIFailure) -> Errand {
    let plainPath = call.path.prefix { $0 != "?" }
    let label = "\(call.method) \(plainPath)"
    if let problem = problem(of: call) {
      throw APIFailure(
        kind: .badRequest, tries: 0, what: runner.redactor.redact("\(label): \(problem)"))
    }
    return Errand(
      label: label,
      request: WebRequest(
        method: call.method, url: url(of: call), headers: headers(of: call),
        body: call.form.map { Array(PercentEncoding.encode($0).utf8) } ?? call.body,
        timeout: call.timeout, maxBodyBytes: call.maxBodyBytes),
      isRepeatable: call.isRepeatable, changesNothing: APICall.changesNothing(call.method),
      authorization: authorization, route: route(of: call), demand: call.demand, governor: governor)
  }

  private func route(of call: APICall) -> String {
    if let route = call.route { return "\(call.method) \(route)" }
    let parts = call.path.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false)
    // A number, or a number in the form of a UUID.
    let isNumber = { (part: Substring) in
      let digits = part.utf8.filter { $0 != UInt8(ascii: "-") }
      guard !digits.isEmpty, digits.count == part.utf8.count || part.utf8.count == 36 else { return false }
      return digits.allSatisfy { Hexadecimal.value($0) != nil }
        && (part.utf8.count == 36 || digits.allSatisfy { (0x30...0x39).contains($0) })
    }
    return "\(call.method) " + parts.map { isNumber($0) ? "{id}" : String($0) }.joined(separator: "/")
  }

  private func problem(of call: APICall) -> String? {
    if call.body != nil, call.form != nil { return "a call has a body or a form, not both" }
    if !call.path.hasPrefix("/") { return "the path must begin with a slash" }
    if call.path.contains("#") { return "the path must not hold a #" }
    // Such parts would be resolved on the way and lead to another place than the one that was meant.
    let parts = call.path.prefix { $0 != "?" }.split(separator: "/")
    if parts.contains("..") || parts.contains(".") { return "the path must not hold . or .. as a part" }
    return nil
  }

  private func url(of call: APICall) -> String {
    let path = PercentEncoding.repair(path: call.path)
    guard !call.query.isEmpty else { return base + path }
    return base + path + (path.contains("?") ? "&" : "?") + PercentEncoding.encode(call.query)
  }

  private func headers(of call: APICall) -> [WebHeader] {
    var headers = [WebHeader("Accept", "application/json")]
    if call.form != nil {
      headers.append(WebHeader("Content-Type", "application/x-www-form-urlencoded"))
    } else if call.body != nil {
      headers.append(WebHeader("Content-Type", "application/json"))
    }
    return headers.filter { call.headers.value(of: $0.name) == nil } + call.headers
  }
}
