/// The head of an answer.
struct HTTPHead: Sendable {
  var status: Int
  var version: String
  var headers: [HTTPHeader] = []
}

/// Puts the head of an answer together from the lines that libcurl hands over one by one.
struct HeadReader {
  /// The final head, once it is whole. Interim answers (1xx) are passed over.
  private(set) var whole: HTTPHead?
  private var current: HTTPHead?

  /// Takes one line with its line break. Lines after the whole head are trailers and are passed over.
  mutating func read(_ line: UnsafeBufferPointer<UInt8>) {
    guard whole == nil else { return }
    let text = Self.trimmed(line[...])
    if line.starts(with: "HTTP/".utf8) {
      current = Self.status(text)
    } else if text.isEmpty {
      // 101 is final: it was not asked for, and nothing of HTTP follows it.
      if let current, current.status >= 200 || current.status == 101 { whole = current }
    } else if let first = line.first, Self.isBlank(first) {
      fold(text)
    } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
      let value = Self.trimmed(text[(colon + 1)...])
      current?.headers.append(
        HTTPHeader(
          String(decoding: Self.trimmed(text[..<colon]), as: UTF8.self),
          String(decoding: value, as: UTF8.self)))
    }
  }

  /// Continues the value of the header before (the folding that RFC 9112, section 5.2, calls obsolete).
  private mutating func fold(_ text: Slice<UnsafeBufferPointer<UInt8>>) {
    guard var head = current, let last = head.headers.indices.last else { return }
    head.headers[last].value += " " + String(decoding: text, as: UTF8.self)
    current = head
  }

  /// Reads `HTTP/1.1 200 OK`. libcurl has already checked that it is a status line.
  private static func status(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> HTTPHead? {
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
    guard words.count >= 2, let status = Int(String(decoding: words[1], as: UTF8.self)) else { return nil }
    return HTTPHead(status: status, version: String(decoding: words[0].dropFirst(5), as: UTF8.self))
  }

  private static func trimmed(
    _ text: Slice<UnsafeBufferPointer<UInt8>>
  ) -> Slice<UnsafeBufferPointer<UInt8>> {
    var rest = text
    while let first = rest.first, isBlank(first) { rest = rest.dropFirst() }
    while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
    return rest
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a
  }
}
