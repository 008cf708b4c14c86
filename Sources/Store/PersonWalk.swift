import GRDB
import Platform
import Scoring

extension LeadStore {
  /// Visits every person once, in the order in which they are kept, all as they were at one moment: what a run
  /// writes meanwhile is not seen. Nothing is changed, and memory does not grow with the number of persons.
  ///
  /// - Parameter visit: Takes the person and a way to ask for the names of its contacts. It may ask the texts,
  ///   but nothing else of the store.
  public func forEachPerson(
    layout: ReadingLayout, texts: StoreTexts,
    _ visit: (StoredPerson, _ names: () throws -> [NamedContact]) throws -> Void
  ) throws {
    try readVisiting { db in
      try texts.reading(through: db) {
        let reader = try PersonReader(db, layout: layout)
        let naming = try ContactNaming(db)
        var last: Int64 = -1
        while let id = try reader.nextPerson(after: last) {
          last = id
          guard try reader.load(id) else { continue }
          try visit(reader.person) { try naming.names(of: reader.person) }
        }
      }
    }
  }

  /// Names of all fields that contacts ever had.
  public func fieldNames() throws(StoreFailure) -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT name FROM fields ORDER BY name") }
  }
}

/// Finds the names of contacts while persons are walked over.
private final class ContactNaming {
  private let find: HotStatement

  init(_ db: Database) throws {
    find = try HotStatement(db, "SELECT external, emails FROM contacts WHERE id = ?")
  }

  func names(of person: StoredPerson) throws -> [NamedContact] {
    try person.contacts.map { contact in
      find.bind(1, contact.key)
      defer { find.reset() }
      let isThere = try find.step()
      let emails = isThere ? find.text(1) ?? "" : ""
      return NamedContact(
        connection: contact.connection, id: ContactID(isThere ? find.text(0) ?? "" : ""),
        emails: emails.split(separator: "\n").map(String.init))
    }
  }
}
