import GRDB
import Scoring

/// What a write means if it is done: that the person has come into a band of which somebody is to be told.
public struct BandEntry: Equatable, Sendable {
  /// The band's name.
  public var band: String
  /// True in the first write to a connection, if those who are in the band then are not to be told of.
  public var isQuiet: Bool
  /// Who is to be told: `webhook`, `task`.
  public var targets: [String]
  /// What is known at this moment and may be another thing later, as JSON.
  public var facts: String

  /// What a write means if it is done.
  public init(band: String, isQuiet: Bool, targets: [String], facts: String) {
    self.band = band
    self.isQuiet = isQuiet
    self.targets = targets
    self.facts = facts
  }
}

/// Turns settled writes into what is to be told, in the transaction that settles them: whatever instant a run
/// dies at, an entry into a band is either still open in the journal or waits in the outbox.
final class OutboxTable {
  private let db: Database
  private let insertEntry: HotStatement
  private let findEntry: HotStatement
  private let dropEntry: HotStatement
  private let putStanding: HotStatement
  private let findStanding: HotStatement
  private let dropStanding: HotStatement
  private let membersOf: HotStatement
  private let isKnownToUs: HotStatement
  private let insert: HotStatement
  /// By run: the run that it takes back, if it is an undo.
  private var undone: [String: String?] = [:]
  private var hasEntries: Bool
  private var hasStanding: Bool

