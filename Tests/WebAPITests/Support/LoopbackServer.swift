import Curl
import Foundation
import Glibc

/// A real server on a free port of this machine: answers the n-th connection with the n-th script, and then
/// closes it.
final class LoopbackServer: Sendable {
  /// What is done with one connection after its request has been read.
  enum Script: Sendable {
    /// Sends these bytes and closes.
    case answer(String)
    /// Keeps the connection open without a word until the server is stopped.
    case silence
  }

  private struct State {
    var requests: [String] = []
    var silent: [Int32] = []
    /// A closed socket's number soon belongs to another.
    var isClosed = false
  }

  let port: Int
  private let listener: Int32
  private let scripts: [Script]
  private let state = Guarded(State())
  /// Opened as soon as a connection has been met with silence.
  let silenceBegan = Latch()
  /// Opened when all scripts are done and the port refuses connections.
  let ended = Latch()

  init(_ scripts: [Script]) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.scripts = scripts
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, size) == 0 && listen(listener, 16) == 0
          && getsockname(listener, address, &size) == 0
      }
    }
    guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in serve() }
  }

  var url: String { "http://127.0.0.1:\(port)" }

  /// The requests so far, head and body.
  var requests: [String] {
    state.withLock { $0.requests }
  }

  /// Closes what is still open, once no more connections are expected.
  func stop() async {
    state.withLock { if !$0.isClosed { shutdown(listener, Int32(SHUT_RDWR)) } }
    _ = await ended.wait()
    for connection in state.withLock({ $0.silent }) { close(connection) }
  }

  private func serve() {
    for script in scripts {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { break }
      let request = read(connection)
      state.withLock { $0.requests.append(request) }
      switch script {
      case .answer(let text):
        let bytes = Array(text.utf8)
        send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        close(connection)
      case .silence:
        state.withLock { $0.silent.append(connection) }
        silenceBegan.open()
      }
    }
    state.withLock { state in
      close(listener)
      state.isClosed = true
    }
    ended.open()
  }

  /// One request: its head, and as much body as `Content-Length` tells.
  private func read(_ connection: Int32) -> String {
    var request = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      if let end = request.range(of: "\r\n\r\n") {
        let head = request[..<end.lowerBound].lowercased()
        let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
          .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
        if request[end.upperBound...].utf8.count >= length ?? 0 { return request }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return request }
      request += String(decoding: buffer[..<count], as: UTF8.self)
    }
  }
}
