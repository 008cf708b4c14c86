/// A JSON value that keeps the order of a map's keys and tells a number from a truth value.
indirect enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case map([JSONMember])

  /// A text, or null.
  static func text(orNull text: String?) -> JSONValue {
    text.map { .text($0) } ?? .null
  }

  /// An integer, or null.
  static func integer(orNull number: Int?) -> JSONValue {
    number.map { .integer($0) } ?? .null
  }

  /// The member of this name, if this is a map that has it.
  subscript(name: String) -> JSONValue? {
    guard case .map(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  /// What PHP takes for the text of a scalar; nil for null, lists and maps.
  var scalarText: String? {
    switch self {
    case .null, .list, .map: return nil
    case .bool(let truth): return truth ? "1" : ""
    case .integer(let number): return "\(number)"
    case .number(let number):
      return number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    case .text(let text): return text
    }
  }
}

/// A name and its value in a JSON map.
struct JSONMember: Equatable, Sendable {
  var name: String
  var value: JSONValue

  init(_ name: String, _ value: JSONValue) {
    self.name = name
    self.value = value
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .map(elements.map { JSONMember($0.0, $0.1) })
  }

  init(arrayLiteral elements: JSONValue...) {
    self = .list(elements)
  }

  init(stringLiteral value: String) {
    self = .text(value)
  }

  init(integerLiteral value: Int) {
    self = .integer(value)
  }

  init(booleanLiteral value: Bool) {
    self = .bool(value)
  }

  init(nilLiteral: ()) {
    self = .null
  }
}
