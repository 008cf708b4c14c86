/// Secrets that are told by where they stand, not by what they are.
enum SecretPlaces {
  /// Where they stand; the ranges may overlap.
  static func find(in text: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: "="): found += queryValue(in: text, equals: index)
      case UInt8(ascii: ":"):
        found += userinfo(in: text, colon: index)
        found += headerLine(in: text, colon: index)
        found += member(in: text, colon: index)
      default: break
      }
    }
    return found
  }

  /// `https://USER:PASSWORD@host`
  private static func userinfo(in text: [UInt8], colon: Int) -> [Range<Int>] {
    guard text[colon...].starts(with: "://".utf8) else { return [] }
    let start = colon + 3
    let end = text[start...].firstIndex { "/?#\"'<>".utf8.contains($0) || $0 <= 0x20 } ?? text.count
    guard let sign = text[start..<end].lastIndex(of: UInt8(ascii: "@")) else { return [] }
    return some(start..<sign)
  }

  /// `access_token=VALUE`
  private static func queryValue(in text: [UInt8], equals: Int) -> [Range<Int>] {
    let name = word(in: text, before: equals) { isWord($0) || "_.[]%".utf8.contains($0) }
    guard SensitiveNames.isValue(name) else { return [] }
    let start = equals + 1
    let end = text[start...].firstIndex { "&#\"'<>,;)".utf8.contains($0) || $0 <= 0x20 } ?? text.count
    return some(start..<end)
  }

  /// `Authorization: VALUE`, to the end of the line.
  private static func headerLine(in text: [UInt8], colon: Int) -> [Range<Int>] {
    guard SensitiveNames.isHeaderInText(word(in: text, before: colon, where: isWord)) else { return [] }
    let start = text[(colon + 1)...].firstIndex { $0 != 0x20 } ?? text.count
    let end = text[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? text.count
    return some(start..<end)
  }

  /// `"client_secret": "VALUE"`
  private static func member(in text: [UInt8], colon: Int) -> [Range<Int>] {
    guard let closing = text[..<colon].lastIndex(where: { $0 > 0x20 }), text[closing] == UInt8(ascii: "\"")
    else { return [] }
    let name = word(in: text, before: closing) { isWord($0) || "_.".utf8.contains($0) }
    guard SensitiveNames.isValue(name),
      let opening = text[(colon + 1)...].firstIndex(where: { $0 > 0x20 }), text[opening] == UInt8(ascii: "\"")
    else { return [] }
    var end = opening + 1
    while end < text.count, text[end] != UInt8(ascii: "\"") {
      end += text[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    return some((opening + 1)..<min(end, text.count))
  }

  private static func word(
    in text: [UInt8], before end: Int, where belongs: (UInt8) -> Bool
  ) -> String {
    let start = text[..<end].lastIndex { !belongs($0) }.map { $0 + 1 } ?? 0
    return String(decoding: text[start..<end], as: UTF8.self)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func some(_ range: Range<Int>) -> [Range<Int>] {
    range.isEmpty ? [] : [range]
  }
}
