/// All contact fields of a server.
struct FieldRegistry: Sendable {
  private(set) var fields: [FieldDefinition]
  private var places: [String: Int] = [:]
  private var nextID = 44

  /// The fields that come with Mautic; 29 to 43 are those of companies.
  init() {
    let core: [(String, String, String)] = [
      ("title", "Title", "lookup"), ("firstname", "First Name", "text"), ("lastname", "Last Name", "text"),
      ("company", "Primary company", "text"), ("position", "Position", "text"), ("email", "Email", "email"),
      ("mobile", "Mobile", "tel"), ("phone", "Phone", "tel"), ("points", "Points", "number"),
      ("fax", "Fax", "tel"), ("address1", "Address Line 1", "text"), ("address2", "Address Line 2", "text"),
      ("city", "City", "text"), ("state", "State", "region"), ("zipcode", "Zip Code", "text"),
      ("country", "Country", "country"), ("preferred_locale", "Preferred Locale", "locale"),
      ("timezone", "Preferred Timezone", "timezone"), ("last_active", "Date Last Active", "datetime"),
      ("attribution_date", "Attribution Date", "datetime"), ("attribution", "Attribution", "number"),
      ("website", "Website", "url"),
    ]
    let social: [(String, String)] = [
      ("facebook", "Facebook"), ("foursquare", "Foursquare"), ("instagram", "Instagram"),
      ("linkedin", "mautic.lead.field.linkedin"), ("skype", "Skype"), ("twitter", "Twitter"),
    ]
    fields = core.enumerated().map { place, field in
      let properties: JSONValue
      switch field.0 {
      case "title": properties = ["list": ["Mr", "Mrs", "Miss"]]
      case "attribution": properties = ["roundmode": 4, "scale": 2]
      default: properties = [:]
      }
      return FieldDefinition(
        id: place + 1, alias: field.0, label: field.1, type: field.2,
        isFixed: field.0 != "fax" && field.0 != "website", properties: properties,
        defaultValue: field.0 == "points" ? "0" : nil)
    }
    fields += social.enumerated().map {
      FieldDefinition(
        id: $0.offset + 23, alias: $0.element.0, label: $0.element.1, type: "text", group: "social")
    }
    for (place, field) in fields.enumerated() { places[field.alias] = place }
  }

  /// The place of a field, published or not.
  func place(of alias: String) -> Int? { places[alias] }

  /// The place of a field that contacts have.
  func publishedPlace(of alias: String) -> Int? {
    guard let place = places[alias], fields[place].isPublished else { return nil }
    return place
  }

  /// Adds a field and gives its place.
  mutating func add(
    alias: String, label: String, type: String, group: String, properties: JSONValue, isPublished: Bool,
    at moment: Int64, by writer: ContactWriter
  ) -> Int {
    var field = FieldDefinition(
      id: nextID, alias: alias, label: label, type: type, group: group, properties: properties,
      created: (moment, writer))
    field.isPublished = isPublished
    nextID += 1
    fields.append(field)
    places[alias] = fields.count - 1
    return fields.count - 1
  }

  /// Publishes every field that waits for it.
  mutating func publishAll() {
    for place in fields.indices { fields[place].isPublished = true }
  }

  /// An alias as Mautic makes it: lower case, `_` for what is no letter or digit, at most 25 characters.
  static func alias(from text: String) -> String {
    let clean = text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    return String(clean.prefix(25))
  }

  /// The types that a new field may have.
  static let types: Set<String> = [
    "boolean", "country", "date", "datetime", "email", "html", "locale", "lookup", "multiselect", "number",
    "region", "select", "tel", "text", "textarea", "time", "timezone", "url",
  ]
}
