/// The columns of the contacts table that a request can name.
extension MauticServer {
  private static let ownColumns: [(name: String, kind: ColumnKind)] = [
    ("id", .number), ("date_added", .date), ("date_modified", .date), ("last_active", .date),
    ("date_identified", .date), ("points", .number), ("is_published", .number), ("created_by", .number),
    ("modified_by", .number), ("owner_id", .number), ("stage_id", .number), ("created_by_user", .text),
    ("modified_by_user", .text),
  ]

  /// Fields begin behind the table's own columns; a tag's column is its number below zero.
  static let fieldColumns = ownColumns.count

  /// A column by the name used in `where`: snake or camel case, with or without `l.`.
  func contactColumn(_ name: String) -> (index: Int, kind: ColumnKind)? {
    var name = name.hasPrefix("l.") ? String(name.dropFirst(2)) : name
    if fields.place(of: name) == nil {
      name = name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
    if let place = Self.ownColumns.firstIndex(where: { $0.name == name }) {
      return (place, Self.ownColumns[place].kind)
    }
    guard let place = fields.publishedPlace(of: name) else { return nil }
    let kind: ColumnKind
    switch fields.fields[place].type {
    case "number", "boolean": kind = .number
    case "date", "datetime": kind = .date
    default: kind = .text
    }
    return (Self.fieldColumns + place, kind)
  }

  /// What a comparison sees of a contact.
  static func cell(_ column: Int, of contact: StoredContact, fields: FieldRegistry) -> ConditionCell {
    func number(_ value: Int?) -> ConditionCell { value.map { .number(Double($0)) } ?? .null }
    func date(_ value: Int64?) -> ConditionCell { value.map { .number(Double($0)) } ?? .null }
    switch column {
    case ..<0: return contact.tags.contains(-column) ? .number(Double(-column)) : .null
    case 0: return number(contact.id)
    case 1: return date(contact.added)
    case 2: return date(contact.modified)
    case 3: return date(contact.lastActive)
    case 4: return date(contact.identified)
    case 5: return number(contact.points)
    case 6: return number(1)
    case 7: return number(contact.createdBy.id)
    case 8: return number(contact.modifiedBy.id)
    case 9, 10: return .null
    case 11: return contact.createdBy.name.map { .text($0) } ?? .null
    case 12: return contact.modifiedBy.name.map { .text($0) } ?? .null
    default:
      guard let text = contact[column - fieldColumns] else { return .null }
      switch fields.fields[column - fieldColumns].type {
      case "number", "boolean": return .number(PHPText.number(text) ?? 0)
      case "date", "datetime": return DateText.compared(text).map { .number(Double($0)) } ?? .null
      default: return .text(text)
      }
    }
  }

  /// One column to sort by.
  struct SortColumn {
    let column: Int
    let descending: Bool
  }

  /// The order of a list; nil where the server fails: an unknown column, or one in camel case.
  func contactOrder(_ query: QueryTree) -> [SortColumn]? {
    var wanted: [(name: String, direction: String)] = []
    if let order = query["order"] {
      wanted = order.children.map { ($0.tree.text("col") ?? "", $0.tree.text("dir") ?? "asc") }
    } else if let name = query.text("orderBy"), !name.isEmpty {
      wanted = [(name, query.text("orderByDir") ?? "asc")]
    }
    if wanted.isEmpty { wanted = [("last_active", "desc")] }
    var order: [SortColumn] = []
    for (name, direction) in wanted {
      guard !name.contains(where: { $0.isUppercase }), let column = contactColumn(name) else { return nil }
      order.append(SortColumn(column: column.index, descending: direction.lowercased() == "desc"))
    }
    return order
  }

  /// Places of contacts, sorted; null comes first, ties stay in the order of ids.
  func sort(_ places: [Int], by order: [SortColumn]) -> [Int] {
    let stored = contacts.contacts
    let keys = places.map { place in
      (place, order.map { Self.cell($0.column, of: stored[place], fields: fields) })
    }
    return keys.sorted { left, right in
      for (number, sort) in order.enumerated() {
        let comparison = Self.compare(left.1[number], right.1[number])
        if comparison != 0 { return sort.descending ? comparison > 0 : comparison < 0 }
      }
      return left.0 < right.0
    }.map { $0.0 }
  }

  /// Below 0 if the left one comes first.
  static func compare(_ left: ConditionCell, _ right: ConditionCell) -> Int {
    switch (left, right) {
    case (.null, .null): return 0
    case (.null, _): return -1
    case (_, .null): return 1
    case (.number(let left), .number(let right)): return left < right ? -1 : left > right ? 1 : 0
    case (.text(let left), .text(let right)):
      let (left, right) = (left.lowercased(), right.lowercased())
      return left < right ? -1 : left > right ? 1 : 0
    default: return 0
    }
  }
}

extension [MauticServer.SortColumn] {
  /// Whether the order is by id alone, which needs no sorting.
  var isByID: Bool { first?.column == 0 }
}
