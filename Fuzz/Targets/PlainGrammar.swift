/// The grammar of RFC 8259, written down as plainly as can be and without haste, to hold the reader against.
struct PlainGrammar {
  private let text: [Unicode.Scalar]
  private var at = 0

  /// Whether this is JSON with at most so many lists and maps within each other.
  static func accepts(_ text: String, depth: Int) -> Bool {
    var grammar = PlainGrammar(text: Array(text.unicodeScalars))
    return grammar.value(depth) && grammar.at == grammar.text.count
  }

  private init(text: [Unicode.Scalar]) { self.text = text }

  private mutating func take(_ isWanted: (Unicode.Scalar) -> Bool) -> Bool {
    guard at < text.count, isWanted(text[at]) else { return false }
    at += 1
    return true
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool { take { $0 == scalar } }

  private mutating func word(_ word: String) -> Bool { word.unicodeScalars.allSatisfy { take($0) } }

  private mutating func space() -> Bool {
    while take({ $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }) {}
    return true
  }

  private mutating func value(_ depth: Int) -> Bool {
    guard space(), at < text.count else { return false }
    let isRead: Bool
    switch text[at] {
    case "[": isRead = container("[", "]", depth) { $0.value(depth - 1) }
    case "{":
      isRead = container("{", "}", depth) {
        $0.space() && $0.string() && $0.space() && $0.take(":") && $0.value(depth - 1)
      }
    case "\"": isRead = string()
    case "t": isRead = word("true")
    case "f": isRead = word("false")
    case "n": isRead = word("null")
    default: isRead = number()
    }
    return isRead && space()
  }

  private mutating func container(
    _ first: Unicode.Scalar, _ last: Unicode.Scalar, _ depth: Int, _ part: (inout PlainGrammar) -> Bool
  ) -> Bool {
    guard depth > 0, take(first), space() else { return false }
    if take(last) { return true }
    repeat {
      if !part(&self) { return false }
      _ = space()
    } while take(",")
    return take(last)
  }

  private mutating func digits() -> Bool {
    guard take({ "0" <= $0 && $0 <= "9" }) else { return false }
    while take({ "0" <= $0 && $0 <= "9" }) {}
    return true
  }

  private mutating func number() -> Bool {
    _ = take("-")
    if !take("0") && !digits() { return false }
    if take("."), !digits() { return false }
    guard take({ $0 == "e" || $0 == "E" }) else { return true }
    _ = take { $0 == "+" || $0 == "-" }
    return digits()
  }

  private mutating func string() -> Bool {
    guard take("\"") else { return false }
    while !take("\"") {
      if take("\\") {
        if take("u") {
          for _ in 0..<4 where !take({ $0.isASCII && $0.properties.isHexDigit }) { return false }
        } else if !take({ "\"\\/bfnrt".unicodeScalars.contains($0) }) {
          return false
        }
      } else if !take({ $0.value >= 0x20 }) {
        return false
      }
    }
    return true
  }
}
