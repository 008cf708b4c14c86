import Glibc

/// One request as the server understands it.
struct LossyRequest {
  let method: String
  let contact: Int
  /// What it wants the contact to hold; nil for one that reads.
  let value: Int?

  init?(head: Substring, body: Substring) {
    let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
    guard words.count == 3 else { return nil }
    let parts = words[1].split(separator: "/")
    guard parts.count >= 2, parts[0] == "contacts", let contact = Int(parts[1]) else { return nil }
    method = String(words[0])
    self.contact = contact
    value = method == "GET" ? nil : Int(body.filter { $0.isNumber })
  }
}

/// The server's end of one connection. Blocks its thread.
struct LossyConnection {
  let descriptor: Int32
  private var buffer: [UInt8] = []

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// The next request; nil when there is none any more, or when it is not one that the server knows.
  mutating func read() -> LossyRequest? {
    while true {
      if let request = takeRequest() { return request }
      var piece = [UInt8](repeating: 0, count: 4096)
      let count = recv(descriptor, &piece, piece.count, 0)
      guard count > 0 else { return nil }
      buffer += piece[..<count]
    }
  }

  /// Sends as much as the other side takes.
  func send(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// Ends the connection; with a reset the other side gets RST instead of FIN.
  func close(withReset isReset: Bool) {
    if isReset {
      var now = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    }
    Glibc.close(descriptor)
  }

  private mutating func takeRequest() -> LossyRequest? {
    let text = String(decoding: buffer, as: UTF8.self)
    guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
    let head = text[..<end.lowerBound]
    let length =
      head.split(separator: "\r\n").lazy.map { $0.lowercased() }
      .first { $0.hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst("content-length:".count).filter { $0.isNumber }) } ?? 0
    let body = text[end.upperBound...]
    guard body.utf8.count >= length else { return nil }
    buffer.removeAll(keepingCapacity: true)
    return LossyRequest(head: head, body: body)
  }
}

/// What the server answers, whole or in part.
struct LossyAnswer {
  private let head: [UInt8]
  private let body: [UInt8]

  /// Every other contact's answer comes in chunks, since a lost end looks different there.
  init(to request: LossyRequest, _ value: Int?, isBusy: Bool) {
    let filling = String(repeating: "x", count: 200)
    let text =
      #"{"id":\#(request.contact),"score":\#(value.map { "\($0)" } ?? "null"),"filling":"\#(filling)"}"#
    let isChunked = request.contact % 2 == 1
    let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(text.utf8.count)"
    let status = isBusy ? "503 Service Unavailable" : "200 OK"
    head = Array("HTTP/1.1 \(status)\r\nContent-Type: application/json\r\n\(framing)\r\n\r\n".utf8)
    body = Array((isChunked ? "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n0\r\n\r\n" : text).utf8)
  }

  /// As much of it as is sent before that fate.
  func part(_ fate: Fate, _ draw: inout Draw) -> [UInt8] {
    switch fate {
    case .answered, .doneThenBusy, .brokenAfterwards: head + body
    case .unheard, .lostBeforeAnswer, .doneLate: []
    case .lostInHead: Array(head.prefix(1 + draw.below(head.count - 1)))
    case .lostInBody: head + body.prefix(draw.below(body.count))
    }
  }
}
