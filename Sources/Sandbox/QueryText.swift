import Platform

/// Reads a query as platforms do: pairs in the order in which they stand, `+` and `%20` are blanks.
enum QueryText {
  /// The pairs; what is no pair has an empty value, bytes that are no UTF-8 become U+FFFD.
  static func pairs(in query: String) -> [SimulatedPair] {
    query.utf8.split(separator: UInt8(ascii: "&")).map { piece in
      let name = piece.prefix { $0 != UInt8(ascii: "=") }
      return SimulatedPair(decoded(name), decoded(piece.dropFirst(name.count + 1)))
    }
  }

  private static func decoded(_ text: Substring.UTF8View.SubSequence) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var rest = text[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        if let value = hexadecimal(rest.prefix(2)) {
          bytes.append(value)
          rest = rest.dropFirst(2)
        } else {
          // A stray percent sign stands for itself.
          bytes.append(byte)
        }
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func hexadecimal(_ digits: Substring.UTF8View.SubSequence) -> UInt8? {
    guard digits.count == 2 else { return nil }
    var value: UInt8 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | (digit - 0x30)
      case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
        value = value << 4 | ((digit & 0x0F) + 9)
      default: return nil
      }
    }
    return value
  }
}
