import Platform
import Scoring

/// What a test does to a portal past its methods. People are named by id and by whether they are leads; the
/// ids of contacts and leads overlap.
extension Bitrix24Server {
  /// The id of the contact or lead that was added under a number, or of the one that it went into; nil if it is gone.
  public func id(ofContact number: Int) -> Int64? { person(number)?.id }

  /// Whether the person that was added under a number is a lead.
  public func isLead(_ number: Int) -> Bool { people[number]?.type == .lead }

  /// How many contacts there are.
  public var contactCount: Int { spaces[.contact].rows.count }

  /// How many leads there are.
  public var leadCount: Int { spaces[.lead].rows.count }

  /// How many activities there are.
  public var activityCount: Int { activities.count }

  /// The id that the next contact gets; may only be raised.
  public var nextContactID: Int64 {
    get { spaces[.contact].nextID }
    set { spaces[.contact].nextID = max(spaces[.contact].nextID, newValue) }
  }

  private func reference(_ id: Int64, _ isLead: Bool) -> EntityReference {
    EntityReference(type: isLead ? .lead : .contact, id: id)
  }

  /// Somebody in the portal sets a field; nil or an empty text clears it. The value of a field with options is an
  /// option's text, and an option that is missing is made; so is a user field that is missing, as a text.
  public mutating func setField(
    _ id: Int64, _ name: String, to value: String?, isLead: Bool = false, at time: Timestamp
  ) {
    setValues(id, name, to: value.map { [$0] } ?? [], isLead: isLead, at: time)
  }

  /// The same for a field of several values.
  public mutating func setValues(
    _ id: Int64, _ name: String, to values: [String], isLead: Bool = false, at time: Timestamp
  ) {
    let type: EntityType = isLead ? .lead : .contact
    if name.hasPrefix("UF_CRM_") { addField(name, isMultiple: values.count > 1, isLead: isLead) }
    guard let place = spaces[type].place(of: id), let field = spaces[type].fields[name] else { return }
    let cells = values.filter { !$0.isEmpty }.map { handCell($0, field, type) }
    let cell: Cell = field.isMultiple ? .many(cells) : cells.first ?? .none
    store([(field, cell)], at: place, of: type, now: time.seconds, by: 7, always: false)
  }

  private mutating func handCell(_ text: String, _ field: Field, _ type: EntityType) -> Cell {
    switch field.kind {
    case .integer: return Int64(text).map { .whole($0) } ?? .none
    case .double: return Double(text).map { .number($0) } ?? .none
    case .datetime: return settings.time.seconds(text).map { .time($0) } ?? .none
    case .date: return .day(String(text.prefix(10)))
    case .boolean, .char: return .flag(text == "Y" || text == "1")
    case .enumeration: return .whole(option(text, field, type))
    default: return .text(text)
    }
  }

  private mutating func option(_ text: String, _ field: Field, _ type: EntityType) -> Int64 {
    guard let place = spaces[type].userFields.firstIndex(where: { $0.id == field.userField }) else {
      return 0
    }
    if let known = spaces[type].userFields[place].options.first(where: { $0.value == text }) {
      return known.id
    }
    let id = nextOptionID
    spaces[type].userFields[place].options.append(
      UserField.Option(id: id, value: text, xmlID: "option\(id)", sort: 500))
    nextOptionID += 2
    return id
  }

  /// Somebody adds a value to a field of several values, which is made if it is missing.
  public mutating func addValue(
    _ id: Int64, _ name: String, _ value: String, isLead: Bool = false, at time: Timestamp
  ) {
    addField(name, isMultiple: true, isLead: isLead)
    let known = held(id, isLead: isLead)?.fields[name] ?? []
    setValues(id, name, to: known + [value], isLead: isLead, at: time)
  }

  /// Somebody makes a user field, unless there is one of this name.
  public mutating func addField(
    _ name: String, type kind: String = "string", isMultiple: Bool = false, options: [String] = [],
    isLead: Bool = false
  ) {
    let type: EntityType = isLead ? .lead : .contact
    guard spaces[type].fields[name] == nil else { return }
    var field = UserField(id: nextUserFieldID, name: name, type: kind, label: name)
    field.isMultiple = isMultiple
    nextUserFieldID += 2
    for (place, value) in options.enumerated() {
      field.options.append(
        UserField.Option(
          id: nextOptionID, value: value, xmlID: "option\(nextOptionID)", sort: Int64(place + 1) * 10))
      nextOptionID += 2
    }
    add(field, to: type)
  }

