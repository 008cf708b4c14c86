import Platform
import SimulatorJSON

/// Definitions of properties and their groups.
extension HubSpotServer {
  mutating func propertyRoute(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard let name = call.path.first else { throw .noRoute(call.target) }
    let type = try objectType(name)
    let rest = Array(call.path.dropFirst())
    let isRead = call.method == "GET" || rest == ["batch", "read"]
    // Who may read contacts may read what their properties are; to change those takes a scope of its own.
    if isRead {
      try require(type.schemaReadScope, type.readScope)
    } else {
      try require(type.schemaWriteScope)
    }
    if rest.first == "groups" { return try groupRoute(type, Array(rest.dropFirst()), call) }
    switch (call.method, rest.count) {
    case ("GET", 0): return listProperties(type, call)
    case ("POST", 0): return .json(201, try createProperty(type, call.body, at: call.now).json)
    case ("GET", 1): return .json(200, try property(type, rest[0], call).json)
    case ("PATCH", 1): return try changeProperty(type, rest[0], call)
    case ("DELETE", 1): return try archiveProperty(type, rest[0])
    case ("POST", 2) where rest[0] == "batch": return try propertyBatch(type, rest[1], call)
    default: throw .noRoute(call.target)
    }
  }

  private func listProperties(_ type: ObjectType, _ call: HubSpotCall) -> SimulatedAnswer {
    let archived = call.parameter("archived") == "true"
    let found = spaces[type].properties.all.filter { $0.isArchived == archived && !$0.isPending }
    return .json(200, ["results": .list(found.map { $0.json })])
  }

  private func property(
    _ type: ObjectType, _ name: String, _ call: HubSpotCall
  ) throws(Refusal) -> PropertyDefinition {
    let archived = call.parameter("archived") == "true"
    guard let place = spaces[type].properties.place(of: name) else { throw Self.noProperty(name) }
    let found = spaces[type].properties[place]
    guard !found.isPending, found.isArchived == archived else { throw Self.noProperty(name) }
    return found
  }

  private static func noProperty(_ name: String) -> Refusal {
    .notFound(
      "Property \(name) does not exist", subCategory: "Properties.PROPERTY_NOT_FOUND",
      context: ["propertyName": [.text(name)]])
  }

  private mutating func createProperty(
    _ type: ObjectType, _ body: JSON, at now: Moment
  ) throws(Refusal) -> PropertyDefinition {
    var definition = try Self.definition(body)
    if let place = spaces[type].properties.place(of: definition.name),
      !spaces[type].properties[place].isArchived
    {
      throw Refusal(
        status: 409, message: "A property named '\(definition.name)' already exists.",
        category: "OBJECT_ALREADY_EXISTS", subCategory: "Properties.PROPERTY_WITH_NAME_EXISTS",
        context: ["name": [.text(definition.name)]])
    }
    guard spaces[type].groups.contains(where: { $0.name == definition.group && !$0.isArchived }) else {
      throw .invalid(
        "Property group \(definition.group) does not exist", context: ["groupName": [.text(definition.group)]]
      )
    }
    guard spaces[type].properties.customCount < settings.customPropertyLimit else {
      throw .invalid(
        "You have reached the limit of \(settings.customPropertyLimit) custom properties.",
        context: ["limit": [.text("\(settings.customPropertyLimit)")]])
    }
    (definition.created, definition.updated) = (now, now)
    definition.isPending = settings.propertyDelay > 0
    let place = spaces[type].properties.add(definition)
    if settings.propertyDelay > 0 {
      pendingProperties.append((Moment(now.milliseconds + settings.propertyDelay * 1_000), type, place))
    }
    return definition
  }

  private static let fieldTypes: [String: Set<String>] = [
    "number": ["number", "calculation_equation"],
    "string": ["text", "textarea", "html", "phonenumber", "file"],
    "enumeration": ["select", "radio", "checkbox", "booleancheckbox"], "bool": ["booleancheckbox"],
    "date": ["date"], "datetime": ["date"],
  ]

