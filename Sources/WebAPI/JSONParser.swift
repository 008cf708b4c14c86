/// Reads a JSON text (RFC 8259) onto a tape, in one pass and without recursion.
struct JSONParser {
  /// Maps and lists within each other; more is an attack or a mistake.
  static let depthLimit = 200

  private(set) var nodes: [JSONNode] = []
  private var at = 0
  /// Places on the tape of the maps and lists that are still open.
  private var open: [Int] = []

  init(expecting byteCount: Int) {
    nodes.reserveCapacity(byteCount / 12 + 4)
    open.reserveCapacity(16)
  }

  mutating func parse(_ bytes: Span<UInt8>) throws(JSONFailure) {
    guard bytes.count < Int(UInt32.max) else { throw failure("longer than 4 GiB") }
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { at = 3 }
    repeat {
      try readValue(bytes)
    } while try anotherFollows(bytes)
    skipSpace(bytes)
    guard at == bytes.count else { throw failure("something follows the value") }
  }

  /// Reads one value, or opens a map or list and reads up to where its first value begins.
  private mutating func readValue(_ bytes: Span<UInt8>) throws(JSONFailure) {
    while true {
      skipSpace(bytes)
      guard at < bytes.count else { throw failure("a value is missing at the end") }
      switch bytes[at] {
      case UInt8(ascii: "\""):
        return try readText(bytes)
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        return try readNumber(bytes)
      case UInt8(ascii: "{"):
        try begin(.map)
        skipSpace(bytes)
        if take(UInt8(ascii: "}"), bytes) { return finish() }
        try readName(bytes)
      case UInt8(ascii: "["):
        try begin(.list)
        skipSpace(bytes)
        if take(UInt8(ascii: "]"), bytes) { return finish() }
      case UInt8(ascii: "t"):
        return try readWord("true", .yes, bytes)
      case UInt8(ascii: "f"):
        return try readWord("false", .no, bytes)
      case UInt8(ascii: "n"):
        return try readWord("null", .null, bytes)
      default:
        throw failure("a value cannot begin so")
      }
    }
  }

  /// After a value: closes what ends here, and tells whether another value follows.
  private mutating func anotherFollows(_ bytes: Span<UInt8>) throws(JSONFailure) -> Bool {
    while let container = open.last {
      nodes[container].end += 1
      let isMap = nodes[container].kind == .map
      skipSpace(bytes)
      if take(UInt8(ascii: ","), bytes) {
        if isMap {
          skipSpace(bytes)
          try readName(bytes)
        }
        return true
      }
      guard take(isMap ? UInt8(ascii: "}") : UInt8(ascii: "]"), bytes) else {
        throw failure(
          at < bytes.count
            ? "a comma or the end of the \(isMap ? "map" : "list") is missing"
            : "the text ends within a \(isMap ? "map" : "list")")
      }
      finish()
    }
    return false
  }

  private mutating func begin(_ kind: JSONNode.Kind) throws(JSONFailure) {
    guard open.count < JSONParser.depthLimit else {
      throw failure("more than \(JSONParser.depthLimit) maps and lists within each other")
    }
    open.append(nodes.count)
    nodes.append(JSONNode(kind: kind, next: 0))
    at += 1
  }

  private mutating func finish() {
    nodes[open.removeLast()].next = UInt32(truncatingIfNeeded: nodes.count)
  }

  private mutating func readName(_ bytes: Span<UInt8>) throws(JSONFailure) {
    guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw failure("a name is missing") }
    try readText(bytes)
    skipSpace(bytes)
    guard take(UInt8(ascii: ":"), bytes) else { throw failure("a colon is missing") }
  }

  private mutating func readText(_ bytes: Span<UInt8>) throws(JSONFailure) {
    let start = at + 1
    var end = start
    var isEscaped = false
    var seen: UInt8 = 0
    while end < bytes.count {
      let byte = bytes[end]
      if byte == UInt8(ascii: "\"") {
        append(.text, from: start, to: end, isEscaped: isEscaped, isBeyondASCII: seen >= 0x80)
        at = end + 1
        return
      }
      if byte == UInt8(ascii: "\\") {
        isEscaped = true
        end = try escapeEnd(bytes, at: end)
      } else {
        if byte < 0x20 { throw JSONFailure(offset: end, what: "a control character within a text") }
        seen |= byte
        end += 1
      }
    }
    throw JSONFailure(offset: bytes.count, what: "the text ends within quotation marks")
  }

  private func escapeEnd(_ bytes: Span<UInt8>, at backslash: Int) throws(JSONFailure) -> Int {
    let next = backslash + 1
    guard next < bytes.count else {
      throw JSONFailure(offset: next, what: "the text ends within quotation marks")
    }
    switch bytes[next] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return next + 1
    case UInt8(ascii: "u"):
      for index in (next + 1)..<(next + 5) {
        guard index < bytes.count, Hexadecimal.value(bytes[index]) != nil else {
          throw JSONFailure(offset: index, what: "\\u wants four hexadecimal digits")
        }
      }
      return next + 5
    default:
      throw JSONFailure(offset: next, what: "an unknown escape")
    }
  }

  private mutating func readNumber(_ bytes: Span<UInt8>) throws(JSONFailure) {
    let start = at
    if bytes[at] == UInt8(ascii: "-") { at += 1 }
    let digits = at
    try readDigits(bytes)
    if at - digits > 1, bytes[digits] == UInt8(ascii: "0") {
      throw JSONFailure(offset: digits, what: "a number must not begin with 0")
    }
    if take(UInt8(ascii: "."), bytes) { try readDigits(bytes) }
    if take(UInt8(ascii: "e"), bytes) || take(UInt8(ascii: "E"), bytes) {
      if !take(UInt8(ascii: "+"), bytes) { _ = take(UInt8(ascii: "-"), bytes) }
      try readDigits(bytes)
    }
    append(.number, from: start, to: at)
  }

  private mutating func readDigits(_ bytes: Span<UInt8>) throws(JSONFailure) {
    let start = at
    while at < bytes.count, bytes[at] &- UInt8(ascii: "0") < 10 { at += 1 }
    if at == start { throw failure("a digit is missing") }
  }

  private mutating func readWord(
    _ word: StaticString, _ kind: JSONNode.Kind, _ bytes: Span<UInt8>
  ) throws(JSONFailure) {
    let start = at
    let isThere = word.withUTF8Buffer { letters in
      letters.count <= bytes.count - start
        && letters.indices.allSatisfy { letters[$0] == bytes[start + $0] }
    }
    guard isThere else { throw failure("a value cannot begin so") }
    at += word.utf8CodeUnitCount
    append(kind, from: start, to: at)
  }

  private mutating func append(
    _ kind: JSONNode.Kind, from start: Int, to end: Int, isEscaped: Bool = false, isBeyondASCII: Bool = false
  ) {
    nodes.append(
      JSONNode(
        kind: kind, isEscaped: isEscaped, isBeyondASCII: isBeyondASCII,
        start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
        next: UInt32(truncatingIfNeeded: nodes.count + 1)))
  }

  private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard at < bytes.count, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x0A, 0x0D, 0x09: at += 1
      default: return
      }
    }
  }

  private func failure(_ what: String) -> JSONFailure {
    JSONFailure(offset: at, what: what)
  }
}
