import Platform
import Scoring

/// What a test does to an account past its API.
extension GetResponseServer {
  /// The id of the contact that was added under a number, on the first of its lists; nil if it is removed.
  public func id(ofContact number: Int) -> String? { ids(ofContact: number).first }

  /// The ids of the contacts that were added under a number, one for each list; removed ones are left out.
  public func ids(ofContact number: Int) -> [String] {
    (numbers[number] ?? []).filter { store[$0].state != .removed }.map { ContactStore.id($0) }
  }

  /// How many contacts are subscribed.
  public var contactCount: Int { store.contacts.count { $0.state == .subscribed } }

  /// The ids of the lists by name.
  public var listIDs: [String: String] {
    Dictionary(lists.enumerated().map { ($1.name, ContactList.id($0)) }) { first, _ in first }
  }

  /// Somebody changes a contact's name.
  public mutating func rename(_ id: String, to name: String, at time: Timestamp) {
    edit(id, at: time) { $0.name = name }
  }

  /// Somebody changes a contact's address.
  public mutating func readdress(_ id: String, to email: String, at time: Timestamp) {
    edit(id, at: time) { $0.email = email }
  }

  /// Somebody, or an automation, sets a contact's score.
  public mutating func setScore(_ id: String, to score: Double?, at time: Timestamp) {
    edit(id, at: time) { $0.scoring = score }
  }

  /// Somebody sets a custom field, which is made if it is missing; an empty text or nil clears it.
  public mutating func setField(_ id: String, _ name: String, to value: String?, at time: Timestamp) {
    guard let place = makeField(name) else { return }
    edit(id, at: time) { $0[field: place] = value.flatMap { $0.isEmpty ? nil : [$0] } }
  }

  /// Somebody makes a custom field, unless there is one.
  public mutating func addField(
    _ name: String, type: String = "string", format: String = "text", choices: [String] = []
  ) {
    guard fieldPlace(named: name) == nil else { return }
    fields.append(CustomField(name: name, type: type, format: format, isHidden: false, choices: choices))
  }

  /// Somebody gives a contact a tag, which is made if it is missing.
  public mutating func addTag(_ id: String, _ name: String, at time: Timestamp) {
    let place = Int32(makeTag(name, at: time))
    edit(id, at: time) { if !$0.tags.contains(place) { $0.tags.append(place) } }
  }

  /// Somebody takes a tag from a contact.
  public mutating func removeTag(_ id: String, _ name: String, at time: Timestamp) {
    guard let place = tagPlace(named: name) else { return }
    edit(id, at: time) { $0.tags.removeAll { $0 == Int32(place) } }
  }

  /// Somebody makes a tag, unless there is one.
  @discardableResult
  public mutating func makeTag(_ name: String, at time: Timestamp) -> Int {
    if let known = tagPlace(named: name) { return known }
    tags.append(StoredTag(name: name, created: time.seconds))
    return tags.count - 1
  }

  /// Whether there is a tag of this name.
  public func hasTag(_ name: String) -> Bool { tagPlace(named: name) != nil }

  /// Whether there is a custom field of this name.
  public func hasField(_ name: String) -> Bool { fieldPlace(named: name) != nil }

  /// Somebody makes a list.
  public mutating func addList(_ name: String, at time: Timestamp) {
    lists.append(ContactList(name: name, created: time.seconds))
    revision += 1
  }

  /// Somebody moves a contact to another list, with its history.
  public mutating func move(_ id: String, to list: String, at time: Timestamp) {
    guard let place = lists.firstIndex(where: { $0.name == list }) else { return }
    edit(id, at: time) { $0.list = place }
  }

  /// Somebody subscribes a person who is a contact already to one more list; gives the new contact's id.
  @discardableResult
  public mutating func subscribe(_ number: Int, to list: String, at time: Timestamp) -> String? {
    guard let first = numbers[number]?.first, let place = lists.firstIndex(where: { $0.name == list }),
      store.holder(of: store[first].email, in: place) == nil
    else { return nil }
    var contact = StoredContact(
      email: store[first].email, name: store[first].name, list: place, created: time.seconds,
      changed: time.seconds)
    contact.origin = "copy"
    let added = store.add(contact)
    numbers[number]?.append(added)
    revision += 1
    return ContactStore.id(added)
  }

