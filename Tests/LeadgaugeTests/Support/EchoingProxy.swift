import Foundation
import Synchronization
import Testing

/// A proxy that refuses every request, and shows what it was sent.
final class EchoingProxy: Sendable {
  let port: UInt16
  private let socket: Int32
  private let seen = Mutex<[String]>([])
  private let hasEnded = DispatchSemaphore(value: 0)

  /// The heads of all requests so far.
  var heads: [String] { seen.withLock { $0 } }

  /// Listens until `stop`.
  init() throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listening = socket
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listening, $0, length) == 0 && listen(listening, 16) == 0
          && getsockname(listening, $0, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    try #require(isListening)
    Thread.detachNewThread { [self] in
      serve()
      hasEnded.signal()
    }
  }

  /// Ends it, and waits until nothing of it runs any more.
  func stop() {
    shutdown(socket, Int32(SHUT_RDWR))
    hasEnded.wait()
    close(socket)
  }

  private func serve() {
    while true {
      let connection = accept(socket, nil, nil)
      guard connection >= 0 else { return }
      answer(connection)
      close(connection)
    }
  }

  private func answer(_ connection: Int32) {
    var head: [UInt8] = []
    var byte: UInt8 = 0
    while !head.suffix(4).elementsEqual("\r\n\r\n".utf8), read(connection, &byte, 1) == 1 {
      head.append(byte)
    }
    let text = String(decoding: head, as: UTF8.self)
    seen.withLock { $0.append(text) }
    let line = text.split(separator: "\r\n").joined(separator: "; ")
    let body = "<html><p>No: \(line)</p></html>"
    let answer = """
      HTTP/1.1 407 Not for \(line)\r
      Proxy-Authenticate: Basic realm="\(line)"\r
      X-Echo: \(line)\r
      Content-Length: \(body.utf8.count)\r
      Connection: close\r
      \r
      \(body)
      """
    _ = Array(answer.utf8).withUnsafeBytes {
      send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
  }
}
