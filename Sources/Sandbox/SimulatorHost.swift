import FlyingFox
import FlyingSocks
import Foundation
import Platform
import Scoring

/// Serves a simulator over HTTP on 127.0.0.1, one request at a time.
///
/// Answers with `Content-Length`, keeps connections open, reads bodies of up to 16 MiB. A header field that a
/// request bears twice reaches the simulator once, with its last value.
public actor SimulatorHost {
  private let room: SimulatorRoom
  private let wantedPort: Int
  private var running: Running?

  private struct Running {
    let server: HTTPServer
    /// Ends with the server; why it did.
    let task: Task<String?, Never>
    let port: Int
  }

  /// A host that does not listen yet.
  ///
  /// - Parameters:
  ///   - simulator: What answers.
  ///   - port: Where; 0 for any port that is free.
  ///   - hands: Answers requests below `/_sandbox/`, which the simulator never sees; nil if it shall see them.
  ///   - clock: The platform's clock, asked once for each request.
  public init(
    _ simulator: consuming any Simulator, port: Int = 0, hands: SandboxHands? = nil,
    clock: @escaping @Sendable () -> Timestamp
  ) {
    room = SimulatorRoom(simulator, hands: hands, clock: clock)
    wantedPort = port
  }

  /// Listens from now on; does nothing if it does already.
  ///
  /// - Returns: The port.
  @discardableResult
  public func start() async throws(SimulatorHostFailure) -> Int {
    if let running { return running.port }
    let server: HTTPServer
    do {
      guard let port = UInt16(exactly: wantedPort) else { throw SocketError.unsupportedAddress }
      server = HTTPServer(
        config: HTTPServer.Configuration(
          address: try .inet(ip4: "127.0.0.1", port: port), timeout: Self.longestAnswer,
          sharedRequestBufferSize: Self.pieceBytes, sharedRequestReplaySize: Self.pieceBytes,
          pool: PromptPool(HTTPServer.defaultPool()), logger: .disabled),
        handler: SimulatorHandler(room: room))
    } catch {
      throw SimulatorHostFailure(port: wantedPort, reason: "there is no such port")
    }
    let listening = Task { try await server.waitUntilListening(timeout: Self.longestStart) }
    let task = Task { () -> String? in
      do {
        try await server.run()
        return nil
      } catch {
        listening.cancel()
        if case SocketError.failed(_, _, let message) = error { return message }
        return error.localizedDescription
      }
    }
    guard case .success = await listening.result, let port = Self.port(await server.listeningAddress) else {
      await server.stop()
      throw SimulatorHostFailure(port: wantedPort, reason: await task.value ?? "the server ended")
    }
    running = Running(server: server, task: task, port: port)
    return port
  }

  /// Closes the port and all connections, and returns when that is done; does nothing if it is.
  public func stop() async {
    guard let running else { return }
    self.running = nil
    await running.server.stop()
    _ = await running.task.value
  }

  /// The simulator, between two requests; nobody is answered meanwhile.
  public nonisolated func withSimulator<Result: Sendable, Failure: Error>(
    _ body: (inout any Simulator) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try room.withSimulator(body)
  }

  /// How many requests came; those below `/_sandbox/` that the hands answer are not counted.
  public nonisolated var requests: RequestCount { room.requests }

  /// Closes the connection of each of the next requests without an answer.
  ///
  /// - Parameter afterActing: Whether the simulator still does what the request asks for, as if only the answer
  ///   had been lost; otherwise it never sees the request.
  public nonisolated func dropNext(_ count: Int, afterActing: Bool) {
    room.dropNext(count, afterActing: afterActing)
  }

  /// Dies at one of the changing requests, counted from 1 since the host was made: it is acted on, but neither it
  /// nor any later request is answered.
  public nonisolated func die(atChange number: Int) {
    room.die(atChange: number)
  }

  /// Seconds; a debugger or a very slow machine shall not make the server give up on a simulator.
  private static let longestAnswer: Double = 3_600
  private static let longestStart: Double = 60
  private static let pieceBytes = 1 << 16

  private static func port(_ address: Socket.Address?) -> Int? {
    switch address {
    case .ip4(_, let port), .ip6(_, let port): return Int(port)
    default: return nil
    }
  }
}
