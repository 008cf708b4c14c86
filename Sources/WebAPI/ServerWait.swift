/// How long a platform asks to be left alone.
enum ServerWait {
  /// Seconds from now, from `Retry-After` (seconds or a date, RFC 9110, section 10.2.3) or, on a 429, from
  /// the header that tells the limit's reset in Unix seconds; nil if the answer says nothing that is
  /// understood. A time that has passed is 0.
  static func seconds(asked response: WebResponse, resetHeader: String?, now: Double) -> Double? {
    // Times are meant by the server's clock, which its answer tells.
    let serverNow = response.header("Date").flatMap { HTTPDate.parse($0) } ?? now
    if let text = response.header("Retry-After") {
      if let seconds = plainNumber(text) { return seconds }
      if let date = HTTPDate.parse(text) { return max(0, date - serverNow) }
    }
    if response.status == 429, let resetHeader, let text = response.header(resetHeader),
      let reset = plainNumber(text)
    {
      return max(0, reset - serverNow)
    }
    return nil
  }

  /// A number of seconds for a message.
  static func text(_ seconds: Double) -> String {
    let whole = seconds.rounded(.up)
    return abs(whole) < 1e15 ? "\(Int(whole)) s" : "\(whole) s"
  }

  /// Digits, with a fraction if need be; no sign.
  private static func plainNumber(_ text: String) -> Double? {
    let bytes = Array(text.utf8).trimmingSpaces()
    guard let first = bytes.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
      let number = JSONNumber.double(bytes)
    else { return nil }
    return number
  }
}

extension [UInt8] {
  fileprivate func trimmingSpaces() -> ArraySlice<UInt8> {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    guard let from = firstIndex(where: { !isSpace($0) }), let to = lastIndex(where: { !isSpace($0) }) else {
      return []
    }
    return self[from...to]
  }
}
