import Curl

/// SplitMix64: the same numbers in every run.
struct SeededChance: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A source of numbers from [0, 1) as a client wants it.
  static func numbers(_ seed: UInt64) -> @Sendable () -> Double {
    let generator = SharedChance(seed)
    return { generator.next() }
  }
}

private final class SharedChance: Sendable {
  private let generator: Guarded<SeededChance>

  init(_ seed: UInt64) {
    generator = Guarded(SeededChance(seed))
  }

  func next() -> Double {
    generator.withLock { Double.random(in: 0..<1, using: &$0) }
  }
}
