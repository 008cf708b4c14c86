/// Reads one flat JSON object a line into slots and fields.
///
/// Text, numbers and truth values are taken as they are written, null is empty, a list of such values is joined
/// by `;`, and anything deeper stays JSON text.
struct JSONLineReader {
  private let plan: ColumnPlan
  private let scratch: Scratch
  private var names: TextCache

  init(plan: ColumnPlan, scratch: Scratch) {
    self.plan = plan
    self.scratch = scratch
    names = TextCache(bits: 8)
  }

  /// Why a line is no usable object.
  private struct Complaint: Error {
    let what: String
    let at: Int
  }

  /// Fills the values from a line, or says what is wrong with it.
  mutating func read(_ line: Bytes, into values: inout RowValues) -> String? {
    do throws(Complaint) {
      try readObject(line, into: &values)
      return nil
    } catch {
      return "is no JSON object: \(error.what) at byte \(error.at + 1)"
    }
  }

  private mutating func readObject(_ line: Bytes, into values: inout RowValues) throws(Complaint) {
    var at = 0
    Self.skipBlanks(line, &at)
    try Self.take(UInt8(ascii: "{"), line, &at)
    Self.skipBlanks(line, &at)
    if at < line.count, line[at] == UInt8(ascii: "}") {
      at += 1
    } else {
      while true {
        Self.skipBlanks(line, &at)
        let key = try string(line, &at)
        Self.skipBlanks(line, &at)
        try Self.take(UInt8(ascii: ":"), line, &at)
        Self.skipBlanks(line, &at)
        let value = try value(line, &at, depth: 0).trimmed
        store(key, value, into: &values)
        Self.skipBlanks(line, &at)
        if at < line.count, line[at] == UInt8(ascii: ",") {
          at += 1
          continue
        }
        try Self.take(UInt8(ascii: "}"), line, &at)
        break
      }
    }
    Self.skipBlanks(line, &at)
    guard at == line.count else { throw Complaint(what: "more text after it", at: at) }
  }

  private mutating func store(_ key: Bytes, _ value: Bytes, into values: inout RowValues) {
    for use in plan.uses where use.key.count == key.count {
      guard use.key.withUnsafeBufferPointer({ $0.equals(key) }) else { continue }
      for slot in use.slots { values.slots[slot] = value }
      for name in use.fields { Self.set(name, value, in: &values) }
      return
    }
    guard plan.keepsOthers else { return }
    let name = names.text(key.trimmed)
    guard !name.isEmpty else { return }
    Self.set(name, value, in: &values)
  }

  /// Of a key that stands twice, the last value counts.
  private static func set(_ name: String, _ value: Bytes, in values: inout RowValues) {
    if let index = values.fields.firstIndex(where: { $0.name == name }) {
      values.fields[index].value = value
    } else {
      values.fields.append((name, value))
    }
  }

  private static func skipBlanks(_ line: Bytes, _ at: inout Int) {
    while at < line.count, line[at] <= 0x20 { at += 1 }
  }

  private static func take(_ byte: UInt8, _ line: Bytes, _ at: inout Int) throws(Complaint) {
    guard at < line.count, line[at] == byte else {
      throw Complaint(what: "'\(Unicode.Scalar(byte))' expected", at: at)
    }
    at += 1
  }

  private func value(_ line: Bytes, _ at: inout Int, depth: Int) throws(Complaint) -> Bytes {
    guard at < line.count else { throw Complaint(what: "a value expected", at: at) }
    switch line[at] {
    case UInt8(ascii: "\""): return try string(line, &at)
    case UInt8(ascii: "{"), UInt8(ascii: "["): return try nested(line, &at)
    default:
      let first = at
      while at < line.count, Self.isWordByte(line[at]) { at += 1 }
      let word = Bytes(rebasing: line[first..<at])
      guard !word.isEmpty else { throw Complaint(what: "a value expected", at: first) }
      if word.elementsEqual("null".utf8) { return .none }
      let isTruth = word.elementsEqual("true".utf8) || word.elementsEqual("false".utf8)
      guard isTruth || word[0] == UInt8(ascii: "-") || word[0] &- 0x30 < 10 else {
        throw Complaint(what: "\(PlainText.quoted(word)) is no value", at: first)
      }
      return word
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: ".")
  }

