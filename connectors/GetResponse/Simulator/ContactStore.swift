/// All contacts that there ever were, in the order in which they came.
struct ContactStore: Sendable {
  private(set) var contacts: [StoredContact] = []
  /// Subscribed contacts by the moment of their last change, and of their creation.
  private(set) var byChange = TimeIndex()
  private(set) var byCreation = TimeIndex()
  /// By list and address in small letters: who has it there. Removed contacts leave it.
  private var holders: [Key: Int] = [:]

  private struct Key: Hashable {
    let list: Int
    let email: String
  }

  /// The id of the contact at a place.
  static func id(_ place: Int) -> String { Identifier.text(FirstID.contact + place) }

  /// Where the contact with an id stands, in whatever state; nil if there never was one.
  func place(of id: String) -> Int? {
    guard let number = Identifier.number(id), contacts.indices.contains(number - FirstID.contact) else {
      return nil
    }
    return number - FirstID.contact
  }

  /// Who has an address in a list; nil if nobody has.
  func holder(of email: String, in list: Int) -> Int? {
    holders[Key(list: list, email: email.lowercased())]
  }

  /// The contact at a place; lent, since copying all of it takes longer than looking at it.
  subscript(place: Int) -> StoredContact {
    _read { yield contacts[place] }
  }

  /// Changes a contact; the indexes follow.
  mutating func change(_ place: Int, _ body: (inout StoredContact) -> Void) {
    let old = Key(list: contacts[place].list, email: contacts[place].email.lowercased())
    body(&contacts[place])
    let contact = contacts[place]
    let new = Key(list: contact.list, email: contact.email.lowercased())
    if contact.state == .removed {
      if holders[old] == place { holders[old] = nil }
    } else if old != new || holders[new] == nil {
      if holders[old] == place { holders[old] = nil }
      holders[new] = place
    }
    index(place)
  }

  /// Changes what no index knows of: faster, and the moment of the last change stays.
  mutating func note(_ place: Int, _ body: (inout StoredContact) -> Void) {
    body(&contacts[place])
  }

  /// Adds a contact and gives its place.
  @discardableResult
  mutating func add(_ contact: StoredContact) -> Int {
    contacts.append(contact)
    let place = contacts.count - 1
    if contact.state != .removed {
      holders[Key(list: contact.list, email: contact.email.lowercased())] = place
    }
    index(place)
    return place
  }

  private mutating func index(_ place: Int) {
    let contact = contacts[place]
    byChange.set(place, to: contact.state == .subscribed ? contact.changed : nil)
    byCreation.set(place, to: contact.state == .subscribed ? contact.created : nil)
  }

  mutating func changed(in range: TimeRange, part: (Int) -> Range<Int>) -> (count: Int, places: [Int]) {
    byChange.places(in: range, part: part)
  }

  mutating func created(in range: TimeRange, part: (Int) -> Range<Int>) -> (count: Int, places: [Int]) {
    byCreation.places(in: range, part: part)
  }
}