  /// Somebody deletes a user field with all its values.
  public mutating func removeField(_ name: String, isLead: Bool = false) {
    let type: EntityType = isLead ? .lead : .contact
    spaces[type].fields.remove(name)
    spaces[type].userFields.removeAll { $0.name == name }
  }

  /// Whether there is a field of this name.
  public func hasField(_ name: String, isLead: Bool = false) -> Bool {
    spaces[isLead ? .lead : .contact].fields[name] != nil
  }

  /// The texts of a user field's options, in their order.
  public func options(of name: String, isLead: Bool = false) -> [String] {
    spaces[isLead ? .lead : .contact].userFields.first { $0.name == name }?.options.map { $0.value } ?? []
  }

  /// Somebody changes a first name.
  public mutating func rename(_ id: Int64, to firstName: String, isLead: Bool = false, at time: Timestamp) {
    setField(id, "NAME", to: firstName, isLead: isLead, at: time)
  }

  /// Somebody gives a contact or a lead one more e-mail address.
  public mutating func addAddress(_ id: Int64, _ address: String, isLead: Bool = false, at time: Timestamp) {
    let type: EntityType = isLead ? .lead : .contact
    guard let place = spaces[type].place(of: id) else { return }
    addChannel(.email, address, at: place, of: type)
    spaces[type].rows[place].modified = max(spaces[type].rows[place].modified, time.seconds)
  }

  /// Somebody deletes a contact or a lead; nothing tells of it.
  public mutating func delete(_ id: Int64, isLead: Bool = false) {
    let gone = reference(id, isLead)
    guard let place = spaces[gone.type].place(of: id) else { return }
    spaces[gone.type].rows.remove(at: place)
    activities.removeAll { $0.owner == gone }
    visits[gone] = nil
    openDeals[gone] = nil
  }

  /// From now on the webhook's user may not see a contact or a lead.
  public mutating func hide(_ id: Int64, isLead: Bool = false) {
    let type: EntityType = isLead ? .lead : .contact
    if let place = spaces[type].place(of: id) { spaces[type].rows[place].isHidden = true }
  }

  /// From now on every write of a contact or a lead is refused with this.
  public mutating func refuse(
    _ id: Int64, code: String = "CRM_FIELD_ERROR_REQUIRED", message: String, isLead: Bool = false
  ) {
    refusals[reference(id, isLead)] = Refusal(400, .text(code), message)
  }

  /// What is held for a contact or a lead; nil if it is gone.
  public func held(_ id: Int64, isLead: Bool = false) -> Bitrix24Holding? {
    let type: EntityType = isLead ? .lead : .contact
    guard let place = spaces[type].place(of: id) else { return nil }
    let row = spaces[type].rows[place]
    var holding = Bitrix24Holding(id: id, isLead: isLead, modified: Timestamp(row.modified))
    for field in spaces[type].fields.fields {
      guard case .stored = field.source else { continue }
      let texts = texts(row.cell(field), field, type)
      if !texts.isEmpty { holding.fields[field.name] = texts }
    }
    holding.emails = row.channels.filter { $0.kind == .email }.map { $0.value }
    return holding
  }

  /// A field's values, those of a field with options as texts.
  func texts(_ cell: Cell, _ field: Field, _ type: EntityType) -> [String] {
    if case .many(let cells) = cell { return cells.flatMap { texts($0, field, type) } }
    guard !cell.isEmpty else { return [] }
    guard field.kind == .enumeration, case .whole(let id) = cell else { return [cell.plain] }
    let user = spaces[type].userFields.first { $0.id == field.userField }
    return [user?.options.first { $0.id == id }?.value ?? String(id)]
  }
}

/// What a simulated portal holds for one contact or lead, read past its methods.
public struct Bitrix24Holding: Equatable, Sendable {
  /// The id.
  public var id: Int64
  /// Whether it is a lead.
  public var isLead: Bool
  /// When it was changed last.
  public var modified: Timestamp
  /// Values by the field's name in the older methods; a field without value is not in it.
  public var fields: [String: [String]] = [:]
  /// Its e-mail addresses.
  public var emails: [String] = []

  /// The one value of a field; nil if there is none.
  public func value(_ name: String) -> String? { fields[name]?.first }
}
