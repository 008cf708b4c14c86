/// In which form a contact stands in an answer.
enum ContactStyle {
  /// As it is read.
  case full
  /// Without tags, dates of activity, do-not-contact and the like.
  case minimal
  /// In the answer to its creation: the fields' inner form differs.
  case created
  /// In the answer to a write that overwrites with blanks: null reads as an empty text, or 0, but for these
  /// fields, whose zero was dropped.
  case blanked(except: Set<Int>)
  /// A failed item of a batch: values as the database has them, and no map of all.
  case unsaved
  /// Only these fields, and null left out everywhere.
  case selected([Int], minimal: Bool)
  /// In the answer to its deletion: the id is null.
  case deleted

  var isMinimal: Bool {
    switch self {
    case .minimal: return true
    case .selected(_, let minimal): return minimal
    default: return false
    }
  }

  var dropsNull: Bool {
    if case .selected = self { return true }
    return false
  }
}

extension MauticServer {
  /// Appends a contact as JSON.
  func append(_ contact: StoredContact, _ style: ContactStyle, to writer: inout JSONWriter) {
    var isFirst = true
    func member(_ name: String, _ value: JSONValue, _ writer: inout JSONWriter) {
      if style.dropsNull, value == .null { return }
      writer.append(raw: isFirst ? "{" : ",")
      isFirst = false
      writer.append(text: name)
      writer.append(raw: ":")
      writer.append(value)
    }
    func date(_ moment: Int64?) -> JSONValue { .text(orNull: moment.map { DateText.zoned($0) }) }
    member("isPublished", true, &writer)
    member("dateAdded", date(contact.added), &writer)
    member("dateModified", date(contact.modified), &writer)
    member("createdBy", .integer(orNull: contact.createdBy.id), &writer)
    member("createdByUser", .text(orNull: contact.createdBy.name), &writer)
    member("modifiedBy", .integer(orNull: contact.modifiedBy.id), &writer)
    member("modifiedByUser", .text(orNull: contact.modifiedBy.name), &writer)
    if case .deleted = style {
      member("id", .null, &writer)
    } else {
      member("id", .integer(contact.id), &writer)
    }
    member("points", .integer(contact.points), &writer)
    member("color", .null, &writer)
    writer.append(raw: ",\"fields\":")
    appendFields(of: contact, style, to: &writer)
    if !style.isMinimal {
      for extra in extras(of: contact, style) { member(extra.name, extra.value, &writer) }
    }
    writer.append(raw: "}")
  }

  private func extras(of contact: StoredContact, _ style: ContactStyle) -> [JSONMember] {
    var isNew = false
    if case .created = style { isNew = true }
    let tagList = contact.tags.map { tag -> JSONValue in
      var members = [JSONMember("id", .integer(tag)), JSONMember("tag", .text(tags[tag]))]
      if !style.dropsNull { members.append(JSONMember("description", .null)) }
      return .map(members)
    }
    return [
      JSONMember("lastActive", .text(orNull: contact.lastActive.map { DateText.zoned($0) })),
      JSONMember("owner", .null),
      JSONMember("ipAddresses", contact.lastActive == nil ? [] : [Self.address]),
      JSONMember("tags", .list(tagList)),
      JSONMember("utmtags", isNew ? .null : []),
      JSONMember("stage", .null),
      JSONMember("dateIdentified", .text(orNull: contact.identified.map { DateText.zoned($0) })),
      JSONMember("preferredProfileImage", contact.isVisitor ? "gravatar" : .null),
      JSONMember("doNotContact", .list(stops(of: contact.id, dropsNull: style.dropsNull))),
      JSONMember("frequencyRules", []),
    ]
  }

  private static let address: JSONValue = [
    "ipAddress": "127.0.0.1", "id": 1,
    "ipDetails": [
      "city": "", "region": "", "zipcode": "", "country": "", "latitude": "", "longitude": "", "isp": "",
      "organization": "", "timezone": "", "extra": "",
    ],
  ]

