import GRDB
import Platform
import Scoring

/// Something that waits to be told to one target.
public struct OutboxItem: Equatable, Sendable {
  /// The same for all targets and all tries: receivers know by it what they were told before.
  public let id: String
  /// `webhook`, `task`, or `task:` and the name of a connection.
  public let target: String
  /// The store's number of the contact.
  public let contact: Int64
  /// The band that the person came into.
  public let band: String
  /// When it was written.
  public let at: Timestamp
  /// What was known then, as JSON.
  public let facts: String
  /// What is told, as JSON; nil before the first try.
  public let body: String?
  /// How often it was tried.
  public let tries: Int
}

/// How much waits for one target.
public struct OutboxCount: Equatable, Sendable {
  /// `webhook`, `task`, or `task:` and the name of a connection.
  public let target: String
  /// How many persons wait to be told of.
  public let waiting: Int
  /// Since when the first of them waits.
  public let since: Timestamp
  /// Why the last one that was tried could not be told; nil if none was tried.
  public let trouble: String?
}

extension LeadStore {
  /// What waits for a target, oldest first, after an item.
  public func outbox(target: String, after last: OutboxItem? = nil, limit: Int) throws(StoreFailure)
    -> [OutboxItem]
  {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT id, target, contact, band, at, facts, body, tries FROM outbox
          WHERE target = ?1 AND (at, id) > (?2, ?3) ORDER BY at, id LIMIT ?4
          """, arguments: [target, last?.at.seconds ?? .min, last?.id ?? "", limit]
      ).map { row in
        try OutboxItem(
          id: row.value(0), target: row.value(1), contact: row.value(2), band: row.value(3),
          at: Timestamp(row.value(4)), facts: row.value(5), body: row.value(6), tries: row.value(7))
      }
    }
  }

  /// How much waits, by target.
  public func outboxCounts() throws(StoreFailure) -> [OutboxCount] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT o.target, count(*), min(o.at), (
            SELECT t.trouble FROM outbox t WHERE t.target = o.target AND t.trouble IS NOT NULL
            ORDER BY t.tried_at DESC, t.at DESC, t.id DESC LIMIT 1)
          FROM outbox o GROUP BY o.target ORDER BY o.target
          """
      ).map {
        try OutboxCount(
          target: $0.value(0), waiting: $0.value(1), since: Timestamp($0.value(2)), trouble: $0.value(3))
      }
    }
  }

  /// Keeps what is told, so that every try tells the same.
  public func setOutboxBody(_ id: String, to body: String) throws(StoreFailure) {
    try write { try $0.execute(sql: "UPDATE outbox SET body = ? WHERE id = ?", arguments: [body, id]) }
  }

  /// A try that failed.
  public func noteOutboxTrouble(
    _ item: OutboxItem, _ trouble: String, at now: Timestamp
  ) throws(StoreFailure) {
    try write {
      try $0.execute(
        sql: """
          UPDATE outbox SET tries = tries + 1, tried_at = ?, trouble = ? WHERE id = ? AND target = ?
          """, arguments: [now.seconds, trouble, item.id, item.target])
    }
  }

  /// It was told, or there is nobody any more to tell of.
  public func dropFromOutbox(_ item: OutboxItem) throws(StoreFailure) {
    try write {
      try $0.execute(
        sql: "DELETE FROM outbox WHERE id = ? AND target = ?", arguments: [item.id, item.target])
    }
  }

  /// Puts one target's item in the place of another's: `task` becomes one for each platform that takes tasks.
  public func spreadInOutbox(_ item: OutboxItem, over targets: [String]) throws(StoreFailure) {
    try write { db in
      for target in targets {
        try db.execute(
          sql: """
            INSERT OR IGNORE INTO outbox (id, target, contact, band, at, facts, body)
            SELECT id, ?, contact, band, at, facts, body FROM outbox WHERE id = ? AND target = ?
            """, arguments: [target, item.id, item.target])
      }
      try db.execute(
        sql: "DELETE FROM outbox WHERE id = ? AND target = ?", arguments: [item.id, item.target])
    }
  }

  /// The person that a contact belongs to; nil if the contact is forgotten.
  public func person(of contact: Int64) throws(StoreFailure) -> Int64? {
    try read {
      try Int64.fetchOne($0, sql: "SELECT person FROM contacts WHERE id = ?", arguments: [contact])
    }
  }

  /// When the last run ended that did what it should, also if some contacts were refused.
  public func lastSuccess(of commands: [String]) throws(StoreFailure) -> Timestamp? {
    try read { db in
      let names = commands.map { _ in "?" }.joined(separator: ", ")
      return try Int64.fetchOne(
        db, sql: "SELECT max(ended) FROM runs WHERE exit IN (0, 3) AND command IN (\(names))",
        arguments: StatementArguments(commands)
      ).map(Timestamp.init)
    }
  }
}

// MARK: - Who stands in a band

extension LeadStore {
  /// Takes those who hold a band already as being in it, once for each band: nobody is told of them.
  ///
  /// Whoever holds a band's tag holds the band, also if it was called otherwise. That is so for everything that was written before handoffs were kept, for what a platform holds when the
  /// state file is new, and for a band whose handoff was just switched on.
  public func takeStanding(
    in bands: [(name: String, tag: String?)], on connection: StoredConnection
  ) throws(StoreFailure) {
    try write { db in
      let mark = "standing_\(connection.id)"
      let text = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE name = ?", arguments: [mark])
      let known = Set((text ?? "").split(separator: "\n").map(String.init))
      let names = Set(bands.map(\.name))
      guard known != names || text == nil else { return }
      // Whose handoff was switched off is forgotten, so that it is taken anew when it is switched on.
      for name in known.subtracting(names) {
        try db.execute(
          sql: """
            DELETE FROM standing WHERE band = ? AND contact IN (SELECT id FROM contacts WHERE connection = ?)
            """, arguments: [name, connection.id])
      }
      for band in bands where !known.contains(band.name) {
        try db.execute(
          sql: """
            INSERT OR IGNORE INTO standing (contact, band)
            SELECT id, ?1 FROM held WHERE connection = ?2 AND (band = ?1
              OR instr(char(10) || ifnull(tags, '') || char(10), char(10) || ?3 || char(10)) > 0)
            """, arguments: [band.name, connection.id, band.tag])
      }
      try db.execute(
        sql: "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)",
        arguments: [mark, names.sorted().joined(separator: "\n")])
    }
  }

  /// Lets go of contacts that others have moved out of their band, so that nothing of ours was to be written.
  ///
  /// - Parameter connections: Those on which the band's name is kept.
  public func dropStandingElsewhere(on connections: [StoredConnection]) throws(StoreFailure) {
    try write { db in
      for connection in connections {
        try db.execute(
          sql: """
            DELETE FROM standing WHERE contact IN (
              SELECT s.contact FROM standing s JOIN contacts c ON c.id = s.contact
                LEFT JOIN held h ON h.id = s.contact
              WHERE c.connection = ? AND h.band IS NOT s.band
                AND NOT EXISTS (SELECT 1 FROM pending p WHERE p.contact = s.contact))
            """, arguments: [connection.id])
      }
    }
  }
}
