/// Reads the backslashes in a JSON text.
enum JSONEscapes {
  private static let replacement: Unicode.Scalar = "\u{FFFD}"

  /// The byte after the escape that begins here; what ended a run otherwise is a failure.
  static func end(_ bytes: Span<UInt8>, at place: Int) throws(JSONFailure) -> Int {
    guard place < bytes.count else { throw unfinished(bytes) }
    guard bytes[place] == UInt8(ascii: "\\") else {
      throw JSONFailure(offset: place, what: "a control character within a text")
    }
    let next = place + 1
    guard next < bytes.count else { throw unfinished(bytes) }
    switch bytes[next] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return next + 1
    case UInt8(ascii: "u"):
      for index in (next + 1)..<(next + 5) {
        guard index < bytes.count, Hexadecimal.value(bytes[index]) != nil else {
          throw JSONFailure(offset: index, what: "\\u wants four hexadecimal digits")
        }
      }
      return next + 5
    default:
      throw JSONFailure(offset: next, what: "an unknown escape")
    }
  }

  private static func unfinished(_ bytes: Span<UInt8>) -> JSONFailure {
    JSONFailure(offset: bytes.count, what: "the text ends within quotation marks")
  }

  /// The text's bytes, escapes resolved; half of a surrogate pair alone becomes U+FFFD. The grammar has been
  /// checked before.
  static func resolve(_ raw: Span<UInt8>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(raw.count)
    var at = 0
    while at < raw.count {
      let byte = raw[at]
      guard byte == UInt8(ascii: "\\"), at + 1 < raw.count else {
        out.append(byte)
        at += 1
        continue
      }
      let escape = raw[at + 1]
      at += 2
      guard escape == UInt8(ascii: "u") else {
        out.append(plain(escape))
        continue
      }
      let unit = unit(in: raw, at: at)
      at += 4
      var scalar = Unicode.Scalar(unit) ?? replacement
      if (0xD800..<0xDC00).contains(unit), at + 6 <= raw.count, raw[at] == UInt8(ascii: "\\"),
        raw[at + 1] == UInt8(ascii: "u")
      {
        let low = self.unit(in: raw, at: at + 2)
        if (0xDC00..<0xE000).contains(low) {
          scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? replacement
          at += 6
        }
      }
      out += Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
    return out
  }

  private static func plain(_ escape: UInt8) -> UInt8 {
    switch escape {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: escape
    }
  }

  /// The number in four hexadecimal digits; there are always four, for the grammar has been checked.
  private static func unit(in raw: Span<UInt8>, at start: Int) -> UInt32 {
    var unit: UInt32 = 0
    for place in start..<min(start + 4, raw.count) {
      unit = unit << 4 | UInt32(Hexadecimal.value(raw[place]) ?? 0)
    }
    return unit
  }
}
