import Synchronization
import WebAPI

/// The network, started when the first request leaves: who reads files alone needs none.
final class LazyTransport: WebTransport {
  private let settings: TransportSettings
  private let started = Mutex<CurlTransport?>(nil)

  init(_ settings: TransportSettings = TransportSettings()) {
    self.settings = settings
  }

  func send(_ request: WebRequest) async throws(TransportFailure) -> WebResponse {
    try await transport().send(request)
  }

  private func transport() throws(TransportFailure) -> CurlTransport {
    try started.withLock { (started) throws(TransportFailure) in
      if let started { return started }
      let transport = try CurlTransport(settings)
      started = transport
      return transport
    }
  }
}
