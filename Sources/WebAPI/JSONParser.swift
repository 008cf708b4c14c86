/// Reads a JSON text (RFC 8259) onto a tape, in one pass and without recursion.
struct JSONParser {
  /// Whether bytes that are not UTF-8, and a byte order mark, are refused.
  let isStrict: Bool
  /// The longest text, and the most values in one list or map.
  let extentLimit: Int
  private(set) var nodes: [JSONNode] = []
  /// How many lists and maps are open.
  private var depth = 0
  /// The place on the tape of the innermost of them; -1 if none is.
  private var container = -1
  /// How many values it has so far.
  private var count = 0

  init(expecting byteCount: Int, isStrict: Bool, extentLimit: Int = JSONNode.extentLimit) {
    self.isStrict = isStrict
    self.extentLimit = extentLimit
    nodes.reserveCapacity(byteCount / 16 + 8)
  }

  mutating func parse(_ bytes: Span<UInt8>) throws(JSONFailure) {
    guard bytes.count < Int(UInt32.max) else { throw JSONFailure(offset: 0, what: "longer than 4 GiB") }
    var at = try start(bytes)
    repeat {
      at = try readValue(bytes, at)
      at = try closeContainers(bytes, at)
    } while container >= 0
    at = JSONScanner.spaceEnd(bytes, from: at)
    guard at == bytes.count else { throw JSONFailure(offset: at, what: "something follows the value") }
  }

  private func start(_ bytes: Span<UInt8>) throws(JSONFailure) -> Int {
    guard bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF else { return 0 }
    if isStrict { throw JSONFailure(offset: 0, what: "a byte order mark") }
    return 3
  }

  /// Reads one value, or opens maps and lists up to the first value within them that is neither.
  @inline(__always)
  private mutating func readValue(_ bytes: Span<UInt8>, _ start: Int) throws(JSONFailure) -> Int {
    var at = start
    while true {
      at = JSONScanner.spaceEnd(bytes, from: at)
      switch JSONScanner.byte(bytes, at: at) {
      case UInt8(ascii: "\""):
        return try readText(bytes, at)
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        return try readNumber(bytes, at)
      case UInt8(ascii: "{"):
        try open(.map, at)
        at = JSONScanner.spaceEnd(bytes, from: at + 1)
        if JSONScanner.byte(bytes, at: at) == UInt8(ascii: "}") {
          close()
          return at + 1
        }
        at = try readName(bytes, at)
      case UInt8(ascii: "["):
        try open(.list, at)
        at = JSONScanner.spaceEnd(bytes, from: at + 1)
        if JSONScanner.byte(bytes, at: at) == UInt8(ascii: "]") {
          close()
          return at + 1
        }
      case UInt8(ascii: "t"):
        return try readWord("true", .yes, bytes, at)
      case UInt8(ascii: "f"):
        return try readWord("false", .no, bytes, at)
      case UInt8(ascii: "n"):
        return try readWord("null", .null, bytes, at)
      default:
        throw JSONFailure(
          offset: at, what: at < bytes.count ? "a value cannot begin so" : "a value is missing at the end")
      }
    }
  }

  /// After a value: closes the maps and lists that end here, and reads what stands before the next value.
  @inline(__always)
  private mutating func closeContainers(_ bytes: Span<UInt8>, _ start: Int) throws(JSONFailure) -> Int {
    var at = start
    while container >= 0 {
      count += 1
      if count > extentLimit { throw JSONFailure(offset: at, what: "a list or map of too many values") }
      let isMap = nodes[container].shape & 7 == JSONNode.Kind.map.rawValue
      at = JSONScanner.spaceEnd(bytes, from: at)
      let byte = JSONScanner.byte(bytes, at: at)
      if byte == UInt8(ascii: ",") {
        return isMap ? try readName(bytes, JSONScanner.spaceEnd(bytes, from: at + 1)) : at + 1
      }
      guard byte == (isMap ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
        throw JSONFailure(offset: at, what: unclosed(isMap: isMap, isEnd: at == bytes.count))
      }
      close()
      at += 1
    }
    return at
  }

  private func unclosed(isMap: Bool, isEnd: Bool) -> String {
    let container = isMap ? "map" : "list"
    return isEnd
      ? "the text ends within a \(container)" : "a comma or the end of the \(container) is missing"
  }

