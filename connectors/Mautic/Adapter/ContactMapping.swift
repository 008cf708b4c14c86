import Platform
import Scoring
import WebAPI

/// How a contact of Mautic becomes one of ours.
struct ContactMapping: Sendable {
  private let fields: WrittenFields?
  private let own: Set<String>

  init(fields: WrittenFields?) {
    self.fields = fields
    // When somebody was last active is what the activities say, to the second; here it would make every visit a
    // change of the contact.
    var own: Set<String> = ["id", "email", "last_active"]
    if let fields {
      switch fields.score {
      case .field(let name): own.insert(name)
      case .native: own.insert("points")
      }
      for name in [fields.band, fields.reasons] { name.map { _ = own.insert($0) } }
    }
    self.own = own
  }

  /// Mautic's aliases of what has a canonical name.
  private static let canonical: [String: String] = [
    "firstname": "first_name", "lastname": "last_name", "phone": "phone", "company": "company",
    "position": "job_title", "industry": "industry", "country": "country", "city": "city",
    "website": "website", "preferred_locale": "language",
  ]

  /// The record of a contact; nil if it has no usable id.
  ///
  /// Read from `id`, `dateAdded`, `points`, `stage`, `tags` and `fields.all` alone: the shape of the rest
  /// differs between the answers to reads and to writes (seen on 5.1.1).
  func record(_ contact: JSONValue) -> ContactRecord? {
    guard let id = Self.id(of: contact) else { return nil }
    let all = contact["fields"]["all"]
    var record = ContactRecord(
      id: ContactID("\(id)"), createdAt: contact["dateAdded"].text.flatMap { Timestamp($0) })
    if let email = all["email"].text, !email.isEmpty {
      record.emails = [email]
      record.fields.append(ContactField("email", email))
    }
    var hasPhone = false
    for (name, value) in all.members where !own.contains(name) {
      guard let text = value.text, !text.isEmpty else { continue }
      record.fields.append(ContactField(Self.canonical[name] ?? name, text))
      if name == "phone" { hasPhone = true }
    }
    if !hasPhone, let mobile = all["mobile"].text, !mobile.isEmpty {
      record.fields.append(ContactField("phone", mobile))
    }
    if let stage = contact["stage"]["name"].text, !stage.isEmpty {
      record.fields.append(ContactField("lifecycle_stage", stage))
    }
    record.held = held(contact)
    return record
  }

  /// A contact's number in Mautic.
  static func id(of contact: JSONValue) -> Int? {
    contact["id"].integer.flatMap { $0 > 0 ? $0 : nil }
  }

  /// True for a visitor that nobody knows: neither identified nor with an address.
  static func isAnonymous(_ contact: JSONValue) -> Bool {
    contact["dateIdentified"].text == nil && (contact["fields"]["all"]["email"].text ?? "").isEmpty
  }

  /// What the contact holds of ours, and all its tags.
  func held(_ contact: JSONValue) -> HeldState {
    let all = contact["fields"]["all"]
    var held = HeldState()
    held.tags = Set(
      contact["tags"].elements.compactMap { ($0["tag"].text ?? $0.text).map(EscapedText.plain) })
    guard let fields else { return held }
    switch fields.score {
    case .field(let name):
      held.score = all[name].number.flatMap { Int(exactly: $0.rounded(.toNearestOrAwayFromZero)) }
    case .native: held.score = contact["points"].integer
    }
    held.band = fields.band.flatMap { Self.text(all[$0]) }
    held.reasons = fields.reasons.flatMap { Self.text(all[$0]) }
    return held
  }

  private static func text(_ value: JSONValue) -> String? {
    value.text.flatMap { $0.isEmpty ? nil : $0 }
  }
}
