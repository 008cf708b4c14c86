import Foundation

@testable import Curl

/// A server on a loopback port of its own that does to each connection what the test says.
final class RawServer: Sendable {
  /// How many connections there were.
  struct Count: Sendable {
    var accepted = 0
    var open = 0
    var mostOpen = 0
  }

  private struct State {
    var count = Count()
    var descriptors: Set<Int32> = []
    var isStopped = false
  }

  let port: Int
  private let listener: Int32
  private let state = Guarded(State())

  var count: Count { state.withLock { $0.count } }
  var url: String { isVersion6 ? "http://[::1]:\(port)" : "http://127.0.0.1:\(port)" }
  private let isVersion6: Bool

  /// Serves each connection on a thread with `serve`, which also gets the connection's number from 1 on. The
  /// connection ends when `serve` returns. `isVersion6` listens on `::1` instead of `127.0.0.1`.
  init(isVersion6: Bool = false, _ serve: @escaping @Sendable (RawConnection, Int) -> Void) throws {
    let listener = socket(isVersion6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    self.isVersion6 = isVersion6
    if isVersion6 {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_addr = in6addr_loopback
      try Self.listen(listener, &address)
      port = Int(UInt16(bigEndian: address.sin6_port))
    } else {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      try Self.listen(listener, &address)
      port = Int(UInt16(bigEndian: address.sin_port))
    }
    Thread.detachNewThread { [self] in acceptAll(serve) }
  }

  /// Listens on an address and writes into it which port that became.
  private static func listen<Address>(_ listener: Int32, _ address: inout Address) throws {
    var length = socklen_t(MemoryLayout<Address>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        bind(listener, raw, length) + Foundation.listen(listener, 256) + getsockname(listener, raw, &length)
      }
    }
    guard result == 0 else { throw POSIXError(.EADDRINUSE) }
  }

  /// Answers every request of every connection by `answer`.
  static func answering(
    _ answer: @escaping @Sendable (RawRequest, RawConnection) -> Void
  ) throws -> RawServer {
    try RawServer { connection, _ in
      while let request = connection.readRequest() { answer(request, connection) }
    }
  }

  /// Reads one request of each connection, says so, and never answers.
  static func silent(_ received: Event) throws -> RawServer {
    try RawServer { connection, _ in
      _ = connection.readRequest()
      received.happen()
      connection.waitForEnd()
    }
  }

  /// Ends all connections and closes the port.
  func stop() {
    state.withLock { state in
      state.isStopped = true
      for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func acceptAll(_ serve: @escaping @Sendable (RawConnection, Int) -> Void) {
    while true {
      let descriptor = accept(listener, nil, nil)
      guard descriptor >= 0 else { break }
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      var on: Int32 = 1
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
      let number = state.withLock { state -> Int? in
        guard !state.isStopped else { return nil }
        state.descriptors.insert(descriptor)
        state.count.accepted += 1
        state.count.open += 1
        state.count.mostOpen = max(state.count.mostOpen, state.count.open)
        return state.count.accepted
      }
      guard let number else {
        close(descriptor)
        break
      }
      Thread.detachNewThread { [self] in
        let connection = RawConnection(descriptor)
        serve(connection, number)
        connection.end()
        state.withLock { state in
          state.descriptors.remove(descriptor)
          state.count.open -= 1
          close(descriptor)
        }
      }
    }
    close(listener)
  }
}