  private mutating func open(_ kind: JSONNode.Kind, _ at: Int) throws(JSONFailure) {
    guard depth < JSONValue.depthLimit else {
      throw JSONFailure(
        offset: at, what: "more than \(JSONValue.depthLimit) maps and lists within each other")
    }
    depth += 1
    // What the outer one has so far waits in its node.
    if container >= 0 {
      let outer = nodes[container]
      nodes[container] = JSONNode(outer.kind, anchor: Int(outer.anchor), extent: count)
    }
    nodes.append(JSONNode(kind, anchor: container + 1, extent: 0))
    container = nodes.count - 1
    count = 0
  }

  private mutating func close() {
    let inner = nodes[container]
    nodes[container] = JSONNode(inner.kind, anchor: nodes.count, extent: count)
    container = Int(inner.anchor) - 1
    depth -= 1
    count = container >= 0 ? nodes[container].extent : 0
  }

  @inline(__always)
  private mutating func readName(_ bytes: Span<UInt8>, _ start: Int) throws(JSONFailure) -> Int {
    guard JSONScanner.byte(bytes, at: start) == UInt8(ascii: "\"") else {
      throw JSONFailure(offset: start, what: "a name is missing")
    }
    let at = JSONScanner.spaceEnd(bytes, from: try readText(bytes, start))
    guard JSONScanner.byte(bytes, at: at) == UInt8(ascii: ":") else {
      throw JSONFailure(offset: at, what: "a colon is missing")
    }
    return at + 1
  }

  @inline(__always)
  private mutating func readText(_ bytes: Span<UInt8>, _ quote: Int) throws(JSONFailure) -> Int {
    var seen: UInt64 = 0
    var isEscaped = false
    var end = JSONScanner.runEnd(bytes, from: quote + 1, seen: &seen)
    while JSONScanner.byte(bytes, at: end) != UInt8(ascii: "\"") {
      end = try JSONEscapes.end(bytes, at: end)
      isEscaped = true
      end = JSONScanner.runEnd(bytes, from: end, seen: &seen)
    }
    let isBeyondASCII = JSONScanner.isBeyondASCII(seen)
    let length = end - quote - 1
    if length > extentLimit { throw JSONFailure(offset: quote, what: "a text that is too long") }
    if isBeyondASCII, isStrict { try JSONEncoding.check(bytes, quote + 1..<end) }
    nodes.append(
      JSONNode(
        .text, anchor: quote + 1, extent: length, isEscaped: isEscaped, isBeyondASCII: isBeyondASCII))
    return end + 1
  }

  private mutating func readNumber(_ bytes: Span<UInt8>, _ start: Int) throws(JSONFailure) -> Int {
    let digits = bytes[start] == UInt8(ascii: "-") ? start + 1 : start
    var at = try readDigits(bytes, digits)
    if at - digits > 1, bytes[digits] == UInt8(ascii: "0") {
      throw JSONFailure(offset: digits, what: "a number must not begin with 0")
    }
    if JSONScanner.byte(bytes, at: at) == UInt8(ascii: ".") { at = try readDigits(bytes, at + 1) }
    if JSONScanner.byte(bytes, at: at) | 0x20 == UInt8(ascii: "e") {
      let sign = JSONScanner.byte(bytes, at: at + 1)
      let isSigned = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
      at = try readDigits(bytes, at + (isSigned ? 2 : 1))
    }
    if at - start > extentLimit { throw JSONFailure(offset: start, what: "a number that is too long") }
    nodes.append(JSONNode(.number, anchor: start, extent: at - start))
    return at
  }

  private func readDigits(_ bytes: Span<UInt8>, _ start: Int) throws(JSONFailure) -> Int {
    let end = JSONScanner.digitsEnd(bytes, from: start)
    if end == start { throw JSONFailure(offset: start, what: "a digit is missing") }
    return end
  }

  private mutating func readWord(
    _ word: StaticString, _ kind: JSONNode.Kind, _ bytes: Span<UInt8>, _ start: Int
  ) throws(JSONFailure) -> Int {
    let end = start + word.utf8CodeUnitCount
    let isThere = word.withUTF8Buffer { letters in
      end <= bytes.count && letters.indices.allSatisfy { letters[$0] == bytes[start + $0] }
    }
    guard isThere else { throw JSONFailure(offset: start, what: "a value cannot begin so") }
    nodes.append(JSONNode(kind, anchor: start, extent: end - start))
    return end
  }
}
