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
    try await send(
      WebRequest(
        method: "POST", url: url,
        headers: [
          WebHeader("Accept", "application/json"),
          WebHeader("Content-Type", "application/x-www-form-urlencoded"),
        ] + headers,
        body: Array(PercentEncoding.encode(form).utf8), timeout: AuthorizationExchange.timeout,
        maxBodyBytes: AuthorizationExchange.maxBodyBytes), secrets)
  }

  /// Gets a URL with a query and returns the final answer, whatever its status; repeated as a read would be.
  ///
  /// - Parameter secrets: texts that no failure may show, beside those the client knows of.
  public func get(
    query: [(String, String)], from url: String, headers: [WebHeader] = [], secrets: [String] = []
  ) async throws(APIFailure) -> WebResponse {
    try await send(
      WebRequest(
        method: "GET", url: url + (url.contains("?") ? "&" : "?") + PercentEncoding.encode(query),
        headers: [WebHeader("Accept", "application/json")] + headers,
        timeout: AuthorizationExchange.timeout, maxBodyBytes: AuthorizationExchange.maxBodyBytes), secrets)
  }

  private static let timeout = 60.0
  private static let maxBodyBytes = 1 << 20

  private func send(_ request: WebRequest, _ secrets: [String]) async throws(APIFailure) -> WebResponse {
    try await runner.run(
      Errand(
        label: "fetching an access token", request: request, isRepeatable: true, changesNothing: true,
        authorization: NoAuthorization(), route: "access token", governor: nil, secrets: secrets))
  }
}
