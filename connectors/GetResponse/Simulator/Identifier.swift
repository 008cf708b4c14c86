import Scoring

/// Ids of GetResponse's form: short, opaque, and told apart by case alone.
enum Identifier {
  /// Each letter stands beside its other case, so that neighbours mostly differ by case alone.
  private static let digits = Array("aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ0123456789".utf8)
  private static let values: [UInt8: Int] = Dictionary(
    uniqueKeysWithValues: digits.enumerated().map { ($1, $0) })

  /// The id of a number that is not negative; numbers of the same length give ids of the same length.
  static func text(_ number: Int) -> String {
    var (rest, bytes) = (number, [UInt8]())
    repeat {
      bytes.append(digits[rest % digits.count])
      rest /= digits.count
    } while rest > 0
    return String(decoding: bytes.reversed(), as: UTF8.self)
  }

  /// The number whose id this is; nil if there is none.
  static func number(_ text: String) -> Int? {
    guard (1...9).contains(text.utf8.count) else { return nil }
    var number = 0
    for byte in text.utf8 {
      guard let value = values[byte] else { return nil }
      number = number * digits.count + value
    }
    return Self.text(number) == text ? number : nil
  }

  /// A UUID of a kind and a number, the same every time.
  static func uuid(_ kind: String, _ number: UInt64) -> String {
    var seed: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in kind.utf8 { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let (high, low) = (mix(seed &+ number), mix(seed ^ (number &* 0x9e37_79b9_7f4a_7c15)))
    let digits = Array(hex(high) + hex(low))
    let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
    return parts.joined(separator: "-")
  }

  /// Forty digits that tell nothing, the same every time.
  static func token(_ kind: String, _ number: UInt64) -> String {
    (uuid(kind, number) + uuid(kind, number &+ 1_000_003)).filter { $0 != "-" }.prefix(40).description
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
}

/// What ids of a kind begin with: each kind counts in a range of its own.
enum FirstID {
  static let contact = 14_200_000
  static let campaign = 230_000
  static let tag = 238_100
  static let field = 238_900
  static let segment = 14_000_000
  static let message = 239_500
  static let click = 14_700_000
  static let shop = 3_000
  static let order = 14_780_000 * 62
  static let cart = 14_770_000 * 62
  static let mail = 14_760_000 * 62
}
