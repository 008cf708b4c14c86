/// A JSON value as stand-ins of platforms read and send it: it keeps the order of a map's keys and whole numbers whole.
public indirect enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case list([JSON])
  case map([Member])

  /// A name and its value in a map.
  public struct Member: Equatable, Sendable {
    /// The name, with its escapes resolved.
    public var name: String
    /// What it stands for.
    public var value: JSON

    /// A name and its value.
    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// A text, or null.
  public static func text(orNull text: String?) -> JSON { text.map { .text($0) } ?? .null }

  /// A map of the members that are there.
  public static func map(present members: [Member?]) -> JSON { .map(members.compactMap { $0 }) }

  /// The member of this name, if this is a map that has it.
  public subscript(name: String) -> JSON? {
    guard case .map(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  /// The elements; none if this is no list.
  public var elements: [JSON] {
    guard case .list(let elements) = self else { return [] }
    return elements
  }

  /// The members; none if this is no map.
  public var members: [Member] {
    guard case .map(let members) = self else { return [] }
    return members
  }

  /// The text, if this is one.
  public var string: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  /// A scalar as text; nil for null, lists and maps.
  public var scalar: String? {
    switch self {
    case .null, .list, .map: return nil
    case .bool(let truth): return truth ? "true" : "false"
    case .integer(let number): return String(number)
    case .number(let number): return String(number)
    case .text(let text): return text
    }
  }

  /// A whole number, also one in quotes.
  public var whole: Int64? { scalar.flatMap { Int64($0) } }

  /// Whether this is the truth value true.
  public var isTrue: Bool { self == .bool(true) }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  /// A map in the literal's order.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .map(elements.map { Member($0.0, $0.1) })
  }

  /// A list.
  public init(arrayLiteral elements: JSON...) { self = .list(elements) }

  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }

  /// A whole number.
  public init(integerLiteral value: Int64) { self = .integer(value) }

  /// True or false.
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// Null.
  public init(nilLiteral: ()) { self = .null }
}
