import Foundation

/// A request as the test server read it.
struct RawRequest: Sendable {
  var method: String
  var target: String
  /// All lines between the request line and the empty line.
  var headerLines: [String]
  var body: [UInt8]

  func header(_ name: String) -> String? {
    let prefix = name.lowercased() + ":"
    return headerLines.first { $0.lowercased().hasPrefix(prefix) }
      .map { $0.dropFirst(prefix.count).trimmingCharacters(in: .whitespaces) }
  }
}

/// One accepted connection, used by one thread.
final class RawConnection {
  private let descriptor: Int32
  private var pending: [UInt8] = []
  private var isReset = false

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Reads a whole HTTP/1.1 request; nil when the client closed.
  func readRequest() -> RawRequest? {
    guard let head = readThrough([13, 10, 13, 10]) else { return nil }
    let lines = String(decoding: head.dropLast(4), as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    var request = RawRequest(
      method: String(words[0]), target: String(words[1]), headerLines: Array(lines.dropFirst()), body: [])
    if let length = request.header("Content-Length").flatMap({ Int($0) }) {
      guard let body = read(length) else { return nil }
      request.body = body
    }
    return request
  }

  /// Exactly so many bytes; nil when the client closed before.
  func read(_ count: Int) -> [UInt8]? {
    while pending.count < count {
      guard receive() else { return nil }
    }
    defer { pending.removeFirst(count) }
    return Array(pending.prefix(count))
  }

  /// Blocks until the client closes or resets the connection.
  func waitForEnd() {
    while receive() { pending = [] }
  }

  /// Sends all bytes; false when the client is gone.
  @discardableResult
  func write(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { rest in
        send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  func write(_ text: String) -> Bool {
    write(Array(text.utf8))
  }

  /// Sends a whole answer with its length.
  @discardableResult
  func answer(_ status: String = "200 OK", headers: [String] = [], _ body: [UInt8] = []) -> Bool {
    let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.count)"] + headers
    return write(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
  }

  /// Passes all bytes on to a port of this machine, and back, until one side ends.
  func relay(to port: Int) {
    let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(other) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        connect(other, raw, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { return }
    let far = RawConnection(other)
    while true {
      var both = [descriptor, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&both, 2, -1) > 0 else { return }
      for (entry, source, sink) in [(both[0], self, far), (both[1], far, self)] where entry.revents != 0 {
        guard source.receive(), sink.write(source.pending) else { return }
        source.pending = []
      }
    }
  }

  /// Makes the end of this connection a reset instead of an orderly close.
  func endWithReset() {
    isReset = true
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
  }

  /// Ends the connection for the client, also where a child process of the tests has inherited it, which a mere
  /// close would leave open.
  func end() {
    if !isReset { shutdown(descriptor, Int32(SHUT_RDWR)) }
  }

  private func readThrough(_ mark: [UInt8]) -> [UInt8]? {
    var searched = 0
    while true {
      if pending.count >= mark.count {
        for start in max(searched - mark.count, 0)...(pending.count - mark.count)
        where pending[start..<(start + mark.count)].elementsEqual(mark) {
          return read(start + mark.count)
        }
      }
      searched = pending.count
      guard receive() else { return nil }
    }
  }

  private func receive() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 16 * 1024)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count > 0 else { return false }
    pending.append(contentsOf: chunk[..<count])
    return true
  }
}
