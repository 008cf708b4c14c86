import GRDB
import Platform
import Scoring

/// What came in and could not be told until everything was in its place.
public struct MergeSummary: Equatable, Sendable {
  /// Contacts that were not known before.
  public var newContacts = 0
  /// Contacts whose record changed.
  public var changedContacts = 0
  /// Contacts listed as they were.
  public var unchangedContacts = 0
  /// Contacts that one reading listed more than once; the last one counts.
  public var repeatedContacts = 0
  /// Contacts that are gone and were forgotten.
  public var forgottenContacts = 0
  /// Activities that were not known before.
  public var newActivities = 0
  /// Activities that were read again.
  public var knownActivities = 0

  /// Nothing came in.
  public init() {}

  /// Adds what came in later.
  public mutating func add(_ other: MergeSummary) {
    newContacts += other.newContacts
    changedContacts += other.changedContacts
    unchangedContacts += other.unchangedContacts
    repeatedContacts += other.repeatedContacts
    forgottenContacts += other.forgottenContacts
    newActivities += other.newActivities
    knownActivities += other.knownActivities
  }
}

extension LeadStore {
  /// Puts complete readings from the inbox into their places, bucket by bucket, and settles who is whom.
  ///
  /// A process that dies on the way goes on from the bucket it had reached. Contacts missing from a complete
  /// listing are noted and not yet forgotten: see `missingContacts`.
  ///
  /// - Parameter progress: Hears how far it is, from 0 to 1, after each transaction; what it throws stops the
  ///   merge there.
  public func mergeInbox(progress: (Double) throws -> Void = { _ in }) throws -> MergeSummary {
    try writeVisiting { db in
      var summary = MergeSummary()
      var start = try Int.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'merge_at'") ?? 0
      if start == 0 { try Self.noteListings(db) }
      let everything = try Int.fetchOne(db, sql: "SELECT count(*) FROM streams WHERE everything = 2") ?? 0
      let buckets = everything > 0 ? Array(0...ContactKey.bucketCount) : try Self.filledBuckets(db)
      if buckets.isEmpty && start == 0 { start = ContactKey.bucketCount + 1 }
      while start <= ContactKey.bucketCount {
        let piece = buckets.drop { $0 < start }.prefix(32)
        let end = piece.last.map { $0 + 1 } ?? ContactKey.bucketCount + 1
        try db.inTransaction {
          let merge = try BucketMerge(db, hash: hash)
          for bucket in piece { try merge.run(bucket) }
          summary.add(merge.summary)
          try Self.setMergeAt(end > ContactKey.bucketCount ? 0 : end, db)
          if end > ContactKey.bucketCount { try Self.finishMerge(db) }
          return .commit
        }
        start = end
        try progress(Double(end) / Double(ContactKey.bucketCount + 1))
      }
      try Identity.settle(db)
      try db.inTransaction {
        try Identity.clearJournal(db)
        return .commit
      }
      return summary
    }
  }

  /// From now on the complete listings are being compared with what is known.
  private static func noteListings(_ db: Database) throws {
    try db.inTransaction {
      try db.execute(
        sql: """
          DELETE FROM missing WHERE connection IN (
            SELECT connection FROM streams WHERE everything = 1 AND complete = 1 AND role = 'contacts');
          UPDATE streams SET everything = 2 WHERE everything = 1 AND complete = 1;
          """)
      return .commit
    }
  }

  private static func filledBuckets(_ db: Database) throws -> [Int] {
    try Int.fetchAll(
      db,
      sql: """
        SELECT DISTINCT i.bucket FROM inbox i JOIN streams s ON s.connection = i.connection AND s.name = i.stream
        WHERE s.complete = 1 ORDER BY i.bucket
        """)
  }

  private static func setMergeAt(_ bucket: Int, _ db: Database) throws {
    try db.execute(
      sql:
        "INSERT INTO meta (name, value) VALUES ('merge_at', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1",
      arguments: [bucket])
  }

  private static func finishMerge(_ db: Database) throws {
    try db.execute(sql: "UPDATE streams SET everything = 0 WHERE everything = 2")
  }
}

/// A complete listing that is being compared with what is known.
private struct Listed {
  let connection: Int64
  let role: String
  let reading: Int64
  let parts: HeldParts
}

/// Merges the inbox of one bucket after another into the tables.
private final class BucketMerge {
  private let db: Database
  private let inbox: HotStatement
  private let clear: HotStatement
  private let contacts: ContactMergeTable
  private let activities: ActivityMergeTable
  private let held: HeldTable
  private let complete: [Int64: Set<String>]
  private let listed: [Listed]
  private(set) var summary = MergeSummary()

