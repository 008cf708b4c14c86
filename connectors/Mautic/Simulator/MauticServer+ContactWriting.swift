import Platform

/// How contacts are written.
extension MauticServer {
  /// What became of a write.
  struct Written {
    let place: Int
    let style: ContactStyle
  }

  /// Writes an item to a contact that exists.
  mutating func write(_ item: JSONValue, _ manner: ContactChange.Manner, at place: Int, _ call: MauticCall)
    throws(ItemProblem) -> Written
  {
    guard settings.rights.contains(.editContacts) else { throw ItemProblem.forbidden }
    let id = contacts.contacts[place].id
    if let message = refusals[id] {
      throw ItemProblem(code: 400, message: message, details: ["lead": [.text(message)]])
    }
    let change = try ContactChange(item, manner, fields: fields)
    try checkAddress(change, of: contacts.contacts[place])
    var recorded: [(alias: String, old: String?, new: String?)] = []
    let before = contacts.contacts[place]
    for (field, text) in change.values where !Self.isSame(before[field], text) {
      recorded.append((fields.fields[field].alias, before[field], text))
    }
    if let points = change.points, points != before.points {
      recorded.append(("points", "\(before.points)", "\(points)"))
    }
    let email = contacts.emailPlace
    if !recorded.isEmpty {
      contacts.change(at: place) { contact in
        for (field, text) in change.values { contact[field] = text }
        contact.points = change.points ?? contact.points
        if contact.identified == nil, !(contact[email] ?? "").isEmpty {
          contact.identified = call.now
        }
      }
    }
    let hasNewTags = apply(tags: change.tags, at: place)
    if !recorded.isEmpty || hasNewTags {
      recordChange(at: place, fields: recorded, by: call.writer, call.now)
    }
    return Written(
      place: place, style: change.overwritesWithBlank ? .blanked(except: change.dropped) : .full)
  }

  /// Contacts that share an address cannot be written at all, whatever the item says.
  private func checkAddress(_ change: ContactChange, of contact: StoredContact) throws(ItemProblem) {
    let sent = change.values.last { $0.place == contacts.emailPlace }
    let email = sent.map { $0.text } ?? contact[contacts.emailPlace]
    guard let email, contacts.owners(of: email).contains(where: { $0 != contact.id }) else { return }
    throw ItemProblem.invalid("email", "This field must be unique.", code: 422)
  }

  private static func isSame(_ old: String?, _ new: String?) -> Bool {
    if (old ?? "").isEmpty, (new ?? "").isEmpty { return true }
    return old == new
  }

  /// Adds and takes away tags; says whether anything changed. A tag that is taken away is not made for it.
  mutating func apply(tags changes: [String], at place: Int) -> Bool {
    var held = contacts.contacts[place].tags
    for change in changes where !change.isEmpty && change != "-" {
      if change.hasPrefix("-") {
        let name = PHPText.escapingEntities(String(change.dropFirst()))
        if let tag = tags.known(name) { held.removeAll { $0 == tag } }
      } else {
        let tag = tags.id(of: PHPText.escapingEntities(change))
        if !held.contains(tag) { held.append(tag) }
      }
    }
    guard held != contacts.contacts[place].tags else { return false }
    contacts.change(at: place) { $0.tags = held }
    return true
  }

  /// `PATCH` and `PUT /api/contacts/{id}/edit`; a merged id edits the contact that took it in.
  mutating func editContact(_ id: Int, _ call: MauticCall) -> SimulatedAnswer {
    guard let place = contacts.placeFollowingMerges(of: id) else {
      if call.method == "PUT" { return createContact(call) }
      return .problem(.notFound)
    }
    do {
      let written = try write(call.body, call.method == "PUT" ? .put : .patch, at: place, call)
      return contactAnswer(200, written.place, written.style)
    } catch {
      return .problem(error)
    }
  }

  /// `POST /api/contacts/new`: an address that is known edits its contact.
  mutating func createContact(_ call: MauticCall) -> SimulatedAnswer {
    do {
      let (written, status) = try upsert(call.body, call)
      return contactAnswer(status, written.place, written.style)
    } catch {
      return .problem(error)
    }
  }

  private mutating func upsert(_ item: JSONValue, _ call: MauticCall) throws(ItemProblem)
    -> (written: Written, status: Int)
  {
    guard settings.rights.contains(.editContacts) else { throw ItemProblem.forbidden }
    if let email = item["email"]?.scalarText, !email.isEmpty, let id = contacts.owners(of: email).first,
      let place = contacts.place(of: id)
    {
      return (try write(item, .patch, at: place, call), 200)
    }
    let change = try ContactChange(item, .patch, fields: fields)
    let place = contacts.add { StoredContact(id: $0, added: call.now, createdBy: call.writer) }
    let emailPlace = contacts.emailPlace
    contacts.change(at: place) { contact in
      for (field, text) in change.values { contact[field] = text }
      contact.points = change.points ?? 0
      if contact[emailPlace] != nil { contact.identified = call.now }
    }
    _ = apply(tags: change.tags, at: place)
    tables.audit(
      by: call.writer, object: "lead", contacts.contacts[place].id, action: "create", details: "a:0:{}",
      call.now)
    return (Written(place: place, style: .created), 201)
  }