  private static func definition(_ body: JSON) throws(Refusal) -> PropertyDefinition {
    var texts: [String: String] = [:]
    for name in ["name", "label", "groupName", "type", "fieldType"] {
      guard let text = body[name]?.string, !text.isEmpty else {
        throw .badInput("Some required fields were not set: [\(name)]")
      }
      texts[name] = text
    }
    let (name, type, fieldType) = (texts["name"] ?? "", texts["type"] ?? "", texts["fieldType"] ?? "")
    guard name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }),
      name.utf8.first.map({ (0x61...0x7A).contains($0) }) ?? false
    else {
      throw .invalid(
        "The property name '\(name)' is invalid: only small letters, digits and _ are allowed, and it begins with a letter."
      )
    }
    guard fieldTypes[type]?.contains(fieldType) ?? false else {
      throw .invalid("The field type \(fieldType) is not valid for the type \(type)")
    }
    var result = PropertyDefinition(
      name: name, label: texts["label"] ?? "", group: texts["groupName"] ?? "", type: type,
      fieldType: fieldType)
    result.options = try options(body["options"])
    result.description = body["description"]?.string ?? ""
    result.displayOrder = body["displayOrder"]?.whole ?? -1
    result.isUnique = body["hasUniqueValue"]?.isTrue ?? false
    result.isHidden = body["hidden"]?.isTrue ?? false
    result.isFormField = body["formField"]?.isTrue ?? false
    if type == "enumeration", fieldType != "booleancheckbox", result.options.isEmpty,
      !(body["externalOptions"]?.isTrue ?? false)
    {
      throw .invalid("Enumeration properties need at least one option")
    }
    return result
  }

  private static func options(_ json: JSON?) throws(Refusal) -> [PropertyDefinition.Option] {
    var result: [PropertyDefinition.Option] = []
    for (place, element) in (json?.elements ?? []).enumerated() {
      guard let option = PropertyDefinition.Option(element, place: place) else {
        throw .badInput("Some required fields were not set: [label, value]")
      }
      guard !result.contains(where: { $0.value == option.value || $0.label == option.label }) else {
        throw .invalid("Property option values and labels must be unique: \(option.value)")
      }
      result.append(option)
    }
    return result
  }

  /// Options that are left out of the list are gone; without a list they stay.
  private mutating func changeProperty(
    _ type: ObjectType, _ name: String, _ call: HubSpotCall
  ) throws(Refusal) -> SimulatedAnswer {
    var definition = try property(type, name, call)
    guard !definition.isStandard else {
      throw .invalid("The property \(name) is read only: its definition cannot be changed.")
    }
    if let options = call.body["options"] { definition.options = try Self.options(options) }
    if let label = call.body["label"]?.string { definition.label = label }
    if let group = call.body["groupName"]?.string { definition.group = group }
    if let text = call.body["description"]?.string { definition.description = text }
    definition.updated = call.now
    spaces[type].properties.add(definition)
    return .json(200, definition.json)
  }

  private mutating func archiveProperty(
    _ type: ObjectType, _ name: String
  ) throws(Refusal) -> SimulatedAnswer {
    guard let place = spaces[type].properties.usable(name) else { throw Self.noProperty(name) }
    guard !spaces[type].properties[place].isStandard else {
      throw .invalid("The property \(name) comes with HubSpot and cannot be archived.")
    }
    spaces[type].properties[place].isArchived = true
    return .done
  }

  private mutating func propertyBatch(
    _ type: ObjectType, _ action: String, _ call: HubSpotCall
  ) throws(Refusal) -> SimulatedAnswer {
    var results: [JSON] = []
    var errors: [JSON] = []
    for input in try call.inputs(most: 100) {
      let name = input["name"]?.string ?? ""
      do throws(Refusal) {
        switch action {
        case "read": results.append(try property(type, name, call).json)
        case "create": results.append(try createProperty(type, input, at: call.now).json)
        case "archive": _ = try archiveProperty(type, name)
        default: throw .noRoute(call.target)
        }
      } catch {
        guard error.status == 404 || error.status == 409 else { throw error }
        errors.append(error.inBatch)
      }
    }
    if action == "archive" { return .done }
    let status = errors.isEmpty ? action == "read" ? 200 : 201 : 207
    return .json(status, batch(results, errors: errors, at: call.now))
  }
}

extension Refusal {
  /// As it stands in a batch's `errors`: `status` is a word, and there is no `correlationId`.
  var inBatch: JSON {
    .map(present: [
      JSON.Member("status", "error"), category.map { JSON.Member("category", .text($0)) },
      subCategory.map { JSON.Member("subCategory", .text($0)) }, JSON.Member("message", .text(message)),
      context.map { JSON.Member("context", $0) },
    ])
  }
}
