/// All contacts of a server, ascending by id.
struct ContactStore: Sendable {
  private(set) var contacts: [StoredContact] = []
  /// The id that the next contact gets.
  var nextID = 1
  /// Whose rows went to whom.
  private(set) var mergedInto: [Int: Int] = [:]
  private var owners: [String: [Int]] = [:]
  var index = KeysetIndex()
  /// The place of the field `email`.
  let emailPlace: Int

  init(emailPlace: Int) {
    self.emailPlace = emailPlace
  }

  /// Where the contact stands; nil if there is none with this very id.
  func place(of id: Int) -> Int? {
    let place = KeysetIndex.first(contacts.count) { contacts[$0].id >= id }
    return place < contacts.count && contacts[place].id == id ? place : nil
  }

  /// Where the contact stands that has this id or took it in.
  func placeFollowingMerges(of id: Int) -> Int? {
    var id = id
    while let winner = mergedInto[id] { id = winner }
    return place(of: id)
  }

  /// Who has this address, in any case; ascending.
  func owners(of email: String) -> [Int] { owners[email.lowercased()] ?? [] }

  /// Adds a contact with the next id and gives its place.
  mutating func add(_ make: (Int) -> StoredContact) -> Int {
    let contact = make(nextID)
    nextID += 1
    index.invalidate()
    contacts.append(contact)
    register(contact)
    return contacts.count - 1
  }

  /// Changes a contact, and keeps the addresses in step.
  mutating func change<Result>(at place: Int, _ change: (inout StoredContact) -> Result) -> Result {
    index.invalidate()
    let before = contacts[place][emailPlace]
    let result = change(&contacts[place])
    if before != contacts[place][emailPlace] {
      unregister(contacts[place].id, before)
      register(contacts[place])
    }
    return result
  }

  /// Takes a contact out.
  mutating func remove(at place: Int) {
    index.invalidate()
    let contact = contacts.remove(at: place)
    unregister(contact.id, contact[emailPlace])
  }

  /// Remembers who took whom in.
  mutating func recordMerge(of loser: Int, into winner: Int) {
    mergedInto[loser] = winner
  }

  private mutating func register(_ contact: StoredContact) {
    guard let email = contact[emailPlace], !email.isEmpty else { return }
    owners[email.lowercased(), default: []].append(contact.id)
  }

  private mutating func unregister(_ id: Int, _ email: String?) {
    guard let email, !email.isEmpty else { return }
    owners[email.lowercased()]?.removeAll { $0 == id }
  }
}
