/// Reads names, values and signs in a text that may be percent-encoded, or JSON, or JSON within JSON.
struct SpelledText {
  private let text: [UInt8]

  init(_ text: [UInt8]) {
    self.text = text
  }

  /// The byte that `%2F` at `index` stands for; nil if there is no such thing.
  func encoded(at index: Int) -> UInt8? {
    guard index < text.count, text[index] == UInt8(ascii: "%") else { return nil }
    return EscapedCharacter.byte(in: text[...], at: index)?.0
  }

  /// The end of a slash, written `/`, `\/` or `%2F`; nil if there is none.
  func slashEnd(at index: Int) -> Int? {
    var at = index
    while at < text.count, at - index < EscapedCharacter.mostBackslashes, text[at] == UInt8(ascii: "\\") {
      at += 1
    }
    guard at < text.count else { return nil }
    if text[at] == UInt8(ascii: "/") { return at + 1 }
    return at == index && encoded(at: at) == UInt8(ascii: "/") ? at + 3 : nil
  }

  /// Whether a word of small letters stands there, in either case.
  func stands(_ word: StaticString, at index: Int) -> Bool {
    let count = word.utf8CodeUnitCount
    guard index + count <= text.count else { return false }
    return word.withUTF8Buffer { letters in
      (0..<count).allSatisfy { text[index + $0] | 0x20 == letters[$0] }
    }
  }

  /// The first place from `start` on whose byte does not belong, or the one after so many.
  func end(of belongs: (UInt8) -> Bool, from start: Int, longest: Int = .max) -> Int {
    var at = start
    while at < text.count, at - start < longest, belongs(text[at]) { at += 1 }
    return at
  }

  /// The bytes before a place, as many as belong.
  func word(before end: Int, longest: Int, where belongs: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    var start = end
    while start > 0, end - start < longest, belongs(text[start - 1]) { start -= 1 }
    return text[start..<end]
  }

  /// A name in quotes that ends before a colon; nil if there is none.
  func quotedName(before colon: Int, longest: Int) -> ArraySlice<UInt8>? {
    var end = colon
    while end > 0, text[end - 1] <= 0x20 { end -= 1 }
    guard end > 0, SpelledText.isQuote(text[end - 1]) else { return nil }
    let quote = text[end - 1]
    end -= 1
    while end > 0, text[end - 1] == UInt8(ascii: "\\") { end -= 1 }
    return word(before: end, longest: longest) { $0 != quote && $0 != UInt8(ascii: ":") }
  }

  /// The content of a text in quotes that opens at a place, and where the text ends; nil if none opens there.
  ///
  /// The quotes of JSON within JSON have backslashes before them: 0, 1, 3, 7, … for each level, which is the
  /// number of ones at the end of their binary number. A quote of the same or an outer level closes.
  func quoted(at start: Int) -> (content: Range<Int>, end: Int)? {
    var at = start
    while at < text.count, text[at] == UInt8(ascii: "\\") { at += 1 }
    guard at < text.count, SpelledText.isQuote(text[at]) else { return nil }
    let quote = text[at]
    let level = SpelledText.level(at - start)
    let content = at + 1
    var backslashes = 0
    at = content
    while at < text.count {
      if text[at] == quote, SpelledText.level(backslashes) <= level {
        return (content..<max(content, at - (1 << SpelledText.level(backslashes) - 1)), at + 1)
      }
      backslashes = text[at] == UInt8(ascii: "\\") ? backslashes + 1 : 0
      at += 1
    }
    return (content..<text.count, text.count)
  }

  /// The end of a list or map that opens at a place.
  func bracketEnd(at start: Int) -> Int {
    var depth = 0
    var at = start
    while at < text.count {
      switch text[at] {
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        if let quoted = quoted(at: at) {
          at = quoted.end
          continue
        }
      default: break
      }
      at += 1
      if depth == 0 { return at }
    }
    return text.count
  }

  static func isWord(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "-")
  }

  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    default: isDigit(byte)
    }
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
  }

  private static func level(_ backslashes: Int) -> Int {
    (~backslashes).trailingZeroBitCount
  }
}