  /// A contact is removed, by one of GetResponse's reasons: `unsubscribe`, `complaint`, `user`.
  public mutating func remove(_ id: String, reason: String = "user", at time: Timestamp) {
    guard let place = store.place(of: id) else { return }
    end(place, as: .removed, reason: reason, at: time.seconds)
  }

  /// A contact cannot be delivered to any more.
  public mutating func bounce(_ id: String, at time: Timestamp) {
    guard let place = store.place(of: id) else { return }
    end(place, as: .undelivered, reason: "bounce", at: time.seconds)
  }

  /// A contact has yet to confirm that it subscribed.
  public mutating func unconfirm(_ id: String, at time: Timestamp) {
    edit(id, at: time) { $0.state = .unconfirmed }
  }

  /// From now on every write of this contact is refused, with 400 and 1002 if nothing else is said.
  public mutating func refuse(_ id: String, message: String, status: Int = 400, code: Int = 1002) {
    guard let place = store.place(of: id) else { return }
    refusals[place] = Refusal(status: status, code: code, message: message)
  }

  /// A contact gets or does something with a message of any type; `subject` nil is a message that is gone, whose
  /// id is null.
  public mutating func addActivity(
    _ id: String, _ kind: KnownKind, subject: String?, type: String = "newsletters", url: String? = nil,
    at time: Timestamp
  ) {
    guard let place = store.place(of: id), let type = MessageType(rawValue: type) else { return }
    let kinds: [KnownKind: StoredActivity.Kind] = [.emailSent: .send, .emailOpen: .open, .emailClick: .click]
    guard let kind = kinds[kind] else { return }
    let list = store[place].list
    let message = subject.map { messages.place(type, subject: $0, list: list, at: time.seconds) } ?? -1
    log(kind, place, message: message, url: url, at: time.seconds)
  }

  /// Somebody sets up another shop.
  public mutating func addShop(_ name: String, currency: String, at time: Timestamp) {
    shops.append(Shop(name: name, currency: currency, created: time.seconds))
  }

  /// A contact orders in the first shop, which is made if it is missing; gives the order's id.
  @discardableResult
  public mutating func addOrder(
    _ id: String, total: Double, description: String? = nil, at time: Timestamp
  ) -> String? {
    guard let place = store.place(of: id) else { return nil }
    addOrder(place, total: total, description: description, at: time.seconds)
    return StoredOrder.id(orders.count - 1)
  }

  /// The shop changes an order's status, as for a refund.
  public mutating func setStatus(ofOrder id: String, to status: String) {
    guard let number = Identifier.number(id), orders.indices.contains(number - FirstID.order) else { return }
    orders[number - FirstID.order].status = status
  }

  /// A transactional e-mail is sent; what becomes of it is known from its moment on.
  /// - Returns: The e-mail's id.
  @discardableResult
  public mutating func addMail(
    to recipient: String, subject: String = "Receipt", at time: Timestamp, opened: Timestamp? = nil,
    clicked: Timestamp? = nil, bounced: Timestamp? = nil, complained: Timestamp? = nil
  ) -> String {
    var mail = TransactionalMail(recipient: recipient, subject: subject, sent: time.seconds)
    mail.opened = opened?.seconds
    mail.bounced = bounced?.seconds
    mail.complained = complained?.seconds
    if let clicked { mail.clicks = [("https://www.example.com/", clicked.seconds)] }
    mails.append(mail)
    return TransactionalMail.id(mails.count - 1)
  }

  private mutating func edit(_ id: String, at time: Timestamp, _ body: (inout StoredContact) -> Void) {
    guard let place = store.place(of: id), store[place].state != .removed else { return }
    revision += 1
    store.change(place) { contact in
      body(&contact)
      contact.changed = time.seconds
    }
  }
}
