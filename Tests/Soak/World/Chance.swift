/// Chance that is the same for the same seed, on every machine.
struct Chance: RandomNumberGenerator {
  private var state: UInt64

  /// Chance of a seed.
  ///
  /// It is mixed first: seeds that follow each other would give the same numbers, one place apart.
  init(_ seed: UInt64) { state = Self.mixed(seed &+ 0x9E37_79B9_7F4A_7C15) }

  /// The next 64 bits, by Steele, Lea and Flood's SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  private static func mixed(_ bits: UInt64) -> UInt64 {
    var mixed = bits
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A whole number of a range.
  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// True in so many of a hundred cases.
  mutating func happens(_ percent: Int) -> Bool { number(0...99) < percent }

  /// One of several.
  mutating func one<Element>(of elements: [Element]) -> Element {
    elements[number(0...elements.count - 1)]
  }

  /// Another source of chance, so that one part of the world does not depend on how often another one asks.
  mutating func branch() -> Chance { Chance(next()) }
}
