/// The head of an answer.
struct HTTPHead: Sendable {
  var status: Int
  var version: String
  var headers: [HTTPHeader] = []
}

/// Puts the head of an answer together from the lines that libcurl hands over one by one.
struct HeadReader {
  private typealias Text = UnsafeBufferPointer<UInt8>

  /// The final head, once it is whole. Interim answers (1xx) are passed over.
  private(set) var whole: HTTPHead?
  private var status: (code: Int, version: String)?
  private var headers: [HTTPHeader] = []

  /// Takes one line with its line break. Lines after the whole head are trailers and are passed over.
  mutating func read(_ line: UnsafeBufferPointer<UInt8>) {
    guard whole == nil else { return }
    let text = Self.trimmed(line)
    if Self.isStatus(line) {
      status = Self.status(text)
      headers.removeAll(keepingCapacity: true)
    } else if text.isEmpty {
      // 101 is final: it was not asked for, and nothing of HTTP follows it.
      guard let status, status.code >= 200 || status.code == 101 else { return }
      whole = HTTPHead(status: status.code, version: status.version, headers: headers)
    } else if let first = line.first, Self.isBlank(first) {
      fold(text)
    } else if status != nil, let colon = text.firstIndex(of: UInt8(ascii: ":")) {
      let name = Self.trimmed(Text(rebasing: text[..<colon]))
      let value = Self.trimmed(Text(rebasing: text[(colon + 1)...]))
      headers.append(
        HTTPHeader(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
    }
  }

  /// Continues the value of the header before (the folding that RFC 9112, section 5.2, calls obsolete).
  private mutating func fold(_ text: UnsafeBufferPointer<UInt8>) {
    guard let last = headers.indices.last else { return }
    headers[last].value += " " + String(decoding: text, as: UTF8.self)
  }

  private static func isStatus(_ line: Text) -> Bool {
    line.count > 4 && line[0] == UInt8(ascii: "H") && line[1] == UInt8(ascii: "T")
      && line[2] == UInt8(ascii: "T") && line[3] == UInt8(ascii: "P") && line[4] == UInt8(ascii: "/")
  }

  /// Reads `HTTP/1.1 200 OK`. libcurl has already checked that it is a status line.
  private static func status(_ line: Text) -> (Int, String)? {
    guard let blank = line.firstIndex(of: UInt8(ascii: " ")) else { return nil }
    let digits = line[blank...].drop { $0 == UInt8(ascii: " ") }.prefix { $0 != UInt8(ascii: " ") }
    guard !digits.isEmpty, digits.count < 10 else { return nil }
    var code = 0
    for digit in digits {
      guard digit &- 0x30 < 10 else { return nil }
      code = code * 10 + Int(digit &- 0x30)
    }
    return (code, String(decoding: line[5..<blank], as: UTF8.self))
  }

  private static func trimmed(_ text: Text) -> Text {
    var (start, end) = (0, text.count)
    while start < end, isBlank(text[start]) { start += 1 }
    while start < end, isBlank(text[end - 1]) { end -= 1 }
    return Text(rebasing: text[start..<end])
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a
  }
}
