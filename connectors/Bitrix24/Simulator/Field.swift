/// A field of a kind of rows.
struct Field: Sendable {
  /// Its name in the older methods: `DATE_MODIFY`.
  var name: String
  /// Its name in the universal methods: `updatedTime`.
  var item: String
  var kind: Kind
  /// Where a row has its value.
  var source: Source
  var isReadOnly = false
  var isMultiple = false
  var isRequired = false
  /// The directory of a status.
  var statusType: String?
  /// The number of the user field that it is.
  var userField: Int64?
  /// Whether lists give it only to who names it.
  var isOnDemand = false
  /// Whether it is one of filters alone.
  var isHidden = false

  /// Where a row has a field's value.
  enum Source: Hashable, Sendable {
    /// Among the values that a row may have.
    case stored(UInt16)
    /// A column that every row of its kind has.
    case column(UInt8)
  }

  /// A field's type, as the methods name it.
  enum Kind: String, Sendable {
    case integer, double, string, datetime, date, char, boolean, enumeration, money, url, user, file
    case status = "crm_status"
    case company = "crm_company"
    case contact = "crm_contact"
    case lead = "crm_lead"
    case currency = "crm_currency"
    case multifield = "crm_multifield"

    var isNumber: Bool {
      switch self {
      case .integer, .double, .enumeration, .user, .company, .contact, .lead: return true
      default: return false
      }
    }

    /// Types that `userfield.add` knows and this stand-in can hold.
    static let ofUserFields: Set<String> = [
      "string", "integer", "double", "boolean", "date", "datetime", "enumeration", "money", "url",
    ]
  }

  /// `UPDATED_TIME` of `updatedTime`.
  var upperName: String {
    if userField != nil { return name }
    return item.reduce(into: "") { result, letter in
      if letter.isUppercase { result += "_" }
      result += letter.uppercased()
    }
  }

  /// `ufCrmLeadScore` of `UF_CRM_LEAD_SCORE`, and `ufCrm_1721244707107` of a name with a number.
  static func itemName(ofUserField name: String) -> String {
    name.dropFirst(7).split(separator: "_").reduce(into: "ufCrm") { result, part in
      let isNumber = part.first?.isNumber ?? false
      result += isNumber ? "_" + part : part.prefix(1).uppercased() + part.dropFirst().lowercased()
    }
  }
}

/// The fields of a kind of rows, found by either name.
struct FieldList: Sendable {
  private(set) var fields: [Field] = []
  private var byName: [String: Int] = [:]
  private var byItem: [String: Int] = [:]

  init(_ fields: [Field]) {
    for field in fields { add(field) }
  }

  mutating func add(_ field: Field) {
    byName[field.name] = fields.count
    byItem[field.item] = fields.count
    fields.append(field)
  }

  mutating func remove(_ name: String) {
    let rest = fields.filter { $0.name != name }
    self = FieldList(rest)
  }

  /// By the name of the older methods.
  subscript(name: String) -> Field? { byName[name].map { fields[$0] } }

  /// By the name in a dialect.
  func field(_ name: String, in dialect: Dialect) -> Field? {
    (dialect == .classic ? byName[name] : byItem[name]).map { fields[$0] }
  }
}

/// A row of a list.
protocol Row: Sendable {
  var id: Int64 { get }
  /// Whether the webhook's user may not see it.
  var isHidden: Bool { get }
  func cell(_ field: Field) -> Cell
}

extension Row {
  var isHidden: Bool { false }
}
