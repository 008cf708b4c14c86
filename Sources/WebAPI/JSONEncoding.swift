/// Checks that bytes are UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF.
enum JSONEncoding {
  static func check(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(JSONFailure) {
    var at = range.lowerBound
    while at < range.upperBound {
      if bytes[at] < 0x80 {
        at += 1
        continue
      }
      let length = length(bytes, at: at, before: range.upperBound)
      if length == 0 { throw JSONFailure(offset: at, what: "a byte that is not UTF-8") }
      at += length
    }
  }

  /// How many bytes the character here takes; 0 if it is none.
  private static func length(_ bytes: Span<UInt8>, at start: Int, before end: Int) -> Int {
    // The byte after the first is bound more closely than the others.
    let second: ClosedRange<UInt8>
    let length: Int
    switch bytes[start] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xE1...0xEC, 0xEE...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return 0
    }
    guard start + length <= end, second.contains(bytes[start + 1]) else { return 0 }
    for place in (start + 2)..<(start + length) where bytes[place] & 0xC0 != 0x80 { return 0 }
    return length
  }
}
