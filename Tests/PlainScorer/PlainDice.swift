/// Random numbers that are the same for the same seed on every machine (SplitMix64).
public struct PlainDice: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts a course of numbers.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// True once in so many throws, on average.
  public mutating func once(in throws: Int) -> Bool {
    Int.random(in: 0..<`throws`, using: &self) == 0
  }

  /// A number of the range.
  public mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &self)
  }

  /// One of these, of which there must be one.
  public mutating func one<Element>(of elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }

  /// Between `least` and `most` different ones of these, in random order.
  public mutating func some<Element>(_ least: Int, _ most: Int, of elements: [Element]) -> [Element] {
    Array(elements.shuffled(using: &self).prefix(number(least...most)))
  }
}
