import SimulatorJSON

/// Users' fields: `crm.contact.userfield.add` and its kin.
extension Bitrix24Server {
  mutating func userField(
    _ type: EntityType, _ action: String, _ call: MethodCall
  ) throws(Refusal) -> MethodResult {
    if MethodKind(call.name).isChanging, !settings.isCRMAdministrator { throw .accessDenied }
    switch action {
    case "list": return try userFields(type, call)
    case "get":
      let place = try userFieldPlace(type, call)
      return MethodResult(.map(describe(spaces[type].userFields[place], type, isWhole: true)))
    case "add": return try addUserField(type, call)
    case "update": return try changeUserField(type, call)
    default:
      let place = try userFieldPlace(type, call)
      spaces[type].fields.remove(spaces[type].userFields[place].name)
      spaces[type].userFields.remove(at: place)
      return MethodResult(true)
    }
  }

  private func userFieldPlace(_ type: EntityType, _ call: MethodCall) throws(Refusal) -> Int {
    guard let id = call["id"]?.phpWhole, id > 0 else { throw .badID }
    guard let place = spaces[type].userFields.firstIndex(where: { $0.id == id }) else {
      throw .classic("The entity with ID '\(id)' is not found")
    }
    return place
  }

  /// A list without labels unless a language is asked for; only exact values can be filtered by.
  private func userFields(_ type: EntityType, _ call: MethodCall) throws(Refusal) -> MethodResult {
    let filter = call["filter"] ?? .null
    if !filter.isArray, !(filter.phpText ?? "").isEmpty {
      throw .classic("Parameter 'filter' must be array.")
    }
    let language = filter["LANG"] != nil
    var rows: [JSON] = []
    for field in spaces[type].userFields {
      let row = describe(field, type, isWhole: false)
      let fits = filter.entries.allSatisfy { demand in
        guard let value = row.first(where: { $0.name == demand.name })?.value.phpText else { return true }
        return (demand.value.isArray ? demand.value.values : [demand.value]).contains { $0.phpText == value }
      }
      let label = JSON.Member("EDIT_FORM_LABEL", .text(field.label))
      if fits { rows.append(.map(row + (language ? [label] : []))) }
    }
    return MethodResult(.list(rows), total: rows.count)
  }

  private func describe(_ field: UserField, _ type: EntityType, isWhole: Bool) -> [JSON.Member] {
    var members = [
      JSON.Member("ID", .text(String(field.id))),
      JSON.Member("ENTITY_ID", .text("CRM_\(type.word.uppercased())")),
      JSON.Member("FIELD_NAME", .text(field.name)), JSON.Member("USER_TYPE_ID", .text(field.type)),
      JSON.Member("XML_ID", .text(orNull: field.xmlID)), JSON.Member("SORT", .text(String(field.sort))),
      JSON.Member("MULTIPLE", .text(field.isMultiple ? "Y" : "N")),
      JSON.Member("MANDATORY", .text(field.isMandatory ? "Y" : "N")),
      JSON.Member("SHOW_FILTER", .text(field.showFilter)), JSON.Member("SHOW_IN_LIST", "Y"),
      JSON.Member("EDIT_IN_LIST", .text(field.editInList)), JSON.Member("IS_SEARCHABLE", "N"),
      JSON.Member("SETTINGS", .php(field.settings)),
    ]
    if field.type == "enumeration" {
      members.append(
        JSON.Member(
          "LIST",
          .list(
            field.options.map {
              [
                "ID": .text(String($0.id)), "SORT": .text(String($0.sort)), "VALUE": .text($0.value),
                "DEF": .text($0.isDefault ? "Y" : "N"), "XML_ID": .text($0.xmlID),
              ]
            })))
    }
    if isWhole {
      for name in ["EDIT_FORM_LABEL", "LIST_COLUMN_LABEL", "LIST_FILTER_LABEL"] {
        members.append(JSON.Member(name, ["en": .text(field.label), "de": .text(field.label)]))
      }
    }
    return members
  }

