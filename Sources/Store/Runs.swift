import GRDB
import Scoring

/// One run of a command that changes something, as it is kept.
public struct RunRecord: Hashable, Sendable {
  /// Sorts by time.
  public var id: String
  /// `sync`, `plan` and so on.
  public var command: String
  /// When it began.
  public var startedAt: Timestamp
  /// When it ended; nil while it runs, or if it was killed.
  public var endedAt: Timestamp?
  /// The exit status; nil while it runs, or if it was killed.
  public var exit: Int?
  /// Contacts on the connections of the run.
  public var contacts = 0
  /// Differences found.
  public var changes = 0
  /// Contacts written.
  public var written = 0
  /// Contacts that a platform refused.
  public var refused = 0

  /// A run that has just begun.
  public init(id: String, command: String, startedAt: Timestamp) {
    self.id = id
    self.command = command
    self.startedAt = startedAt
  }
}

extension LeadStore {
  /// Keeps what is known of a run now.
  public func save(_ run: RunRecord) throws(StoreFailure) {
    try write {
      try $0.execute(
        sql: """
          INSERT OR REPLACE INTO runs (id, command, started, ended, exit, contacts, changes, written, refused)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          run.id, run.command, run.startedAt.seconds, run.endedAt?.seconds, run.exit, run.contacts,
          run.changes,
          run.written, run.refused,
        ])
    }
  }

  /// Writes into the record of runs that did not come to their end, killed or stopped or failed, how many contacts
  /// they wrote, as the journal knows.
  public func completeBrokenRuns(before id: String) throws(StoreFailure) {
    try write { db in
      try db.execute(
        sql: """
          UPDATE runs SET written = (SELECT count(*) FROM journal WHERE run = runs.id AND state = ?)
          WHERE (ended IS NULL OR exit NOT IN (0, 2, 3, 10)) AND id < ?
          """, arguments: [JournalEntry.State.done.rawValue, id])
    }
  }

  /// How many contacts a run has written, as the journal knows.
  public func writtenCount(by run: String) throws(StoreFailure) -> Int {
    try read {
      try Int.fetchOne(
        $0, sql: "SELECT count(*) FROM journal WHERE run = ? AND state = ?",
        arguments: [run, JournalEntry.State.done.rawValue]) ?? 0
    }
  }

  /// The last runs, newest first.
  public func runs(limit: Int = 50) throws(StoreFailure) -> [RunRecord] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM runs ORDER BY id DESC LIMIT ?", arguments: [limit])
        .map(Self.run)
    }
  }

  /// The runs whose id begins with a text, newest first, at most so many.
  public func runs(beginningWith text: String, limit: Int) throws(StoreFailure) -> [RunRecord] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM runs WHERE substr(id, 1, ?) = ? ORDER BY id DESC LIMIT ?",
        arguments: [text.unicodeScalars.count, text, limit]
      ).map(Self.run)
    }
  }

  static func run(_ row: Row) throws -> RunRecord {
    var run = try RunRecord(
      id: row.value("id"), command: row.value("command"), startedAt: Timestamp(row.value("started")))
    run.endedAt = (try row.value("ended") as Int64?).map(Timestamp.init)
    run.exit = try row.value("exit")
    run.contacts = try row.value("contacts")
    run.changes = try row.value("changes")
    run.written = try row.value("written")
    run.refused = try row.value("refused")
    return run
  }
}

/// A fuse that blew and stays blown until somebody approves.
public struct Latch: Hashable, Sendable {
  /// The connection's name; empty for a fuse over all connections.
  public let connection: String
  /// `maxChanges`, `maxWrites` or `maxShrink`.
  public let fuse: String
  /// When it blew.
  public let blownAt: Timestamp
  /// In which run.
  public let run: String
  /// What happened.
  public let message: String

  /// A fuse that blew.
  public init(connection: String, fuse: String, blownAt: Timestamp, run: String, message: String) {
    self.connection = connection
    self.fuse = fuse
    self.blownAt = blownAt
    self.run = run
    self.message = message
  }
}

extension LeadStore {
  /// The fuses that are blown.
  public func latches() throws(StoreFailure) -> [Latch] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM latches ORDER BY connection, fuse").map {
        try Latch(
          connection: $0.value("connection"), fuse: $0.value("fuse"),
          blownAt: Timestamp($0.value("blown_at")),
          run: $0.value("run"), message: $0.value("message"))
      }
    }
  }

  /// Blows a fuse; one that is blown already keeps its time and gets the new message.
  public func blow(_ latch: Latch) throws(StoreFailure) {
    try write {
      try $0.execute(
        sql: """
          INSERT INTO latches (connection, fuse, blown_at, run, message) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET message = excluded.message
          """, arguments: [latch.connection, latch.fuse, latch.blownAt.seconds, latch.run, latch.message])
    }
  }

  /// Somebody looked and approved: these fuses are whole again.
  public func release(_ latches: [Latch]) throws(StoreFailure) {
    try write { db in
      for latch in latches {
        try db.execute(
          sql: "DELETE FROM latches WHERE connection = ? AND fuse = ?",
          arguments: [latch.connection, latch.fuse])
      }
    }
  }

  /// True if a plan was applied before.
  public func wasApplied(plan: String) throws(StoreFailure) -> Bool {
    try read {
      try Bool.fetchOne(
        $0, sql: "SELECT EXISTS (SELECT 1 FROM applied_plans WHERE id = ?)", arguments: [plan]) ?? false
    }
  }

  /// Notes that a plan is being applied; it is never applied again.
  public func noteApplied(plan: String, run: String, at now: Timestamp) throws(StoreFailure) {
    try write {
      try $0.execute(
        sql: "INSERT INTO applied_plans (id, run, at) VALUES (?, ?, ?)", arguments: [plan, run, now.seconds])
    }
  }
}
