/// How long a platform asks to be left alone.
package enum ServerWait {
  /// Seconds from now, from `Retry-After` (seconds or a date, RFC 9110, section 10.2.3; some platforms write
  /// `525 seconds`) or, on a 429, from the header that tells the limit's reset, in Unix seconds or in seconds
  /// from now, or from a member of the body; nil if the answer says nothing that is understood. A time that has
  /// passed is 0.
  package static func seconds(
    asked response: WebResponse, resetHeader: String?, member: [String]? = nil, now: Double
  ) -> Double? {
    // Times are meant by the server's clock, which its answer tells.
    let serverNow = response.header("Date").flatMap { HTTPDate.parse($0) } ?? now
    if let text = response.header("Retry-After") {
      if let seconds = leadingNumber(text) { return seconds }
      if let date = HTTPDate.parse(text) { return max(0, date - serverNow) }
    }
    if response.status == 429, let resetHeader, let text = response.header(resetHeader),
      let reset = leadingNumber(text)
    {
      // Nobody asks to wait for thirty years: a number so large is a moment.
      return reset < 1e9 ? reset : max(0, reset - serverNow)
    }
    guard let member, let body = try? JSONValue.parse(response.body) else { return nil }
    return member.reduce(body) { $0[$1] }.text.flatMap { leadingNumber($0) }
  }

  /// A number of seconds for a message.
  static func text(_ seconds: Double) -> String {
    let whole = seconds.rounded(.up)
    return abs(whole) < 1e15 ? "\(Int(whole)) s" : "\(whole) s"
  }

  /// The number at the beginning of a text, if at most words follow: `525`, `1.5`, `525 seconds`. No sign, no
  /// exponent, and no date.
  static func leadingNumber(_ text: String) -> Double? {
    let bytes = text.utf8.drop { $0 == 0x20 || $0 == 0x09 }
    if let number = plainNumber(text) { return number }
    let digits = bytes.prefix {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".")
    }
    guard let first = digits.first, first != UInt8(ascii: "."),
      let number = JSONNumber.double(Array(digits)[...])
    else { return nil }
    let rest = bytes.dropFirst(digits.count)
    guard let next = rest.first(where: { $0 != 0x20 && $0 != 0x09 }) else { return number }
    let isWord = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(next | 0x20)
    return isWord && rest.first != next && !rest.contains { (0x30...0x39).contains($0) } ? number : nil
  }

  /// A whole text that is a number, without a sign.
  private static func plainNumber(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    guard let from = bytes.firstIndex(where: { $0 != 0x20 && $0 != 0x09 }),
      let to = bytes.lastIndex(where: { $0 != 0x20 && $0 != 0x09 }),
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[from])
    else { return nil }
    return JSONNumber.double(bytes[from...to])
  }
}
