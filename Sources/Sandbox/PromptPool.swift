import FlyingSocks
import Foundation

/// Lets sockets send at once what they are given.
///
/// The server writes an answer's head and its body one after the other; without this the kernel holds a short body
/// back until the other side has confirmed the head, up to 40 ms for each request.
struct PromptPool: AsyncSocketPool {
  private let pool: any AsyncSocketPool

  init(_ pool: any AsyncSocketPool) {
    self.pool = pool
  }

  func prepare() async throws {
    try await pool.prepare()
  }

  func run() async throws {
    try await pool.run()
  }

  /// Every socket waits here before its first request, the listening one too, from which the others inherit.
  func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
    try? socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
    try await pool.suspendSocket(socket, untilReadyFor: events)
  }
}
