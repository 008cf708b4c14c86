import WebAPI

/// The fields of one kind of record.
struct FieldCatalogue: Sendable {
  /// A field.
  struct Field: Sendable {
    /// `UF_CRM_LEAD_SCORE`
    let name: String
    /// What the universal methods call it, which follows no rule: `ufCrmLeadScore`; nil if they do not know it.
    var universalName: String?
    var type = ""
    var isMultiple = false
    var isReadOnly = false
    /// The number of a user field; nil if it is not told.
    var number: String?
    /// The texts of an enumeration's options by their numbers.
    var options: [String: String] = [:]

    /// The number of the option of this text.
    func option(_ text: String) -> String? {
      options.filter { $0.value == text }.map(\.key).min { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    }
  }

  /// By the name that the classic methods use.
  private(set) var fields: [String: Field] = [:]

  subscript(_ name: String) -> Field? { fields[name] }

  /// The enumerations whose options no list has told, to be asked for one by one.
  var untold: [Field] {
    fields.values.filter { $0.type == "enumeration" && $0.options.isEmpty && $0.number != nil }
      .sorted { $0.name < $1.name }
  }

  /// The questions that `init` reads the answers of.
  static func questions(_ kind: PersonKind) -> [NamedCommand] {
    [
      NamedCommand("f\(kind.type)", Command(kind.fields)),
      NamedCommand("f\(kind.type)", Command("crm.item.fields", [("entityTypeId", "\(kind.type)")])),
      NamedCommand("f\(kind.type)", Command(kind.userFields)),
    ]
  }

  /// Reads what came of the questions; nothing of what was refused.
  init(_ kind: PersonKind, _ answer: BatchAnswer) {
    let questions = Self.questions(kind)
    for (name, value) in answer.value(questions[0])?.members ?? [] {
      take(name, value, universal: nil)
    }
    for (name, value) in answer.value(questions[1])?["fields"].members ?? [] {
      take(value["upperName"].text ?? name, value, universal: name)
    }
    for value in answer.value(questions[2])?.elements ?? [] {
      guard let name = value["FIELD_NAME"].text else { continue }
      var field = fields[name] ?? Field(name: name)
      field.number = value["ID"].text
      field.type = value["USER_TYPE_ID"].text ?? field.type
      field.isMultiple = value["MULTIPLE"].text == "Y"
      field.options.merge(Self.options(value["LIST"])) { $1 }
      fields[name] = field
    }
  }

  private mutating func take(_ name: String, _ value: JSONValue, universal: String?) {
    var field = fields[name] ?? Field(name: name)
    field.universalName = universal ?? field.universalName
    field.type = value["type"].text ?? field.type
    field.isMultiple = value["isMultiple"].boolean ?? field.isMultiple
    field.isReadOnly = value["isReadOnly"].boolean ?? field.isReadOnly
    field.options.merge(Self.options(value["items"])) { $1 }
    fields[name] = field
  }

  /// Takes the options of an enumeration that was asked for.
  mutating func take(optionsOf name: String, _ value: JSONValue) {
    fields[name]?.options.merge(Self.options(value["LIST"])) { $1 }
  }

  private static func options(_ list: JSONValue) -> [String: String] {
    var options: [String: String] = [:]
    for option in list.elements {
      guard let number = option["ID"].text, let text = option["VALUE"].text else { continue }
      options[number] = text
    }
    return options
  }
}