  init(_ db: Database) throws {
    self.db = db
    insertEntry = try HotStatement(
      db,
      "INSERT INTO band_entries (run, seq, band, quiet, targets, facts) VALUES (?, ?, ?, ?, ?, ?)")
    findEntry = try HotStatement(
      db, "SELECT band, quiet, targets, facts FROM band_entries WHERE run = ? AND seq = ?")
    dropEntry = try HotStatement(db, "DELETE FROM band_entries WHERE run = ? AND seq = ?")
    putStanding = try HotStatement(db, "INSERT OR REPLACE INTO standing (contact, band) VALUES (?, ?)")
    findStanding = try HotStatement(db, "SELECT band FROM standing WHERE contact = ?")
    dropStanding = try HotStatement(db, "DELETE FROM standing WHERE contact = ?")
    membersOf = try HotStatement(
      db,
      """
      SELECT id FROM contacts WHERE id = ?1
      UNION SELECT m.contact FROM contacts c JOIN members m ON m.person = c.person WHERE c.id = ?1
      """)
    isKnownToUs = try HotStatement(
      db,
      """
      SELECT EXISTS (SELECT 1 FROM history WHERE contact = ?1) OR EXISTS (
        SELECT 1 FROM contacts c JOIN connections n ON n.id = c.connection WHERE c.id = ?1 AND n.wrote = 1)
      """)
    insert = try HotStatement(
      db,
      "INSERT OR IGNORE INTO outbox (id, target, contact, band, at, facts) VALUES (?, ?, ?, ?, ?, ?)")
    hasEntries = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM band_entries)") ?? false
    hasStanding = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM standing)") ?? false
  }

  /// Lays down what a write would mean, together with the write.
  func intend(_ entry: JournalEntry) throws {
    guard let band = entry.bandEntry else { return }
    insertEntry.bind(1, entry.run).bind(2, Int64(entry.sequence)).bind(3, band.band)
    insertEntry.bind(4, band.isQuiet ? 1 : 0).bind(5, band.targets.joined(separator: "\n"))
    try insertEntry.bind(6, band.facts).run()
    hasEntries = true
  }

  /// Takes how a write ended, before the write becomes history.
  func settle(_ outcome: JournalOutcome, _ contact: Int64, at now: Timestamp) throws {
    let entry = try take(outcome.entry)
    switch outcome.state {
    case .done:
      if let undone = try undone(by: outcome.entry.run) { try takeBack(contact, from: undone) }
      if let entry {
        try enter(entry, contact, key: "\(outcome.entry.run)-\(outcome.entry.sequence)", at: now)
      } else if hasStanding {
        try leave(contact)
      }
    case .refused:
      // Who was in the band at the first write is not told of when the platform takes it at last.
      if let entry, entry.isQuiet, try isFirstSight(of: members(contact)) {
        try putStanding.bind(1, contact).bind(2, entry.band).run()
        hasStanding = true
      }
    case .intended, .notDone, .gone: break
    }
  }

  private func enter(_ entry: BandEntry, _ contact: Int64, key: String, at now: Timestamp) throws {
    let members = try members(contact)
    guard !members.isEmpty else { return }
    let isThere = try members.contains { try standing($0) == entry.band }
    let isQuiet = try entry.isQuiet && isFirstSight(of: members)
    if !isThere {
      for member in members { try dropStanding.bind(1, member).run() }
      for target in entry.targets where !isQuiet {
        insert.bind(1, key).bind(2, target).bind(3, contact).bind(4, entry.band).bind(5, now.seconds)
        try insert.bind(6, entry.facts).run()
      }
    }
    try putStanding.bind(1, contact).bind(2, entry.band).run()
    hasStanding = true
  }

  /// What a run wanted to be told, and what nobody was told yet, goes with what it wrote.
  private func takeBack(_ contact: Int64, from run: String) throws {
    for member in try members(contact) {
      try db.execute(
        sql: "DELETE FROM outbox WHERE contact = ?1 AND substr(id, 1, length(?2) + 1) = ?2 || '-'",
        arguments: [member, run])
    }
  }

  private func undone(by run: String) throws -> String? {
    if let known = undone[run] { return known }
    let found = try String.fetchOne(
      db, sql: "SELECT value FROM meta WHERE name = ?", arguments: ["undoes_" + run])
    undone[run] = .some(found)
    return found
  }

  /// The person has left whatever band it was in: coming back is a new entry.
  private func leave(_ contact: Int64) throws {
    for member in try members(contact) { try dropStanding.bind(1, member).run() }
  }

  /// True if nothing was ever written about a person, and none of its contacts is where we have written.
  private func isFirstSight(of members: [Int64]) throws -> Bool {
    for member in members {
      isKnownToUs.bind(1, member)
      defer { isKnownToUs.reset() }
      if try isKnownToUs.step(), isKnownToUs.int64(0) != 0 { return false }
    }
    return true
  }

  private func take(_ journal: JournalEntry) throws -> BandEntry? {
    guard hasEntries else { return nil }
    findEntry.bind(1, journal.run).bind(2, Int64(journal.sequence))
    guard try findEntry.step() else { return nil }
    let targets = (findEntry.text(2) ?? "").split(separator: "\n").map(String.init)
    let entry = BandEntry(
      band: findEntry.text(0) ?? "", isQuiet: findEntry.int64(1) != 0, targets: targets,
      facts: findEntry.text(3) ?? "")
    findEntry.reset()
    try dropEntry.bind(1, journal.run).bind(2, Int64(journal.sequence)).run()
    return entry
  }

  private func members(_ contact: Int64) throws -> [Int64] {
    var members: [Int64] = []
    membersOf.bind(1, contact)
    while try membersOf.step() { members.append(membersOf.int64(0)) }
    return members
  }

  private func standing(_ contact: Int64) throws -> String? {
    findStanding.bind(1, contact)
    defer { findStanding.reset() }
    return try findStanding.step() ? findStanding.text(0) : nil
  }

  // MARK: Contacts that go

  /// A contact is forgotten: what waits is told of the person's other contacts, or of nobody.
  static func forget(_ contact: Int64, others: [Int64], _ db: Database) throws {
    try db.execute(sql: "DELETE FROM standing WHERE contact = ?", arguments: [contact])
    if let other = others.first {
      try db.execute(sql: "UPDATE outbox SET contact = ? WHERE contact = ?", arguments: [other, contact])
    } else {
      try db.execute(sql: "DELETE FROM outbox WHERE contact = ?", arguments: [contact])
    }
  }

  /// A merge on the platform: the winner stands where the loser stood.
  static func move(from loser: Int64, to winner: Int64, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO standing (contact, band) SELECT ?, band FROM standing WHERE contact = ?
        """, arguments: [winner, loser])
    try db.execute(sql: "UPDATE outbox SET contact = ? WHERE contact = ?", arguments: [winner, loser])
  }
}