  /// A list of plain values joined by `;`, or the text of what is deeper.
  private func nested(_ line: Bytes, _ at: inout Int) throws(Complaint) -> Bytes {
    let first = at
    var depth = 0
    var isFlat = line[first] == UInt8(ascii: "[")
    while at < line.count {
      switch line[at] {
      case UInt8(ascii: "\""):
        _ = try string(line, &at, keeping: false)
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        if at > first { isFlat = false }
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      at += 1
      if depth == 0 { break }
    }
    guard depth == 0 else { throw Complaint(what: "a list or object that does not end", at: first) }
    let whole = Bytes(rebasing: line[first..<at])
    return isFlat ? try joined(whole, offset: first) : whole
  }

  private func joined(_ list: Bytes, offset: Int) throws(Complaint) -> Bytes {
    var parts: [Bytes] = []
    var at = 1
    Self.skipBlanks(list, &at)
    if list[at] == UInt8(ascii: "]") { return .none }
    while true {
      Self.skipBlanks(list, &at)
      parts.append(try value(list, &at, depth: 1))
      Self.skipBlanks(list, &at)
      if at < list.count, list[at] == UInt8(ascii: ",") { at += 1 } else { break }
    }
    guard at == list.count - 1, list[at] == UInt8(ascii: "]") else {
      throw Complaint(what: "a list that cannot be read", at: offset + at)
    }
    scratch.begin()
    for (index, part) in parts.enumerated() {
      if index > 0 { scratch.append(UInt8(ascii: ";")) }
      for byte in part { scratch.append(byte) }
    }
    return scratch.finished()
  }

  /// A string without its quotes; escapes are resolved in the scratch.
  private func string(_ line: Bytes, _ at: inout Int, keeping: Bool = true) throws(Complaint) -> Bytes {
    try Self.take(UInt8(ascii: "\""), line, &at)
    let first = at
    while at < line.count, line[at] != UInt8(ascii: "\""), line[at] != UInt8(ascii: "\\") { at += 1 }
    if at < line.count, line[at] == UInt8(ascii: "\"") {
      at += 1
      return Bytes(rebasing: line[first..<at - 1])
    }
    if keeping {
      scratch.begin()
      for index in first..<at { scratch.append(line[index]) }
    }
    while at < line.count {
      let byte = line[at]
      at += 1
      if byte == UInt8(ascii: "\"") { return keeping ? scratch.finished() : .none }
      guard byte == UInt8(ascii: "\\") else {
        if keeping { scratch.append(byte) }
        continue
      }
      let scalar = try Self.escape(line, &at)
      if keeping { scratch.append(scalar) }
    }
    throw Complaint(what: "a text that does not end", at: first - 1)
  }

  private static func escape(_ line: Bytes, _ at: inout Int) throws(Complaint) -> Unicode.Scalar {
    guard at < line.count else { throw Complaint(what: "a text that does not end", at: at) }
    let byte = line[at]
    at += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "u"):
      let place = at - 2
      var code = try hex(line, &at)
      if code & 0xFC00 == 0xD800 {
        try take(UInt8(ascii: "\\"), line, &at)
        try take(UInt8(ascii: "u"), line, &at)
        let low = try hex(line, &at)
        guard low & 0xFC00 == 0xDC00 else { throw Complaint(what: "half a surrogate pair", at: place) }
        code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw Complaint(what: "half a surrogate pair", at: place)
      }
      return scalar
    default: throw Complaint(what: "an unknown escape", at: at - 2)
    }
  }

  private static func hex(_ line: Bytes, _ at: inout Int) throws(Complaint) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard at < line.count, let digit = Character(Unicode.Scalar(line[at])).hexDigitValue else {
        throw Complaint(what: "four hexadecimal digits expected", at: at)
      }
      code = code << 4 | UInt32(digit)
      at += 1
    }
    return code
  }
}
