import Platform

/// Which contacts there are, in memory that does not grow with their number.
///
/// A contact that is there is always known. One that is not may be taken for known, which costs no more than a
/// row in the output that nobody asks for: among ten million contacts in four cases of a thousand.
final class KnownIDs {
  private static let bits = 27
  private var words: ContiguousArray<UInt64>

  init() {
    words = ContiguousArray(repeating: 0, count: 1 << (Self.bits - 6))
  }

  func insert(_ id: Bytes) {
    for place in Self.places(of: id) { words[place >> 6] |= 1 << UInt64(place & 63) }
  }

  func mayContain(_ id: ContactID) -> Bool {
    var text = id.text
    return text.withUTF8 { Self.places(of: $0) }.allSatisfy { words[$0 >> 6] & 1 << UInt64($0 & 63) != 0 }
  }

  private static func places(of id: Bytes) -> [Int] {
    let hash = StableHash.unkeyed.digest(UnsafeRawBufferPointer(id))
    let step = hash >> 32 | 1
    let mask = UInt64(1 << bits - 1)
    return [
      Int(hash & mask), Int((hash &+ step) & mask), Int((hash &+ 2 &* step) & mask),
      Int((hash &+ 3 &* step) & mask),
    ]
  }
}
