import Foundation
import Scoring

/// Names that look as if they were drawn by chance, and are the same every time.
enum Identifier {
  /// A UUID of a kind and a number.
  static func uuid(_ kind: String, _ number: UInt64) -> String {
    var seed: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in kind.utf8 { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let (high, low) = (mix(seed &+ number), mix(seed ^ (number &* 0x9e37_79b9_7f4a_7c15)))
    let digits = Array(hex(high) + hex(low))
    let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
    return parts.joined(separator: "-")
  }

  private static func mix(_ seed: UInt64) -> UInt64 {
    var value = seed &+ 0x9e37_79b9_7f4a_7c15
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }

  private static func hex(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }

  /// A text that tells nothing to who gets it.
  static func opaque(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  /// What `opaque` was made of; nil if it was not made by it.
  static func clear(_ text: String) -> String? {
    Data(base64Encoded: text).flatMap { String(data: $0, encoding: .utf8) }
  }
}

/// Percent-encoding of a query's parts.
enum Escaping {
  private static let plain: CharacterSet = {
    var set = CharacterSet.alphanumerics
    set.insert(charactersIn: "-._~")
    return set
  }()

  static func encode(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: plain) ?? text
  }
}

/// The header `Date`.
enum HeaderDate {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `Mon, 23 Nov 2026 01:09:13 GMT`.
  static func text(_ moment: Timestamp) -> String {
    let (year, month, day) = moment.date
    let number = Int((moment.seconds - (moment.seconds % 86_400 + 86_400) % 86_400) / 86_400)
    let clock = moment.description.suffix(9).dropLast()
    return
      "\(days[(number % 7 + 7) % 7]), \(day < 10 ? "0" : "")\(day) \(months[month - 1]) \(year) \(clock) GMT"
  }
}
