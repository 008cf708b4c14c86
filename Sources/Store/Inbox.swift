import GRDB
import Platform
import Scoring

/// What sort of records a piece of the inbox holds.
enum InboxSort: Int64 {
  case contacts = 1
  case holdings = 2
  case activities = 3
  case removals = 4
  case merges = 5
  case partHoldings = 6
}

extension LeadStore {
  /// Takes a page and its cursor in one transaction.
  ///
  /// The records lie in an inbox until their reading is complete and `mergeInbox` puts them in their places;
  /// a page that comes twice is therefore as good as one that comes once.
  public func ingest(
    _ page: Page, of stream: StreamDescription, on connection: StoredConnection, at now: Timestamp
  ) throws(StoreFailure) {
    try write { db in
      let (reading, isFirst) = try noteReading(page, of: stream, on: connection, at: now, db)
      if isFirst && !page.reading.isContinuation {
        try db.execute(
          sql: "DELETE FROM rejected WHERE connection = ? AND stream = ?",
          arguments: [connection.id, stream.name.text])
      }
      for record in page.rejected { try Self.reject(record, stream.name, connection.id, db) }
      var sorter = try InboxSorter(
        db, hash: hash, connection: connection, stream: stream.name, reading: reading,
        isContinuation: page.reading.isContinuation)
      for contact in page.contacts { sorter.add(contact) }
      try sorter.flush(.contacts)
      for holding in page.holdings where holding.parts == .all { sorter.add(holding) }
      try sorter.flush(.holdings)
      for holding in page.holdings where holding.parts != .all { sorter.add(part: holding) }
      try sorter.flush(.partHoldings)
      if !page.activities.isEmpty {
        for activity in page.activities { try sorter.add(activity) }
        try sorter.flush(.activities)
      }
      for id in page.removals { sorter.add(removal: id) }
      try sorter.flush(.removals)
      for merge in page.merges { sorter.add(merge) }
      try sorter.flush(.merges)
      for outcome in page.outcomes { try Self.take(outcome, connection.id, db) }
    }
  }

  /// Notes the cursor; gives the store's number of the reading and whether this is its first page.
  ///
  /// A connector without a cursor cannot know which numbers it gave before, so the store counts for itself.
  private func noteReading(
    _ page: Page, of stream: StreamDescription, on connection: StoredConnection, at now: Timestamp,
    _ db: Database
  ) throws -> (number: Int64, isFirst: Bool) {
    let before = try Row.fetchOne(
      db,
      sql: """
        SELECT cursor, cursor_before, reading, platform_reading, complete, everything FROM streams
        WHERE connection = ? AND name = ?
        """, arguments: [connection.id, stream.name.text])
    let wasComplete: Bool = try before?.value("complete") ?? true
    let cursorBefore: String? = try before?.value(wasComplete ? "cursor" : "cursor_before")
    let platformReading: Int64? = try before?.value("platform_reading")
    let isSameNumber = platformReading == page.reading.number
    let isIdle = wasComplete && isSameNumber && page.recordsRead == 0 && page.listing == .changes
    let isFirst = !isIdle && (wasComplete || !isSameNumber)
    let number = (try before?.value("reading") ?? 0 as Int64) &+ (isFirst ? 1 : 0)
    let everythingBefore: Int = try before?.value("everything") ?? 0
    let everything = page.listing == .everythingAndDone ? 1 : isIdle ? everythingBefore : 0
    try db.execute(
      sql: """
        INSERT INTO streams
          (connection, name, role, cursor, cursor_before, rereads, reading, platform_reading, complete,
           everything, pulled_at, parts)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        ON CONFLICT DO UPDATE SET role = ?3, cursor = ?4, cursor_before = ?5, rereads = ?6, reading = ?7,
          platform_reading = ?8, complete = ?9, everything = ?10, pulled_at = ?11, parts = ?12
        """,
      arguments: [
        connection.id, stream.name.text, "\(stream.role)", page.cursor.text, cursorBefore,
        stream.rereadsForReturned, number, page.reading.number, !page.hasMore, everything, now.seconds,
        Int64(stream.parts.rawValue),
      ])
    return (number, isFirst)
  }

  /// Forgets what an unfinished reading brought, and goes back to the cursor before it.
  public func discardReading(of stream: StreamName, on connection: StoredConnection) throws(StoreFailure) {
    try write { db in
      try db.execute(
        sql: "DELETE FROM inbox WHERE connection = ?1 AND stream = ?2",
        arguments: [connection.id, stream.text])
      try db.execute(
        sql: """
          UPDATE streams SET cursor = cursor_before, complete = 1, everything = 0
          WHERE connection = ? AND name = ? AND complete = 0
          """, arguments: [connection.id, stream.text])
    }
  }

