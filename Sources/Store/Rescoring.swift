import GRDB
import Platform
import Scoring

/// What a visit of a person decided.
public struct PersonVerdict: Sendable {
  /// The score now.
  public let score: StoredScore
  /// For each contact, in the person's order, whether it waits for a write.
  public let isPending: [Bool]

  /// What a visit of a person decided.
  public init(score: StoredScore, isPending: [Bool]) {
    self.score = score
    self.isPending = isPending
  }
}

/// What a rescoring touched.
public struct RescoringSummary: Equatable, Sendable {
  /// Persons that were scored.
  public var persons = 0
  /// Their contacts.
  public var contacts = 0
  /// Persons whose score, sections, band or tags are different now.
  public var changed = 0
  /// True if everybody was scored, because model, connections or the direction of time had changed.
  public var wasFull = false

  /// Nobody was touched.
  public init() {}
}

extension LeadStore {
  /// Texts for an engine of this store.
  public func makeTexts() -> StoreTexts { StoreTexts(store: self) }

  /// Scores those whose data changed and those whose moment has come; everybody if the conditions changed.
  ///
  /// - Parameters:
  ///   - conditions: Names the model, the connections and everything else that a score and a difference
  ///     depend on; another name than last time rescores everybody.
  ///   - visit: Scores one person. Called in rising order of the store's numbers.
  public func rescore(
    at moment: Timestamp, conditions: String, layout: ReadingLayout, texts: StoreTexts,
    progress: (_ done: Int, _ of: Int) -> Void = { _, _ in },
    visit: (StoredPerson) throws -> PersonVerdict
  ) throws -> RescoringSummary {
    try writeVisiting { db in
      let before = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'conditions'")
      let scoredAt = try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'scored_at'") ?? .min
      let isFull = before != conditions || moment.seconds < scoredAt
      var pass = RescoringPass(db, layout: layout, texts: texts, moment: moment, isFull: isFull)
      if isFull { try Self.setConditions("", scoredAt: scoredAt, db) }
      let total =
        isFull ? try Int.fetchOne(db, sql: "SELECT sum(contacts) FROM connections") ?? 0 : try pass.select()
      try pass.run(total: total, progress: progress, visit: visit)
      try Self.setConditions(conditions, scoredAt: moment.seconds, db)
      return pass.summary
    }
  }