  /// `DELETE /api/contacts/{id}/delete`.
  mutating func deleteContact(_ id: Int, _ call: MauticCall) -> SimulatedAnswer {
    guard settings.rights.contains(.editContacts) else { return .problem(.forbidden) }
    guard let place = contacts.placeFollowingMerges(of: id) else { return .problem(.notFound) }
    let answer = contactAnswer(200, place, .deleted)
    remove(contacts.contacts[place].id, by: call.writer, call.now)
    return answer
  }

  /// `PATCH` and `PUT /api/contacts/batch/edit`, with all that goes wrong there.
  ///
  /// The contacts are found by the list of ids, but given to the items by position: an item without id moves
  /// every later item to the contact of the item behind it.
  mutating func editBatch(_ call: MauticCall) -> SimulatedAnswer {
    guard let items = Self.batch(call.body) else { return .serverError() }
    guard items.count <= Self.batchLimit else { return Self.tooMany }
    var batch = BatchAnswer(count: items.count)
    var targets: [Int] = []
    for (number, item) in items.enumerated() {
      if let id = item["id"]?.scalarText, let number = Int(id) {
        targets.append(number)
      } else {
        batch.fail(number, .idMissing)
      }
    }
    var seen: Set<Int> = []
    for (number, item) in items.enumerated() {
      guard number < targets.count, let place = batchPlace(of: targets[number]) else {
        batch.fail(number, .notFound)
        continue
      }
      guard seen.insert(targets[number]).inserted else { return .serverError() }
      do {
        let written = try write(item, call.method == "PUT" ? .put : .patch, at: place, call)
        batch.succeed(number, 200, json(written.place, written.style))
      } catch {
        batch.fail(number, error, error.code == 403 ? nil : json(place, .unsaved))
      }
    }
    return batch.answer(200)
  }

  private func batchPlace(of id: Int) -> Int? {
    settings.batchFollowsMerges ? contacts.placeFollowingMerges(of: id) : contacts.place(of: id)
  }

  /// `POST /api/contacts/batch/new`.
  mutating func createBatch(_ call: MauticCall) -> SimulatedAnswer {
    guard let items = Self.batch(call.body) else { return .serverError() }
    guard items.count <= Self.batchLimit else { return Self.tooMany }
    var batch = BatchAnswer(count: items.count)
    for (number, item) in items.enumerated() {
      do {
        let (written, status) = try upsert(item, call)
        batch.succeed(number, status, json(written.place, written.style))
      } catch {
        batch.fail(number, error)
      }
    }
    return batch.answer(201)
  }

  private static let batchLimit = 200

  private static let tooMany = SimulatedAnswer.problem(
    ItemProblem(code: 500, message: "A max of \(batchLimit) entities are supported at a time."))

  private static func batch(_ body: JSONValue) -> [JSONValue]? {
    if case .list(let items) = body { return items }
    return nil
  }

  private func json(_ place: Int, _ style: ContactStyle) -> [UInt8] {
    var writer = JSONWriter(reserving: 9_000)
    append(contacts.contacts[place], style, to: &writer)
    return writer.bytes
  }
}

/// The three lists of a batch's answer.
struct BatchAnswer {
  private var codes: [Int]
  private var contacts: [(number: Int, bytes: [UInt8])] = []
  private var errors: [(number: Int, value: JSONValue)] = []

  init(count: Int) {
    codes = Array(repeating: 200, count: count)
  }

  /// An item was written; one that is marked as failed already keeps its code.
  mutating func succeed(_ number: Int, _ code: Int, _ contact: [UInt8]) {
    contacts.append((number, contact))
    if !errors.contains(where: { $0.number == number }) { codes[number] = code }
  }

  /// An item was not written; its contact may still be shown.
  mutating func fail(_ number: Int, _ problem: ItemProblem, _ contact: [UInt8]? = nil) {
    codes[number] = problem.code
    if let place = errors.firstIndex(where: { $0.number == number }) {
      errors[place].value = problem.batchValue
    } else {
      errors.append((number, problem.batchValue))
    }
    if let contact { contacts.append((number, contact)) }
  }

  /// Lists stay lists where their keys run from 0 without a hole; else they become maps.
  func answer(_ status: Int) -> SimulatedAnswer {
    var writer = JSONWriter(reserving: contacts.reduce(200) { $0 + $1.bytes.count })
    writer.append(raw: "{\"contacts\":")
    let isList = Self.runs(contacts.map { $0.number })
    writer.append(raw: isList ? "[" : "{")
    for (place, contact) in contacts.enumerated() {
      if place > 0 { writer.append(raw: ",") }
      if !isList { writer.append(raw: "\"\(contact.number)\":") }
      writer.append(raw: contact.bytes)
    }
    writer.append(raw: isList ? "]" : "}")
    writer.append(raw: ",\"statusCodes\":")
    writer.append(.list(codes.map { .integer($0) }))
    if !errors.isEmpty {
      writer.append(raw: ",\"errors\":")
      if Self.runs(errors.map { $0.number }) {
        writer.append(.list(errors.map { $0.value }))
      } else {
        writer.append(.map(errors.map { JSONMember("\($0.number)", $0.value) }))
      }
    }
    writer.append(raw: "}")
    return .json(status, writer.bytes)
  }

  private static func runs(_ numbers: [Int]) -> Bool {
    numbers.enumerated().allSatisfy { $0.offset == $0.element }
  }
}
