import GRDB

/// To which contact the activities belong that a connection names by address: to the first of its contacts, by
/// id, that has the address; to nobody if too many share it or nobody has it yet.
enum AddressOwners {
  /// Finds the owners of the noted subjects.
  static func settle(_ db: Database) throws {
    while true {
      let subjects = try Int64.fetchAll(db, sql: "SELECT id FROM dirty_subjects LIMIT 5000")
      if subjects.isEmpty { return }
      try db.inTransaction {
        let find = try HotStatement(
          db, "SELECT connection, address, owner FROM address_subjects WHERE id = ?")
        let first = try HotStatement(
          db,
          """
          SELECT a.contact FROM addresses a JOIN contacts c ON c.id = a.contact
          WHERE a.address = ?1 AND a.connection = ?2 AND NOT EXISTS (
            SELECT 1 FROM addresses WHERE address = ?1 GROUP BY connection HAVING count(*) > \(Identity.mostSharers))
          ORDER BY c.external LIMIT 1
          """)
        let set = try HotStatement(db, "UPDATE address_subjects SET owner = ?2 WHERE id = ?1")
        let dirty = try HotStatement(db, "INSERT OR IGNORE INTO dirty (contact) VALUES (?)")
        let done = try HotStatement(db, "DELETE FROM dirty_subjects WHERE id = ?")
        for subject in subjects {
          try done.bind(1, subject).run()
          find.bind(1, subject)
          guard try find.step() else { continue }
          let (connection, address, before) = (find.int64(0), find.text(1), find.optionalInt64(2))
          find.reset()
          first.bind(1, address).bind(2, connection)
          let owner = try first.step() ? first.int64(0) : nil
          first.reset()
          guard owner != before else { continue }
          try set.bind(1, subject).bind(2, owner).run()
          for contact in [owner, before].compactMap({ $0 }) { try dirty.bind(1, contact).run() }
        }
        return .commit
      }
    }
  }
}