  private static func setConditions(_ conditions: String, scoredAt: Int64, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO meta (name, value) VALUES ('conditions', ?1), ('scored_at', ?2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        """, arguments: [conditions, scoredAt])
  }

  /// True if every person has exactly one score, and no score is left without its person.
  public func everybodyIsScored(on connections: [StoredConnection]) throws(StoreFailure) -> Bool {
    try read { db in
      let all = try Int.fetchOne(db, sql: "SELECT sum(contacts) FROM connections") ?? 0
      guard all == connections.reduce(0, { $0 + $1.contacts }) else { return true }
      let joined = try Int.fetchOne(db, sql: "SELECT count(*) - count(DISTINCT person) FROM members") ?? 0
      let scored = try Int.fetchOne(db, sql: "SELECT count(*) FROM scores") ?? 0
      return scored == all - joined
    }
  }

  /// How many persons are in each band, by its index; -1 stands for none.
  public func bandSizes() throws(StoreFailure) -> [Int: Int] {
    try read { db in
      // Counted here: SQLite would sort all rows to group them.
      var sizes: [Int: Int] = [:]
      let rows = try HotStatement(db, "SELECT band FROM scores")
      while try rows.step() { sizes[rows.optionalInt64(0).map(Int.init) ?? -1, default: 0] += 1 }
      return sizes
    }
  }

  /// The moment at which somebody's score changes next; nil if never.
  public func nextMoment() throws(StoreFailure) -> Timestamp? {
    try read { try Int64.fetchOne($0, sql: "SELECT min(changes_at) FROM scores").map(Timestamp.init) }
  }
}

/// One walk over persons, in transactions of some thousand.
private struct RescoringPass {
  private static let chunk = 8_192
  let db: Database
  let layout: ReadingLayout
  let texts: StoreTexts
  let moment: Timestamp
  let isFull: Bool
  var summary = RescoringSummary()
  private var dueBlocks: [Int] = []

  init(
    _ db: Database, layout: ReadingLayout, texts: StoreTexts, moment: Timestamp, isFull: Bool
  ) {
    self.db = db
    self.layout = layout
    self.texts = texts
    self.moment = moment
    self.isFull = isFull
    summary.wasFull = isFull
  }

  /// Lists who has to be scored in a temporary table; gives how many.
  mutating func select() throws -> Int {
    try db.execute(
      sql: """
        CREATE TEMP TABLE IF NOT EXISTS todo (person INTEGER PRIMARY KEY);
        DELETE FROM todo;
        INSERT OR IGNORE INTO todo SELECT c.person FROM dirty d JOIN contacts c ON c.id = d.contact;
        INSERT OR IGNORE INTO todo SELECT c.person FROM dirty d JOIN address_subjects s ON s.id = d.contact
          JOIN contacts c ON c.id = s.owner;
        """)
    dueBlocks = try Int.fetchAll(
      db, sql: "SELECT block FROM score_blocks WHERE changes_at <= ?", arguments: [moment.seconds])
    let due = try HotStatement(
      db,
      "INSERT OR IGNORE INTO todo SELECT person FROM scores WHERE person BETWEEN ? AND ? AND changes_at <= ?")
    for block in dueBlocks {
      let range = ContactKey.range(of: block)
      try due.bind(1, range.lowerBound).bind(2, range.upperBound).bind(3, moment.seconds).run()
    }
    return try Int.fetchOne(db, sql: "SELECT count(*) FROM todo") ?? 0
  }

  mutating func run(
    total: Int, progress: (Int, Int) -> Void, visit: (StoredPerson) throws -> PersonVerdict
  ) throws {
    var last: Int64 = -1
    var done = 0
    while true {
      var count = 0
      try db.inTransaction {
        try texts.reading(through: db) { count = try scoreChunk(after: &last, visit) }
        if count == 0 && isFull { try db.execute(sql: "DELETE FROM dirty") }
        return .commit
      }
      if count == 0 { break }
      done += count
      progress(min(done, total), total)
    }
    if !isFull {
      try tightenBlocks()
      // What is left belongs to nobody who is known; it is looked at again when its contact comes.
      try db.execute(
        sql: "DELETE FROM dirty WHERE contact NOT IN (SELECT id FROM contacts); DELETE FROM todo")
    }
  }

  /// Only now that everybody whose moment had come is scored may a block's next moment move on.
  private func tightenBlocks() throws {
    let tighten = try HotStatement(
      db,
      """
      UPDATE score_blocks SET changes_at = ifnull((SELECT min(changes_at) FROM scores
        WHERE person BETWEEN ?1 AND ?2), 9223372036854775807) WHERE block = ?3
      """)
    try db.inTransaction {
      for block in dueBlocks {
        let range = ContactKey.range(of: block)
        try tighten.bind(1, range.lowerBound).bind(2, range.upperBound).bind(3, Int64(block)).run()
      }
      return .commit
    }
  }

  /// Scores the next persons after a number and gives how many.
  private mutating func scoreChunk(
    after last: inout Int64, _ visit: (StoredPerson) throws -> PersonVerdict
  ) throws -> Int {
    let reader = try PersonReader(db, layout: layout)
    let writer = try ScoreWriter(db, layout: layout, keepsDirty: isFull)
    var count = 0
    if isFull {
      while count < Self.chunk, let id = try reader.nextPerson(after: last) {
        try score(id, reader, writer, visit)
        last = id
        count += 1
      }
    } else {
      let ids = try Int64.fetchAll(
        db, sql: "SELECT person FROM todo WHERE person > ? ORDER BY person LIMIT \(Self.chunk)",
        arguments: [last])
      for id in ids { try score(id, reader, writer, visit) }
      last = ids.last ?? last
      count = ids.count
    }
    try writer.finish()
    return count
  }

  private mutating func score(
    _ id: Int64, _ reader: PersonReader, _ writer: ScoreWriter,
    _ visit: (StoredPerson) throws -> PersonVerdict
  ) throws {
    guard try reader.load(id) else { return try writer.drop(id) }
    let verdict = try visit(reader.person)
    summary.persons += 1
    summary.contacts += reader.person.contacts.count
    if try writer.write(verdict, for: reader.person) { summary.changed += 1 }
  }
}

/// Writes down what visits decided, as far as it differs from what is there.
private final class ScoreWriter {
  private let put: HotStatement
  private let dropScore: HotStatement
  private let block: HotStatement
  private let addPending: HotStatement
  private let dropPending: HotStatement
  private let clean: HotStatement
  private let keepsDirty: Bool
  private let connections: [Int64]
  private var earliest: [Int: Int64] = [:]

  init(_ db: Database, layout: ReadingLayout, keepsDirty: Bool) throws {
    self.keepsDirty = keepsDirty
    connections = layout.connections
    put = try HotStatement(
      db,
      """
      INSERT OR REPLACE INTO scores (person, score, actions, profile, band, tags, changes_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """)
    dropScore = try HotStatement(db, "DELETE FROM scores WHERE person = ?")
    block = try HotStatement(
      db,
      """
      INSERT INTO score_blocks (block, changes_at) VALUES (?1, ?2)
      ON CONFLICT DO UPDATE SET changes_at = min(changes_at, ?2)
      """)
    addPending = try HotStatement(db, "INSERT OR IGNORE INTO pending (contact, connection) VALUES (?, ?)")
    dropPending = try HotStatement(db, "DELETE FROM pending WHERE contact = ?")
    clean = try HotStatement(db, "DELETE FROM dirty WHERE contact = ?")
  }

  /// True if the score is another one than before.
  func write(_ verdict: PersonVerdict, for person: StoredPerson) throws -> Bool {
    let isChanged = person.score != verdict.score
    if isChanged {
      let score = verdict.score
      put.bind(1, person.id).bind(2, Int64(score.score)).bind(3, Int64(score.actions))
      put.bind(4, Int64(score.profile)).bind(5, score.band.map(Int64.init))
      put.bind(6, Int64(bitPattern: score.tags)).bind(7, score.changesAt?.seconds)
      try put.run()
      if let changesAt = score.changesAt {
        let block = ContactKey(person.id).bucket
        earliest[block] = min(earliest[block] ?? .max, changesAt.seconds)
      }
    }
    for (contact, isPending) in zip(person.contacts, verdict.isPending) {
      if isPending != contact.isPending {
        if isPending {
          try addPending.bind(1, contact.key).bind(2, connections[contact.connection]).run()
        } else {
          try dropPending.bind(1, contact.key).run()
        }
      }
      if !keepsDirty { try clean.bind(1, contact.key).run() }
    }
    return isChanged
  }

  func drop(_ person: Int64) throws {
    try dropScore.bind(1, person).run()
    try dropPending.bind(1, person).run()
    if !keepsDirty { try clean.bind(1, person).run() }
  }

  func finish() throws {
    for (block, moment) in earliest { try self.block.bind(1, Int64(block)).bind(2, moment).run() }
  }
}
