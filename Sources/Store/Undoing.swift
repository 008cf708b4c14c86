import Foundation
import GRDB
import Platform
import Scoring

/// What a run wrote to one contact, and what is known of the contact now.
public struct UndoableWrite: Sendable {
  /// The platform's name of the contact.
  public let contact: ContactID
  /// What the platform held before the run; nil if it was forgotten with the contact.
  public let was: HeldState?
  /// What the run wrote last.
  public let wanted: HeldState
  /// What the platform holds as far as is known; nil if the contact is not known any more.
  public let held: HeldState?
  /// The contact's first address, normalised.
  public let email: String?
  /// False if the contact takes no writes now.
  public let isWritable: Bool
  /// The last run that wrote to the contact after this one; nil if none did.
  public let laterRun: String?
}

extension LeadStore {
  /// How many contacts a run wrote, by the connection's number.
  public func writtenCounts(of run: String) throws(StoreFailure) -> [Int64: Int] {
    try read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT connection, count(DISTINCT contact) FROM journal WHERE run = ? AND state = 1
          GROUP BY connection
          """, arguments: [run])
      return Dictionary(
        try rows.map { (try $0.value(0) as Int64, try $0.value(1) as Int) }, uniquingKeysWith: +)
    }
  }

  /// The last run that wrote anything and took back no other; nil if there is none.
  public func lastRunToUndo() throws(StoreFailure) -> RunRecord? {
    try read { db in
      try Row.fetchOne(
        db,
        sql: """
          SELECT * FROM runs r WHERE EXISTS (SELECT 1 FROM journal j WHERE j.run = r.id AND j.state = 1)
            AND NOT EXISTS (SELECT 1 FROM meta WHERE name = 'undoes_' || r.id)
          ORDER BY id DESC LIMIT 1
          """
      ).map(Self.run)
    }
  }

  /// Notes that a run is about to take back another one.
  public func noteUndo(of undone: String, by run: String) throws(StoreFailure) {
    try setNote("undoes_\(run)", to: undone)
  }

  /// The run that a run took back; nil if it took back none.
  public func undone(by run: String) throws(StoreFailure) -> String? { try note("undoes_\(run)") }

  /// The last run that took back something of a run; nil if none did.
  public func lastUndo(of undone: String) throws(StoreFailure) -> RunRecord? {
    try read { db in
      try Row.fetchOne(
        db,
        sql: """
          SELECT r.* FROM meta m JOIN runs r ON m.name = 'undoes_' || r.id WHERE m.value = ?
            AND EXISTS (SELECT 1 FROM journal j WHERE j.run = r.id AND j.state = 1)
          ORDER BY r.id DESC LIMIT 1
          """, arguments: [undone]
      ).map(Self.run)
    }
  }

  /// Visits what a run wrote on a connection, each contact once, in ascending order of the platform's ids.
  public func forEachUndoable(
    of run: String, on connection: StoredConnection, _ visit: (UndoableWrite) throws -> Void
  ) throws {
    try readVisiting { db in
      let rows = try HotStatement(
        db,
        """
        SELECT contact, external, was, wanted FROM journal
        WHERE run = ? AND connection = ? AND state = 1 ORDER BY external, seq
        """)
      let look = try UndoLook(db, run: run)
      rows.bind(1, run).bind(2, connection.id)
      defer { rows.reset() }
      var open: (key: Int64, contact: ContactID, was: HeldState?, wanted: HeldState)?
      while try rows.step() {
        let contact = ContactID(rows.text(1) ?? "")
        let wanted = Self.held(Data(rows.bytes(3)))
        if open?.contact == contact {
          // Written twice by the run: what was before the first is what is to come back.
          open?.wanted = wanted
          continue
        }
        if let open { try visit(look.write(open)) }
        let was = rows.bytes(2)
        open = (rows.int64(0), contact, was.isEmpty ? nil : Self.held(Data(was)), wanted)
      }
      if let open { try visit(look.write(open)) }
    }
  }
}

/// Looks up what is known now of a contact that a run wrote.
private struct UndoLook {
  private let run: String
  private let contact: HotStatement
  private let later: HotStatement
  private let held: HeldTable

  init(_ db: Database, run: String) throws {
    self.run = run
    contact = try HotStatement(db, "SELECT emails, writable FROM contacts WHERE id = ? AND external = ?")
    later = try HotStatement(
      db, "SELECT run FROM history WHERE contact = ? AND run > ? ORDER BY run DESC LIMIT 1")
    held = try HeldTable(db)
  }

  func write(
    _ row: (key: Int64, contact: ContactID, was: HeldState?, wanted: HeldState)
  ) throws -> UndoableWrite {
    contact.bind(1, row.key).bind(2, row.contact.text)
    later.bind(1, row.key).bind(2, run)
    defer {
      contact.reset()
      later.reset()
    }
    let isKnown = try contact.step()
    let emails = isKnown ? contact.text(0) ?? "" : ""
    let isWritable = isKnown && contact.int64(1) != 0
    return UndoableWrite(
      contact: row.contact, was: row.was, wanted: row.wanted,
      held: isKnown ? try held.state(of: row.key) : nil,
      email: emails.split(separator: "\n").first.map(String.init), isWritable: isWritable,
      laterRun: try later.step() ? later.text(0) : nil)
  }
}