  static func reject(_ record: RejectedRecord, _ stream: StreamName, _ connection: Int64, _ db: Database)
    throws
  {
    try db.execute(
      sql: """
        INSERT INTO rejected (connection, stream, place, reason) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET reason = ?4
        """, arguments: [connection, stream.text, record.place, record.reason])
  }

  private static func take(_ outcome: OutcomeRecord, _ connection: Int64, _ db: Database) throws {
    let (subject, isAddress): (String, Bool)
    switch outcome.subject {
    case .contact(let id): (subject, isAddress) = (id.text, false)
    case .address(let address): (subject, isAddress) = (EmailAddress(address)?.normalized ?? address, true)
    }
    try db.execute(
      sql:
        "INSERT OR REPLACE INTO outcomes (connection, subject, is_address, result, at, amount) VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [
        connection, subject, isAddress, outcome.result.rawValue, outcome.time.seconds, outcome.amount,
      ])
  }

  /// What could not be used, as the last reading of each stream found it.
  public func rejected(
    on connection: StoredConnection, limit: Int = 1_000
  ) throws(StoreFailure) -> [RejectedRecord] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT place, reason FROM rejected WHERE connection = ? ORDER BY stream, rowid LIMIT ?",
        arguments: [connection.id, limit]
      ).map { try RejectedRecord(place: $0.value(0), reason: $0.value(1)) }
    }
  }

  /// How many records could not be used.
  public func rejectedCount(on connection: StoredConnection) throws(StoreFailure) -> Int {
    try read { db in
      try Int.fetchOne(
        db, sql: "SELECT count(*) FROM rejected WHERE connection = ?", arguments: [connection.id]) ?? 0
    }
  }
}

/// Sorts the records of a page by the bucket of their contact's key.
private struct InboxSorter {
  private let db: Database
  private let hash: StableHash
  private let connection: StoredConnection
  private let stream: StreamName
  private let reading: Int64
  private let isContinuation: Bool
  private var buckets = [ByteWriter](repeating: ByteWriter(), count: ContactKey.bucketCount + 1)
  private var body = ByteWriter()
  private var fields: FieldNumbering
  private var texts: TextNumbering
  private let insert: HotStatement
  private let insertAddress: HotStatement
  private let noteSubject: HotStatement
  private var namesAddresses = false
  private var lastAddress: (text: String, key: ContactKey)?

  init(
    _ db: Database, hash: StableHash, connection: StoredConnection, stream: StreamName, reading: Int64,
    isContinuation: Bool
  ) throws {
    self.db = db
    self.hash = hash
    self.connection = connection
    self.stream = stream
    self.reading = reading
    self.isContinuation = isContinuation
    fields = try FieldNumbering(db)
    texts = try TextNumbering(db)
    insert = try HotStatement(
      db,
      "INSERT INTO inbox (bucket, connection, stream, sort, reading, continuation, records) VALUES (?, ?, ?, ?, ?, ?, ?)"
    )
    noteSubject = try HotStatement(db, "INSERT OR IGNORE INTO dirty_subjects (id) VALUES (?)")
    insertAddress = try HotStatement(
      db, "INSERT OR IGNORE INTO address_subjects (id, connection, address) VALUES (?, ?, ?)")
  }

  private func key(_ id: ContactID) -> ContactKey { ContactKey(id, connection: connection.id, hash: hash) }

  mutating func add(_ contact: ContactRecord) {
    let key = key(contact.id)
    body.removeAll()
    body.text(contact.id.text)
    var addresses: [String] = []
    for email in contact.emails {
      if let address = EmailAddress(email)?.normalized, !addresses.contains(address) {
        addresses.append(address)
      }
    }
    body.text(addresses.joined(separator: "\n"))
    body.byte((contact.createdAt == nil ? 0 : 1) | (contact.isWritable ? 0 : 2))
    if let created = contact.createdAt { body.signed(created.seconds) }
    body.varint(UInt64(contact.fields.count))
    for field in contact.fields {
      body.varint(UInt64(fields.id(of: field.name)))
      body.text(field.value)
    }
    let fingerprint = body.withBytes { hash.digest($0) }
    buckets[key.bucket].word(UInt64(bitPattern: key.value))
    buckets[key.bucket].word(fingerprint)
    body.withBytes { bytes in
      buckets[key.bucket].varint(UInt64(bytes.count))
      buckets[key.bucket].append(bytes)
    }
    // 1 stood for all parts before there were others.
    let parts: UInt8 = contact.heldParts == .all ? 1 : 0x80 | contact.heldParts.rawValue
    buckets[key.bucket].byte(contact.held == nil ? 0 : parts)
    if let held = contact.held { buckets[key.bucket].held(held) }
  }

  mutating func add(part holding: Holding) {
    let key = key(holding.contact)
    buckets[key.bucket].word(UInt64(bitPattern: key.value))
    buckets[key.bucket].byte(holding.parts.rawValue)
    buckets[key.bucket].held(holding.state)
  }

