/// Sends requests over HTTP/1.1 and HTTP/2 with libcurl, on one thread of its own.
///
/// TLS is always verified and at least version 1.2. Redirects, cookies, `.netrc` and proxies of the
/// environment are not followed, kept or read. Connections are kept open and used again; a GET or HEAD that
/// meets a kept connection which the server just closed is sent once more on a new one, any other method
/// fails as disconnected, because the server may have acted.
///
/// The thread ends with `close()`, or by itself once the client and all bodies of its answers are gone.
public final class HTTPClient: Sendable {
  private let hold: LoopHold
  private let destinations = DestinationCache()

  /// Starts the client and its thread; no connection is opened yet.
  public init(_ settings: HTTPSettings = HTTPSettings()) throws(HTTPFailure) {
    guard CheckedRequest.isValue(settings.userAgent) else {
      throw HTTPFailure(
        reach: .neverSent, kind: .badRequest, what: "the user agent has a forbidden character")
    }
    hold = LoopHold(try EventLoop.start(settings))
  }

  /// Sends a request and returns when the head of the answer has arrived; the body streams.
  ///
  /// Any status is an answer, errors of the server too. Cancelling the task ends the transfer at once.
  public func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    let exchange = Exchange(try CheckedRequest(request, destinations), inbox: hold.inbox)
    let head = try await exchange.start().get()
    let body = HTTPBody(BodySource(exchange, hold))
    return HTTPResponse(status: head.status, version: head.version, headers: head.headers, body: body)
  }

  /// Ends all transfers, which fail as cancelled, and the thread; returns when the thread has ended.
  ///
  /// May be called any number of times. Sending afterwards fails as closed.
  public func close() async {
    hold.inbox.stop()
    await hold.inbox.ended()
  }

  /// Runs tasks on the client's own thread: `withTaskExecutorPreference(client.executor) { … }`.
  ///
  /// A task there sends and gets its answers without a change of threads, which saves much of the time and
  /// work of a small request. What it computes meanwhile holds up all transfers of the client, and what blocks
  /// there blocks them: keep it short. After `close()` the tasks go on on the executor that all tasks have.
  public var executor: any TaskExecutor { hold.inbox }

  /// The way into the loop, for tests.
  var inbox: Inbox { hold.inbox }
}
