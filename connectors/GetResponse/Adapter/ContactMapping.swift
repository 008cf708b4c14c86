import Platform
import Scoring
import WebAPI

/// How a contact of GetResponse becomes one of ours.
struct ContactMapping: Sendable {
  let fields: WrittenFields?
  private let ours: Set<String>

  init(fields: WrittenFields?) {
    self.fields = fields
    ours = Set(Self.written(fields))
  }

  /// The custom fields in which we write.
  static func written(_ fields: WrittenFields?) -> [String] {
    guard let fields else { return [] }
    var names = [fields.band, fields.reasons].compactMap(\.self)
    if case .field(let name) = fields.score { names.append(name) }
    return names
  }

  /// Whether what is held of ours is only in the details of a contact. GetResponse's own score comes with the
  /// lists, and tags and bands by searches.
  var needsDetails: Bool {
    if case .field = fields?.score { return true }
    return false
  }

  /// Which parts of what is held the contacts tell.
  var heldParts: HeldParts { needsDetails ? .all : [.score] }

  /// Which parts searches for their holders tell.
  var markParts: HeldParts {
    guard let fields, !needsDetails else { return [] }
    var parts: HeldParts = []
    if fields.tags { parts.insert(.tags) }
    if fields.band != nil { parts.insert(.band) }
    return parts
  }

  /// The fields that lists tell of a contact; all others are custom fields, told by its details alone.
  static let listed: Set<String> = [
    "email", "first_name", "source", "created_at", "note", "list", "time_zone", "engagement_score",
  ]

  /// The custom fields that the model asks for, among those that there are; nil needs are all of them.
  func wanted(_ needs: PullNeeds?, of present: [String]) -> Bool {
    present.contains { name in
      guard !ours.contains(name) else { return false }
      return needs.map { $0.fields.contains(name) && !Self.listed.contains(name) } ?? true
    }
  }

  /// Whether the model asks for fields that lists do not tell, so that it matters which there are.
  static func mayWant(_ needs: PullNeeds?) -> Bool {
    needs.map { !$0.fields.isSubset(of: listed) } ?? true
  }

  /// The record of a contact, from a list, a search or its details; nil if it has no id.
  func record(_ contact: JSONValue) -> ContactRecord? {
    guard let id = Self.id(of: contact) else { return nil }
    var record = ContactRecord(id: id)
    record.createdAt = GetResponseTime.read(contact["createdOn"])
    func add(_ name: String, _ value: JSONValue) {
      if let text = Self.text(value) { record.fields.append(ContactField(name, text)) }
    }
    if let email = Self.text(contact["email"]) { record.emails.append(email) }
    add("email", contact["email"])
    add("first_name", contact["name"])
    add("source", contact["origin"])
    add("note", contact["note"])
    add("list", contact["campaign"]["name"])
    add("time_zone", contact["timeZone"])
    add("engagement_score", contact["engagementScore"])
    for field in contact["customFieldValues"].elements {
      // What the contact itself says under these names goes before a custom field of the name.
      guard let name = Self.text(field["name"]), !ours.contains(name), !Self.listed.contains(name) else {
        continue
      }
      let value = Self.value(of: field)
      if !value.isEmpty { record.fields.append(ContactField(name, value)) }
    }
    if fields != nil {
      record.held = held(contact)
      record.heldParts = heldParts
    }
    return record
  }

  /// A contact's id: short and opaque, and different from one that differs by case alone.
  static func id(of contact: JSONValue) -> ContactID? { text(contact["contactId"]).map { ContactID($0) } }

  /// What the contact holds of ours, as far as this form of it tells.
  func held(_ contact: JSONValue) -> HeldState {
    var held = HeldState()
    guard let fields else { return held }
    var values: [String: String] = [:]
    for field in contact["customFieldValues"].elements {
      if let name = Self.text(field["name"]) { values[name] = Self.value(of: field) }
    }
    func value(_ name: String?) -> String? {
      name.flatMap { values[$0] }.flatMap { $0.isEmpty ? nil : $0 }
    }
    switch fields.score {
    case .native: held.score = Self.score(contact["scoring"])
    case .field(let name):
      held.score = value(name).flatMap { Double($0) }.flatMap {
        Int(exactly: $0.rounded(.toNearestOrAwayFromZero))
      }
    }
    held.band = value(fields.band)
    held.reasons = value(fields.reasons)
    // Names that differ by case alone are taken for the same tag, and a model's are in small letters.
    if fields.tags {
      held.tags = Set(contact["tags"].elements.compactMap { Self.text($0["name"])?.lowercased() })
    }
    return held
  }

  static func score(_ value: JSONValue) -> Int? {
    value.number.flatMap { Int(exactly: $0.rounded(.toNearestOrAwayFromZero)) }
  }

  /// The values of a custom field, which come as a list under one of two names.
  private static func value(of field: JSONValue) -> String {
    let list = field["value"].isPresent ? field["value"] : field["values"]
    return list.text ?? list.elements.compactMap(\.text).joined(separator: ";")
  }

  static func text(_ value: JSONValue) -> String? {
    value.text.flatMap { $0.isEmpty ? nil : $0 }
  }
}