  mutating func add(_ holding: Holding) {
    let key = key(holding.contact)
    buckets[key.bucket].word(UInt64(bitPattern: key.value))
    buckets[key.bucket].held(holding.state)
  }

  mutating func add(removal id: ContactID) {
    let key = key(id)
    buckets[key.bucket].word(UInt64(bitPattern: key.value))
  }

  mutating func add(_ merge: ContactMerge) {
    buckets[ContactKey.bucketCount].word(UInt64(bitPattern: key(merge.loser).value))
    buckets[ContactKey.bucketCount].word(UInt64(bitPattern: key(merge.winner).value))
  }

  mutating func add(_ activity: ActivityRecord) throws {
    let key = try self.key(activity.subject)
    let kind: UInt32
    switch activity.kind {
    case .known(let known): kind = UInt32(known.rawValue)
    case .custom(let name): kind = KnownKind.firstCustomCode + (try texts.id(of: name))
    }
    let (target, campaign) = (try texts.id(of: activity.target), try texts.id(of: activity.campaign))
    let bucket = key.bucket
    buckets[bucket].word(UInt64(bitPattern: key.value))
    switch activity.identity {
    case .id(let text):
      buckets[bucket].byte(activity.value == nil ? 0 : 1)
      buckets[bucket].word(hash.digest(text, seed: UInt64(bitPattern: connection.id)))
    case .content(let digest):
      buckets[bucket].byte(activity.value == nil ? 2 : 3)
      buckets[bucket].word(digest)
    }
    buckets[bucket].signed(activity.time.seconds)
    buckets[bucket].varint(UInt64(kind))
    buckets[bucket].varint(UInt64(target))
    buckets[bucket].varint(UInt64(campaign))
    if let value = activity.value { buckets[bucket].word(value.bitPattern) }
  }

  private mutating func key(_ subject: Subject) throws -> ContactKey {
    switch subject {
    case .contact(let id): return key(id)
    case .address(let text):
      if let last = lastAddress, last.text == text { return last.key }
      guard let address = EmailAddress(text) else { return key(ContactID(text)) }
      let key = ContactKey(address, connection: connection.id, hash: hash)
      try insertAddress.bind(1, key.value).bind(2, connection.id).bind(3, address.normalized).run()
      if db.changesCount > 0 { try noteSubject.bind(1, key.value).run() }
      if !namesAddresses {
        namesAddresses = true
        try db.execute(sql: "UPDATE connections SET by_address = 1 WHERE id = ?", arguments: [connection.id])
      }
      lastAddress = (text, key)
      return key
    }
  }

  mutating func flush(_ sort: InboxSort) throws {
    for bucket in buckets.indices where !buckets[bucket].isEmpty {
      insert.bind(1, Int64(bucket)).bind(2, connection.id).bind(3, stream.text).bind(4, sort.rawValue)
      insert.bind(5, reading).bind(6, isContinuation ? 1 as Int64 : 0)
      buckets[bucket].withBytes { _ = insert.bind(7, $0) }
      try insert.run()
      buckets[bucket].removeAll()
    }
    try fields.save()
  }
}

/// Gives field names their numbers.
private struct FieldNumbering {
  private let db: Database
  private var ids: [String: Int64] = [:]
  private var fresh: [(String, Int64)] = []

  init(_ db: Database) throws {
    self.db = db
    for row in try Row.fetchAll(db, sql: "SELECT name, id FROM fields") {
      ids[try row.value(0)] = try row.value(1)
    }
  }

  mutating func id(of name: String) -> Int64 {
    if let id = ids[name] { return id }
    let id = Int64(ids.count + 1)
    ids[name] = id
    fresh.append((name, id))
    return id
  }

  mutating func save() throws {
    for (name, id) in fresh {
      try db.execute(sql: "INSERT INTO fields (id, name) VALUES (?, ?)", arguments: [id, name])
    }
    fresh.removeAll()
  }
}

extension ByteWriter {
  /// Everything a platform holds for a contact.
  mutating func held(_ state: HeldState) {
    byte(state.score == nil ? 0 : 1)
    if let score = state.score { signed(Int64(score)) }
    optionalText(state.band)
    optionalText(state.reasons)
    optionalText(state.version)
    text(HeldTags.text(state.tags))
  }
}

extension ByteReader {
  /// Everything a platform holds for a contact.
  mutating func held() -> HeldState {
    let score = byte() == 0 ? nil : Int(signed())
    let (band, reasons, version) = (optionalText(), optionalText(), optionalText())
    return HeldState(
      score: score, band: band, reasons: reasons, tags: HeldTags.set(text()), version: version)
  }
}

/// Tags as they are kept: sorted, one a line.
enum HeldTags {
  static func text(_ tags: some Sequence<String>) -> String { tags.sorted().joined(separator: "\n") }

  static func set(_ text: String) -> Set<String> { Set(text.split(separator: "\n").map(String.init)) }
}
