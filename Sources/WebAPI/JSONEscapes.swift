/// Reads the backslashes in a JSON text.
enum JSONEscapes {
  private static let replacement: Unicode.Scalar = "\u{FFFD}"

  /// The text's bytes, escapes resolved; half of a surrogate pair alone becomes U+FFFD. The grammar has been
  /// checked before.
  static func resolve(_ raw: ArraySlice<UInt8>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(raw.count)
    var at = raw.startIndex
    while at < raw.endIndex {
      let byte = raw[at]
      guard byte == UInt8(ascii: "\\"), at + 1 < raw.endIndex else {
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
      if (0xD800..<0xDC00).contains(unit), at + 6 <= raw.endIndex, raw[at] == UInt8(ascii: "\\"),
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

  private static func unit(in raw: ArraySlice<UInt8>, at start: Int) -> UInt32 {
    raw[start...].prefix(4).reduce(0) { $0 << 4 | UInt32(Hexadecimal.value($1) ?? 0) }
  }
}