  private func stops(of id: Int, dropsNull: Bool) -> [JSONValue] {
    (doNotContact[id] ?? []).map { row in
      func number(_ column: String) -> Int? {
        tables.cell("lead_donotcontact", column, row).map { Int(Int32(bitPattern: $0)) }
      }
      let comments = tables.cell("lead_donotcontact", "comments", row).map { tables.pool[$0] }
      var members = [
        JSONMember("id", .integer(orNull: number("id"))),
        JSONMember("reason", .integer(orNull: number("reason"))),
        JSONMember("comments", .text(orNull: comments)), JSONMember("channel", "email"),
      ]
      if let email = number("channel_id") {
        members.append(JSONMember("channelId", .integer(email)))
      } else if !dropsNull {
        members.append(JSONMember("channelId", .null))
      }
      return .map(members)
    }
  }

  private func appendFields(of contact: StoredContact, _ style: ContactStyle, to writer: inout JSONWriter) {
    var places = fields.fields.indices.filter { fields.fields[$0].isPublished }
    if case .selected(let selected, _) = style { places = selected }
    let values = places.map { shown($0, of: contact, style) }
    writer.append(raw: "{")
    for (number, group) in ["core", "social", "personal", "professional"].enumerated() {
      writer.append(raw: number == 0 ? "\"\(group)\":" : ",\"\(group)\":")
      var isFirst = true
      for (place, value) in zip(places, values) where fields.fields[place].group == group {
        writer.append(raw: isFirst ? "{" : ",")
        isFirst = false
        append(fields.fields[place], value, style, to: &writer)
      }
      writer.append(raw: isFirst ? "[]" : "}")
    }
    if case .unsaved = style {
      writer.append(raw: "}")
      return
    }
    if case .deleted = style {
      writer.append(raw: ",\"all\":{\"id\":null")
    } else {
      writer.append(raw: ",\"all\":{\"id\":\"\(contact.id)\"")
    }
    for (place, value) in zip(places, values) {
      if style.dropsNull, value == .null { continue }
      writer.append(raw: ",")
      writer.append(raw: fields.fields[place].nameBytes)
      if case .created = style, fields.fields[place].alias == "points" {
        writer.append(integer: contact.points)
      } else {
        writer.append(value)
      }
    }
    writer.append(raw: "}}")
  }

  private func append(
    _ field: FieldDefinition, _ value: JSONValue, _ style: ContactStyle, to writer: inout JSONWriter
  ) {
    switch style {
    case .created: writer.append(raw: field.createdHead)
    case .selected: writer.append(raw: field.selectedHead)
    default: writer.append(raw: field.readHead)
    }
    if !(style.dropsNull && value == .null) {
      writer.append(raw: ",\"value\":")
      writer.append(value)
    }
    writer.append(raw: ",\"normalizedValue\":")
    writer.append(value == .null ? "" : value)
    writer.append(raw: "}")
  }

  /// A field's value as an answer shows it: a number of scale 0 is cut, whatever is stored.
  private func shown(_ place: Int, of contact: StoredContact, _ style: ContactStyle) -> JSONValue {
    let field = fields.fields[place]
    let text: String?
    switch field.alias {
    case "points":
      if case .created = style, contact.points == 0 { return .null }
      text = "\(contact.points)"
    case "last_active": text = contact.lastActive.map { DateText.naive($0) }
    default: text = contact[place]
    }
    if case .unsaved = style { return .text(orNull: text) }
    guard let text else {
      guard case .blanked(let exceptions) = style, !exceptions.contains(place) else { return .null }
      return Self.value("", of: field)
    }
    return Self.value(text, of: field)
  }

  private static func value(_ text: String, of field: FieldDefinition) -> JSONValue {
    switch field.type {
    case "number":
      let number = PHPText.number(text) ?? 0
      if field.scale > 0 { return .number(number) }
      return .integer(Int(max(-9e15, min(9e15, number))))
    case "boolean": return .bool(text == "1")
    default: return .text(text)
    }
  }
}
