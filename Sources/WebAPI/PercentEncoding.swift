/// Percent-encoding of URL parts (RFC 3986).
enum PercentEncoding {
  /// Everything but the unreserved characters is encoded: `[` and `]` too, a space as `%20`.
  static func encode(_ text: String) -> String {
    encode(text.utf8, keeping: isUnreserved)
  }

  /// `a=1&b=2`, both sides encoded: fit for a query and for a form's body.
  static func encode(_ pairs: [(String, String)]) -> String {
    pairs.map { "\(encode($0.0))=\(encode($0.1))" }.joined(separator: "&")
  }

  /// Encodes only what must not stand in a path or query; what is encoded already stays as it is.
  static func repair(path: String) -> String {
    encode(path.utf8) { isUnreserved($0) || isReserved($0) || $0 == UInt8(ascii: "%") }
  }

  private static func encode(_ bytes: String.UTF8View, keeping isKept: (UInt8) -> Bool) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count + 16)
    for byte in bytes {
      if isKept(byte) {
        out.append(byte)
      } else {
        out.append(UInt8(ascii: "%"))
        out.append(Hexadecimal.digit(byte >> 4))
        out.append(Hexadecimal.digit(byte & 15))
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static func isReserved(_ byte: UInt8) -> Bool {
    "/?:@!$&'()*+,;=".utf8.contains(byte)
  }
}