  private mutating func addUserField(_ type: EntityType, _ call: MethodCall) throws(Refusal) -> MethodResult {
    guard let given = call["fields"], given.isArray else {
      throw .classic("Parameter 'fields' must be array.")
    }
    guard let kind = given["USER_TYPE_ID"]?.phpText, !kind.isEmpty else {
      throw .classic("The 'USER_TYPE_ID' field is not found.")
    }
    guard let code = given["FIELD_NAME"]?.phpText, !code.isEmpty else {
      throw .classic("The 'FIELD_NAME' field is not found.")
    }
    let name = Self.fullName(code)
    var problems: [String] = []
    if name.count > 50 { problems.append("The field name is too long (more than 50 characters).") }
    if !name.allSatisfy({ $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") }) {
      problems.append("The field name contains invalid characters. Allowed characters are: A-Z, 0-9 and _.")
    }
    if !Field.Kind.ofUserFields.contains(kind) { problems.append("Incorrect custom type specified.") }
    if spaces[type].fields[name] != nil {
      problems.append("Field \(name) for object CRM_\(type.word.uppercased()) already exists.")
    }
    guard problems.isEmpty else { throw Refusal(400, "ERROR_CORE", problems.joined(separator: "\n")) }
    var field = UserField(
      id: nextUserFieldID, name: name, type: kind, label: given["LABEL"]?.phpText ?? name)
    field.isMultiple = given["MULTIPLE"]?.phpText == "Y" && kind != "boolean"
    apply(given, to: &field)
    try setOptions(given["LIST"], of: &field)
    nextUserFieldID += 2
    add(field, to: type)
    return MethodResult(.integer(field.id))
  }

  /// The prefix is added unless it is there: `LEAD_SCORE` and `UF_LEAD_SCORE` become `UF_CRM_LEAD_SCORE`.
  static func fullName(_ code: String) -> String {
    let code = code.uppercased()
    if code.hasPrefix("UF_CRM_") { return code }
    return "UF_CRM_" + (code.hasPrefix("UF_") ? String(code.dropFirst(3)) : code)
  }

  mutating func add(_ field: UserField, to type: EntityType) {
    spaces[type].userFields.append(field)
    let place = spaces[type].newPlace()
    spaces[type].fields.add(field.field(at: place))
  }

  private func apply(_ given: JSON, to field: inout UserField) {
    if let label = given["EDIT_FORM_LABEL"]?.phpText ?? given["LABEL"]?.phpText { field.label = label }
    if let sort = given["SORT"]?.phpWhole { field.sort = sort }
    if let mandatory = given["MANDATORY"]?.phpText { field.isMandatory = mandatory == "Y" }
    // The value that was sent is not the one that is told.
    if let filter = given["SHOW_FILTER"]?.phpText { field.showFilter = filter == "Y" ? "E" : "N" }
    if let edit = given["EDIT_IN_LIST"]?.phpText { field.editInList = edit == "Y" ? "Y" : "N" }
    if let xmlID = given["XML_ID"]?.phpText { field.xmlID = xmlID }
    if let settings = given["SETTINGS"], settings.isArray { field.settings = settings.entries }
  }

  private mutating func changeUserField(
    _ type: EntityType, _ call: MethodCall
  ) throws(Refusal) -> MethodResult {
    let place = try userFieldPlace(type, call)
    guard let given = call["fields"], given.isArray else {
      throw .classic("Parameter 'fields' must be array.")
    }
    var field = spaces[type].userFields[place]
    apply(given, to: &field)
    try setOptions(given["LIST"], of: &field)
    spaces[type].userFields[place] = field
    return MethodResult(true)
  }

  /// Entries without id are added, those with one are changed or, with `DEL`, deleted; others stay.
  private mutating func setOptions(_ list: JSON?, of field: inout UserField) throws(Refusal) {
    guard let list, field.type == "enumeration" else { return }
    for entry in list.values {
      let value = entry["VALUE"]?.phpText ?? ""
      if let id = entry["ID"]?.phpWhole, let place = field.options.firstIndex(where: { $0.id == id }) {
        if entry["DEL"]?.phpText == "Y" {
          field.options.remove(at: place)
        } else {
          if !value.isEmpty { field.options[place].value = value }
          if let sort = entry["SORT"]?.phpWhole { field.options[place].sort = sort }
        }
        continue
      }
      guard !value.isEmpty else { continue }
      try addOption(value, entry, to: &field)
    }
    field.options.sort { $0.sort == $1.sort ? $0.id < $1.id : $0.sort < $1.sort }
  }

  private mutating func addOption(_ value: String, _ entry: JSON, to field: inout UserField) throws(Refusal) {
    let xmlID = entry["XML_ID"]?.phpText ?? "option\(nextOptionID)"
    guard !field.options.contains(where: { $0.xmlID == xmlID }) else {
      throw Refusal(400, "ERROR_CORE", "A list item with XML_ID=\(xmlID) already exists.")
    }
    field.options.append(
      UserField.Option(
        id: nextOptionID, value: value, xmlID: xmlID, sort: entry["SORT"]?.phpWhole ?? 500,
        isDefault: entry["DEF"]?.phpText == "Y"))
    nextOptionID += 2
  }
}
