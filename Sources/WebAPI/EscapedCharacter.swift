/// One character of a secret, as encoders may write it.
///
/// Looked for as it is, percent-encoded (once or more often), escaped as in JSON (once or more often), and as
/// a character reference of HTML.
enum EscapedCharacter {
  /// More backslashes in a row than this come of no nesting that is worth reading, and cost time.
  static let mostBackslashes = 8

  /// Whether a byte may begin another spelling than the character itself.
  static func isIntroducer(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "&")
  }

  /// Adds the places at which the character may end if it begins at `start`; the same place may come twice.
  static func ends(
    of scalar: Unicode.Scalar, in text: [UInt8], from start: Int, into ends: inout [Int]
  ) {
    guard start < text.count else { return }
    if let end = literalEnd(of: scalar, in: text, from: start) { ends.append(end) }
    // An encoder that knows Latin-1 only, for é and its like.
    let isLatin = (0x80...0xFF).contains(scalar.value)
    if isLatin, UInt32(text[start]) == scalar.value { ends.append(start + 1) }
    switch text[start] {
    case UInt8(ascii: "+"): if scalar == " " { ends.append(start + 1) }
    case UInt8(ascii: "%"):
      percentEnds(of: Array(UTF8.encode(scalar) ?? .init()), in: text, from: start, into: &ends)
      if isLatin { percentEnds(of: [UInt8(scalar.value)], in: text, from: start, into: &ends) }
    case UInt8(ascii: "\\"): escapeEnds(of: scalar, in: text, from: start, into: &ends)
    case UInt8(ascii: "&"):
      if let (decoded, end) = reference(in: text, at: start), decoded == scalar { ends.append(end) }
    default: break
    }
  }

  /// The first bytes, in UTF-8 or Latin-1, of the characters that an introducer at `start` may stand for.
  static func firstBytes(in text: [UInt8], at start: Int) -> [UInt8] {
    switch text[start] {
    case UInt8(ascii: "+"): return [0x20]
    case UInt8(ascii: "%"):
      var bytes: [UInt8] = []
      var at = start + 1
      while let byte = hexByte(in: text[...], at: at) {
        if !bytes.contains(byte) { bytes.append(byte) }
        guard byte == UInt8(ascii: "%") else { break }
        at += 2
      }
      return bytes
    case UInt8(ascii: "\\"):
      let at = start + backslashes(in: text, at: start)
      guard at < text.count else { return [] }
      if let unit = codeUnit(in: text[...], at: at) { return [firstByte(ofUnit: unit)] }
      return [text[at], plain(text[at])]
    case UInt8(ascii: "&"):
      return reference(in: text, at: start).flatMap { UTF8.encode($0.0)?.first }.map { [$0] } ?? []
    default: return []
    }
  }

  /// The byte that `%41` or `\u0041` at `start` stands for, and where it ends; nil for anything else.
  static func byte(in text: ArraySlice<UInt8>, at start: Int) -> (UInt8, end: Int)? {
    switch text[start] {
    case UInt8(ascii: "%"): return hexByte(in: text, at: start + 1).map { ($0, start + 3) }
    case UInt8(ascii: "\\"):
      guard let unit = codeUnit(in: text, at: start + 1), unit < 0x80 else { return nil }
      return (UInt8(unit), start + 6)
    default: return nil
    }
  }

  private static func literalEnd(of scalar: Unicode.Scalar, in text: [UInt8], from start: Int) -> Int? {
    if scalar.isASCII { return UInt32(text[start]) == scalar.value ? start + 1 : nil }
    guard let bytes = UTF8.encode(scalar), text[start...].starts(with: bytes) else { return nil }
    return start + bytes.count
  }

  private static func percentEnds(
    of bytes: [UInt8], in text: [UInt8], from start: Int, into ends: inout [Int]
  ) {
    var at = start
    for (index, byte) in bytes.enumerated() {
      guard at < text.count, text[at] == UInt8(ascii: "%") else { return }
      at += 1
      // A percent sign may itself be encoded: `%2541` is an A that was encoded twice.
      while let seen = hexByte(in: text[...], at: at) {
        at += 2
        if seen == byte, index == bytes.count - 1 { ends.append(at) }
        if seen != UInt8(ascii: "%") {
          guard seen == byte else { return }
          break
        }
      }
    }
  }

  private static func escapeEnds(
    of scalar: Unicode.Scalar, in text: [UInt8], from start: Int, into ends: inout [Int]
  ) {
    let run = backslashes(in: text, at: start)
    if scalar == "\\" {
      // Each layer of escapes doubles them.
      for length in [1, 2, 4, 8] where length <= run { ends.append(start + length) }
    }
    var at = start + run
    guard at < text.count else { return }
    if scalar.isASCII,
      scalar.value == UInt32(plain(text[at])) || isSign(scalar) && scalar.value == UInt32(text[at])
    {
      ends.append(at + 1)
    }
    let units = Array(UTF16.encode(scalar) ?? .init())
    for (index, unit) in units.enumerated() {
      if index > 0 {
        guard at < text.count, text[at] == UInt8(ascii: "\\") else { return }
        at += backslashes(in: text, at: at)
      }
      guard codeUnit(in: text[...], at: at) == UInt32(unit) else { return }
      at += 5
    }
    ends.append(at)
  }

  /// Signs stand for themselves after a backslash; letters and digits do not.
  private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar)
  }

  private static func backslashes(in text: [UInt8], at start: Int) -> Int {
    var at = start
    while at < text.count, at - start < mostBackslashes, text[at] == UInt8(ascii: "\\") { at += 1 }
    return at - start
  }

  /// What a letter stands for after a backslash in JSON; any other byte as it is.
  private static func plain(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    default: letter
    }
  }

  /// `u00E9`
  private static func codeUnit(in text: ArraySlice<UInt8>, at start: Int) -> UInt32? {
    guard start + 5 <= text.endIndex, text[start] == UInt8(ascii: "u"),
      let high = hexByte(in: text, at: start + 1), let low = hexByte(in: text, at: start + 3)
    else { return nil }
    return UInt32(high) << 8 | UInt32(low)
  }

  private static func firstByte(ofUnit unit: UInt32) -> UInt8 {
    // The first half of a pair tells the first byte of the whole.
    let value = (0xD800..<0xDC00).contains(unit) ? 0x10000 + (unit - 0xD800) << 10 : unit
    return Unicode.Scalar(value).flatMap { UTF8.encode($0)?.first } ?? 0
  }

  private static func hexByte(in text: ArraySlice<UInt8>, at start: Int) -> UInt8? {
    guard start + 2 <= text.endIndex, let high = Hexadecimal.value(text[start]),
      let low = Hexadecimal.value(text[start + 1])
    else { return nil }
    return high << 4 | low
  }

  /// `&amp;`, `&#38;`, `&#x26;`
  private static func reference(in text: [UInt8], at start: Int) -> (Unicode.Scalar, end: Int)? {
    let body = text[(start + 1)...].prefix(9)
    guard let end = body.firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let name = String(decoding: text[(start + 1)..<end], as: UTF8.self)
    let scalar: Unicode.Scalar? =
      switch name {
      case "amp": "&"
      case "lt": "<"
      case "gt": ">"
      case "quot": "\""
      case "apos": "'"
      case _ where name.hasPrefix("#x") || name.hasPrefix("#X"):
        UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
      case _ where name.hasPrefix("#"): UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
      default: nil
      }
    return scalar.map { ($0, end + 1) }
  }
}
