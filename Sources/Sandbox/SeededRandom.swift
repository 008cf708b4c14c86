/// SplitMix64: small, fast, and the same on every machine; not for secrets.
struct SeededRandom {
  private(set) var state: UInt64

  /// Goes on from a state that was kept.
  init(state: UInt64) {
    self.state = state
  }

  /// A sequence of its own for each use of each person.
  init(seed: UInt64, person: Int, use: Use) {
    let start = Self.mixed(seed &+ use.rawValue &* 0x9e37_79b9_7f4a_7c15)
    state = Self.mixed(start ^ UInt64(truncatingIfNeeded: person) &* 0xd6e8_feb8_6659_fd93)
  }

  /// What a sequence is drawn for; a new use must not disturb the others.
  enum Use: UInt64 {
    case persona = 1
    case weight
    case details
    case records
    case history
    case company
    case mailbox
    case order
    case appended
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mixed(state)
  }

  /// A whole number from 0 to `bound` - 1; `bound` is at least 1.
  mutating func below(_ bound: Int) -> Int {
    Int(((next() >> 32) &* UInt64(bound)) >> 32)
  }

  /// True in so many of a thousand cases.
  mutating func chance(_ perMille: Int) -> Bool {
    below(1_000) < perMille
  }

  /// At least 0 and below 1.
  mutating func fraction() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  mutating func pick<Element>(_ list: [Element]) -> Element {
    list[below(list.count)]
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}
