/// Secrets that are told by where they stand, not by what they are.
///
/// One walk from left to right; what was found is passed over, so that the time grows with the text only.
struct SecretPlaces {
  /// Names that are longer are judged by their end.
  private static let longestName = 128
  /// How far a value is looked at for what it is.
  private static let longestLook = 1024

  private let text: [UInt8]
  private let reader: SpelledText
  private var found: [Range<Int>] = []

  /// Where they stand, in order; no two overlap.
  static func find(in text: [UInt8]) -> [Range<Int>] {
    var places = SecretPlaces(text)
    places.walk()
    return places.found
  }

  private init(_ text: [UInt8]) {
    self.text = text
    reader = SpelledText(text)
  }

  private mutating func walk() {
    var at = 0
    while at < text.count {
      guard let place = place(at: at), !place.isEmpty else {
        at += 1
        continue
      }
      found.append(place)
      at = max(at + 1, place.upperBound)
    }
  }

  private func place(at index: Int) -> Range<Int>? {
    switch text[index] {
    case UInt8(ascii: "="): parameter(nameEnd: index, valueStart: index + 1)
    case UInt8(ascii: ":"): userinfo(after: index + 1) ?? headerLine(colon: index) ?? member(colon: index)
    case UInt8(ascii: "/"): webhook(at: index)
    case UInt8(ascii: "%"): encodedSign(at: index)
    case UInt8(ascii: "B"), UInt8(ascii: "b"): login(at: index)
    case UInt8(ascii: "e"): webToken(at: index)
    default: nil
    }
  }

  private func encodedSign(at index: Int) -> Range<Int>? {
    switch reader.encoded(at: index) {
    case UInt8(ascii: "="): parameter(nameEnd: index, valueStart: index + 3)
    case UInt8(ascii: ":"): userinfo(after: index + 3) ?? encodedMember(colon: index)
    case UInt8(ascii: "/"): webhook(at: index)
    default: nil
    }
  }

  /// `//USER:PASSWORD@host` after a colon, its slashes escaped or encoded as they may be.
  private func userinfo(after colon: Int) -> Range<Int>? {
    guard let first = reader.slashEnd(at: colon), let start = reader.slashEnd(at: first) else { return nil }
    var sign: Int?
    var at = start
    while at < text.count, text[at] > 0x20, !"/?#\"'<>\\".utf8.contains(text[at]) {
      let byte = reader.encoded(at: at) ?? text[at]
      if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") { break }
      if byte == UInt8(ascii: "@") { sign = at }
      at += 1
    }
    return sign.map { start..<$0 }
  }

  /// `access_token=VALUE`, with quotes around the value or without.
  private func parameter(nameEnd: Int, valueStart: Int) -> Range<Int>? {
    let name = reader.word(before: nameEnd, longest: Self.longestName) {
      SpelledText.isWord($0) || "_.[]%".utf8.contains($0)
    }
    guard SensitiveNames.weight(of: name) != nil else { return nil }
    if let quoted = reader.quoted(at: valueStart) { return quoted.content }
    var end = valueStart
    while end < text.count, text[end] > 0x20, !"&#\"'<>,;)".utf8.contains(text[end]) {
      if let byte = reader.encoded(at: end), "&#\"".utf8.contains(byte) { break }
      end += 1
    }
    return valueStart..<end
  }

  /// `Authorization: VALUE`, to the end of the line, also if it is written `\r\n`.
  private func headerLine(colon: Int) -> Range<Int>? {
    let name = reader.word(before: colon, longest: 40, where: SpelledText.isWord)
    guard SensitiveNames.isHeaderInText(name) else { return nil }
    let start = text[(colon + 1)...].firstIndex { $0 != 0x20 } ?? text.count
    var end = start
    while end < text.count, text[end] != 0x0A, text[end] != 0x0D {
      if text[end] == UInt8(ascii: "\\"), text[(end + 1)...].prefix(1).contains(where: "rn".utf8.contains) {
        break
      }
      end += 1
    }
    return start..<end
  }

