import GRDB

/// The numbered steps from an empty file to today's layout. A step that was released is never changed.
enum StoreSchema {
  /// What a file of this layout says of itself.
  static let applicationID: Int32 = 0x4C47_4755

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 contacts, activities, scores, journal") { db in
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: first)
    }
    migrator.registerMigration("2 parts of what is held, contacts that take no writes") { db in
      try db.execute(sql: second)
    }
    migrator.registerMigration("3 handoffs") { db in try db.execute(sql: third) }
    return migrator
  }

  /// Contacts are numbered by a keyed digest of connection and id, so that an activity knows its contact's
  /// number without looking it up, and all tables by contact lie in the same order.
  private static let first = """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY) WITHOUT ROWID;
    CREATE TABLE connections (
      id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, platform TEXT NOT NULL,
      since INTEGER, wrote INTEGER NOT NULL DEFAULT 0, by_address INTEGER NOT NULL DEFAULT 0,
      contacts INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE streams (
      connection INTEGER NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, cursor TEXT, cursor_before TEXT,
      rereads INTEGER NOT NULL DEFAULT 0, reading INTEGER NOT NULL DEFAULT 0,
      platform_reading INTEGER NOT NULL DEFAULT 0, complete INTEGER NOT NULL DEFAULT 1,
      everything INTEGER NOT NULL DEFAULT 0, pulled_at INTEGER,
      PRIMARY KEY (connection, name)) WITHOUT ROWID;
    CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, folded INTEGER NOT NULL);
    CREATE TABLE fields (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE contacts (
      id INTEGER PRIMARY KEY, connection INTEGER NOT NULL, fingerprint INTEGER NOT NULL, person INTEGER NOT NULL,
      created INTEGER, external TEXT NOT NULL, emails TEXT NOT NULL, fields BLOB NOT NULL);
    CREATE TABLE members (person INTEGER NOT NULL, contact INTEGER NOT NULL, PRIMARY KEY (person, contact)) WITHOUT ROWID;
    CREATE TABLE addresses (
      address TEXT NOT NULL, connection INTEGER NOT NULL, contact INTEGER NOT NULL,
      PRIMARY KEY (address, connection, contact)) WITHOUT ROWID;
    CREATE TABLE address_subjects (
      id INTEGER PRIMARY KEY, connection INTEGER NOT NULL, address TEXT NOT NULL, owner INTEGER);
    CREATE INDEX address_subjects_by_owner ON address_subjects (owner) WHERE owner IS NOT NULL;
    CREATE TABLE activities (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE identities (id INTEGER PRIMARY KEY, keys BLOB NOT NULL);
    CREATE TABLE aliases (id INTEGER PRIMARY KEY, winner INTEGER NOT NULL);
    CREATE TABLE forgotten (
      id INTEGER PRIMARY KEY, connection INTEGER NOT NULL, in_journal INTEGER NOT NULL DEFAULT 1);
    CREATE TABLE held (
      id INTEGER PRIMARY KEY, connection INTEGER NOT NULL, score INTEGER, band TEXT, tags TEXT, reasons TEXT,
      version TEXT);
    CREATE TABLE scores (
      person INTEGER PRIMARY KEY, score INTEGER NOT NULL, actions INTEGER NOT NULL, profile INTEGER NOT NULL,
      band INTEGER, tags INTEGER NOT NULL, changes_at INTEGER);
    CREATE TABLE score_blocks (block INTEGER PRIMARY KEY, changes_at INTEGER NOT NULL);
    CREATE TABLE dirty (contact INTEGER PRIMARY KEY);
    CREATE TABLE dirty_addresses (address TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE dirty_subjects (id INTEGER PRIMARY KEY);
    CREATE TABLE pending (contact INTEGER PRIMARY KEY, connection INTEGER NOT NULL);
    CREATE TABLE missing (contact INTEGER PRIMARY KEY, connection INTEGER NOT NULL);
    CREATE TABLE inbox (
      id INTEGER PRIMARY KEY, bucket INTEGER NOT NULL, connection INTEGER NOT NULL, stream TEXT NOT NULL,
      sort INTEGER NOT NULL, reading INTEGER NOT NULL, continuation INTEGER NOT NULL, records BLOB NOT NULL);
    CREATE INDEX inbox_by_bucket ON inbox (bucket, id);
    CREATE TABLE outcomes (
      connection INTEGER NOT NULL, subject TEXT NOT NULL, is_address INTEGER NOT NULL, result TEXT NOT NULL,
      at INTEGER NOT NULL, amount REAL, PRIMARY KEY (connection, subject, is_address, at, result)) WITHOUT ROWID;
    CREATE TABLE rejected (
      connection INTEGER NOT NULL, stream TEXT NOT NULL, place TEXT NOT NULL, reason TEXT NOT NULL,
      UNIQUE (connection, stream, place));
    CREATE TABLE runs (
      id TEXT PRIMARY KEY, command TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER, exit INTEGER,
      contacts INTEGER NOT NULL DEFAULT 0, changes INTEGER NOT NULL DEFAULT 0, written INTEGER NOT NULL DEFAULT 0,
      refused INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
    CREATE TABLE journal (
      run TEXT NOT NULL, seq INTEGER NOT NULL, contact INTEGER NOT NULL, connection INTEGER NOT NULL,
      external TEXT NOT NULL, state INTEGER NOT NULL, was BLOB NOT NULL, wanted BLOB NOT NULL, note TEXT,
      PRIMARY KEY (run, seq)) WITHOUT ROWID;
    CREATE INDEX journal_open ON journal (connection, contact) WHERE state = 0;
    CREATE TABLE history (
      contact INTEGER NOT NULL, run TEXT NOT NULL, at INTEGER NOT NULL, score INTEGER NOT NULL, band TEXT,
      reasons TEXT NOT NULL, PRIMARY KEY (contact, run)) WITHOUT ROWID;
    CREATE TABLE latches (
      connection TEXT NOT NULL, fuse TEXT NOT NULL, blown_at INTEGER NOT NULL, run TEXT NOT NULL,
      message TEXT NOT NULL, PRIMARY KEY (connection, fuse)) WITHOUT ROWID;
    CREATE TABLE applied_plans (id TEXT PRIMARY KEY, run TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
    """

  private static let second = """
    ALTER TABLE streams ADD COLUMN parts INTEGER NOT NULL DEFAULT 31;
    ALTER TABLE contacts ADD COLUMN writable INTEGER NOT NULL DEFAULT 1;
    """

  /// What a write means for handoffs is laid down beside its line in the journal (`band_entries`) and, when the
  /// write is done, becomes the band that the contact stands in and what waits to be told (`outbox`).
  private static let third = """
    CREATE TABLE band_entries (
      run TEXT NOT NULL, seq INTEGER NOT NULL, band TEXT NOT NULL, quiet INTEGER NOT NULL, targets TEXT NOT NULL,
      facts TEXT NOT NULL, PRIMARY KEY (run, seq)) WITHOUT ROWID;
    CREATE TABLE standing (contact INTEGER PRIMARY KEY, band TEXT NOT NULL);
    CREATE TABLE outbox (
      id TEXT NOT NULL, target TEXT NOT NULL, contact INTEGER NOT NULL, band TEXT NOT NULL, at INTEGER NOT NULL,
      facts TEXT NOT NULL, body TEXT, tries INTEGER NOT NULL DEFAULT 0, tried_at INTEGER, trouble TEXT,
      PRIMARY KEY (id, target)) WITHOUT ROWID;
    CREATE INDEX outbox_by_contact ON outbox (contact);
    """
}
