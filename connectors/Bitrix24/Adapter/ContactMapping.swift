import Platform
import Scoring
import WebAPI

/// How a contact or lead of Bitrix24's becomes one of ours.
struct ContactMapping: Sendable {
  let fields: WrittenFields?
  /// The user fields in which we write.
  let written: [String]

  /// Stands in the tag field when there are no tags, where a field of several values cannot be emptied.
  static let noTags = "-"

  init(fields: WrittenFields?) {
    self.fields = fields
    written = FieldNames.written(fields)
  }

  /// Bitrix24's names of what has a canonical name.
  private static let canonical: [(String, String)] = [
    ("NAME", "first_name"), ("LAST_NAME", "last_name"), ("POST", "job_title"),
    ("COMPANY_TITLE", "company"), ("ADDRESS_CITY", "city"), ("ADDRESS_COUNTRY", "country"),
  ]

  /// What keeps its own name.
  private static let own = ["TYPE_ID", "STATUS_ID", "UTM_SOURCE", "UTM_MEDIUM", "UTM_CAMPAIGN"]

  /// What the universal methods call these: user fields are named by the catalogue.
  private static let universal: [String: String] = [
    "ID": "id", "NAME": "name", "LAST_NAME": "lastName", "POST": "post", "COMPANY_ID": "companyId",
    "COMPANY_TITLE": "companyTitle", "ADDRESS_CITY": "addressCity", "ADDRESS_COUNTRY": "addressCountry",
    "TYPE_ID": "typeId", "STATUS_ID": "stageId", "SOURCE_ID": "sourceId", "UTM_SOURCE": "utmSource",
    "UTM_MEDIUM": "utmMedium", "UTM_CAMPAIGN": "utmCampaign", "DATE_CREATE": "createdTime",
    "DATE_MODIFY": "updatedTime",
  ]

  // MARK: What is asked for

  /// The list of a kind, of those that changed since a moment, or of all.
  func list(_ kind: PersonKind, _ facts: Portal.Facts, since: String?) -> KeysetList {
    guard facts.hasClassic else {
      var parameters = [("entityTypeId", "\(kind.type)"), ("select[0]", "*")]
      if let since { parameters.append(("filter[>=updatedTime]", since)) }
      return KeysetList(
        method: "crm.item.list", parameters: parameters, isUniversal: true, mark: kind.rawValue)
    }
    var parameters = selection(kind)
    if let since { parameters.append(("filter[>=DATE_MODIFY]", since)) }
    return KeysetList(method: kind.list, parameters: parameters)
  }

  /// The records of these numbers.
  func lookup(_ kind: PersonKind, _ facts: Portal.Facts, _ numbers: [Int64]) -> Command {
    let bound = numbers.enumerated()
    guard facts.hasClassic else {
      return Command(
        "crm.item.list",
        [("entityTypeId", "\(kind.type)"), ("select[0]", "*")]
          + bound.map { ("filter[@id][\($0)]", "\($1)") } + [("order[id]", "ASC"), ("start", "-1")])
    }
    let names = ["ID", "DATE_MODIFY"] + written
    return Command(
      kind.list,
      names.enumerated().map { ("select[\($0)]", $1) } + bound.map { ("filter[@ID][\($0)]", "\($1)") }
        + [("order[ID]", "ASC"), ("start", "-1")])
  }

  private func selection(_ kind: PersonKind) -> [(String, String)] {
    let names =
      ["ID", "DATE_CREATE", "DATE_MODIFY", "EMAIL", "PHONE", "WEB", "SOURCE_ID"]
      + (kind == .contact ? ["COMPANY_ID"] : []) + Self.canonical.map(\.0) + Self.own + ["UF_*"]
      // The mask may leave fields of several values out.
      + written
    return names.enumerated().map { ("select[\($0)]", $1) }
  }

  // MARK: What comes back

  /// A row of a list, classic or universal.
  struct Row: Sendable {
    let json: JSONValue
    let kind: PersonKind
    let isUniversal: Bool
    let catalogue: FieldCatalogue?

