import Scoring

/// Says whether bytes are an e-mail address, without the cost of full Unicode for plain ones.
struct AddressReader {
  private var known: TextCache

  /// Remembers 2 to the power of `bits` addresses.
  init(bits: Int) {
    known = TextCache(bits: bits)
  }

  /// The address as it stands in the file; nil if it is none.
  mutating func address(_ bytes: Bytes) -> String? {
    if let text = known.known(bytes) { return text }
    guard Self.isPlainAddress(bytes) ?? (EmailAddress(bytes.text) != nil) else { return nil }
    let text = bytes.text
    known.keep(text, for: bytes)
    return text
  }

  /// The address in the form by which contacts are recognised; nil if it is none.
  static func normalized(_ bytes: Bytes) -> String? {
    guard isPlainAddress(bytes) == true else { return EmailAddress(bytes.text)?.normalized }
    return String(unsafeUninitializedCapacity: bytes.count) { target in
      for (index, byte) in bytes.enumerated() {
        target[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
      }
      return bytes.count
    }
  }

  /// What `EmailAddress` would say of ASCII without blanks around; nil where only it can tell.
  private static func isPlainAddress(_ bytes: Bytes) -> Bool? {
    guard bytes.count <= 500 else { return nil }
    var at = -1
    for (index, byte) in bytes.enumerated() {
      guard byte < 0x80 else { return nil }
      switch byte {
      case 0...0x20, 0x7F, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "<"), UInt8(ascii: ">"):
        return false
      case UInt8(ascii: "@"): at = index
      default: break
      }
    }
    guard at > 0, at + 1 < bytes.count else { return false }
    var previous = UInt8(ascii: ".")
    for index in at + 1..<bytes.count {
      if bytes[index] == UInt8(ascii: "."), previous == UInt8(ascii: ".") { return false }
      previous = bytes[index]
    }
    return previous != UInt8(ascii: ".")
  }
}
