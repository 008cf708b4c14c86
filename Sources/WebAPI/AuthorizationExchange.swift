/// The way by which an authorization asks a server for a token: with the client's repetitions, waits and
/// counters, but without its limits and its log-in.
public struct AuthorizationExchange: Sendable {
  /// Tells when a token ends.
  public let clock: any WebClock
  /// Every text that comes from the server has to pass through it.
  public let redactor: Redactor
  private let runner: CallRunner

  init(runner: CallRunner) {
    self.runner = runner
    clock = runner.surroundings.clock
    redactor = runner.redactor
  }

  /// Posts a form and returns the final answer, whatever its status; repeated as a read would be, since
  /// asking for a token twice does no harm.
  ///
  /// - Parameter secrets: texts that no failure may show, beside those the client knows of.
  public func post(
    form: [(String, String)], to url: String, headers: [WebHeader] = [], secrets: [String] = []
  ) async throws(APIFailure) -> WebResponse {
    let request = WebRequest(
      method: "POST", url: url,
      headers: [
        WebHeader("Accept", "application/json"),
        WebHeader("Content-Type", "application/x-www-form-urlencoded"),
      ] + headers,
      body: Array(PercentEncoding.encode(form).utf8), timeout: 60, maxBodyBytes: 1 << 20)
    return try await runner.run(
      Errand(
        label: "fetching an access token", request: request, isRepeatable: true, changesNothing: true,
        authorization: NoAuthorization(), gate: nil, secrets: secrets))
  }
}
