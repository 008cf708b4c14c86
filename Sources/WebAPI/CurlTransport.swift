import Curl

/// Carries requests over HTTP/1.1 and HTTP/2 by libcurl.
///
/// Certificates are verified, and plain `http` is refused but to this machine. One transport may serve many
/// clients at once.
public final class CurlTransport: WebTransport {
  /// Longest time for connecting, TLS included: a platform that is up answers well within it.
  private static let connectSeconds = 10.0
  /// Longest time in which nothing may come; slow reports are computed that long before their first byte.
  private static let stallSeconds = 60.0

  private let client: HTTPClient

  /// Starts the transport; nothing is connected yet.
  public init(_ settings: TransportSettings = TransportSettings()) throws(TransportFailure) {
    do throws(HTTPFailure) {
      client = try HTTPClient(
        HTTPSettings(
          connectionsPerHost: settings.connectionsPerHost, caFile: settings.caFile, proxy: settings.proxy,
          clientCertificate: settings.clientCertificate, clientKey: settings.clientKey,
          userAgent: settings.userAgent))
    } catch {
      throw CurlTransport.translated(error)
    }
  }

  /// Sends a request and gathers the whole answer.
  public func send(_ request: WebRequest) async throws(TransportFailure) -> WebResponse {
    do throws(HTTPFailure) {
      let response = try await client.send(CurlTransport.translated(request))
      let body = try await response.body.collect()
      return WebResponse(
        status: response.status, headers: response.headers.map { WebHeader($0.name, $0.value) }, body: body,
        timing: response.body.timing.map { WebTiming($0, version: response.version) })
    } catch {
      throw CurlTransport.translated(error)
    }
  }

  /// Ends all requests, which fail as cancelled; returns when nothing runs any more.
  public func close() async {
    await client.close()
  }

  private static func translated(_ request: WebRequest) -> HTTPRequest {
    HTTPRequest(
      method: request.method, url: request.url,
      headers: request.headers.map { HTTPHeader($0.name, $0.value) }, body: request.body,
      timeouts: HTTPTimeouts(
        connect: min(connectSeconds, request.timeout), total: request.timeout,
        stall: min(stallSeconds, request.timeout)), maxBodyBytes: request.maxBodyBytes)
  }

  private static func translated(_ failure: HTTPFailure) -> TransportFailure {
    let kind: TransportFailure.Kind =
      switch failure.kind {
      case .badRequest: .badRequest
      case .unresolved, .refused, .connectTimedOut: .unreachable
      case .timedOut, .stalled: .timedOut
      case .certificate: .certificate
      case .disconnected: .disconnected
      case .tooLarge: .tooLarge
      // Whoever closed the transport wants no more requests, and no repetitions of those under way.
      case .cancelled, .closed: .cancelled
      case .unreadable, .other: .other
      }
    return TransportFailure(
      reach: failure.reach == .neverSent ? .neverSent : .maybeReceived, kind: kind, what: failure.what)
  }
}

extension WebTiming {
  /// What libcurl tells.
  fileprivate init(_ timing: HTTPTiming, version: String) {
    self.init(
      lookup: timing.lookup, connect: timing.connect, tls: timing.tls, send: timing.send, wait: timing.wait,
      receive: timing.receive, bytesOnWire: timing.bytesOnWire, remoteAddress: timing.remoteAddress,
      version: version, isRepeated: timing.isRepeated)
  }
}
