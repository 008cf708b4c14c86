import Scoring
import SimulatorJSON

/// Why a value cannot be written.
struct ValueProblem {
  let name: String
  let code: String
  let message: String

  var json: JSON {
    [
      "message": .text(message), "code": .text(code), "context": ["propertyName": [.text(name)]],
    ]
  }

  static func unknown(_ name: String) -> ValueProblem {
    ValueProblem(
      name: name, code: "PROPERTY_DOESNT_EXIST", message: "Property \"\(name)\" does not exist")
  }

  /// What is wrong with a value; nil if nothing is. An empty one clears.
  static func check(_ text: String, for definition: PropertyDefinition) -> ValueProblem? {
    let name = definition.name
    if definition.isReadOnly {
      return ValueProblem(
        name: name, code: "READ_ONLY_VALUE",
        message: "\"\(name)\" is a read only property; its value cannot be set.")
    }
    guard !text.isEmpty else { return nil }
    switch definition.type {
    case "number" where Double(text) == nil || text.contains(where: { !"+-.0123456789".contains($0) }):
      return ValueProblem(name: name, code: "INVALID_NUMBER", message: "\(text) was not a valid number.")
    case "bool" where text != "true" && text != "false":
      return ValueProblem(name: name, code: "INVALID_BOOLEAN", message: "\(text) was not a valid boolean.")
    case "datetime" where Moment(text: text) == nil:
      return ValueProblem(name: name, code: "INVALID_DATE", message: "\(text) was not a valid date time.")
    case "date" where !isDate(text):
      return ValueProblem(
        name: name, code: "INVALID_DATE", message: "\(text) is not at midnight UTC.")
    case "enumeration": return checkOptions(text, definition)
    case "string" where name == "email" && !isAddress(text):
      return ValueProblem(name: name, code: "INVALID_EMAIL", message: "Email address \(text) is invalid")
    default: return nil
    }
  }

  private static func checkOptions(_ text: String, _ definition: PropertyDefinition) -> ValueProblem? {
    let values = definition.isMany ? text.split(separator: ";").map { String($0) } : [text]
    let known = Set(definition.options.map { $0.value })
    guard let wrong = values.first(where: { !known.contains($0) }) else { return nil }
    let allowed = definition.options.map { $0.value }.joined(separator: ", ")
    return ValueProblem(
      name: definition.name, code: "INVALID_OPTION",
      message: "\(wrong) was not one of the allowed options: [\(allowed)]")
  }

  private static func isDate(_ text: String) -> Bool {
    guard let moment = Moment(text: text) else { return false }
    return moment.milliseconds % 86_400_000 == 0
  }

  private static func isAddress(_ text: String) -> Bool {
    let sides = text.split(separator: "@", omittingEmptySubsequences: false)
    return sides.count == 2 && !sides[0].isEmpty && sides[1].contains(".") && !text.contains(" ")
  }
}
