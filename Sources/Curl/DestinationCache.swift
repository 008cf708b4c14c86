/// Remembers what the last address began with and where that leads, because the next one mostly leads there
/// too, and reading an address is the dearest part of checking a request.
final class DestinationCache: Sendable {
  private struct Entry: Sendable {
    /// Scheme, host and port, as they were written.
    var start: [UInt8]
    var destination: Destination
  }

  private let last = Guarded<Entry?>(nil)

  /// Where an address leads. What is not plain is read by libcurl's parser every time.
  func destination(of url: String) throws(HTTPFailure) -> Destination {
    var url = url
    let (length, known) = url.withUTF8 { bytes -> (Int?, Destination?) in
      guard let length = Self.startLength(bytes) else { return (nil, nil) }
      let known = last.withLock { last in
        last.flatMap { $0.start.elementsEqual(bytes[..<length]) ? $0.destination : nil }
      }
      return (length, known)
    }
    if let known { return known }
    let destination = try Destination(url)
    if let length {
      last.withLock { $0 = Entry(start: Array(url.utf8.prefix(length)), destination: destination) }
    }
    return destination
  }

  /// How many bytes stand before the path, the query or the fragment of a plain address: one that begins with
  /// `https://` or `http://` and a host without a user, and whose bytes are all visible ASCII but the
  /// backslash. Nothing behind them can change which host they name (RFC 3986, section 3.2), and libcurl
  /// reads them so. Nil for other addresses.
  static func startLength(_ url: UnsafeBufferPointer<UInt8>) -> Int? {
    let scheme = url.starts(with: "https://".utf8) ? 8 : url.starts(with: "http://".utf8) ? 7 : 0
    guard scheme > 0 else { return nil }
    var end = url.count
    var index = scheme
    while index < url.count {
      switch url[index] {
      case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): end = min(end, index)
      case UInt8(ascii: "@") where index < end, UInt8(ascii: "\\"), 0...0x20, 0x7f...: return nil
      default: break
      }
      index += 1
    }
    // libcurl reads over a third slash.
    return end > scheme ? end : nil
  }
}
