import Platform
import SimulatorJSON

/// The definitions of custom fields.
extension GetResponseServer {
  mutating func fieldRoute(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    switch (call.method, call.path.count) {
    case ("GET", 1): return try listFields(call)
    case ("POST", 1): return try createField(call)
    case ("GET", 2):
      return .json(200, call.picked(definition(try field(call.path[1])), id: "customFieldId"))
    case ("POST", 2): return try updateField(try field(call.path[1]), call)
    case ("DELETE", 2):
      deleteField(try field(call.path[1]))
      return .empty(204)
    default: throw call.notFound
    }
  }

  /// Where the field with an id stands; nil if there is none.
  func fieldPlace(of id: String) -> Int? {
    guard let number = Identifier.number(id), fields.indices.contains(number - FirstID.field) else {
      return nil
    }
    return fields[number - FirstID.field].isDeleted ? nil : number - FirstID.field
  }

  /// Where the field with a name stands; nil if there is none.
  func fieldPlace(named name: String) -> Int? {
    fields.firstIndex { !$0.isDeleted && $0.name == name }
  }

  private func field(_ id: String) throws(Refusal) -> Int {
    guard let place = fieldPlace(of: id) else { throw .notFound("custom field \(id)") }
    return place
  }

  /// The only list that does not tell how long it is.
  private func listFields(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let query = try ListQuery(call, filters: ["name"], sorts: ["name"])
    let name = query.filters["name"]
    let places = fields.indices.filter { place in
      !fields[place].isDeleted && (name.map { fields[place].name.contains(anyCase: $0) } ?? true)
    }
    let sorted = query.sorted(Array(places)) { _, left, right in
      ListQuery.order(fields[left].name, fields[right].name)
    }
    return page(call, query, of: sorted, id: "customFieldId", tellsTotals: false) { definition($0) }
  }

  /// `type` is the form in which values are asked for, `valueType` the type; `hidden` is a text.
  private func definition(_ place: Int) -> JSON {
    let field = fields[place]
    let id = CustomField.id(place)
    return [
      "customFieldId": .text(id), "href": Self.href("custom-fields/\(id)"), "name": .text(field.name),
      "fieldType": .text(field.format), "format": .text(field.format), "valueType": .text(field.type),
      "type": .text(field.format), "hidden": .text(field.isHidden ? "true" : "false"),
      "values": .list(field.choices.map { .text($0) }),
    ]
  }

  private mutating func createField(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let body = try call.map()
    for name in ["name", "type", "format", "hidden", "values"] where body[name] == nil {
      throw .invalid(name, "\(name) is required")
    }
    guard let name = body["name"]?.string, CustomField.isName(name) else {
      throw .invalid("name", "name must be of the form [a-z0-9_]{1,128} and none of the reserved names")
    }
    guard let type = body["type"]?.string, CustomField.types.contains(type) else {
      throw .invalid("type", "type is not one of the types")
    }
    guard let format = body["format"]?.string, CustomField.formats.contains(format) else {
      throw .invalid("format", "format is not one of the formats")
    }
    let isHidden = try Self.hidden(body)
    let choices = try Self.choices(body, format: format)
    guard fieldPlace(named: name) == nil else { throw .duplicate("name") }
    fields.append(
      CustomField(name: name, type: type, format: format, isHidden: isHidden, choices: choices))
    return .json(201, definition(fields.count - 1))
  }

  private mutating func updateField(_ place: Int, _ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer
  {
    let body = try call.map()
    fields[place].isHidden = try Self.hidden(body)
    fields[place].choices = try Self.choices(body, format: fields[place].format)
    return .json(200, definition(place))
  }

  private static func hidden(_ body: JSON) throws(Refusal) -> Bool {
    guard let text = body["hidden"]?.string, text == "true" || text == "false" else {
      throw .invalid("hidden", "hidden must be one of the texts true and false")
    }
    return text == "true"
  }

  private static func choices(_ body: JSON, format: String) throws(Refusal) -> [String] {
    guard case .list(let elements)? = body["values"] else {
      throw .invalid("values", "values must be a list")
    }
    let texts = elements.compactMap { $0.string }
    guard texts.count == elements.count, !CustomField.isChoice(format) || texts.count >= 2 else {
      throw .invalid("values", "values must be texts, two or more of them where one is chosen")
    }
    return texts
  }

  private mutating func deleteField(_ place: Int) {
    fields[place].isDeleted = true
    revision += 1
    for holder in store.contacts.indices where store[holder][field: place] != nil {
      store.change(holder) { $0[field: place] = nil }
    }
  }
}
