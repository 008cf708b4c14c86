/// What becomes of one request on a server that loses answers.
public enum Fate: Hashable, Sendable, CaseIterable {
  /// It is done and answered.
  case answered
  /// It is read and dropped: the connection is reset before anything is done.
  case unheard
  /// It is done, and the connection is reset before the first byte of the answer.
  case lostBeforeAnswer
  /// It is done, and the connection is reset somewhere in the head of the answer.
  case lostInHead
  /// It is done, and the connection is reset somewhere in the body of the answer.
  case lostInBody
  /// The connection is reset first, and it is done only after the next request about the same contact.
  case doneLate
  /// It is done, and the answer is 503.
  case doneThenBusy
  /// It is done and answered, and the connection is reset right after the last byte.
  case brokenAfterwards

  /// Whether the whole answer, and a usable one, has been sent.
  public var isAnswered: Bool { self == .answered || self == .brokenAfterwards }

  /// Whether no whole answer has been sent.
  public var isLost: Bool { !isAnswered && self != .doneThenBusy }
}

/// How often what happens to a request; the rest is done and answered.
public struct LossRates: Sendable {
  private let shares: [(fate: Fate, share: Double)]

  /// Every request is answered unless something else is given.
  ///
  /// The numbers are shares of all requests, from 0 to 1.
  ///
  /// - Parameters:
  ///   - lost: done, and the connection reset before or within the answer, each place a third of the time.
  ///   - unheard: read and dropped.
  ///   - late: done only after the connection was reset and somebody has looked.
  ///   - busy: done, and then answered by 503.
  ///   - brokenAfterwards: answered, and the connection reset afterwards.
  public init(
    lost: Double = 0, unheard: Double = 0, late: Double = 0, busy: Double = 0, brokenAfterwards: Double = 0
  ) {
    shares = [
      (.lostBeforeAnswer, lost / 3), (.lostInHead, lost / 3), (.lostInBody, lost / 3), (.unheard, unheard),
      (.doneLate, late), (.doneThenBusy, busy), (.brokenAfterwards, brokenAfterwards),
    ]
  }

  /// What is done with a request, `chance` being drawn from [0, 1).
  func fate(_ chance: Double) -> Fate {
    var end = 0.0
    for (fate, share) in shares {
      end += share
      if chance < end { return fate }
    }
    return .answered
  }
}

/// SplitMix64 over a seed, a contact and the number of a request about it: the same numbers in every run,
/// however many requests are under way at once.
struct Draw {
  private var state: UInt64

  init(seed: UInt64, contact: Int, number: Int) {
    state = seed &* 0xD134_2543_DE82_EF95 &+ UInt64(bitPattern: Int64(contact)) << 20
    state &+= UInt64(bitPattern: Int64(number))
    _ = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// From 0 up to, but without, 1.
  mutating func share() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// One of the numbers below `count`, which is 1 or more.
  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
}
