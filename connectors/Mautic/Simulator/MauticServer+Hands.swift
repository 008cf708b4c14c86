import Platform
import Scoring

/// What a test does to a server past its API.
extension MauticServer {
  /// The user who does what hands do: not the API user.
  static let otherUser = ContactWriter(id: 7, name: "Olga Other")

  /// The id of the contact that was added under a number, or of the one that took it in; nil if it is gone.
  public func id(ofContact number: Int) -> Int? {
    numbers[number].flatMap { contacts.placeFollowingMerges(of: $0) }.map { contacts.contacts[$0].id }
  }

  /// How many contacts there are.
  public var contactCount: Int { contacts.contacts.count }

  /// The id that the next contact gets; may only be raised.
  public var nextContactID: Int {
    get { contacts.nextID }
    set { contacts.nextID = max(contacts.nextID, newValue) }
  }

  /// Adds a visitor whom nobody knows, as a first page view does, and gives the new id.
  @discardableResult
  public mutating func addAnonymousVisitor(at time: Timestamp) -> Int {
    let place = contacts.add { StoredContact(id: $0, added: time.seconds, createdBy: .nobody) }
    contacts.change(at: place) {
      $0.modifiedBy = .tracker
      $0.lastActive = time.seconds
      $0.isVisitor = true
    }
    return contacts.contacts[place].id
  }

  /// Another user sets a field, by its alias; nil clears it. A field that does not exist is made, as text.
  public mutating func setField(_ id: Int, _ alias: String, to value: String?, at time: Timestamp) {
    guard let place = contacts.placeFollowingMerges(of: id) else { return }
    let field = fields.place(of: alias) ?? addField(alias: alias, type: "text", at: time)
    let old = contacts.contacts[place][field]
    guard old != value else { return }
    contacts.change(at: place) { $0[field] = value }
    recordChange(at: place, fields: [(alias, old, value)], by: Self.otherUser, time.seconds)
  }

  /// Another user changes a contact's first name.
  public mutating func rename(_ id: Int, to firstName: String, at time: Timestamp) {
    setField(id, "firstname", to: firstName, at: time)
  }

  /// Another user sets a contact's points.
  public mutating func setPoints(_ id: Int, to points: Int, at time: Timestamp) {
    guard let place = contacts.placeFollowingMerges(of: id) else { return }
    let old = contacts.contacts[place].points
    guard old != points else { return }
    contacts.change(at: place) { $0.points = points }
    recordChange(at: place, fields: [("points", "\(old)", "\(points)")], by: Self.otherUser, time.seconds)
  }

  /// Another user gives a contact a tag.
  public mutating func addTag(_ id: Int, _ tag: String, at time: Timestamp) {
    change(tagsOf: id, by: [tag], at: time)
  }

  /// Another user takes a tag from a contact.
  public mutating func removeTag(_ id: Int, _ tag: String, at time: Timestamp) {
    change(tagsOf: id, by: ["-" + tag], at: time)
  }

  private mutating func change(tagsOf id: Int, by changes: [String], at time: Timestamp) {
    guard let place = contacts.placeFollowingMerges(of: id), apply(tags: changes, at: place) else { return }
    recordChange(at: place, fields: [], by: Self.otherUser, time.seconds)
  }

  /// Another user deletes a contact: its hits, mails, submissions and downloads stay without an owner, its
  /// points log and its do-not-contact rows go.
  public mutating func remove(_ id: Int, at time: Timestamp) {
    remove(id, by: Self.otherUser, time.seconds)
  }

  /// Two contacts become one: rows, points and tags go to the winner, and where both have a value the newer
  /// contact's counts.
  public mutating func merge(_ loser: Int, into winner: Int, at time: Timestamp) {
    guard loser != winner, let from = contacts.place(of: loser), let into = contacts.place(of: winner) else {
      return
    }
    let gone = contacts.contacts[from]
    let email = contacts.emailPlace
    contacts.change(at: from) { $0[email] = nil }
    contacts.change(at: into) { kept in
      let goneIsNewer = (gone.modified ?? gone.added) > (kept.modified ?? kept.added)
      for value in gone.values where !value.text.isEmpty {
        let place = Int(value.place)
        if goneIsNewer || (kept[place] ?? "").isEmpty { kept[place] = value.text }
      }
      kept.points += gone.points
      kept.tags += gone.tags.filter { !kept.tags.contains($0) }
      kept.identified = [kept.identified, gone.identified].compactMap { $0 }.min()
      kept.lastActive = [kept.lastActive, gone.lastActive].compactMap { $0 }.max()
      kept.modified = time.seconds
      kept.modifiedBy = Self.otherUser
    }
    tables.repoint(UInt32(loser), to: UInt32(winner))
    doNotContact[winner, default: []] += doNotContact.removeValue(forKey: loser) ?? []
    for (group, score) in groupScores.removeValue(forKey: loser) ?? [:] {
      groupScores[winner, default: [:]][group, default: 0] += score
    }
    for email in UInt64(1)..<UInt64(emails.names.count + 1) {
      if let row = statRows.removeValue(forKey: UInt64(loser) << 32 | email) {
        statRows[UInt64(winner) << 32 | email] = row
      }
    }
    contacts.remove(at: from)
    contacts.recordMerge(of: loser, into: winner)
    tables.audit(
      by: Self.otherUser, object: "lead", loser, action: "merge",
      details: PHPText.serialize(["merged_into": .integer(winner)]), time.seconds)
  }

