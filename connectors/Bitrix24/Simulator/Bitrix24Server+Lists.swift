import SimulatorJSON

/// The older methods of contacts, leads, deals and companies: `crm.contact.list` and its kin.
extension Bitrix24Server {
  mutating func list(_ type: EntityType, _ call: MethodCall) throws(Refusal) -> MethodResult {
    let space = spaces[type]
    let reader = ListReader(fields: space.fields, dialect: .classic, time: settings.time)
    let query = ListQuery(
      filter: try reader.filter(call["filter"]), order: try reader.order(call["order"]),
      start: ListReader.start(call["start"], size: settings.pageSize), size: settings.pageSize)
    let found = query.find(in: space.rows)
    let wanted = Self.selection(call["select"], of: space.fields)
    return MethodResult(
      .list(found.places.map { .map(classic(space.rows[$0], wanted)) }), of: found)
  }

  /// The fields that a list of the older methods gives: `*` means all but users' fields and channels, `UF_*`
  /// users' fields; the id always comes along.
  static func selection(_ select: JSON?, of list: FieldList) -> [Field] {
    let names = Set((select?.values ?? []).compactMap { $0.phpText })
    let all = names.isEmpty
    return list.fields.filter { field in
      if field.isHidden { return false }
      if field.name == "ID" || names.contains(field.name) { return true }
      if field.isOnDemand { return false }
      return field.userField == nil ? all || names.contains("*") : all || names.contains("UF_*")
    }
  }

  /// A row in the style of the older methods; channels without value are left out.
  func classic(_ row: some Row, _ wanted: [Field]) -> [JSON.Member] {
    let time = settings.time
    var members: [JSON.Member] = []
    members.reserveCapacity(wanted.count)
    for field in wanted {
      if field.kind == .multifield, let entity = row as? Entity {
        if let list = Self.channels(entity, field.name) { members.append(JSON.Member(field.name, list)) }
      } else {
        members.append(JSON.Member(field.name, field.json(row.cell(field), .classic, time)))
      }
    }
    return members
  }

  private static func channels(_ row: Entity, _ name: String) -> JSON? {
    let channels = row.channels.filter { $0.kind.rawValue == name }
    guard !channels.isEmpty else { return nil }
    return .list(
      channels.map {
        [
          "ID": .text(String($0.id)), "VALUE_TYPE": "WORK", "VALUE": .text($0.value), "TYPE_ID": .text(name),
        ]
      })
  }

  func get(_ type: EntityType, _ call: MethodCall) throws(Refusal) -> MethodResult {
    guard let id = call["id"]?.phpWhole, id > 0 else { throw .badID }
    guard let place = visiblePlace(id, of: type) else { throw .notFound }
    let fields = spaces[type].fields.fields.filter { !$0.isHidden }
    return MethodResult(.map(classic(spaces[type].rows[place], fields)))
  }

  /// Where a row stands that the user may see.
  func visiblePlace(_ id: Int64, of type: EntityType) -> Int? {
    guard let place = spaces[type].place(of: id), !spaces[type].rows[place].isHidden else { return nil }
    return place
  }

  /// `crm.contact.fields`: every field by its name.
  func fieldDescriptions(_ type: EntityType) -> MethodResult {
    MethodResult(
      .map(spaces[type].fields.fields.map { JSON.Member($0.name, .map(description(of: $0, type))) }))
  }

  /// What both kinds of methods tell of a field.
  func description(of field: Field, _ type: EntityType) -> [JSON.Member] {
    let user = field.userField.flatMap { id in spaces[type].userFields.first { $0.id == id } }
    return [
      JSON.Member("type", .text(field.kind.rawValue)), JSON.Member("isRequired", .bool(field.isRequired)),
      JSON.Member("isReadOnly", .bool(field.isReadOnly)), JSON.Member("isImmutable", false),
      JSON.Member("isMultiple", .bool(field.isMultiple)), JSON.Member("isDynamic", .bool(user != nil)),
      user.flatMap { $0.type == "enumeration" ? JSON.Member("items", $0.items) : nil },
      field.statusType.map { JSON.Member("statusType", .text($0)) },
      JSON.Member("title", .text(field.name)),
      user.map { JSON.Member("listLabel", .text($0.label)) },
      user.map { JSON.Member("formLabel", .text($0.label)) },
      user.map { JSON.Member("filterLabel", .text($0.label)) },
      user.map { JSON.Member("settings", .php($0.settings)) },
    ].compactMap { $0 }
  }
}
