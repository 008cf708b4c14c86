import GRDB
import Platform

extension LeadStore {
  /// How many contacts of a connection its last complete listing did not list; they are kept until
  /// `forgetMissing`.
  public func missingCount(on connection: StoredConnection) throws(StoreFailure) -> Int {
    try read {
      try Int.fetchOne(
        $0, sql: "SELECT count(*) FROM missing WHERE connection = ?", arguments: [connection.id]) ?? 0
    }
  }

  /// Forgets the contacts that are missing, with their activities; gives how many.
  public func forgetMissing(on connection: StoredConnection) throws(StoreFailure) -> Int {
    try writeInPieces { db in
      var forgotten = 0
      while true {
        let keys = try Int64.fetchAll(
          db, sql: "SELECT contact FROM missing WHERE connection = ? LIMIT 1000", arguments: [connection.id])
        if keys.isEmpty {
          try db.inTransaction {
            try Identity.clearJournal(db)
            return .commit
          }
          return forgotten
        }
        try db.inTransaction {
          for key in keys {
            forgotten += try Identity.forget(key, db) ? 1 : 0
            try db.execute(sql: "DELETE FROM missing WHERE contact = ?", arguments: [key])
          }
          return .commit
        }
      }
    }
  }

  /// Forgets one contact that its platform says is gone.
  public func forget(_ contact: ContactID, on connection: StoredConnection) throws(StoreFailure) {
    let key = ContactKey(contact, connection: connection.id, hash: hash).value
    try write { db in
      _ = try Identity.forget(key, db)
      try Identity.clearJournal(db)
    }
  }

  /// Gives a contact's activities to another one, as a merge on the platform did.
  public func merge(_ loser: ContactID, into winner: ContactID, on connection: StoredConnection)
    throws(StoreFailure)
  {
    let (loser, winner) = (
      ContactKey(loser, connection: connection.id, hash: hash).value,
      ContactKey(winner, connection: connection.id, hash: hash).value
    )
    try write { try Identity.merge(loser: loser, winner: winner, $0) }
  }
}
