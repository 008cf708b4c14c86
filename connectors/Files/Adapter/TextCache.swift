import Foundation

/// Strings that were made lately, by their bytes, so that what stands in many rows is allocated once.
///
/// Each text has one place; another one with the same place takes it over, so the size is bounded.
struct TextCache {
  private var entries: ContiguousArray<(hash: UInt64, text: String)>
  private let shift: UInt64

  /// Room for 2 to the power of `bits` texts.
  init(bits: Int) {
    entries = ContiguousArray(repeating: (0, ""), count: 1 << bits)
    shift = UInt64(64 - bits)
  }

  /// The bytes as a string; they must be UTF-8.
  mutating func text(_ bytes: Bytes) -> String {
    // Short strings need no allocation.
    if bytes.count <= 15 { return bytes.text }
    let hash = Self.hash(bytes)
    let place = Int(truncatingIfNeeded: hash >> shift)
    if entries[place].hash == hash, Self.matches(entries[place].text, bytes) { return entries[place].text }
    let text = bytes.text
    entries[place] = (hash, text)
    return text
  }

  /// The string if it was made lately.
  func known(_ bytes: Bytes) -> String? {
    guard !bytes.isEmpty else { return nil }
    let hash = Self.hash(bytes)
    let place = Int(truncatingIfNeeded: hash >> shift)
    guard entries[place].hash == hash, Self.matches(entries[place].text, bytes) else { return nil }
    return entries[place].text
  }

  /// Keeps a string that was made of these bytes.
  mutating func keep(_ text: String, for bytes: Bytes) {
    let hash = Self.hash(bytes)
    entries[Int(truncatingIfNeeded: hash >> shift)] = (hash, text)
  }

  private static func matches(_ text: String, _ bytes: Bytes) -> Bool {
    text.utf8.withContiguousStorageIfAvailable { $0.equals(bytes) } ?? false
  }

  private static func hash(_ bytes: Bytes) -> UInt64 {
    let raw = UnsafeRawBufferPointer(bytes)
    let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
    var hash = UInt64(bytes.count) &* factor
    var at = 0
    while at + 8 <= raw.count {
      hash = (hash ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* factor
      hash ^= hash >> 29
      at += 8
    }
    if raw.count >= 8, at < raw.count {
      hash = (hash ^ raw.loadUnaligned(fromByteOffset: raw.count - 8, as: UInt64.self)) &* factor
    } else {
      while at < raw.count {
        hash = (hash ^ UInt64(raw[at])) &* factor
        at += 1
      }
    }
    hash ^= hash >> 32
    return hash &* factor
  }
}
