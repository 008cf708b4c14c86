import SimulatorJSON

/// What was done: activities, telephone calls and moves between stages.
extension Bitrix24Server {
  mutating func activityList(_ call: MethodCall) throws(Refusal) -> MethodResult {
    let reader = ListReader(fields: ActivityRow.fields, dialect: .classic, time: settings.time)
    var order = try reader.order(call["order"])
    if order.isEmpty, let start = ActivityRow.fields["START_TIME"] { order = [(start, false)] }
    let bindings = call["filter"]?["BINDINGS"]
    var query = ListQuery(
      filter: try reader.filter(Self.without("BINDINGS", call["filter"])), order: order,
      start: ListReader.start(call["start"], size: settings.pageSize), size: settings.pageSize)
    var found = ListQuery.Found()
    if let bindings {
      (query.start, query.size) = (0, .max / 2)
      let places = query.find(in: activities).places
      // An activity that two of the bindings fit comes twice.
      query.start = ListReader.start(call["start"], size: settings.pageSize)
      query.size = settings.pageSize
      found = query.page(places.flatMap { Array(repeating: $0, count: fitting(activities[$0], bindings)) })
    } else {
      found = query.find(in: activities)
    }
    let wanted = activitySelection(call["select"])
    return MethodResult(.list(found.places.map { .map(render(activities[$0], wanted)) }), of: found)
  }

  private static func without(_ name: String, _ json: JSON?) -> JSON? {
    guard case .map(let members)? = json else { return json }
    return .map(members.filter { $0.name != name })
  }

  private func fitting(_ row: ActivityRow, _ bindings: JSON) -> Int {
    bindings.values.count { demand in
      row.bindings.contains { binding in
        (demand["OWNER_TYPE_ID"]?.phpWhole ?? binding.type.rawValue) == binding.type.rawValue
          && (demand["OWNER_ID"]?.phpWhole ?? binding.id) == binding.id
      }
    }
  }

  private func activitySelection(_ select: JSON?) -> [Field] {
    Self.selection(select, of: ActivityRow.fields).filter {
      $0.name != "BINDINGS" || settings.givesBindings
    }
  }

  private func render(_ row: ActivityRow, _ wanted: [Field]) -> [JSON.Member] {
    let plain = wanted.filter { !$0.isOnDemand }
    var members = classic(row, plain)
    for field in wanted where field.isOnDemand {
      let list = field.name == "BINDINGS" ? Self.bindings(row) : communications(row)
      members.append(JSON.Member(field.name, list))
    }
    return members
  }

  private static func bindings(_ row: ActivityRow) -> JSON {
    .list(
      row.bindings.map {
        ["OWNER_ID": .text(String($0.id)), "OWNER_TYPE_ID": .text(String($0.type.rawValue))]
      })
  }

  private func communications(_ row: ActivityRow) -> JSON {
    let isNamed = row.naming == .communication || row.owner == row.person && row.channel != nil
    guard isNamed, let place = spaces[row.person.type].place(of: row.person.id) else { return .list([]) }
    let fields = spaces[row.person.type].fields
    let entity = spaces[row.person.type].rows[place]
    func text(_ name: String) -> JSON {
      .text(fields[name].map { entity.cell($0).plain } ?? "")
    }
    return [
      [
        "ID": .text(String(row.id * 2 + 1)), "TYPE": .text(row.channel?.kind.rawValue ?? ""),
        "VALUE": .text(row.channel?.value ?? ""), "ENTITY_ID": .text(String(row.person.id)),
        "ENTITY_TYPE_ID": .text(String(row.person.type.rawValue)),
        "ENTITY_SETTINGS": [
          "HONORIFIC": "", "NAME": text("NAME"), "SECOND_NAME": "", "LAST_NAME": text("LAST_NAME"),
          "COMPANY_TITLE": "", "COMPANY_ID": text("COMPANY_ID"),
        ],
      ]
    ]
  }

  func activityPlace(_ id: Int64) -> Int? {
    let place = activities.firstPlace(from: id)
    return place < activities.count && activities[place].id == id ? place : nil
  }

  func activityGet(_ call: MethodCall) throws(Refusal) -> MethodResult {
    guard let place = call["id"]?.phpWhole.flatMap({ activityPlace($0) }) else { throw .notFound }
    return MethodResult(.map(render(activities[place], activitySelection(nil))))
  }

  /// Numbers are numbers here.
  func bindingList(_ call: MethodCall) throws(Refusal) -> MethodResult {
    guard let place = call["activityid"]?.phpWhole.flatMap({ activityPlace($0) }) else {
      throw .elementNotFound
    }
    return MethodResult(
      .list(
        activities[place].bindings.map {
          ["entityTypeId": .integer($0.type.rawValue), "entityId": .integer($0.id)]
        }))
  }

  func historyList(_ call: MethodCall) throws(Refusal) -> MethodResult {
    let number = call["entitytypeid"]?.phpWhole ?? 0
    guard let type = EntityType(rawValue: number), type == .lead || type == .deal else {
      throw Refusal(400, "ENTITY_TYPE_NOT_SUPPORTED", "Entity type \(number) is not supported")
    }
    let fields = StageMove.fields(of: type)
    // Its names are those of the older methods, its strictness that of the universal ones.
    let reader = ListReader(fields: fields, dialect: .universal, time: settings.time)
    let query = ListQuery(
      filter: try reader.filter(call["filter"]), order: try reader.order(call["order"]),
      start: ListReader.start(
        call["start"], size: settings.pageSize, maySkipCount: settings.historySkipsCount),
      size: settings.pageSize)
    let rows = moves[type] ?? []
    let found = query.find(in: rows)
    let names = Set((call["select"]?.values ?? []).compactMap { $0.phpText })
    let wanted = fields.fields.filter { names.isEmpty || names.contains("*") || names.contains($0.name) }
    let dialect: Dialect = settings.historyHasNumbers ? .universal : .classic
    let items = found.places.map { place -> JSON in
      .php(wanted.map { JSON.Member($0.name, $0.json(rows[place].cell($0), dialect, settings.time)) })
    }
    return MethodResult(["items": .list(items)], of: found)
  }

  /// Its order stands in `SORT` and `ORDER`, and it always counts.
  func callList(_ call: MethodCall) throws(Refusal) -> MethodResult {
    guard settings.mayReadCalls else { throw Refusal(403, "ACCESS_DENIED", "Access denied!") }
    let reader = ListReader(fields: CallRow.fields, dialect: .classic, time: settings.time)
    let sort = call.parameters["SORT"]?.phpText ?? "ID"
    let direction = call.parameters["ORDER"] ?? "ASC"
    let query = ListQuery(
      filter: try reader.filter(call.parameters["FILTER"]),
      order: try reader.order(.map([JSON.Member(sort, direction)])),
      start: ListReader.start(call["start"], size: settings.pageSize, maySkipCount: false),
      size: settings.pageSize)
    let found = query.find(in: phoneCalls)
    return MethodResult(
      .list(found.places.map { .map(classic(phoneCalls[$0], CallRow.fields.fields)) }), of: found)
  }
}
