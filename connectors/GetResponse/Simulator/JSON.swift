/// A JSON value that keeps the order of a map's keys and whole numbers whole.
indirect enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case list([JSON])
  case map([Member])

  /// A name and its value in a map.
  struct Member: Equatable, Sendable {
    let name: String
    let value: JSON

    init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// A text, or null.
  static func text(orNull text: String?) -> JSON { text.map { .text($0) } ?? .null }

  /// A map of the members that are there.
  static func map(present members: [Member?]) -> JSON { .map(members.compactMap { $0 }) }

  /// The member of this name, if this is a map that has it.
  subscript(name: String) -> JSON? {
    guard case .map(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  /// The elements; none if this is no list.
  var elements: [JSON] {
    guard case .list(let elements) = self else { return [] }
    return elements
  }

  /// The members; none if this is no map.
  var members: [Member] {
    guard case .map(let members) = self else { return [] }
    return members
  }

  /// The text, if this is one.
  var string: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  /// A scalar as text; nil for null, lists and maps.
  var scalar: String? {
    switch self {
    case .null, .list, .map: return nil
    case .bool(let truth): return truth ? "true" : "false"
    case .integer(let number): return String(number)
    case .number(let number): return String(number)
    case .text(let text): return text
    }
  }

  /// A whole number, also one in quotes.
  var whole: Int64? { scalar.flatMap { Int64($0) } }

  /// Whether this is the truth value true.
  var isTrue: Bool { self == .bool(true) }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  init(dictionaryLiteral elements: (String, JSON)...) {
    self = .map(elements.map { Member($0.0, $0.1) })
  }

  init(arrayLiteral elements: JSON...) { self = .list(elements) }
  init(stringLiteral value: String) { self = .text(value) }
  init(integerLiteral value: Int64) { self = .integer(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(nilLiteral: ()) { self = .null }
}
