import SimulatorJSON

/// One condition of a search.
struct SearchFilter: Sendable {
  let place: Int
  let definition: PropertyDefinition
  let operation: Operation
  let value: String
  let highValue: String
  let values: [String]
  /// The operands as numbers, where the property holds numbers or moments.
  private let low: Double?
  private let high: Double?

  enum Operation: String {
    case equal = "EQ"
    case unequal = "NEQ"
    case less = "LT"
    case lessOrEqual = "LTE"
    case greater = "GT"
    case greaterOrEqual = "GTE"
    case between = "BETWEEN"
    case isIn = "IN"
    case isNotIn = "NOT_IN"
    case isSet = "HAS_PROPERTY"
    case isNotSet = "NOT_HAS_PROPERTY"
    case hasToken = "CONTAINS_TOKEN"
    case hasNotToken = "NOT_CONTAINS_TOKEN"
  }

  init(_ json: JSON, in properties: PropertyRegistry) throws(Refusal) {
    guard let name = json["propertyName"]?.string, let text = json["operator"]?.string else {
      throw .badInput("Some required fields were not set: [propertyName, operator]")
    }
    guard let operation = Operation(rawValue: text) else {
      throw .badInput("Cannot deserialize value of type `Operator` from String \"\(text)\"")
    }
    guard let place = properties.usable(name) else {
      throw .invalid(
        "There was a problem with the request.",
        errors: [["message": .text("Property \(name) does not exist"), "code": "PROPERTY_DOESNT_EXIST"]])
    }
    self.place = place
    self.operation = operation
    definition = properties[place]
    value = json["value"]?.scalar ?? ""
    highValue = json["highValue"]?.scalar ?? ""
    values = (json["values"]?.elements ?? []).compactMap { $0.scalar }
    (low, high) = (Self.number(value, definition.type), Self.number(highValue, definition.type))
    try check()
  }

  private func check() throws(Refusal) {
    switch operation {
    case .isSet, .isNotSet: return
    case .isIn, .isNotIn:
      guard !values.isEmpty else {
        throw .invalid("operator \(operation.rawValue) requires values")
      }
    default:
      guard !value.isEmpty else {
        throw .invalid("operator \(operation.rawValue) requires a value")
      }
      let isNumeric = definition.type == "number" || definition.type == "datetime"
      guard !isNumeric || low != nil else {
        throw .invalid("\(definition.name): \(value) is not a valid \(definition.type)")
      }
      guard operation != .between || !isNumeric || high != nil else {
        throw .invalid("operator BETWEEN requires a highValue")
      }
    }
  }

  /// Whether this is only about ids above a number, which a reader of pages asks for.
  var idsAbove: Int64? {
    guard case .id = definition.source, operation == .greater else { return nil }
    return Int64(value)
  }

  private static func number(_ text: String, _ type: String) -> Double? {
    switch type {
    case "number": return Double(text)
    case "date", "datetime": return Moment(text: text).map { Double($0.milliseconds) }
    default: return nil
    }
  }

  /// Whether a record meets the condition, without spelling out ids and moments.
  func isMet(by record: CRMRecord, _ text: (PropertyDefinition, Int, CRMRecord) -> String?) -> Bool {
    if let low {
      switch definition.source {
      case .modified: return compare(Double(record.modified.milliseconds), low)
      case .created: return compare(Double(record.created.milliseconds), low)
      case .id: return compare(Double(record.id), low)
      default: break
      }
    }
    return isMet(by: text(definition, place, record))
  }

  private func isMet(by held: String?) -> Bool {
    guard let held else { return operation == .isNotSet || operation == .unequal || operation == .isNotIn }
    switch operation {
    case .isSet: return true
    case .isNotSet: return false
    case .isIn: return values.contains { isEqual(held, $0) }
    case .isNotIn: return !values.contains { isEqual(held, $0) }
    case .hasToken: return Self.tokens(held).contains(value.lowercased())
    case .hasNotToken: return !Self.tokens(held).contains(value.lowercased())
    default:
      if let low, let number = Self.number(held, definition.type) { return compare(number, low) }
      return compare(texts: held)
    }
  }

  /// An `IN` on texts wants values in small letters; enumerations are compared letter by letter.
  private func isEqual(_ held: String, _ wanted: String) -> Bool {
    definition.type == "string" ? held.lowercased() == wanted : held == wanted
  }

  private func compare(_ number: Double, _ low: Double) -> Bool {
    switch operation {
    case .equal: return number == low
    case .unequal: return number != low
    case .less: return number < low
    case .lessOrEqual: return number <= low
    case .greater: return number > low
    case .greaterOrEqual: return number >= low
    case .between: return number >= low && number <= high ?? low
    case .isSet: return true
    default: return false
    }
  }

  private func compare(texts held: String) -> Bool {
    let isText = definition.type == "string"
    let (left, right) = isText ? (held.lowercased(), value.lowercased()) : (held, value)
    switch operation {
    case .equal: return left == right
    case .unequal: return left != right
    case .less: return left < right
    case .lessOrEqual: return left <= right
    case .greater: return left > right
    case .greaterOrEqual: return left >= right
    case .between: return left >= right && left <= (isText ? highValue.lowercased() : highValue)
    default: return false
    }
  }

  private static func tokens(_ text: String) -> [String] {
    let whole = text.lowercased()
    return [whole] + whole.split { !$0.isLetter && !$0.isNumber }.map { String($0) }
  }
}
