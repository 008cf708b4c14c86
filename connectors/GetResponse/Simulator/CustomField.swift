import Scoring
import SimulatorJSON

/// A custom field of contacts.
struct CustomField: Sendable {
  let name: String
  /// What its values are: `string`, `number`.
  let type: String
  /// In which form they are asked for: `text`, `single_select`.
  let format: String
  var isHidden: Bool
  /// The values to choose from, if it has some.
  var choices: [String]
  var isDeleted = false

  static let types: Set<String> = [
    "string", "number", "date", "datetime", "country", "currency", "phone", "gender", "ip", "url",
  ]
  static let formats: Set<String> = [
    "text", "textarea", "radio", "checkbox", "single_select", "multi_select",
  ]
  private static let reserved: Set<String> = [
    "name", "email", "twitter", "facebook", "buzz", "myspace", "linkedin", "digg", "googleplus", "pinterest",
    "responder", "campaign", "change",
  ]
  private static let longestValue = 255

  /// The id of the field at a place.
  static func id(_ place: Int) -> String { Identifier.text(FirstID.field + place) }

  /// Small letters, digits and the underscore, 1 to 128 of them, and none of the names that are taken.
  static func isName(_ name: String) -> Bool {
    (1...128).contains(name.utf8.count) && !reserved.contains(name)
      && name.utf8.allSatisfy {
        $0 == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
      }
  }

  /// Whether values have to be chosen from a list, which then has two at least.
  static func isChoice(_ format: String) -> Bool {
    ["single_select", "multi_select", "radio"].contains(format)
  }

  /// The values that a contact is given; a list of texts always. Long texts are cut without a word.
  func checked(_ value: JSON) throws(Refusal) -> [String] {
    guard case .list(let elements) = value, !elements.isEmpty else {
      throw .invalid(name, "value must be a list of texts")
    }
    var values: [String] = []
    for element in elements {
      guard let text = element.string else { throw .invalid(name, "value must be a list of texts") }
      values.append(String(text.prefix(Self.longestValue)))
    }
    guard values.count == 1 || format == "multi_select" || format == "checkbox" else {
      throw .invalid(name, "The custom field takes one value")
    }
    guard values.allSatisfy({ isGood($0) }) else { throw .invalid(name, "Value is not allowed: \(values)") }
    return values
  }

  private func isGood(_ text: String) -> Bool {
    if Self.isChoice(format) { return choices.contains(text) }
    switch type {
    case "number": return Double(text) != nil
    case "date": return DateText.day(of: text) != nil
    default: return true
    }
  }
}
