/// Speaks with one platform account: logs in, keeps to its limits, and repeats what may be repeated.
///
/// Every call either brings a final answer, which may well be a refusal (a 404, a 422), or fails with the
/// reason and with whether the platform may have acted. Safe to use from many tasks.
public final class APIClient: Sendable {
  private let base: String
  private let authorization: any Authorization
  private let gate: RequestGate
  private let runner: CallRunner

  /// Makes a client; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - base: `https://host` or `https://host/folder`; what is wrong with it shows at the first call.
  ///   - redactor: knows the secrets that no failure may show.
  public init(
    base: String, authorization: any Authorization, policy: RetryPolicy = .standard,
    limits: RequestLimits = RequestLimits(), redactor: Redactor = Redactor(),
    surroundings: WebSurroundings
  ) {
    var trimmed = Substring(base)
    while trimmed.last == "/" { trimmed.removeLast() }
    self.base = String(trimmed)
    self.authorization = authorization
    gate = RequestGate(limits: limits, longestHold: policy.longestServerWait)
    runner = CallRunner(policy: policy, redactor: redactor, surroundings: surroundings)
  }

  /// Sends a call and returns its final answer: any status that is not worth a repetition.
  ///
  /// - Throws: `APIFailure` when there is no final answer; at once, as cancelled, when the task is cancelled.
  public func send(_ call: APICall) async throws(APIFailure) -> WebResponse {
    try await runner.run(errand(call))
  }

  /// What this client has done so far, token fetches included.
  public var counters: APICounters { runner.counters }

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
      authorization: authorization, gate: gate)
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
