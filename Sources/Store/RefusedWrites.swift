import GRDB
import Platform

/// A contact that a platform refused in the last run that wrote, and that still waits.
public struct RefusedWrite: Hashable, Sendable {
  /// The platform's name of the contact.
  public let contact: ContactID
  /// Why the platform refused it.
  public let reason: String

  /// A contact that was refused.
  public init(contact: ContactID, reason: String) {
    self.contact = contact
    self.reason = reason
  }
}

extension LeadStore {
  /// How many of the contacts that wait for a write were refused by the last run that wrote anything, and the first
  /// of them in the order in which they were tried.
  public func refusedLastTime(
    on connection: StoredConnection, limit: Int
  ) throws(StoreFailure) -> (count: Int, first: [RefusedWrite]) {
    try read { db in
      let run = try String.fetchOne(
        db, sql: "SELECT id FROM runs WHERE written > 0 OR refused > 0 ORDER BY id DESC LIMIT 1")
      guard let run else { return (0, []) }
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT external, note FROM journal WHERE run = ? AND connection = ? AND state = ?
            AND contact IN (SELECT contact FROM pending) ORDER BY seq
          """, arguments: [run, connection.id, JournalEntry.State.refused.rawValue])
      var count = 0
      var first: [RefusedWrite] = []
      while let row = try rows.next() {
        count += 1
        if first.count < limit {
          first.append(RefusedWrite(contact: ContactID(try row.value(0)), reason: try row.value(1) ?? ""))
        }
      }
      return (count, first)
    }
  }
}
