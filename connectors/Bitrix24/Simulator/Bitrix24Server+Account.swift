import SimulatorJSON

/// What the portal tells of itself, its directories, and who has an address.
extension Bitrix24Server {
  mutating func account(_ call: MethodCall) throws(Refusal) -> MethodResult {
    switch call.name {
    case "server.time": return MethodResult(.text(settings.time.text(call.second)))
    case "scope": return MethodResult(.list(settings.scopes.sorted().map { .text($0) }))
    case "crm.settings.mode.get": return MethodResult(settings.classicMode ? 1 : 2)
    case "method.get":
      let name = call["name"]?.phpText?.lowercased() ?? ""
      let isThere = exists(name)
      let scope = MethodKind(name).scope
      let isGranted = isThere && (scope.map { settings.scopes.contains($0) } ?? true)
      return MethodResult(["isExisting": .bool(isThere), "isAvailable": .bool(isGranted)])
    case "profile":
      return MethodResult([
        "ID": .text(String(settings.webhookUser)), "ADMIN": .bool(settings.isCRMAdministrator), "NAME": "Ada",
        "LAST_NAME": "Admin", "PERSONAL_GENDER": "", "TIME_ZONE": "",
      ])
    case "user.current":
      return MethodResult([
        "ID": .text(String(settings.webhookUser)), "ACTIVE": true, "NAME": "Ada", "LAST_NAME": "Admin",
        "EMAIL": "admin@portal.example", "UF_DEPARTMENT": [1],
      ])
    case "feature.get":
      guard !(call["code"]?.phpText ?? "").isEmpty else {
        throw Refusal(400, "CODE_EMPTY", "CODE can't be empty")
      }
      return MethodResult(["value": "N"])
    default: throw .noSuchMethod
    }
  }

  /// Statuses come in one page, however many there are.
  func statusList(_ call: MethodCall) throws(Refusal) -> MethodResult {
    let reader = ListReader(fields: Directory.Status.fields, dialect: .classic, time: settings.time)
    let query = ListQuery(
      filter: try reader.filter(call["filter"]), order: try reader.order(call["order"]), start: 0,
      size: .max / 2)
    let found = query.find(in: directory.rows)
    let fields = Directory.Status.fields.fields
    return MethodResult(
      .list(found.places.map { .map(classic(directory.rows[$0], fields)) }), total: found.total)
  }

  /// Who has one of some addresses or numbers, not who has which of them; at most 20 of a kind.
  func duplicates(_ call: MethodCall) throws(Refusal) -> MethodResult {
    guard let type = call["type"]?.phpText, let kind = Entity.Channel.Kind(rawValue: type), kind != .web
    else {
      throw .classic("Communication type is not defined")
    }
    let values = (call["values"]?.values ?? []).compactMap { $0.phpText?.lowercased() }
    guard !values.isEmpty else { throw .classic("Communication values is not defined") }
    let wanted = Set(values.prefix(20))
    let only = call["entity_type"]?.phpText?.lowercased()
    var members: [JSON.Member] = []
    for entity in [EntityType.lead, .contact, .company] where only == nil || only == entity.word {
      let rows = spaces[entity].rows.lazy.filter { row in
        !row.isHidden && row.channels.contains { $0.kind == kind && wanted.contains($0.value.lowercased()) }
      }
      let ids = rows.prefix(20).map { JSON.integer($0.id) }
      if !ids.isEmpty { members.append(JSON.Member(entity.word.uppercased(), .list(Array(ids)))) }
    }
    return MethodResult(.php(members))
  }
}
