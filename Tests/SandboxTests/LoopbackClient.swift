import Foundation

/// One connection to a server on 127.0.0.1, on a raw socket, so that a test decides every byte.
///
/// Reading and writing happen on a thread of their own: the server needs those that tests run on.
final class LoopbackClient: Sendable {
  private let socket: Int32

  /// An answer as it came.
  struct Answer: Sendable {
    let status: Int
    /// By names in small letters.
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
  }

  struct Trouble: Error, Equatable {
    enum Kind { case refused, closed, unreadable }
    let kind: Kind
  }

  init(port: Int) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else {
      close(socket)
      throw Trouble(kind: .refused)
    }
    // A server that does not answer ends a test, not the run.
    var longest = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &longest, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit {
    close(socket)
  }

  /// Sends a request with its length and reads the answer.
  func send(
    _ method: String, _ target: String, headers: [String] = [], body: [UInt8] = []
  ) async throws -> Answer {
    var head = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    for header in headers { head += header + "\r\n" }
    if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
    return try await send(raw: Array((head + "\r\n").utf8) + body, hasBody: method != "HEAD")
  }

  /// Sends bytes as they are and reads the answer.
  func send(raw bytes: [UInt8], hasBody: Bool = true) async throws -> Answer {
    try await onThread {
      try self.write(bytes)
      return try self.readAnswer(hasBody: hasBody)
    }
  }

  /// Waits for the server to close.
  func end() async throws -> Bool {
    try await onThread { try self.read(atMost: 1).isEmpty }
  }

  private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value
  {
    try await withCheckedThrowingContinuation { continuation in
      Thread { continuation.resume(with: Result(catching: work)) }.start()
    }
  }

  private func write(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { throw Trouble(kind: .closed) }
      rest = rest.dropFirst(sent)
    }
  }

  private func read(atMost count: Int) throws -> [UInt8] {
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = max(recv(socket, buffer.baseAddress, count, 0), 0)
    }
    return bytes
  }

  private func readAnswer(hasBody: Bool) throws -> Answer {
    var bytes: [UInt8] = []
    let end = Array("\r\n\r\n".utf8)
    while !bytes.suffix(4).elementsEqual(end) {
      let byte = try read(atMost: 1)
      guard !byte.isEmpty else { throw Trouble(kind: .closed) }
      bytes += byte
    }
    let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() where !line.isEmpty {
      let colon = line.firstIndex(of: ":") ?? line.endIndex
      headers[line[..<colon].lowercased()] =
        line[colon...].dropFirst().trimmingCharacters(in: .whitespaces)
    }
    let parts = lines[0].split(separator: " ")
    guard parts.count > 1, let status = Int(parts[1]),
      let length = headers["content-length"].flatMap(Int.init)
    else { throw Trouble(kind: .unreadable) }
    var body: [UInt8] = []
    while hasBody, body.count < length {
      let piece = try read(atMost: min(length - body.count, 1 << 16))
      guard !piece.isEmpty else { throw Trouble(kind: .closed) }
      body += piece
    }
    return Answer(status: status, headers: headers, body: body)
  }
}