  init(_ db: Database, hash: StableHash) throws {
    self.db = db
    inbox = try HotStatement(
      db,
      "SELECT id, connection, stream, sort, reading, continuation, records FROM inbox WHERE bucket = ? ORDER BY id"
    )
    clear = try HotStatement(db, "DELETE FROM inbox WHERE id = ?")
    contacts = try ContactMergeTable(db, hash: hash)
    activities = try ActivityMergeTable(db)
    held = try HeldTable(db)
    var complete: [Int64: Set<String>] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT connection, name FROM streams WHERE complete = 1") {
      complete[try row.value(0), default: []].insert(try row.value(1))
    }
    self.complete = complete
    listed = try Row.fetchAll(
      db, sql: "SELECT connection, role, reading, parts FROM streams WHERE everything = 2"
    ).map { row in
      try Listed(
        connection: row.value(0), role: row.value(1), reading: row.value(2),
        parts: HeldParts(rawValue: row.value(3)))
    }
  }

  func run(_ bucket: Int) throws {
    var taken: [Int64] = []
    var incoming: [IncomingContact] = []
    var holdings: [IncomingHolding] = []
    activities.begin()
    inbox.bind(1, Int64(bucket))
    while try inbox.step() {
      let connection = inbox.int64(1)
      guard complete[connection]?.contains(inbox.text(2) ?? "") == true,
        let sort = InboxSort(rawValue: inbox.int64(3))
      else { continue }
      taken.append(inbox.int64(0))
      let reading = inbox.int64(4)
      var reader = ByteReader(inbox.bytes(6))
      switch sort {
      case .contacts:
        while !reader.isAtEnd {
          incoming.append(IncomingContact(&reader, connection: connection, reading: reading))
        }
      case .holdings:
        while !reader.isAtEnd {
          let key = Int64(bitPattern: reader.word())
          holdings.append(
            IncomingHolding(
              key: key, connection: connection, reading: reading, parts: .all, state: reader.held()))
        }
      case .partHoldings:
        while !reader.isAtEnd {
          let key = Int64(bitPattern: reader.word())
          let parts = HeldParts(rawValue: reader.byte())
          holdings.append(
            IncomingHolding(
              key: key, connection: connection, reading: reading, parts: parts, state: reader.held()))
        }
      case .activities:
        activities.add(&reader, reading: reading, isContinuation: inbox.int64(5) != 0)
      case .removals:
        while !reader.isAtEnd { incoming.append(IncomingContact(removed: Int64(bitPattern: reader.word()))) }
      case .merges:
        while !reader.isAtEnd {
          let (loser, winner) = (Int64(bitPattern: reader.word()), Int64(bitPattern: reader.word()))
          try Identity.merge(loser: loser, winner: winner, db)
        }
      }
    }
    try takeContacts(incoming, bucket)
    try takeHoldings(holdings, bucket)
    try activities.merge(into: &summary)
    for id in taken { try clear.bind(1, id).run() }
  }

  private func takeContacts(_ incoming: [IncomingContact], _ bucket: Int) throws {
    // Stable, so that of several records of a contact the last one is taken last.
    let sorted = incoming.enumerated().sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }
      .map(\.element)
    var previous: (key: Int64, reading: Int64)?
    for contact in sorted {
      if contact.isRemoval {
        summary.forgottenContacts += try Identity.forget(contact.key, db) ? 1 : 0
        continue
      }
      let isRepeated = previous.map { $0.key == contact.key && $0.reading == contact.reading } ?? false
      previous = (contact.key, contact.reading)
      let change = try contacts.take(contact)
      if let state = contact.held {
        try held.take(contact.key, contact.connection, state, contact.heldParts)
      }
      if isRepeated {
        summary.repeatedContacts += 1
      } else {
        switch change {
        case .new: summary.newContacts += 1
        case .changed: summary.changedContacts += 1
        case .unchanged: summary.unchangedContacts += 1
        }
      }
    }
    guard bucket < ContactKey.bucketCount else { return }
    for listing in listed where listing.role == "contacts" {
      let seen = Set(
        sorted.filter { $0.connection == listing.connection && $0.reading == listing.reading }.map(\.key))
      try contacts.noteMissing(in: bucket, of: listing.connection, seen: seen)
    }
  }

  private func takeHoldings(_ holdings: [IncomingHolding], _ bucket: Int) throws {
    for holding in IncomingHolding.united(holdings) {
      try held.take(holding.key, holding.connection, holding.state, holding.parts)
    }
    guard bucket < ContactKey.bucketCount else { return }
    for listing in listed where listing.role == "holdings" {
      let seen = Set(
        holdings.filter { $0.connection == listing.connection && $0.reading == listing.reading }.map(\.key))
      try held.drop(listing.parts, ofAllBut: seen, in: bucket, of: listing.connection)
    }
  }
}

/// A holding as it lies in the inbox.
private struct IncomingHolding {
  let key: Int64
  let connection: Int64
  let reading: Int64
  var parts: HeldParts
  var state: HeldState

  /// Adds up what one reading tells of the same contact in parts; whole states come one after the other, as
  /// they were told.
  static func united(_ holdings: [IncomingHolding]) -> [IncomingHolding] {
    guard holdings.contains(where: { $0.parts != .all }) else { return holdings }
    var united: [IncomingHolding] = []
    var places: [Int64: Int] = [:]
    for holding in holdings {
      guard let place = places[holding.key], united[place].reading == holding.reading,
        holding.parts != .all, united[place].parts != .all
      else {
        places[holding.key] = united.count
        united.append(holding)
        continue
      }
      let isFurther = united[place].parts.contains(.tags) && holding.parts.contains(.tags)
      let tags = united[place].state.tags
      united[place].state.take(holding.parts, of: holding.state)
      if isFurther { united[place].state.tags.formUnion(tags) }
      united[place].parts.formUnion(holding.parts)
    }
    return united
  }
}
