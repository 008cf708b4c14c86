import Bitrix24Simulator
import ConnectorConformance
import WebAPI

/// A network whose answers take as long as the portal says that it worked, and a little for the way.
final class WorkingTransport: WebTransport {
  /// Seconds of the way there and back.
  static let way = 0.1

  private let network: SimulatedTransport<Bitrix24Server>
  private let clock: VirtualClock

  init(_ network: SimulatedTransport<Bitrix24Server>, clock: VirtualClock) {
    self.network = network
    self.clock = clock
  }

  func send(_ request: WebRequest) async throws(TransportFailure) -> WebResponse {
    let response = try await network.send(request)
    let worked = (try? JSONValue.parse(response.body))?["time"]["duration"].number ?? 0
    clock.advance(worked + Self.way)
    return response
  }
}
