import Foundation
import GRDB
import Platform
import Scoring

/// One write as the journal tells it: what is replaced, what is wanted, and how far it came.
public struct JournalEntry: Equatable, Sendable {
  /// How far a write came.
  public enum State: Int, Sendable {
    /// The request may have left; nobody knows yet whether it arrived.
    case intended = 0
    /// The platform holds what was wanted.
    case done = 1
    /// The platform refused the contact.
    case refused = 2
    /// It turned out that nothing was written.
    case notDone = 3
    /// The contact is gone or has another id.
    case gone = 4
  }

  /// The run.
  public var run: String
  /// Counts the writes of the run.
  public var sequence: Int
  /// The platform's name of the contact.
  public var contact: ContactID
  /// How far it came.
  public var state: State
  /// What the platform held before.
  public var was: HeldState
  /// What it is to hold afterwards.
  public var wanted: HeldState
  /// Why it was refused.
  public var note: String?
  /// The band of which people are to be told; nil if the write leads into none.
  public var bandEntry: BandEntry?

  /// A write that is about to leave.
  public init(run: String, sequence: Int, contact: ContactID, was: HeldState, wanted: HeldState) {
    self.run = run
    self.sequence = sequence
    self.contact = contact
    state = .intended
    self.was = was
    self.wanted = wanted
  }
}

/// How one intended write ended.
public struct JournalOutcome: Sendable {
  /// Which one.
  public let entry: JournalEntry
  /// The state it is in now.
  public let state: JournalEntry.State
  /// What the platform holds now; nil leaves what is known.
  public let held: HeldState?
  /// Why it was refused.
  public let note: String?

  /// How one intended write ended.
  public init(_ entry: JournalEntry, _ state: JournalEntry.State, held: HeldState? = nil, note: String? = nil)
  {
    self.entry = entry
    self.state = state
    self.held = held
    self.note = note
  }
}

extension LeadStore {
  /// Writes down what is intended, before any request leaves.
  public func intend(_ entries: [JournalEntry], on connection: StoredConnection) throws(StoreFailure) {
    try write { db in
      let insert = try HotStatement(
        db,
        """
        INSERT INTO journal (run, seq, contact, connection, external, state, was, wanted)
        VALUES (?, ?, ?, ?, ?, 0, ?, ?)
        """)
      let outbox = try OutboxTable(db)
      var bytes = ByteWriter()
      for entry in entries {
        try outbox.intend(entry)
        insert.bind(1, entry.run).bind(2, Int64(entry.sequence))
        insert.bind(3, ContactKey(entry.contact, connection: connection.id, hash: hash).value)
        insert.bind(4, connection.id).bind(5, entry.contact.text)
        bytes.removeAll()
        bytes.held(entry.was)
        bytes.withBytes { _ = insert.bind(6, $0) }
        bytes.removeAll()
        bytes.held(entry.wanted)
        bytes.withBytes { _ = insert.bind(7, $0) }
        try insert.run()
      }
    }
  }

  /// Writes down how intended writes ended, and what the platform holds since.
  ///
  /// A contact whose write was done waits no longer; all others are looked at again.
  ///
  /// - Parameter looksAgain: Also looks again at those whose write was done, because nobody knows whether what was
  ///   written is what the model says.
  public func settle(
    _ outcomes: [JournalOutcome], on connection: StoredConnection, at now: Timestamp, looksAgain: Bool = false
  ) throws(StoreFailure) {
    try write { db in
      let update = try HotStatement(db, "UPDATE journal SET state = ?, note = ? WHERE run = ? AND seq = ?")
      let done = try HotStatement(db, "DELETE FROM pending WHERE contact = ?")
      let dirty = try HotStatement(
        db, "INSERT OR IGNORE INTO dirty (contact) SELECT id FROM contacts WHERE id = ?")
      let history = try HotStatement(
        db,
        "INSERT OR REPLACE INTO history (contact, run, at, score, band, reasons) VALUES (?, ?, ?, ?, ?, ?)")
      let held = try HeldTable(db)
      let outbox = try OutboxTable(db)
      for outcome in outcomes {
        let entry = outcome.entry
        let key = ContactKey(entry.contact, connection: connection.id, hash: hash).value
        try outbox.settle(outcome, key, at: now)
        try update.bind(1, Int64(outcome.state.rawValue)).bind(2, outcome.note).bind(3, entry.run)
          .bind(4, Int64(entry.sequence)).run()
        if let state = outcome.held { try held.store(key, connection.id, state) }
        if outcome.state == .done {
          try done.bind(1, key).run()
          history.bind(1, key).bind(2, entry.run).bind(3, now.seconds).bind(4, Int64(entry.wanted.score ?? 0))
          try history.bind(5, entry.wanted.band).bind(6, entry.wanted.reasons ?? "").run()
        }
        if outcome.state != .done || looksAgain { try dirty.bind(1, key).run() }
      }
    }
  }

