/// What platforms say of the version of a contact, where two of them can be compared: Unix seconds, or times in UTC.
enum HeldVersion {
  /// True if one is surely older than the other.
  static func isOlder(_ told: String?, than known: String?) -> Bool {
    guard let told, let known else { return false }
    if let told = UInt64(told), let known = UInt64(known) { return told < known }
    guard let (toldSecond, knownSecond) = zip(second(of: told), second(of: known)) else { return false }
    if toldSecond != knownSecond { return toldSecond < knownSecond }
    return told.utf8.count == known.utf8.count && told < known
  }

  /// `2026-11-27T18:00:00` of `2026-11-27T18:00:00.123Z`; nil if it is no such time.
  private static func second(of text: String) -> Substring? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), bytes[4] == UInt8(ascii: "-"),
      bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
    else { return nil }
    return text.prefix(19)
  }

  private static func zip(_ left: Substring?, _ right: Substring?) -> (Substring, Substring)? {
    guard let left, let right else { return nil }
    return (left, right)
  }
}
