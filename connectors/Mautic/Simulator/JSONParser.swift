/// Reads JSON text as PHP does; nil for anything that is not one whole value.
struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The value that the bytes spell; nil if they spell none.
  static func parse(_ bytes: [UInt8]) -> JSONValue? {
    var parser = JSONParser(bytes)
    guard let value = parser.value() else { return nil }
    parser.skipBlanks()
    return parser.position == bytes.count ? value : nil
  }

  private mutating func skipBlanks() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value() -> JSONValue? {
    skipBlanks()
    guard position < bytes.count, depth < 500 else { return nil }
    depth += 1
    defer { depth -= 1 }
    switch bytes[position] {
    case UInt8(ascii: "{"): return map()
    case UInt8(ascii: "["): return list()
    case UInt8(ascii: "\""): return text().map { .text($0) }
    case UInt8(ascii: "t"): return word("true", .bool(true))
    case UInt8(ascii: "f"): return word("false", .bool(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func word(_ spelling: String, _ value: JSONValue) -> JSONValue? {
    guard bytes[position...].starts(with: spelling.utf8) else { return nil }
    position += spelling.utf8.count
    return value
  }

  private mutating func map() -> JSONValue? {
    position += 1
    var members: [JSONMember] = []
    skipBlanks()
    if take("}") { return .map(members) }
    repeat {
      skipBlanks()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\""), let name = text() else {
        return nil
      }
      skipBlanks()
      guard take(":"), let value = value() else { return nil }
      if let place = members.firstIndex(where: { $0.name == name }) {
        members[place].value = value
      } else {
        members.append(JSONMember(name, value))
      }
      skipBlanks()
    } while take(",")
    return take("}") ? .map(members) : nil
  }

  private mutating func list() -> JSONValue? {
    position += 1
    var items: [JSONValue] = []
    skipBlanks()
    if take("]") { return .list(items) }
    repeat {
      guard let value = value() else { return nil }
      items.append(value)
      skipBlanks()
    } while take(",")
    return take("]") ? .list(items) : nil
  }

  private mutating func number() -> JSONValue? {
    let start = position
    var whole = true
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"): break
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): whole = false
      default: return Self.number(bytes[start..<position], whole: whole)
      }
      position += 1
    }
    return Self.number(bytes[start..<position], whole: whole)
  }

  private static func number(_ digits: ArraySlice<UInt8>, whole: Bool) -> JSONValue? {
    let text = String(decoding: digits, as: UTF8.self)
    if whole, let integer = Int(text) { return .integer(integer) }
    return Double(text).map { .number($0) }
  }

  private mutating func text() -> String? {
    position += 1
    var result: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: result, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard escape(into: &result) else { return nil }
      case 0..<0x20: return nil
      default: result.append(byte)
      }
    }
    return nil
  }

  private mutating func escape(into result: inout [UInt8]) -> Bool {
    guard position < bytes.count else { return false }
    let mark = bytes[position]
    position += 1
    switch mark {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(mark)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "u"):
      guard let scalar = escapedScalar() else { return false }
      result.append(contentsOf: String(Character(scalar)).utf8)
    default: return false
    }
    return true
  }

  private mutating func escapedScalar() -> Unicode.Scalar? {
    guard let first = hexadecimal() else { return nil }
    guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
    guard take("\\"), take("u"), let second = hexadecimal(), (0xDC00..<0xE000).contains(second) else {
      return nil
    }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
  }

  private mutating func hexadecimal() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
    position += 4
    return UInt32(digits, radix: 16)
  }
}
