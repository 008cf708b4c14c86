/// Writes JSON as PHP does: `/` escaped, everything beyond ASCII as `\uXXXX`.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []

  init(reserving capacity: Int = 256) {
    bytes.reserveCapacity(capacity)
  }

  /// The bytes of a value.
  static func bytes(of value: JSONValue) -> [UInt8] {
    var writer = JSONWriter()
    writer.append(value)
    return writer.bytes
  }

  /// Appends bytes that are JSON already.
  mutating func append(raw: [UInt8]) {
    bytes.append(contentsOf: raw)
  }

  /// Appends text that is JSON already.
  mutating func append(raw: String) {
    bytes.append(contentsOf: raw.utf8)
  }

  /// Appends a value.
  mutating func append(_ value: JSONValue) {
    switch value {
    case .null: append(raw: "null")
    case .bool(let truth): append(raw: truth ? "true" : "false")
    case .integer(let number): append(integer: number)
    case .number(let number): append(raw: "\(number)")
    case .text(let text): append(text: text)
    case .list(let items):
      bytes.append(UInt8(ascii: "["))
      for (place, item) in items.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        append(item)
      }
      bytes.append(UInt8(ascii: "]"))
    case .map(let members):
      bytes.append(UInt8(ascii: "{"))
      for (place, member) in members.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        append(text: member.name)
        bytes.append(UInt8(ascii: ":"))
        append(member.value)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Appends a whole number.
  mutating func append(integer: Int) {
    append(raw: String(integer))
  }

  /// Appends a text in quotes.
  mutating func append(text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    let plain: Bool = text.withUTF8 { utf8 in
      guard utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C && $0 != 0x2F }) else {
        return false
      }
      bytes.append(contentsOf: utf8)
      return true
    }
    if !plain {
      for unit in text.utf16 { append(unit: unit) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(unit: UInt16) {
    switch unit {
    case 0x22, 0x5C, 0x2F:
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(UInt8(unit))
    case 0x08: append(raw: "\\b")
    case 0x09: append(raw: "\\t")
    case 0x0A: append(raw: "\\n")
    case 0x0C: append(raw: "\\f")
    case 0x0D: append(raw: "\\r")
    case 0x20..<0x80: bytes.append(UInt8(unit))
    default:
      append(raw: "\\u")
      for shift: UInt16 in [12, 8, 4, 0] {
        let digit = UInt8(unit >> shift & 0xF)
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
  }
}
