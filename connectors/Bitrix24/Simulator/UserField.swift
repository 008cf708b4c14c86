import SimulatorJSON

/// A field that the portal's users made.
struct UserField: Sendable {
  let id: Int64
  /// With `UF_CRM_`.
  let name: String
  let type: String
  var label: String
  var isMultiple = false
  var isMandatory = false
  var showFilter = "N"
  var editInList = "Y"
  var sort: Int64 = 100
  var xmlID: String?
  /// Members of `SETTINGS`.
  var settings: [JSON.Member] = []
  var options: [Option] = []

  /// A choice of a field of type `enumeration`.
  struct Option: Sendable {
    let id: Int64
    var value: String
    var xmlID: String
    var sort: Int64
    var isDefault = false
  }

  /// The field among the others.
  func field(at place: UInt16) -> Field {
    var field = Field(
      name: name, item: Field.itemName(ofUserField: name), kind: Field.Kind(rawValue: type) ?? .string,
      source: .stored(place))
    field.isMultiple = isMultiple
    field.isRequired = isMandatory
    field.userField = id
    return field
  }

  /// The options as field descriptions give them.
  var items: JSON { .list(options.map { ["ID": .text(String($0.id)), "VALUE": .text($0.value)] }) }
}
