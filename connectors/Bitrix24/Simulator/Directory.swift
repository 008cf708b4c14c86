/// The lists of values that fields refer to: sources, types, stages.
struct Directory: Sendable {
  private(set) var rows: [Status] = []
  private var byName: [String: String] = [:]

  init() {
    for (entity, entries) in Self.standard {
      for (id, name, semantics) in entries { add(entity, id, name, semantics) }
    }
  }

  private mutating func add(_ entity: String, _ id: String, _ name: String, _ semantics: String) {
    byName["\(entity)|\(name.lowercased())"] = id
    let sort = Int64(rows.count { $0.entity == entity } + 1) * 10
    rows.append(
      Status(
        id: Int64(rows.count) * 2 + 1, entity: entity, status: id, name: name, sort: sort,
        semantics: semantics))
  }

  /// The id of a value by its name; one that is not there is made.
  mutating func id(of name: String, in entity: String) -> String {
    if let known = byName["\(entity)|\(name.lowercased())"] { return known }
    let id = String(rows.count { $0.entity == entity } + 1)
    add(entity, id, name, "")
    return id
  }

  /// A value of a directory.
  struct Status: Row {
    let id: Int64
    let entity: String
    let status: String
    let name: String
    let sort: Int64
    /// `S` won, `F` lost; empty while in work.
    let semantics: String

    private enum Column: UInt8 {
      case id, entity, status, name, initial, sort, system, category, color, semantics, extra
    }

    func cell(_ field: Field) -> Cell {
      guard case .column(let number) = field.source, let column = Column(rawValue: number) else {
        return .none
      }
      switch column {
      case .id: return .whole(id)
      case .entity: return .text(entity)
      case .status: return .text(status)
      case .name, .initial: return .text(name)
      case .sort: return .whole(sort)
      case .system: return .flag(Int(status) == nil)
      case .category: return .none
      case .color: return .text("#39A8EF")
      case .semantics: return .text(semantics)
      case .extra:
        let word = semantics == "S" ? "success" : semantics == "F" ? "failure" : "process"
        return entity.contains("STAGE") || entity == "STATUS"
          ? .json(["SEMANTICS": .text(word), "COLOR": "#39A8EF"]) : .none
      }
    }

    static let fields = FieldList([
      Field(name: "ID", item: "ID", kind: .integer, source: .column(Column.id.rawValue)),
      Field(name: "ENTITY_ID", item: "ENTITY_ID", kind: .string, source: .column(Column.entity.rawValue)),
      Field(name: "STATUS_ID", item: "STATUS_ID", kind: .string, source: .column(Column.status.rawValue)),
      Field(name: "NAME", item: "NAME", kind: .string, source: .column(Column.name.rawValue)),
      Field(name: "NAME_INIT", item: "NAME_INIT", kind: .string, source: .column(Column.initial.rawValue)),
      Field(name: "SORT", item: "SORT", kind: .integer, source: .column(Column.sort.rawValue)),
      Field(name: "SYSTEM", item: "SYSTEM", kind: .char, source: .column(Column.system.rawValue)),
      Field(
        name: "CATEGORY_ID", item: "CATEGORY_ID", kind: .string, source: .column(Column.category.rawValue)),
      Field(name: "COLOR", item: "COLOR", kind: .string, source: .column(Column.color.rawValue)),
      Field(name: "SEMANTICS", item: "SEMANTICS", kind: .string, source: .column(Column.semantics.rawValue)),
      Field(name: "EXTRA", item: "EXTRA", kind: .string, source: .column(Column.extra.rawValue)),
    ])
  }

  private static let standard: [(String, [(String, String, String)])] = [
    (
      "SOURCE",
      [
        ("CALL", "Call", ""), ("EMAIL", "E-Mail", ""), ("WEB", "Website", ""),
        ("ADVERTISING", "Advertising", ""),
        ("PARTNER", "Existing Client", ""), ("RECOMMENDATION", "By Recommendation", ""),
        ("TRADE_SHOW", "Show/Exhibition", ""), ("WEBFORM", "CRM form", ""), ("OTHER", "Other", ""),
      ]
    ),
    (
      "CONTACT_TYPE", [("CLIENT", "Clients", ""), ("SUPPLIER", "Suppliers", ""), ("PARTNER", "Partners", "")]
    ),
    ("COMPANY_TYPE", [("CUSTOMER", "Customer", ""), ("OTHER", "Other", "")]),
    ("INDUSTRY", [("IT", "Information Technology", ""), ("OTHER", "Other", "")]),
    (
      "STATUS",
      [
        ("NEW", "Unassigned", ""), ("IN_PROCESS", "In Progress", ""), ("PROCESSED", "Processed", ""),
        ("CONVERTED", "Good lead", "S"), ("JUNK", "Junk lead", "F"),
      ]
    ),
    (
      "DEAL_STAGE",
      [
        ("NEW", "New", ""), ("PREPARATION", "Document preparation", ""), ("EXECUTING", "In progress", ""),
        ("WON", "Deal successful", "S"), ("LOSE", "Deal failed", "F"), ("APOLOGY", "Failure analysis", "F"),
      ]
    ),
  ]
}
