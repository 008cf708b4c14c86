import Platform
import Scoring
import WebAPI

/// How a contact of HubSpot becomes one of ours.
struct ContactMapping: Sendable {
  /// HubSpot's contacts have no tags: they are the choices of this property.
  static let tagProperty = "lead_tags"

  let fields: WrittenFields?
  /// Properties that are no fields of the contact.
  private let hidden: Set<String>

  init(fields: WrittenFields?) {
    self.fields = fields
    hidden = Set(Self.structural + Counter.properties + Self.written(fields))
  }

  /// The properties in which we write.
  static func written(_ fields: WrittenFields?) -> [String] {
    guard let fields else { return [] }
    var names = [fields.band, fields.reasons].compactMap(\.self)
    if case .field(let name) = fields.score { names.append(name) }
    if fields.tags { names.append(tagProperty) }
    return names
  }

  /// What the contact is known by.
  private static let structural = [
    "hs_object_id", "hs_additional_emails", "hs_merged_object_ids", "createdate", "lastmodifieddate", "email",
  ]

  /// HubSpot's names of what has a canonical name.
  private static let canonical: [String: String] = [
    "firstname": "first_name", "lastname": "last_name", "phone": "phone", "company": "company",
    "jobtitle": "job_title", "industry": "industry", "country": "country", "city": "city",
    "website": "website", "hs_language": "language", "lifecyclestage": "lifecycle_stage",
    "hs_analytics_source": "source",
  ]

  /// Properties whose names begin with `hs_` that say something about the person; all others are HubSpot's own
  /// book-keeping, most of which moves with everything that a contact does.
  private static let useful: Set<String> = [
    "hs_language", "hs_analytics_source", "hs_lead_status", "hs_persona", "hs_buying_role", "hs_seniority",
    "hs_role", "hs_sub_role", "hs_country_region_code", "hs_state_code", "hs_timezone",
    "hs_marketable_status", "hs_email_domain", "hs_linkedin_url",
  ]

  /// Beginnings of names of HubSpot's own counters and dates.
  private static let bookkeeping = [
    "hs_", "num_", "notes_", "recent_", "first_", "total_", "days_", "hubspot", "engagements_", "currentlyin",
    "webinareventlastupdated", "surveymonkey", "ip_", "associatedcompany", "closedate", "lastmodified",
  ]

  /// What is asked for where it cannot be seen which properties there are.
  var usual: [String] { wanted(of: []) }

  /// The properties to ask for, first those without which nothing goes.
  func wanted(of present: [PropertyCatalogue.Property], first: Set<String> = []) -> [String] {
    let there = Set(present.map(\.name))
    let needed = Self.structural + Self.written(fields)
    let known = (Self.canonical.keys.sorted() + ["mobilephone"] + Counter.properties).filter {
      there.isEmpty || there.contains($0)
    }
    let more = present.filter { property in
      property.isOwn
        || Self.useful.contains(property.name)
        || (!property.isHidden && !Self.bookkeeping.contains(where: property.name.hasPrefix))
    }.map(\.name).sorted()
    var seen: Set<String> = []
    return (needed + known + more.filter(first.contains) + more).filter { seen.insert($0).inserted }
  }

  /// The record of a contact; nil if it has no usable id.
  func record(_ contact: JSONValue) -> ContactRecord? {
    guard let id = Self.id(of: contact) else { return nil }
    let properties = contact["properties"]
    var record = ContactRecord(id: id)
    record.createdAt = HubSpotTime.read(properties["createdate"]) ?? HubSpotTime.read(contact["createdAt"])
    if let email = Self.text(properties["email"]) {
      record.emails.append(email)
      record.fields.append(ContactField("email", email))
    }
    record.emails += Self.list(properties["hs_additional_emails"])
    var hasPhone = false
    for (name, value) in properties.members where !hidden.contains(name) && name != "mobilephone" {
      guard let text = Self.text(value) else { continue }
      if name == "phone" { hasPhone = true }
      record.fields.append(ContactField(Self.canonical[name] ?? name, text))
    }
    if let mobile = Self.text(properties["mobilephone"]) {
      record.fields.append(ContactField(hasPhone ? "mobilephone" : "phone", mobile))
    }
    record.held = held(contact)
    return record
  }

  /// A contact's id; ids are whole numbers, written as texts.
  static func id(of contact: JSONValue) -> ContactID? {
    contact["id"].integer.flatMap { $0 > 0 ? ContactID("\($0)") : nil }
  }

  /// Those that became this contact: their ids lead to it now.
  static func merges(into contact: JSONValue) -> [ContactMerge] {
    guard let winner = id(of: contact) else { return [] }
    return list(contact["properties"]["hs_merged_object_ids"]).compactMap { loser in
      loser == winner.text ? nil : ContactMerge(loser: ContactID(loser), winner: winner)
    }
  }

  /// What the contact holds of ours.
  func held(_ contact: JSONValue) -> HeldState {
    let properties = contact["properties"]
    var held = HeldState()
    guard let fields else { return held }
    held.version = contact["updatedAt"].text ?? properties["lastmodifieddate"].text
    if case .field(let name) = fields.score { held.score = Self.score(properties[name]) }
    held.band = fields.band.flatMap { Self.text(properties[$0]) }
    held.reasons = fields.reasons.flatMap { Self.text(properties[$0]) }
    if fields.tags { held.tags = Set(Self.list(properties[Self.tagProperty])) }
    return held
  }

  static func score(_ value: JSONValue) -> Int? {
    value.number.flatMap { Int(exactly: $0.rounded(.toNearestOrAwayFromZero)) }
  }

  static func text(_ value: JSONValue) -> String? {
    value.text.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The parts of a text such as `a;b`.
  static func list(_ value: JSONValue) -> [String] {
    (value.text ?? "").split(separator: ";").map { $0.trimming() }.filter { !$0.isEmpty }
  }
}

extension Substring {
  /// Without blanks at both ends.
  fileprivate func trimming() -> String {
    var text = drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