  /// `"client_secret": VALUE`, also within a text that is JSON itself.
  private func member(colon: Int) -> Range<Int>? {
    guard let name = reader.quotedName(before: colon, longest: Self.longestName),
      let weight = SensitiveNames.weight(of: name),
      let start = text[(colon + 1)...].firstIndex(where: { $0 > 0x20 })
    else { return nil }
    if let quoted = reader.quoted(at: start) { return quoted.content }
    guard weight == .strong else { return nil }
    switch text[start] {
    case UInt8(ascii: "["), UInt8(ascii: "{"): return start..<reader.bracketEnd(at: start)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let end = text[start...].firstIndex { !SpelledText.isWord($0) && !".+".utf8.contains($0) } ?? text.count
      // A small number is a count.
      return end - start >= 4 ? start..<end : nil
    default: return nil
    }
  }

  /// `%22client_secret%22%3A%22VALUE%22`
  private func encodedMember(colon: Int) -> Range<Int>? {
    guard colon >= 3, reader.encoded(at: colon - 3) == UInt8(ascii: "\"") else { return nil }
    let name = reader.word(before: colon - 3, longest: Self.longestName) {
      SpelledText.isWord($0) || $0 == UInt8(ascii: "_")
    }
    guard SensitiveNames.weight(of: name) != nil else { return nil }
    var start = colon + 3
    while start < text.count, text[start] == UInt8(ascii: "+") || reader.encoded(at: start) == 0x20 {
      start += text[start] == UInt8(ascii: "+") ? 1 : 3
    }
    guard reader.encoded(at: start) == UInt8(ascii: "\"") else { return nil }
    start += 3
    var end = start
    while end < text.count, text[end] > 0x20, text[end] != UInt8(ascii: "&") {
      if reader.encoded(at: end) == UInt8(ascii: "\"") { break }
      end += reader.encoded(at: end) == UInt8(ascii: "\\") ? 6 : 1
    }
    return start..<min(end, text.count)
  }

  /// `/rest/1/SECRET/`: the addresses under which some platforms let one in without a log-in.
  private func webhook(at index: Int) -> Range<Int>? {
    guard let rest = reader.slashEnd(at: index), reader.stands("rest", at: rest),
      let number = reader.slashEnd(at: rest + 4)
    else { return nil }
    let numberEnd = reader.end(of: SpelledText.isDigit, from: number)
    guard numberEnd > number, let start = reader.slashEnd(at: numberEnd) else { return nil }
    let end = reader.end(of: SpelledText.isAlphanumeric, from: start)
    guard end - start >= 10 else { return nil }
    // `/rest/1/department.get` is no secret but a method.
    let isMethod = end < text.count && (SpelledText.isWord(text[end]) || "._~".utf8.contains(text[end]))
    return isMethod ? nil : start..<end
  }

  /// `Basic VALUE` and `Bearer VALUE`, if the value is no plain word.
  private func login(at index: Int) -> Range<Int>? {
    guard index == 0 || !SpelledText.isWord(text[index - 1]) else { return nil }
    let isBasic = reader.stands("basic", at: index)
    guard isBasic || reader.stands("bearer", at: index) else { return nil }
    let gap = index + (isBasic ? 5 : 6)
    guard gap < text.count else { return nil }
    let start = reader.encoded(at: gap) == 0x20 ? gap + 3 : gap + 1
    guard start > gap + 1 || text[gap] == 0x20 || text[gap] == UInt8(ascii: "+") else { return nil }
    let isPart = { (byte: UInt8) in SecretSpelling.isBase64(byte) || "=.~%\\".utf8.contains(byte) }
    let end = reader.end(of: isPart, from: start, longest: Self.longestLook)
    guard end - start >= 8 else { return nil }
    let hasSign = text[start..<end].contains { SpelledText.isDigit($0) || $0 == UInt8(ascii: "=") }
    // A capital after the first letter: `Basic Authentication` has none.
    let hasCapital = text[(start + 1)..<end].contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    return hasSign || hasCapital ? start..<reader.end(of: isPart, from: end) : nil
  }

  /// A JSON Web Token: three parts of Base64, of which the first two begin `{"`.
  private func webToken(at index: Int) -> Range<Int>? {
    guard text[index...].starts(with: "eyJ".utf8), index == 0 || !SpelledText.isAlphanumeric(text[index - 1])
    else { return nil }
    let first = reader.end(of: SecretSpelling.isBase64, from: index, longest: Self.longestLook)
    guard first < text.count, text[first] == UInt8(ascii: "."), text[(first + 1)...].starts(with: "eyJ".utf8)
    else { return nil }
    return index..<reader.end(of: { SecretSpelling.isBase64($0) || $0 == UInt8(ascii: ".") }, from: first)
  }
}
