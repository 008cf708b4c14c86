/// What PHP makes of values: the format of `serialize`, which Mautic stores in columns and passes on unread.
enum PHPText {
  /// The value as `serialize` writes it.
  static func serialize(_ value: JSONValue) -> String {
    switch value {
    case .null: return "N;"
    case .bool(let truth): return "b:\(truth ? 1 : 0);"
    case .integer(let number): return "i:\(number);"
    case .number(let number): return "d:\(number);"
    case .text(let text): return "s:\(text.utf8.count):\"\(text)\";"
    case .list(let items):
      let parts = items.enumerated().map { "i:\($0);" + serialize($1) }
      return "a:\(items.count):{\(parts.joined())}"
    case .map(let members):
      let parts = members.map { serialize(.text($0.name)) + serialize($0.value) }
      return "a:\(members.count):{\(parts.joined())}"
    }
  }

  /// The number that a text spells; a comma counts as the decimal point, as in Mautic's own form fields.
  static func number(_ text: String) -> Double? {
    let trimmed = text.filter { !$0.isWhitespace }
    guard !trimmed.isEmpty, trimmed.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.,eE".contains($0)) })
    else {
      return nil
    }
    return Double(String(trimmed.map { $0 == "," ? "." : $0 }))
  }

  /// A number cut to what an integer column of the database holds.
  static func whole(_ number: Double) -> Int {
    number.isNaN ? 0 : Int(Swift.max(Double(Int32.min), Swift.min(Double(Int32.max), number)))
  }

  /// A text without HTML tags; a `<` that opens no tag stays.
  static func strippingTags(_ text: String) -> String {
    guard text.contains("<") else { return text }
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "<") {
      result += rest[..<start]
      let after = rest.index(after: start)
      if after < rest.endIndex, rest[after].isLetter || rest[after] == "/",
        let end = rest[after...].firstIndex(of: ">")
      {
        rest = rest[rest.index(after: end)...]
      } else {
        result.append("<")
        rest = rest[after...]
      }
    }
    return result + rest
  }

  /// A text as a tag's name is stored: with numeric entities for what HTML minds.
  static func escapingEntities(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&#38;"
      case "<": result += "&#60;"
      case ">": result += "&#62;"
      case "\"": result += "&#34;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
    return result
  }
}
