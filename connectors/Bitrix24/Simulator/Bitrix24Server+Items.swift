import SimulatorJSON

/// The universal methods: `crm.item.list` and its kin.
extension Bitrix24Server {
  private func type(_ call: MethodCall) throws(Refusal) -> EntityType {
    guard let type = call["entitytypeid"]?.phpWhole.flatMap({ EntityType(rawValue: $0) }) else {
      throw Refusal(400, "NOT_FOUND", "Smart process not found")
    }
    return type
  }

  private func keepsNames(_ call: MethodCall) -> Bool { call["useoriginalufnames"]?.phpText == "Y" }

  mutating func itemList(_ call: MethodCall) throws(Refusal) -> MethodResult {
    let type = try type(call)
    let reader = ListReader(fields: spaces[type].fields, dialect: .universal, time: settings.time)
    let query = ListQuery(
      filter: try reader.filter(call["filter"]), order: try reader.order(call["order"]),
      start: ListReader.start(call["start"], size: settings.pageSize), size: settings.pageSize)
    let found = query.find(in: spaces[type].rows)
    let select = (call["select"]?.values ?? []).compactMap { $0.phpText }
    let items = found.places.map {
      item(spaces[type].rows[$0], type, select: select, keepsNames: keepsNames(call))
    }
    return MethodResult(["items": .list(items)], of: found)
  }

  /// A row in the style of the universal methods. Channels are given with `*` alone. Who wants the fields'
  /// original names and selects by the new ones gets items without anything, which are lists.
  private func item(_ row: Entity, _ type: EntityType, select: [String], keepsNames: Bool) -> JSON {
    let time = settings.time
    let isWhole = select.isEmpty || select.contains("*")
    var members: [JSON.Member] = []
    for field in spaces[type].fields.fields where field.kind != .multifield {
      let name = keepsNames && field.userField != nil ? field.name : field.item
      let isWanted = keepsNames ? select.contains(field.upperName) : select.contains(field.item)
      if isWhole || isWanted {
        members.append(JSON.Member(name, field.json(row.cell(field), .universal, time)))
      }
    }
    guard isWhole else { return .php(members) }
    if !row.channels.isEmpty || type != .deal { members.append(JSON.Member("fm", Self.channels(row))) }
    members.append(JSON.Member("entityTypeId", .integer(type.rawValue)))
    return .map(members)
  }

  private static func channels(_ row: Entity) -> JSON {
    .list(
      row.channels.map {
        [
          "id": .integer($0.id), "typeId": .text($0.kind.rawValue), "valueType": "WORK",
          "value": .text($0.value),
        ]
      })
  }

  func itemGet(_ call: MethodCall) throws(Refusal) -> MethodResult {
    let type = try type(call)
    guard let id = call["id"]?.phpWhole, let place = visiblePlace(id, of: type) else {
      throw .elementNotFound
    }
    return MethodResult([
      "item": item(spaces[type].rows[place], type, select: [], keepsNames: keepsNames(call))
    ])
  }

  mutating func itemUpdate(_ call: MethodCall) throws(Refusal) -> MethodResult {
    let type = try type(call)
    guard let id = call["id"]?.phpWhole, let place = visiblePlace(id, of: type) else {
      throw .elementNotFound
    }
    if let refusal = refusals[EntityReference(type: type, id: id)] { throw refusal }
    guard let given = call["fields"], given.isArray else {
      throw Refusal(400, 100, "Could not find value for parameter {fields}")
    }
    var writer = ValueWriter(settings: settings, isUniversal: true)
    writer.options = options(of: type)
    for member in given.entries {
      let original = keepsNames(call) ? spaces[type].fields[member.name] : nil
      if let field = original ?? spaces[type].fields.field(member.name, in: .universal) {
        try writer.take(member.value, for: field)
      }
    }
    store(writer.changes, at: place, of: type, now: call.second, by: settings.webhookUser, always: false)
    var answer = item(spaces[type].rows[place], type, select: [], keepsNames: keepsNames(call))
    if case .map(let members) = answer {
      // What was not stored is told as if it had been.
      let lost = Set(writer.notStored.map { keepsNames(call) ? $0.name : $0.item })
      answer = .map(members.map { lost.contains($0.name) ? JSON.Member($0.name, .null) : $0 })
    }
    return MethodResult(["item": answer])
  }

  func itemFields(_ call: MethodCall) throws(Refusal) -> MethodResult {
    let type = try type(call)
    let fields = spaces[type].fields.fields.filter { $0.kind != .multifield }
    return MethodResult([
      "fields": .map(
        fields.map { field in
          let name = keepsNames(call) && field.userField != nil ? field.name : field.item
          let upper = JSON.Member("upperName", .text(field.upperName))
          return JSON.Member(name, .map(description(of: field, type) + [upper]))
        })
    ])
  }

  /// The options of all fields with options, by the fields' names.
  func options(of type: EntityType) -> [String: Set<Int64>] {
    var result: [String: Set<Int64>] = [:]
    for field in spaces[type].userFields where field.type == "enumeration" {
      result[field.name] = Set(field.options.map { $0.id })
    }
    return result
  }
}
