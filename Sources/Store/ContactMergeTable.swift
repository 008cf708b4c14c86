import GRDB
import Platform

/// A contact as it lies in the inbox.
struct IncomingContact {
  let key: Int64
  let connection: Int64
  let reading: Int64
  let isRemoval: Bool
  let fingerprint: Int64
  let external: String
  let emails: String
  let created: Int64?
  let fields: ContiguousArray<UInt8>
  let held: HeldState?
  let heldParts: HeldParts
  let isWritable: Bool

  init(removed key: Int64) {
    self.key = key
    (connection, reading, isRemoval, fingerprint) = (0, 0, true, 0)
    (external, emails, created, fields, held) = ("", "", nil, [], nil)
    (heldParts, isWritable) = (.all, true)
  }

  init(_ reader: inout ByteReader, connection: Int64, reading: Int64) {
    key = Int64(bitPattern: reader.word())
    fingerprint = Int64(bitPattern: reader.word())
    self.connection = connection
    self.reading = reading
    isRemoval = false
    var body = ByteReader(reader.raw())
    external = body.text()
    emails = body.text()
    let flags = body.byte()
    created = flags & 1 == 0 ? nil : body.signed()
    isWritable = flags & 2 == 0
    var packed = ByteWriter()
    for _ in 0..<body.varint() {
      packed.varint(body.varint())
      let value = body.raw()
      packed.varint(UInt64(value.count))
      packed.append(value)
    }
    fields = packed.bytes
    let parts = reader.byte()
    heldParts = parts & 0x80 == 0 ? .all : HeldParts(rawValue: parts & 0x7F)
    held = parts == 0 ? nil : reader.held()
  }
}

/// Puts contacts into their table and their addresses into theirs.
final class ContactMergeTable {
  enum Change {
    case new
    case changed
    case unchanged
  }

  private let db: Database
  private let find: HotStatement
  private let insert: HotStatement
  private let update: HotStatement
  private let inBucket: HotStatement
  private let missing: HotStatement
  private let found: HotStatement
  private let dirty: HotStatement
  private let count: HotStatement
  private let addresses: AddressTable
  private var hasForgotten: Bool
  private let hasAliases: Bool
  private let hasMissing: Bool

  init(_ db: Database, hash: StableHash) throws {
    self.db = db
    find = try HotStatement(db, "SELECT fingerprint, external, emails, person FROM contacts WHERE id = ?")
    insert = try HotStatement(
      db,
      """
      INSERT INTO contacts (id, connection, fingerprint, person, created, external, emails, fields, writable)
      VALUES (?1, ?2, ?3, ?1, ?4, ?5, ?6, ?7, ?8)
      """)
    update = try HotStatement(
      db,
      "UPDATE contacts SET fingerprint = ?3, created = ?4, emails = ?6, fields = ?7, writable = ?8 WHERE id = ?1"
    )
    inBucket = try HotStatement(db, "SELECT id, connection FROM contacts WHERE id BETWEEN ? AND ?")
    missing = try HotStatement(db, "INSERT OR IGNORE INTO missing (contact, connection) VALUES (?, ?)")
    found = try HotStatement(db, "DELETE FROM missing WHERE contact = ?")
    dirty = try HotStatement(db, "INSERT OR IGNORE INTO dirty (contact) VALUES (?)")
    count = try HotStatement(db, "UPDATE connections SET contacts = contacts + 1 WHERE id = ?")
    addresses = try AddressTable(db, hash: hash)
    hasForgotten = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM forgotten)") ?? false
    hasMissing = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM missing)") ?? false
    hasAliases = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM aliases)") ?? false
  }

  func take(_ contact: IncomingContact) throws -> Change {
    // Whoever a later reading tells of is there, though the last complete listing did not list them.
    if hasMissing { try found.bind(1, contact.key).run() }
    find.bind(1, contact.key)
    guard try find.step() else {
      find.reset()
      try add(contact)
      return .new
    }
    let (fingerprint, external) = (find.int64(0), find.text(1) ?? "")
    let (emails, person) = (find.text(2) ?? "", find.int64(3))
    find.reset()
    guard external == contact.external else {
      // Two ids with one 63-bit digest: practically impossible, and still never mixed up.
      try db.execute(
        sql:
          "INSERT OR IGNORE INTO rejected (connection, stream, place, reason) VALUES (?, 'contacts', ?, ?)",
        arguments: [contact.connection, contact.external, "its number is taken by another contact"])
      return .unchanged
    }
    guard fingerprint != contact.fingerprint else { return .unchanged }
    try bind(update, contact).run()
    if emails != contact.emails {
      try addresses.change(contact.key, contact.connection, from: emails, to: contact.emails, person: person)
    }
    try dirty.bind(1, contact.key).run()
    return .changed
  }

  private func add(_ contact: IncomingContact) throws {
    try bind(insert, contact).run()
    try count.bind(1, contact.connection).run()
    try addresses.change(contact.key, contact.connection, from: "", to: contact.emails, person: contact.key)
    try dirty.bind(1, contact.key).run()
    if hasAliases { try db.execute(sql: "DELETE FROM aliases WHERE id = ?", arguments: [contact.key]) }
    if hasForgotten { try welcomeBack(contact) }
  }

  private func bind(_ statement: HotStatement, _ contact: IncomingContact) -> HotStatement {
    statement.bind(1, contact.key).bind(2, contact.connection).bind(3, contact.fingerprint)
    statement.bind(4, contact.created).bind(5, contact.external).bind(6, contact.emails)
    contact.fields.withUnsafeBytes { _ = statement.bind(7, $0) }
    return statement.bind(8, contact.isWritable ? 1 as Int64 : 0)
  }

  /// A contact that had been forgotten is there again: its activities have to be read from the start.
  private func welcomeBack(_ contact: IncomingContact) throws {
    try db.execute(sql: "DELETE FROM forgotten WHERE id = ?", arguments: [contact.key])
    guard db.changesCount > 0 else { return }
    try db.execute(
      sql:
        "UPDATE streams SET cursor = NULL, cursor_before = NULL WHERE connection = ? AND rereads = 1 AND complete = 1",
      arguments: [contact.connection])
  }

  /// Notes the contacts of a connection that a complete listing did not list.
  func noteMissing(in bucket: Int, of connection: Int64, seen: Set<Int64>) throws {
    let range = ContactKey.range(of: bucket)
    inBucket.bind(1, range.lowerBound).bind(2, range.upperBound)
    var gone: [Int64] = []
    while try inBucket.step() {
      if inBucket.int64(1) == connection, !seen.contains(inBucket.int64(0)) { gone.append(inBucket.int64(0)) }
    }
    for key in gone { try missing.bind(1, key).bind(2, connection).run() }
  }
}