    /// The value of a field under its classic name.
    subscript(_ name: String) -> JSONValue {
      guard isUniversal else { return json[name] }
      return json[ContactMapping.universal[name] ?? catalogue?[name]?.universalName ?? name]
    }

    /// Its number; nil if it has none, as an empty list in place of a row.
    var number: Int64? { self["ID"].integer.flatMap { $0 > 0 ? Int64($0) : nil } }

    /// The values of addresses, telephone numbers and the like.
    func values(_ type: String) -> [String] {
      guard isUniversal else { return json[type].elements.compactMap { ContactMapping.text($0["VALUE"]) } }
      return json["fm"].elements.filter { $0["typeId"].text == type }
        .compactMap { ContactMapping.text($0["value"]) }
    }
  }

  /// The record of a row; nil if it has no number.
  func record(_ row: Row, _ facts: Portal.Facts, companies: [Int64: String]) -> ContactRecord? {
    guard let number = row.number else { return nil }
    var record = ContactRecord(id: row.kind.id(number))
    record.createdAt = Bitrix24Time.read(row["DATE_CREATE"])
    record.emails = row.values("EMAIL")
    func add(_ name: String, _ value: String?) {
      if let value { record.fields.append(ContactField(name, value)) }
    }
    add("email", record.emails.first)
    for (name, canonical) in Self.canonical { add(canonical, Self.text(row[name])) }
    if row.kind == .contact {
      add("company", row["COMPANY_ID"].integer.flatMap { companies[Int64($0)] })
    }
    add("phone", row.values("PHONE").first)
    add("website", row.values("WEB").first)
    add("source", Self.text(row["SOURCE_ID"]).map { facts.sources[$0] ?? $0 })
    for name in Self.own { add(name, Self.text(row[name])) }
    for field in row.catalogue?.fields.values.sorted(by: { $0.name < $1.name }) ?? []
    where field.name.hasPrefix("UF_") && !written.contains(field.name) {
      add(field.name, Self.value(row[field.name], field))
    }
    record.held = held(row)
    return record
  }

  /// What a row holds of ours.
  func held(_ row: Row) -> HeldState {
    var held = HeldState()
    guard let fields else { return held }
    held.version = Self.version(row["DATE_MODIFY"])
    if let name = FieldNames.score(fields) {
      held.score = row[name].number.flatMap { Int(exactly: $0.rounded(.toNearestOrAwayFromZero)) }
    }
    if let name = fields.band.map(FieldNames.field) {
      held.band = Self.value(row[name], row.catalogue?[name] ?? .init(name: name))
    }
    held.reasons = fields.reasons.flatMap { Self.text(row[FieldNames.field($0)]) }
    if fields.tags { held.tags = Set(Self.list(row[FieldNames.tags])) }
    return held
  }

  /// The version of a record: when it was changed, in one form for all methods.
  static func version(_ value: JSONValue) -> String? { Bitrix24Time.read(value).map { "\($0.seconds)" } }

  /// The tags of a field.
  static func list(_ value: JSONValue) -> [String] {
    let all =
      value.isArray || value.isObject ? value.elements.compactMap(text) : [text(value)].compactMap(\.self)
    return all.filter { $0 != noTags }
  }

  /// A text; nil for an empty one, and for `false`, which stands for no value.
  static func text(_ value: JSONValue) -> String? {
    guard value.isText || value.isNumber else { return nil }
    return value.text.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The value of a user field: options by their texts, dates without the hour that Bitrix24 adds, several values
  /// with semicolons.
  private static func value(_ value: JSONValue, _ field: FieldCatalogue.Field) -> String? {
    let values =
      value.isArray || value.isObject ? value.elements.compactMap(text) : [text(value)].compactMap(\.self)
    let texts = values.map { text in
      switch field.type {
      case "enumeration": field.options[text] ?? text
      case "date": String(text.prefix(10))
      default: text
      }
    }
    return texts.isEmpty ? nil : texts.joined(separator: ";")
  }
}