  /// A run has written to the connection to its end: from now on it is no first write any more.
  public func noteWritten(_ connection: StoredConnection) throws(StoreFailure) {
    try write {
      try $0.execute(sql: "UPDATE connections SET wrote = 1 WHERE id = ?", arguments: [connection.id])
    }
  }

  /// True if a run of ours has begun to write to the connection.
  public func hasJournal(of connection: StoredConnection) throws(StoreFailure) -> Bool {
    try read {
      try Bool.fetchOne(
        $0, sql: "SELECT EXISTS (SELECT 1 FROM journal WHERE connection = ?)", arguments: [connection.id])
        ?? false
    }
  }

  /// Writes that were intended and never settled, at most so many, in the order in which contacts are kept.
  public func openEntries(on connection: StoredConnection, limit: Int) throws(StoreFailure) -> [JournalEntry]
  {
    try entries(
      "connection = ? AND state = 0 ORDER BY contact, run, seq LIMIT ?", [connection.id, limit])
  }

  /// Everything a run wrote on a connection, in order.
  public func entries(of run: String, on connection: StoredConnection) throws(StoreFailure) -> [JournalEntry]
  {
    try entries("run = ? AND connection = ? ORDER BY seq", [run, connection.id])
  }

  private func entries(_ condition: String, _ arguments: StatementArguments) throws(StoreFailure)
    -> [JournalEntry]
  {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT run, seq, external, state, was, wanted, note FROM journal WHERE \(condition)",
        arguments: arguments
      ).map { row in
        var entry = try JournalEntry(
          run: row.value(0), sequence: row.value(1), contact: ContactID(row.value(2)),
          was: Self.held(row.value(4)), wanted: Self.held(row.value(5)))
        entry.state = JournalEntry.State(rawValue: try row.value(3)) ?? .intended
        entry.note = try row.value(6)
        return entry
      }
    }
  }

  static func held(_ data: Data) -> HeldState {
    data.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      return reader.held()
    }
  }

  /// What is known to be held for some contacts, and nothing for those that are not known.
  public func held(
    _ contacts: [ContactID], on connection: StoredConnection
  ) throws(StoreFailure) -> [ContactID: HeldState] {
    try read { db in
      let known = try HotStatement(db, "SELECT 1 FROM contacts WHERE id = ? AND external = ?")
      let table = try HeldTable(db)
      var states: [ContactID: HeldState] = [:]
      for contact in contacts {
        let key = ContactKey(contact, connection: connection.id, hash: hash).value
        known.bind(1, key).bind(2, contact.text)
        let isKnown = try known.step()
        known.reset()
        if isKnown { states[contact] = try table.state(of: key) }
      }
      return states
    }
  }

  /// True if the connection holds any score, whoever wrote it.
  public func holdsAnything(on connection: StoredConnection) throws(StoreFailure) -> Bool {
    try read {
      try Bool.fetchOne(
        $0,
        sql:
          "SELECT EXISTS (SELECT 1 FROM held WHERE connection = ? AND (score IS NOT NULL OR band IS NOT NULL))",
        arguments: [connection.id]) ?? false
    }
  }
}
