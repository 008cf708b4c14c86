/// Runs over the bytes of a text, eight at a time where that can be done.
enum JSONScanner {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// The first byte from here on that ends a text's plain run: a quotation mark, a backslash, a control
  /// character, or the end. `seen` takes the high bit of every byte passed over.
  @inline(__always)
  static func runEnd(_ bytes: Span<UInt8>, from start: Int, seen: inout UInt64) -> Int {
    let raw = bytes.bytes
    var at = start
    while at <= raw.byteCount - 8 {
      let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
      let stops = stops(in: word)
      if stops != 0 {
        seen |= word & (stops & (0 &- stops) &- 1)
        return at + stops.trailingZeroBitCount >> 3
      }
      seen |= word
      at += 8
    }
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
      seen |= UInt64(byte)
      at += 1
    }
    return at
  }

  /// Whether a byte that was passed over was beyond ASCII.
  @inline(__always)
  static func isBeyondASCII(_ seen: UInt64) -> Bool { seen & highBits != 0 }

  /// The high bit of each byte that ends a run. Only the lowest bit set is to be trusted: a borrow can set
  /// further ones above it, never below.
  @inline(__always)
  private static func stops(in word: UInt64) -> UInt64 {
    let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
    let controls = (word &- ones &* 0x20) & ~word
    return (controls | ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)) & highBits
  }

  /// The first byte from here on that is not white space.
  @inline(__always)
  static func spaceEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
    // Most pages are written without white space.
    guard start < bytes.count, bytes[start] <= 0x20 else { return start }
    return longSpaceEnd(bytes, from: start)
  }

  @inline(never)
  private static func longSpaceEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var at = start
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x0A, 0x0D, 0x09: at += 1
      default: return at
      }
    }
    return at
  }

  /// The first byte from here on that is not a digit.
  @inline(__always)
  static func digitsEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var at = start
    while at < bytes.count, bytes[at] &- UInt8(ascii: "0") < 10 { at += 1 }
    return at
  }

  /// The byte here; 0, which nothing in JSON begins with, beyond the end.
  @inline(__always)
  static func byte(_ bytes: Span<UInt8>, at place: Int) -> UInt8 {
    place < bytes.count ? bytes[place] : 0
  }
}
