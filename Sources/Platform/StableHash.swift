/// SipHash-1-3: a keyed 64-bit digest that is the same in every process, unlike `Hasher`.
///
/// Used where ids of platforms become short keys. The key is chosen by the store at random, so that nobody
/// outside can make two ids collide.
public struct StableHash: Sendable {
  private let key0: UInt64
  private let key1: UInt64

  /// A digest with a key of 128 bits.
  public init(key0: UInt64, key1: UInt64) {
    self.key0 = key0
    self.key1 = key1
  }

  /// A digest with a fixed key, for contents that no outsider gains by colliding.
  public static let unkeyed = StableHash(key0: 0x0706_0504_0302_0100, key1: 0x0f0e_0d0c_0b0a_0908)

  /// The digest of a text's UTF-8.
  public func digest(_ text: String, seed: UInt64 = 0) -> UInt64 {
    var text = text
    return text.withUTF8 { digest(UnsafeRawBufferPointer($0), seed: seed) }
  }

  /// The digest of some bytes; `seed` tells sorts of ids apart.
  public func digest(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
    var v0 = key0 ^ 0x736f_6d65_7073_6575
    var v1 = key1 ^ seed ^ 0x646f_7261_6e64_6f6d
    var v2 = key0 ^ 0x6c79_6765_6e65_7261
    var v3 = key1 ^ seed ^ 0x7465_6462_7974_6573
    @inline(__always) func rotated(_ value: UInt64, _ by: UInt64) -> UInt64 {
      value << by | value >> (64 - by)
    }
    @inline(__always) func round() {
      v0 = v0 &+ v1
      v2 = v2 &+ v3
      v1 = rotated(v1, 13) ^ v0
      v3 = rotated(v3, 16) ^ v2
      v0 = rotated(v0, 32)
      v2 = v2 &+ v1
      v0 = v0 &+ v3
      v1 = rotated(v1, 17) ^ v2
      v3 = rotated(v3, 21) ^ v0
      v2 = rotated(v2, 32)
    }
    let whole = bytes.count & ~7
    var offset = 0
    while offset < whole {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      v3 ^= word
      round()
      v0 ^= word
      offset += 8
    }
    var last = UInt64(truncatingIfNeeded: bytes.count) << 56
    while offset < bytes.count {
      last |= UInt64(bytes[offset]) << UInt64((offset - whole) * 8)
      offset += 1
    }
    v3 ^= last
    round()
    v0 ^= last
    v2 ^= 0xff
    round()
    round()
    round()
    return v0 ^ v1 ^ v2 ^ v3
  }
}
