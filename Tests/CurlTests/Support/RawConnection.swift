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

  /// Makes the end of this connection a reset instead of an orderly close.
  func endWithReset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
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
