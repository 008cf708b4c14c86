import Platform
import Scoring

/// What a test does to an account past its API.
extension HubSpotServer {
  /// The id of the contact that was added under a number, or of the one that it went into; nil if it is gone.
  public func id(ofContact number: Int) -> Int64? {
    guard let id = numbers[number], let place = following(id, in: .contacts) else { return nil }
    return spaces[.contacts].store[place].id
  }

  /// How many contacts there are that are not archived.
  public var contactCount: Int { spaces[.contacts].store.records.count { $0.archived == nil } }

  /// The id that the next contact gets; may only be raised.
  public var nextContactID: Int64 {
    get { spaces[.contacts].store.nextID }
    set { spaces[.contacts].store.nextID = max(spaces[.contacts].store.nextID, newValue) }
  }

  /// Somebody in the account sets a property; an empty text or nil clears it. A property that does not exist is
  /// made, as a text; options that are missing are added.
  public mutating func setProperty(_ id: Int64, _ name: String, to value: String?, at time: Timestamp) {
    addProperty(name, at: time)
    guard let place = following(id, in: .contacts),
      let property = spaces[.contacts].properties.place(of: name)
    else { return }
    if spaces[.contacts].properties[property].type == "enumeration" {
      for part in (value ?? "").split(separator: ";") { addOption(String(part), to: property) }
    }
    write(
      [(property, value ?? "")], to: place, of: .contacts, stamp: stamp(Moment(time)), now: Moment(time))
  }

  private mutating func addOption(_ value: String, to place: Int) {
    var definition = spaces[.contacts].properties[place]
    guard !definition.options.contains(where: { $0.value == value }) else { return }
    definition.options.append(
      PropertyDefinition.Option(label: value, value: value, order: Int64(definition.options.count)))
    spaces[.contacts].properties[place] = definition
  }

  /// Somebody makes a property of contacts, unless there is one.
  public mutating func addProperty(
    _ name: String, type: String = "string", fieldType: String = "text", options: [String] = [],
    readOnly: Bool = false, at time: Timestamp
  ) {
    guard spaces[.contacts].properties.usable(name) == nil else { return }
    var definition = PropertyDefinition(
      name: name, label: name, group: "contactinformation", type: type, fieldType: fieldType)
    definition.options = options.enumerated().map {
      PropertyDefinition.Option(label: $1, value: $1, order: Int64($0))
    }
    definition.isReadOnly = readOnly
    (definition.created, definition.updated) = (Moment(time), Moment(time))
    spaces[.contacts].properties.add(definition)
  }

  /// Somebody archives a property of contacts; its values are out of reach.
  public mutating func archiveProperty(_ name: String) {
    if let place = spaces[.contacts].properties.usable(name) {
      spaces[.contacts].properties[place].isArchived = true
    }
  }

  /// Makes a property of contacts read-only, as another app's may become.
  public mutating func lockProperty(_ name: String) {
    if let place = spaces[.contacts].properties.usable(name) {
      spaces[.contacts].properties[place].isReadOnly = true
    }
  }

  /// Whether there is a property of contacts of this name that can be read.
  public func hasProperty(_ name: String) -> Bool { spaces[.contacts].properties.usable(name) != nil }

  /// The values of a property's options, in their order.
  public func options(of name: String) -> [String] {
    guard let place = spaces[.contacts].properties.usable(name) else { return [] }
    return spaces[.contacts].properties[place].options.map { $0.value }
  }

  /// Somebody changes a contact's first name.
  public mutating func rename(_ id: Int64, to firstName: String, at time: Timestamp) {
    setProperty(id, "firstname", to: firstName, at: time)
  }

  /// Somebody adds one value to a multi-checkbox property, which is made if it is missing.
  public mutating func addValue(_ id: Int64, _ name: String, _ value: String, at time: Timestamp) {
    addProperty(name, type: "enumeration", fieldType: "checkbox", options: [value], at: time)
    setProperty(id, name, to: ";" + value, at: time)
  }

  /// Somebody deletes a contact; it can be restored for ninety days.
  public mutating func archive(_ id: Int64, at time: Timestamp) {
    archive(id, of: .contacts, now: Moment(time))
  }

  /// Somebody restores an archived contact.
  public mutating func restore(_ id: Int64, at time: Timestamp) {
    guard let place = spaces[.contacts].store.place(of: id) else { return }
    spaces[.contacts].store[place].archived = nil
    spaces[.contacts].store[place].modified = stamp(Moment(time))
    for address in allAddresses(of: spaces[.contacts].store[place]) { addresses[address] = id }
  }

  /// A contact is erased for good, by a GDPR request: nothing tells of it.
  public mutating func erase(_ id: Int64, at time: Timestamp) {
    erase(id, now: Moment(time))
  }

  /// Somebody makes one contact of two; gives its id, which is a new one unless the settings say otherwise.
  @discardableResult
  public mutating func merge(_ loser: Int64, into winner: Int64, at time: Timestamp) -> Int64? {
    join(loser, into: winner, now: Moment(time))
  }

  /// Adds an e-mail event of any type as it is, without counting it: one of a bot, or one that was replaced.
  /// - Returns: The event's id.
  @discardableResult
  public mutating func addEmailEvent(
    _ type: String, recipient: String, campaign: String = "E-mail", url: String = "", at time: Timestamp,
    filtered: Bool = false, obsolete: Bool = false
  ) -> String {
    var event = EmailEvent(
      time: Moment(time), contact: addresses[recipient.lowercased()] ?? 0,
      recipient: pool.number(of: recipient), campaign: pool.number(of: campaign))
    event.url = pool.number(of: url)
    (event.isFiltered, event.isObsolete) = (filtered, obsolete)
    return Self.eventID(emailLog.add(type, event))
  }

  /// From now on a write of this contact stops its whole batch, without being named.
  public mutating func refuse(_ id: Int64, message: String) {
    refusals[id] = message
  }

  /// What is held for a contact, or for the one that it went into; nil if it is archived or gone.
  public func held(_ id: Int64) -> HubSpotHolding? {
    guard let place = following(id, in: .contacts) else { return nil }
    let record = spaces[.contacts].store[place]
    guard record.archived == nil else { return nil }
    var values: [String: String] = [:]
    for value in record.values { values[spaces[.contacts].properties[Int(value.place)].name] = value.text }
    return HubSpotHolding(
      id: record.id, properties: values,
      lists: Set(lists.filter { $0.members[record.id] != nil }.map { $0.name }))
  }

  /// How many records of a kind there are: `calls`, `deals`.
  public func recordCount(of type: String) -> Int {
    ObjectType(path: type).map { spaces[$0].store.records.count } ?? 0
  }
}

/// What a simulated HubSpot holds for one contact, read past its API.
public struct HubSpotHolding: Equatable, Sendable {
  /// The contact's id.
  public var id: Int64
  /// Values by property; a property without value is not in it. Several values stand with semicolons.
  public var properties: [String: String]
  /// The names of the static lists it is in.
  public var lists: Set<String>

  /// The values of a multi-checkbox property.
  public func values(of name: String) -> Set<String> {
    Set((properties[name] ?? "").split(separator: ";").map { String($0) })
  }
}
