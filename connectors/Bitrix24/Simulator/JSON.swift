/// A JSON value that keeps the order of a map's keys and whole numbers whole, with PHP's ways where they show.
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
    var name: String
    var value: JSON

    init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// A map as PHP writes an array: nothing in it makes `[]`, and keys that count from 0 make a list.
  static func php(_ members: [Member]) -> JSON {
    let isList = members.enumerated().allSatisfy { $1.name == String($0) }
    return isList ? .list(members.map { $0.value }) : .map(members)
  }

  /// A map of the members that are there.
  static func map(present members: [Member?]) -> JSON { .map(members.compactMap { $0 }) }

  /// A text, or null.
  static func text(orNull text: String?) -> JSON { text.map { .text($0) } ?? .null }

  /// The member of this name, or the element at this place.
  subscript(name: String) -> JSON? {
    switch self {
    case .map(let members): return members.last { $0.name == name }?.value
    case .list(let elements): return Int(name).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
    default: return nil
    }
  }

  /// The values of a list or a map, which is one thing to PHP; none of anything else.
  var elements: [JSON] {
    switch self {
    case .list(let elements): return elements
    case .map(let members): return members.map { $0.value }
    default: return []
    }
  }

  /// Names and values; the names of a list are its places.
  var members: [Member] {
    switch self {
    case .list(let elements): return elements.enumerated().map { Member(String($0), $1) }
    case .map(let members): return members
    default: return []
    }
  }

  /// Whether PHP would have an array here.
  var isArray: Bool {
    switch self {
    case .list, .map: return true
    default: return false
    }
  }

  /// What PHP makes of a scalar in a text; nil for null, lists and maps.
  var scalar: String? {
    switch self {
    case .null, .list, .map: return nil
    case .bool(let truth): return truth ? "1" : ""
    case .integer(let number): return String(number)
    case .number(let number): return String(number)
    case .text(let text): return text
    }
  }

  /// A whole number, also one in quotes.
  var whole: Int64? { scalar.flatMap { Int64($0) } }

  /// A parameter by its name in any case, as the older methods take it.
  func parameter(_ name: String) -> JSON? {
    members.last { $0.name.count == name.count && $0.name.lowercased() == name }?.value
  }
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
