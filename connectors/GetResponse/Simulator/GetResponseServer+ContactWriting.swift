import Platform
import SimulatorJSON

/// Changing contacts.
extension GetResponseServer {
  /// The most that a score may be.
  private static let highestScore = 99_999_999.0

  /// `POST /contacts/{id}`: what is left out stays; tags and custom fields replace all that there are, and another
  /// list moves the contact with its history.
  mutating func updateContact(_ id: String, _ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let place = try contact(id)
    let body = try call.map()
    try checkState(place)
    var contact = store[place]
    try change(&contact, at: place, by: body)
    if let score = body["scoring"] { contact.scoring = try Self.score(score, settings: settings) }
    if let list = body["tags"] { contact.tags = try tagPlaces(list, mayBeEmpty: settings.allowsEmptyTags) }
    if let values = body["customFieldValues"] { contact.values = try fieldValues(values) }
    let onlyScore = body.members.allSatisfy { $0.name == "scoring" }
    save(contact, at: place, moves: !onlyScore || settings.scoreMovesChanged, now: call.now)
    return .json(200, details(place, at: call.now))
  }

  /// Keeps what was changed of a contact.
  mutating func save(_ contact: StoredContact, at place: Int, moves: Bool, now: Int64) {
    revision += 1
    store.change(place) { stored in
      stored = contact
      if moves { stored.changed = now }
    }
  }

  /// Refuses to write a contact whose state a test has spoilt.
  private func checkState(_ place: Int) throws(Refusal) {
    if let refusal = refusals[place] { throw refusal }
  }

  /// Name, address, note, day and list.
  private func change(_ contact: inout StoredContact, at place: Int, by body: JSON) throws(Refusal) {
    if let name = body["name"] { contact.name = try Self.text(name, "name", most: 128) }
    if let note = body["note"] { contact.note = try Self.text(note, "note", most: 255) }
    if let day = body["dayOfCycle"] {
      guard day == .null || day.whole.map({ (0...9_999).contains($0) }) == true else {
        throw .invalid("dayOfCycle", "dayOfCycle must be a whole number from 0 to 9999")
      }
      contact.dayOfCycle = day.whole.map { Int($0) }
    }
    if let email = body["email"] {
      guard let text = email.string, Self.isAddress(text) else { throw .invalid("email", "Email not valid") }
      contact.email = text
    }
    if let campaign = body["campaign"] { contact.list = try list(campaign) }
    if let holder = store.holder(of: contact.email, in: contact.list), holder != place {
      throw .duplicate("email")
    }
  }

  /// The list that a body names.
  func list(_ campaign: JSON) throws(Refusal) -> Int {
    guard let id = campaign["campaignId"]?.string else {
      throw .invalid("campaign", "campaignId is required")
    }
    guard let list = listPlace(of: id) else { throw .dangling("campaignId", id) }
    return list
  }

  private static func text(_ value: JSON, _ name: String, most: Int) throws(Refusal) -> String? {
    if value == .null { return nil }
    guard let text = value.string, text.count <= most else {
      throw .invalid(name, "\(name) must be a text of at most \(most) characters")
    }
    return text
  }

  static func isAddress(_ text: String) -> Bool {
    let sides = text.split(separator: "@", omittingEmptySubsequences: false)
    return sides.count == 2 && !sides[0].isEmpty && sides[1].contains(".") && !text.contains(" ")
  }

  static func score(
    _ value: JSON, settings: GetResponseServerSettings
  ) throws(Refusal) -> Double? {
    let number: Double
    switch value {
    case .null: return nil
    case .integer(let whole): number = Double(whole)
    case .number(let real): number = real
    default: throw .invalid("scoring", "scoring must be a number")
    }
    guard number <= highestScore, number >= 0 || settings.allowsNegativeScore else {
      throw .invalid("scoring", "scoring must be a number from 0 to 99999999")
    }
    return number
  }

  /// Where the tags stand that a body names, each once.
  func tagPlaces(_ value: JSON, mayBeEmpty: Bool) throws(Refusal) -> [Int32] {
    guard case .list(let elements) = value, mayBeEmpty || !elements.isEmpty else {
      throw .invalid("tags", "tags must be a list")
    }
    var places: [Int32] = []
    for element in elements {
      guard let id = element["tagId"]?.string else { throw .invalid("tags", "tagId is required") }
      guard let place = tagPlace(of: id) else { throw .dangling("tagId", id) }
      if !places.contains(Int32(place)) { places.append(Int32(place)) }
    }
    return places
  }

  /// The values of custom fields that a body sets; a field that stands there twice has its last values.
  func fieldValues(_ value: JSON) throws(Refusal) -> [StoredContact.FieldValue] {
    guard case .list(let elements) = value else {
      throw .invalid("customFieldValues", "customFieldValues must be a list")
    }
    var result: [StoredContact.FieldValue] = []
    for element in elements {
      guard let id = element["customFieldId"]?.string else {
        throw .invalid("customFieldValues", "customFieldId is required")
      }
      guard let place = fieldPlace(of: id) else { throw .dangling("customFieldId", id) }
      let values = try fields[place].checked(element["value"] ?? .null)
      result.removeAll { $0.field == place }
      result.append(StoredContact.FieldValue(field: Int32(place), values: values))
    }
    return result
  }

  /// `POST /contacts/{id}/tags`: adds tags, removes none; gives all that the contact has.
  mutating func upsertTags(_ id: String, _ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let place = try contact(id)
    try checkState(place)
    let added = try tagPlaces(try call.map()["tags"] ?? .null, mayBeEmpty: false)
    var contact = store[place]
    for tag in added where !contact.tags.contains(tag) { contact.tags.append(tag) }
    save(contact, at: place, moves: true, now: call.now)
    return .json(200, .list(contact.tags.prefix(settings.shownTags).map { tagReference(Int($0)) }))
  }

  /// `POST /contacts/{id}/custom-fields`: sets custom fields and leaves the others; gives those it set.
  mutating func upsertValues(_ id: String, _ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let place = try contact(id)
    try checkState(place)
    let set = try fieldValues(try call.map()["customFieldValues"] ?? .null)
    guard !set.isEmpty else { throw .invalid("customFieldValues", "customFieldValues must not be empty") }
    var contact = store[place]
    for value in set { contact[field: Int(value.field)] = value.values }
    save(contact, at: place, moves: true, now: call.now)
    return .json(
      200,
      .list(
        set.map { value -> JSON in
          [
            "customFieldId": .text(CustomField.id(Int(value.field))),
            "values": .list(value.values.map { .text($0) }),
          ]
        }))
  }
}
