import Foundation

/// Bytes of a row; they belong to its reader and are good until the next row.
typealias Bytes = UnsafeBufferPointer<UInt8>

extension UnsafeBufferPointer<UInt8> {
  /// No bytes.
  static var none: Bytes { Bytes(start: nil, count: 0) }

  /// Without blanks, tabs and line ends around.
  var trimmed: Bytes {
    var (first, last) = (0, count)
    while first < last, self[first] <= 0x20 { first += 1 }
    while last > first, self[last - 1] <= 0x20 { last -= 1 }
    return Bytes(rebasing: self[first..<last])
  }

  /// As a string; the bytes have been found to be UTF-8 before.
  var text: String { String(decoding: self, as: UTF8.self) }

  func equals(_ other: Bytes) -> Bool {
    guard count == other.count else { return false }
    guard let mine = baseAddress, let others = other.baseAddress else { return true }
    return memcmp(mine, others, count) == 0
  }

  /// By bytes, which for UTF-8 is the order of code points.
  func precedes(_ other: Bytes) -> Bool {
    if let mine = baseAddress, let others = other.baseAddress {
      let order = memcmp(mine, others, Swift.min(count, other.count))
      if order != 0 { return order < 0 }
    }
    return count < other.count
  }

  var isASCII: Bool {
    let raw = UnsafeRawBufferPointer(self)
    var at = 0
    while at + 8 <= count {
      if raw.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { return false }
      at += 8
    }
    while at < count {
      if self[at] >= 0x80 { return false }
      at += 1
    }
    return true
  }

  var isUTF8: Bool {
    if isASCII { return true }
    return (try? UTF8Span(validating: self.span)) != nil
  }

  /// The first place of a byte from an offset on.
  func first(_ byte: UInt8, from start: Int) -> Int? {
    guard start < count, let base = baseAddress else { return nil }
    guard let found = memchr(base + start, Int32(byte), count - start) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// A number written plainly, as exact as a `Double` can be; nil for what is none.
  var plainNumber: Double? {
    var at = 0
    let isNegative = count > 0 && self[0] == UInt8(ascii: "-")
    if isNegative { at = 1 }
    var (digits, whole, fraction) = (0, 0, 0)
    while at < count, self[at] &- 0x30 < 10, digits < 16 {
      whole = whole * 10 + Int(self[at] &- 0x30)
      (digits, at) = (digits + 1, at + 1)
    }
    if digits > 0, at + 1 < count, self[at] == UInt8(ascii: ".") {
      at += 1
      while at < count, self[at] &- 0x30 < 10, digits < 16 {
        whole = whole * 10 + Int(self[at] &- 0x30)
        (digits, fraction, at) = (digits + 1, fraction + 1, at + 1)
      }
    }
    guard at == count, (1...15).contains(digits) else { return PlainText.number(text) }
    let value = fraction == 0 ? Double(whole) : Double(whole) / Self.power(fraction)
    return isNegative ? -value : value
  }

  /// 10 to the power of at most 15, which a `Double` holds exactly.
  private static func power(_ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<exponent { result *= 10 }
    return result
  }
}
