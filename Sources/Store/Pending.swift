import GRDB
import Platform
import Scoring

/// A contact that waits for a write, with the person it belongs to.
public struct PendingContact {
  /// The person, ready for the engine.
  public let person: StoredPerson
  /// Index of the contact among the person's contacts.
  public let index: Int
  /// The platform's name of the contact.
  public let id: ContactID
  /// The contact's first address, normalised.
  public let email: String?
  /// The reasons text that the platform holds.
  public let heldReasons: String?
}

extension LeadStore {
  /// How many contacts of a connection wait for a write.
  public func pendingCount(on connection: StoredConnection) throws(StoreFailure) -> Int {
    try read { db in
      try Int.fetchOne(
        db,
        sql: "SELECT count(*) FROM pending WHERE connection = ?",
        arguments: [connection.id]) ?? 0
    }
  }

  /// Visits the contacts of a connection that wait for a write, in the order in which they are kept: reading
  /// them in any other order costs many times as much.
  public func forEachPending(
    on connection: StoredConnection, layout: ReadingLayout, texts: StoreTexts,
    _ visit: (PendingContact) throws -> Void
  ) throws {
    try readVisiting { db in
      try texts.reading(through: db) {
        let reader = try PersonReader(db, layout: layout)
        let reasons = try HotStatement(db, "SELECT reasons FROM held WHERE id = ?")
        let rows = try HotStatement(
          db,
          """
          SELECT c.id, c.person, c.external, c.emails FROM pending p JOIN contacts c ON c.id = p.contact
          WHERE p.connection = ? ORDER BY p.contact
          """)
        rows.bind(1, connection.id)
        defer { rows.reset() }
        while try rows.step() {
          let (key, person) = (rows.int64(0), rows.int64(1))
          guard try reader.load(person),
            let index = reader.person.contacts.firstIndex(where: { $0.key == key })
          else { continue }
          reasons.bind(1, key)
          let held = try reasons.step() ? reasons.text(0) : nil
          reasons.reset()
          let emails = rows.text(3) ?? ""
          let id = ContactID(rows.text(2) ?? "")
          try visit(
            PendingContact(
              person: reader.person, index: index, id: id,
              email: emails.split(separator: "\n").first.map(String.init), heldReasons: held))
        }
      }
    }
  }

  /// The contacts that an address or an id names; an id only with its connection.
  public func find(_ contact: ContactID, on connection: StoredConnection) throws(StoreFailure) -> Int64? {
    let key = ContactKey(contact, connection: connection.id, hash: hash).value
    return try read {
      try Int64.fetchOne(
        $0, sql: "SELECT person FROM contacts WHERE id = ? AND external = ?", arguments: [key, contact.text])
    }
  }

  /// The persons whose contacts have an address; more than one only if too many share it.
  public func persons(having address: EmailAddress) throws(StoreFailure) -> [Int64] {
    try read {
      try Int64.fetchAll(
        $0,
        sql: """
          SELECT DISTINCT c.person FROM addresses a JOIN contacts c ON c.id = a.contact WHERE a.address = ?
          ORDER BY c.person LIMIT 20
          """, arguments: [address.normalized])
    }
  }

  /// Reads one person; the body may ask the texts.
  public func withPerson<Result>(
    _ id: Int64, layout: ReadingLayout, texts: StoreTexts,
    _ body: (StoredPerson, [NamedContact]) throws -> Result
  ) throws -> Result? {
    try readVisiting { db in
      try texts.reading(through: db) {
        let reader = try PersonReader(db, layout: layout)
        guard try reader.load(id) else { return nil }
        let names = try reader.person.contacts.map { contact in
          let row = try Row.fetchOne(
            db, sql: "SELECT external, emails FROM contacts WHERE id = ?", arguments: [contact.key])
          let emails: String = try row?.value("emails") ?? ""
          return NamedContact(
            connection: contact.connection, id: ContactID(try row?.value("external") ?? ""),
            emails: emails.split(separator: "\n").map(String.init))
        }
        return try body(reader.person, names)
      }
    }
  }
}

/// A contact with the names by which people know it.
public struct NamedContact: Sendable {
  /// Index in the layout's connections.
  public let connection: Int
  /// The platform's name of it.
  public let id: ContactID
  /// Normalised addresses, the primary one first.
  public let emails: [String]
}
