/// XXH64 with seed 0 over a stream: fast enough to look at gigabytes before each reading.
///
/// It tells an edited file from one that only grew; it is no protection against somebody who means to deceive.
struct ContentDigest {
  /// Bytes are absorbed in whole stripes of so many.
  static let stripe = 32

  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

  private var lane1 = prime1 &+ prime2
  private var lane2 = prime2
  private var lane3: UInt64 = 0
  private var lane4 = 0 &- prime1
  private var length: UInt64 = 0

  /// Takes as many whole stripes as there are and says how many bytes that were.
  @discardableResult
  mutating func absorb(_ bytes: UnsafeRawBufferPointer) -> Int {
    let whole = bytes.count & ~(Self.stripe - 1)
    guard whole > 0, let base = bytes.baseAddress else { return 0 }
    var (one, two, three, four) = (lane1, lane2, lane3, lane4)
    var at = base
    let end = base + whole
    while at < end {
      one = Self.round(one, at.loadUnaligned(as: UInt64.self))
      two = Self.round(two, at.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      three = Self.round(three, at.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
      four = Self.round(four, at.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
      at += Self.stripe
    }
    (lane1, lane2, lane3, lane4) = (one, two, three, four)
    length &+= UInt64(whole)
    return whole
  }

  /// The digest of everything absorbed and of these last bytes; what was absorbed stays as it is.
  func finished(_ rest: UnsafeRawBufferPointer) -> UInt64 {
    var copy = self
    var at = copy.absorb(rest)
    let total = copy.length &+ UInt64(rest.count - at)
    var hash = copy.merged &+ total
    while at + 8 <= rest.count {
      hash ^= Self.round(0, UInt64(littleEndian: rest.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
      hash = Self.rotated(hash, 27) &* Self.prime1 &+ Self.prime4
      at += 8
    }
    if at + 4 <= rest.count {
      let word = UInt32(littleEndian: rest.loadUnaligned(fromByteOffset: at, as: UInt32.self))
      hash ^= UInt64(word) &* Self.prime1
      hash = Self.rotated(hash, 23) &* Self.prime2 &+ Self.prime3
      at += 4
    }
    while at < rest.count {
      hash ^= UInt64(rest[at]) &* Self.prime5
      hash = Self.rotated(hash, 11) &* Self.prime1
      at += 1
    }
    hash ^= hash >> 33
    hash = hash &* Self.prime2
    hash ^= hash >> 29
    hash = hash &* Self.prime3
    return hash ^ hash >> 32
  }

  /// The digest of some bytes.
  static func of(_ bytes: some Collection<UInt8>) -> UInt64 {
    Array(bytes).withUnsafeBytes { ContentDigest().finished($0) }
  }

  private var merged: UInt64 {
    guard length > 0 else { return Self.prime5 }
    var hash =
      Self.rotated(lane1, 1) &+ Self.rotated(lane2, 7) &+ Self.rotated(lane3, 12) &+ Self.rotated(lane4, 18)
    for lane in [lane1, lane2, lane3, lane4] {
      hash = (hash ^ Self.round(0, lane)) &* Self.prime1 &+ Self.prime4
    }
    return hash
  }

  @inline(__always)
  private static func rotated(_ value: UInt64, _ by: UInt64) -> UInt64 { value << by | value >> (64 &- by) }

  @inline(__always)
  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    rotated(lane &+ word &* prime2, 31) &* prime1
  }
}
