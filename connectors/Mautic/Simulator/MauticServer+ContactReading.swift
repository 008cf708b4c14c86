import Platform

/// Contacts as they are listed and read.
extension MauticServer {
  /// `GET /api/contacts/{id}`; the id of a merged contact gives the one that took it in.
  func oneContact(_ id: Int) -> SimulatedAnswer {
    guard settings.rights.contains(.viewContacts) else { return .problem(.forbidden) }
    guard let place = contacts.placeFollowingMerges(of: id) else { return .problem(.notFound) }
    return contactAnswer(200, place, .full)
  }

  /// One contact under the key `contact`.
  func contactAnswer(_ status: Int, _ place: Int, _ style: ContactStyle) -> SimulatedAnswer {
    var writer = JSONWriter(reserving: 9_000)
    writer.append(raw: "{\"contact\":")
    append(contacts.contacts[place], style, to: &writer)
    writer.append(raw: "}")
    var answer = SimulatedAnswer.json(status, writer.bytes)
    if status == 201 {
      answer.headers.append(SimulatedPair("Location", "/api/contacts/\(contacts.contacts[place].id)"))
    }
    return answer
  }

  /// `GET /api/contacts`.
  mutating func listContacts(_ call: MauticCall) -> SimulatedAnswer {
    guard settings.rights.contains(.viewContacts) else { return .problem(.forbidden) }
    let style: ContactStyle
    if let select = call.query["select"] {
      guard let selected = selection(select) else { return .serverError() }
      style = .selected(selected, minimal: call.query.text("minimal") == "1")
    } else {
      style = call.query.text("minimal") == "1" ? .minimal : .full
    }
    guard let order = contactOrder(call.query), var parts = contactConditions(call.query["where"]) else {
      return .serverError()
    }
    guard let found = search(call.query.text("search") ?? "") else { return emptyList("contacts") }
    parts += found
    let rows = contactRows(where: parts)
    let start = call.query.integer("start") ?? 0
    let limit = call.query.integer("limit") ?? 30
    let page: [Int]
    if order.isByID {
      page =
        order.first?.descending == true
        ? MatchedRows.rows(rows.all.reversed()[...]).page(start: start, limit: limit)
        : rows.page(start: start, limit: limit)
    } else {
      let sorted = sort(rows.all, by: order)
      page = MatchedRows.rows(sorted[...]).page(start: start, limit: limit)
    }
    var writer = JSONWriter(reserving: 8_000 * min(page.count, 1_000) + 100)
    writer.append(raw: "{\"total\":\"\(rows.count)\",\"contacts\":{")
    for (number, place) in page.enumerated() {
      if number > 0 { writer.append(raw: ",") }
      writer.append(raw: "\"\(contacts.contacts[place].id)\":")
      append(contacts.contacts[place], style, to: &writer)
    }
    writer.append(raw: "}}")
    return .json(200, writer.bytes)
  }

  /// The `where` of a list; nil where the server fails.
  private func contactConditions(_ tree: QueryTree?) -> [Condition]? {
    let parser = ConditionParser { contactColumn($0) }
    return try? parser.parse(tree)
  }

  private func emptyList(_ key: String) -> SimulatedAnswer {
    .json(200, .map([JSONMember("total", "0"), JSONMember(key, [:])]))
  }

  /// The places of selected fields; nil where the server fails: `id` is missing, or something is no field.
  private func selection(_ tree: QueryTree) -> [Int]? {
    let names = tree.text.map { [$0] } ?? tree.children.compactMap { $0.tree.text }
    guard names.contains("id") else { return nil }
    var places: [Int] = []
    for name in names where name != "id" {
      guard let place = fields.publishedPlace(of: name) else { return nil }
      places.append(place)
    }
    return places
  }

  /// Contacts that pass, ascending by id.
  private mutating func contactRows(where parts: [Condition]) -> MatchedRows {
    let plan = KeysetPlan(parts, idColumn: 0)
    var index = contacts.index
    let stored = contacts.contacts
    let found = index.rows(of: plan, count: stored.count, id: { stored[$0].id }) { column, row in
      Self.cell(column, of: stored[row], fields: fields)
    }
    contacts.index = index
    return found
  }

  /// What a search lets through; nil if it finds nothing whatever there is.
  private func search(_ text: String) -> [Condition]? {
    let text = String(Substring(text).trimmingBlanks())
    guard !text.isEmpty else { return [] }
    func test(_ column: Int, _ kind: ColumnKind, _ operation: ColumnTest.Operator, _ texts: [String])
      -> Condition
    {
      .test(ColumnTest(column: column, kind: kind, comparison: operation, operands: texts))
    }
    let email = Self.fieldColumns + contacts.emailPlace
    switch text {
    case "is:anonymous": return [test(4, .date, .isNull, [])]
    case "!is:anonymous": return [test(4, .date, .isNotNull, [])]
    default: break
    }
    guard let colon = text.firstIndex(of: ":"), !text.contains("://") else {
      let names = ["firstname", "lastname", "email", "company", "city", "state", "country"]
      return [
        .any(
          names.compactMap { fields.place(of: $0) }.map {
            test(Self.fieldColumns + $0, .text, .like, ["%\(text)%"])
          })
      ]
    }
    let value = String(text[text.index(after: colon)...])
    switch text[..<colon] {
    case "email": return [test(email, .text, .like, [value + "%"])]
    case "ids": return [test(0, .number, .in, value.split(separator: ",").map { String($0) })]
    case "tag":
      guard let tag = tags.known(PHPText.escapingEntities(value)) else { return nil }
      return [test(-tag, .number, .isNotNull, [])]
    case "segment", "common":
      guard let segment = segments.first(where: { $0.alias == value }) else { return nil }
      return [test(0, .number, .in, segment.members.keys.map { "\($0)" })]
    default: return nil
    }
  }
}
