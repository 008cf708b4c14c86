/// Carries one request to a server and brings the whole answer back.
///
/// Every answer of a server, whatever its status, is an answer and not a failure. A transport follows no
/// redirect and repeats nothing.
public protocol WebTransport: Sendable {
  /// Sends a request; ends at once, as cancelled, when the task is cancelled.
  func send(_ request: WebRequest) async throws(TransportFailure) -> WebResponse
}
