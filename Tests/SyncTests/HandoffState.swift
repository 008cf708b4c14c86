import GRDB

/// Makes state files as earlier versions left them.
enum HandoffState {
  /// Takes back what the step for handoffs added.
  static func takeBack(_ path: String) throws {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    try queue.write { db in
      try db.execute(
        sql: """
          DROP TABLE band_entries; DROP TABLE standing; DROP TABLE outbox;
          DELETE FROM meta WHERE name LIKE 'standing_%';
          DELETE FROM grdb_migrations WHERE identifier LIKE '3 %';
          """)
    }
  }
}
