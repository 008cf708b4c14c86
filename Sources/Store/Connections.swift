import GRDB
import Platform
import Scoring

/// A connection as the store numbers it.
public struct StoredConnection: Hashable, Sendable {
  /// The store's number.
  public let id: Int64
  /// The name in the configuration.
  public let name: String
  /// Activities before this were not asked for; nil before the first pull.
  public let since: Timestamp?
  /// True once a run of ours wrote to it.
  public let hasBeenWritten: Bool
  /// How many contacts are known.
  public let contacts: Int
}

/// How far a stream has been read.
public struct StreamState: Hashable, Sendable {
  /// Where to go on.
  public let cursor: Platform.Cursor?
  /// False while a reading is under way.
  public let isComplete: Bool
  /// When the last page came.
  public let pulledAt: Timestamp?
}

extension LeadStore {
  /// The store's record of a connection, made now if there is none.
  ///
  /// A store that is only looked at gives a record without contacts for one that it does not know.
  public func connection(named name: String, platform: String) throws(StoreFailure) -> StoredConnection {
    guard !isReadOnly else {
      return try connections().first { $0.name == name }
        ?? StoredConnection(id: -1, name: name, since: nil, hasBeenWritten: false, contacts: 0)
    }
    let known = try read { db in
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM connections WHERE name = ? AND platform = ?)",
        arguments: [name, platform]) ?? false
    }
    if known, let connection = try connections().first(where: { $0.name == name }) { return connection }
    return try write { db in
      try db.execute(
        sql: """
          INSERT INTO connections (name, platform) VALUES (?1, ?2)
          ON CONFLICT (name) DO UPDATE SET platform = ?2 WHERE platform <> ?2
          """, arguments: [name, platform])
      return try Self.connections(db).first { $0.name == name }
        ?? { throw DatabaseError(message: "no connection \(name)") }()
    }
  }

  /// Every connection the store has ever seen.
  public func connections() throws(StoreFailure) -> [StoredConnection] {
    try read { try Self.connections($0) }
  }

  private static func connections(_ db: Database) throws -> [StoredConnection] {
    try Row.fetchAll(db, sql: "SELECT id, name, since, wrote, contacts FROM connections ORDER BY id").map {
      try StoredConnection(
        id: $0.value(0), name: $0.value(1), since: ($0.value(2) as Int64?).map(Timestamp.init),
        hasBeenWritten: $0.value(3), contacts: $0.value(4))
    }
  }

  /// Notes how far back a connection's activities are read.
  ///
  /// Streams of activities start anew when that is further back than before: their cursors have gone past what
  /// is wanted now. Both happen in one transaction, so that a backfill that is stopped goes on where it was.
  public func setSince(_ since: Timestamp, for connection: StoredConnection) throws(StoreFailure) {
    try write { db in
      let before = try Int64.fetchOne(
        db, sql: "SELECT since FROM connections WHERE id = ?", arguments: [connection.id])
      try db.execute(
        sql: "UPDATE connections SET since = ? WHERE id = ?", arguments: [since.seconds, connection.id])
      guard let before, since.seconds < before else { return }
      try db.execute(
        sql: """
          UPDATE streams SET cursor = NULL, cursor_before = NULL, complete = 1
          WHERE connection = ? AND role = 'activities'
          """, arguments: [connection.id])
    }
  }

  /// How far a stream has been read.
  public func state(of stream: StreamName, on connection: StoredConnection) throws(StoreFailure)
    -> StreamState
  {
    try read { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT cursor, complete, pulled_at FROM streams WHERE connection = ? AND name = ?",
        arguments: [connection.id, stream.text])
      return try row.map(Self.state) ?? StreamState(cursor: nil, isComplete: true, pulledAt: nil)
    }
  }

  /// Names and states of all streams of a connection that were ever read.
  public func streams(on connection: StoredConnection) throws(StoreFailure) -> [(
    name: StreamName, state: StreamState
  )] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT name, cursor, complete, pulled_at FROM streams WHERE connection = ? ORDER BY name",
        arguments: [connection.id]
      ).map { (StreamName(try $0.value("name")), try Self.state($0)) }
    }
  }

  private static func state(_ row: Row) throws -> StreamState {
    try StreamState(
      cursor: (row.value("cursor") as String?).map(Platform.Cursor.init), isComplete: row.value("complete"),
      pulledAt: (row.value("pulled_at") as Int64?).map(Timestamp.init))
  }

  /// Moves cursors that a commit gave, so that our own writes do not come back as changes.
  public func setCursors(
    _ cursors: [StreamName: Platform.Cursor], on connection: StoredConnection
  ) throws(StoreFailure) {
    guard !cursors.isEmpty else { return }
    try write { db in
      for (name, cursor) in cursors {
        try db.execute(
          sql: """
            INSERT INTO streams (connection, name, role, cursor) VALUES (?1, ?2, '', ?3)
            ON CONFLICT DO UPDATE SET cursor = ?3
            """, arguments: [connection.id, name.text, cursor.text])
      }
    }
  }

  /// Notes that all streams of a connection were read to their end.
  public func noteRead(_ connection: StoredConnection, at moment: Timestamp) throws(StoreFailure) {
    guard try !hasBeenRead(connection) else { return }
    try setNote(Self.readMark(of: connection), to: "\(moment.seconds)")
  }

  /// False until all streams of a connection were read to their end once.
  public func hasBeenRead(_ connection: StoredConnection) throws(StoreFailure) -> Bool {
    try note(Self.readMark(of: connection)) != nil
  }

  private static func readMark(of connection: StoredConnection) -> String { "read_\(connection.id)" }
}
