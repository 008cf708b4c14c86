import Scoring

/// What one item of a write asks for, once Mautic has read it.
struct ContactChange {
  /// New stored texts by field place; nil clears.
  var values: [(place: Int, text: String?)] = []
  /// The points, if they are set.
  var points: Int?
  /// Tags to add, or with a minus to take away.
  var tags: [String] = []
  /// Fields whose zero was dropped.
  var dropped: Set<Int> = []
  /// Whether blanks count as values.
  var overwritesWithBlank = false

  /// How the write was sent: PUT clears what it does not name, the others drop zeros.
  enum Manner {
    case patch
    case put
  }

  /// Reads an item; what is no field is left out in silence.
  init(_ item: JSONValue, _ manner: Manner, fields: FieldRegistry) throws(ItemProblem) {
    guard case .map(let members) = item else { return }
    let blank = item["overwriteWithBlank"]?.scalarText ?? ""
    overwritesWithBlank = manner == .put || !["", "0", "false"].contains(blank)
    for member in members {
      if member.name == "tags" {
        tags = Self.tags(member.value)
        continue
      }
      guard let place = fields.publishedPlace(of: member.name) else { continue }
      try read(member.value, place, fields.fields[place], manner)
    }
    if manner == .put {
      for place in fields.fields.indices
      where fields.fields[place].isPublished && !values.contains(where: { $0.place == place }) {
        values.append((place, nil))
      }
      points = points ?? 0
    }
  }

  private mutating func read(
    _ value: JSONValue, _ place: Int, _ field: FieldDefinition, _ manner: Manner
  ) throws(ItemProblem) {
    if manner == .patch, Self.isZero(value) {
      dropped.insert(place)
      return
    }
    let text = value.scalarText ?? ""
    guard !text.isEmpty else {
      if overwritesWithBlank, field.alias != "points" { values.append((place, nil)) }
      return
    }
    let stored = try Self.stored(text, field)
    if field.alias == "points" {
      points = PHPText.whole(PHPText.number(stored) ?? 0)
    } else if field.alias != "last_active" {
      values.append((place, stored))
    }
  }

  /// Whether PHP's whole part of the value is zero: such a value never reaches the form, whatever its field.
  private static func isZero(_ value: JSONValue) -> Bool {
    switch value {
    case .bool(let truth): return !truth
    case .integer(let number): return number == 0
    case .number(let number): return abs(number) < 1
    case .text(let text): return Double(text).map { abs($0) < 1 } ?? false
    default: return false
    }
  }

  private static func stored(_ text: String, _ field: FieldDefinition) throws(ItemProblem) -> String {
    switch field.type {
    case "number":
      guard let number = PHPText.number(text) else {
        throw ItemProblem.invalid(field.alias, "This value is not valid.")
      }
      return number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    case "boolean":
      return ["1", "true", "yes", "on"].contains(text.lowercased()) ? "1" : "0"
    case "datetime":
      guard let moment = Timestamp(text), text.contains("-") else {
        throw ItemProblem.invalid(field.alias, "This value is not valid.")
      }
      return DateText.naive(moment.seconds)
    case "email":
      let address = text.filter { !$0.isWhitespace }
      let parts = text.split(separator: "@", omittingEmptySubsequences: false)
      guard address == text, parts.count == 2, !parts[0].isEmpty, parts[1].contains("."),
        !parts[1].hasPrefix("."), !parts[1].hasSuffix(".")
      else { throw ItemProblem.invalid(field.alias, "\(address) is invalid.") }
      return address
    case "textarea", "html":
      return PHPText.strippingTags(text)
    default:
      let clean = PHPText.strippingTags(text)
      guard clean.count <= 191 else {
        throw ItemProblem.invalid(
          field.alias, "This value is too long. It should have 191 characters or less.")
      }
      return clean
    }
  }

  private static func tags(_ value: JSONValue) -> [String] {
    if case .list(let items) = value { return items.compactMap { $0.scalarText } }
    return (value.scalarText ?? "").split(separator: ",").map { String($0.trimmingBlanks()) }
  }
}