  /// From now on every write of this contact is refused with status 400 and this message.
  public mutating func refuse(_ id: Int, message: String) {
    refusals[id] = message
  }

  /// The next requests fail with this status, with a page of HTML as a proxy gives it, or with Mautic's JSON.
  public mutating func failNext(_ count: Int, status: Int, html: Bool = false) {
    failures = (count, status, html)
  }

  /// Nothing is refused and nothing fails any more.
  public mutating func calm() {
    refusals = [:]
    failures = nil
  }

  /// The background job runs: fields that waited are there.
  public mutating func finishFields() {
    fields.publishAll()
  }

  /// Makes a contact field, as an administrator does.
  @discardableResult
  public mutating func addField(alias: String, label: String? = nil, type: String, at time: Timestamp) -> Int
  {
    if let place = fields.place(of: alias) { return place }
    return fields.add(
      alias: alias, label: label ?? alias, type: type, group: "core", properties: [:], isPublished: true,
      at: time.seconds, by: Self.otherUser)
  }

  /// Makes a landing page of this name.
  public mutating func addPage(named name: String, at time: Timestamp) {
    _ = pages.id(of: name, at: time.seconds)
  }

  /// How many rows a table under `/api/stats` has.
  public func rowCount(of table: String) -> Int {
    tables[table]?.count ?? 0
  }

  /// What is held for a contact, or for the one that took it in; nil if it is gone.
  public func held(_ id: Int) -> MauticHolding? {
    guard let place = contacts.placeFollowingMerges(of: id) else { return nil }
    let contact = contacts.contacts[place]
    var values: [String: String] = [:]
    for value in contact.values { values[fields.fields[Int(value.place)].alias] = value.text }
    return MauticHolding(
      id: contact.id, fields: values, tags: Set(contact.tags.map { tags[$0] }), points: contact.points,
      groupScores: groupScores[contact.id] ?? [:])
  }

  mutating func remove(_ id: Int, by writer: ContactWriter, _ moment: Int64) {
    guard let place = contacts.place(of: id) else { return }
    contacts.remove(at: place)
    tables.forget(UInt32(id))
    doNotContact[id] = nil
    groupScores[id] = nil
    rebuildDoNotContact()
    tables.audit(by: writer, object: "lead", id, action: "delete", details: "a:0:{}", moment)
  }

  /// Rows have moved up: the contacts' lists of them are made anew.
  private mutating func rebuildDoNotContact() {
    doNotContact = [:]
    guard let table = tables["lead_donotcontact"], let lead = table.place(of: "lead_id") else { return }
    for row in 0..<table.count {
      if let id = table.cell(lead, row) { doNotContact[Int(id), default: []].append(row) }
    }
  }

  /// What every change of a contact leaves behind: `date_modified`, the writer, a row in the audit log.
  mutating func recordChange(
    at place: Int, fields changes: [(alias: String, old: String?, new: String?)], by writer: ContactWriter,
    _ moment: Int64
  ) {
    contacts.change(at: place) {
      $0.modified = moment
      $0.modifiedBy = writer
    }
    let known = changes.map { change in
      JSONMember(change.alias, [Self.short(change.old), Self.short(change.new)])
    }
    tables.audit(
      by: writer, object: "lead", contacts.contacts[place].id, action: "update",
      details: PHPText.serialize(["fields": .map(known)]), moment)
  }

  /// Long texts are cut in the audit log's details, which nobody reads and which would fill the memory.
  private static func short(_ text: String?) -> JSONValue {
    .text(orNull: text.map { String($0.prefix(20)) })
  }
}
