import GRDB
import Platform
import Scoring

/// What a reader of persons has to know of the configuration and the model.
public struct ReadingLayout: Sendable {
  /// The store's numbers of the connections, in the order of the configuration; others are left out.
  public let connections: [Int64]
  /// The fields the model asks for, in the order of a buffer's slots.
  public let fields: [String]

  /// What a reader of persons has to know.
  public init(connections: [StoredConnection], fields: [String]) {
    self.connections = connections.map(\.id)
    self.fields = fields
  }
}

/// One person as they lie in the store.
public struct StoredPerson: Sendable {
  /// One contact of the person.
  public struct Contact: Sendable {
    /// The store's number.
    public let key: Int64
    /// Index in the layout's connections.
    public let connection: Int
    /// What the platform holds.
    public fileprivate(set) var held: StoredHolding?
    /// True if the contact waits for a write.
    public fileprivate(set) var isPending: Bool
    /// False if the platform takes no writes for the contact.
    public let isWritable: Bool
  }

  /// The store's number: the smallest key of the contacts.
  public fileprivate(set) var id: Int64 = 0
  /// In the order of the configuration, then by id.
  public fileprivate(set) var contacts: [Contact] = []
  /// Activities and fields, ready for the engine.
  public fileprivate(set) var buffer: PersonBuffer
  /// What was worked out the last time; nil if never.
  public fileprivate(set) var score: StoredScore?

  fileprivate init(layout: ReadingLayout) {
    buffer = PersonBuffer(fieldCount: layout.fields.count)
  }
}

/// What a platform holds, with its texts as they are kept.
public struct StoredHolding: Equatable, Sendable {
  /// The score.
  public let score: Int?
  /// The band's name.
  public let band: String?
  /// All tags, sorted, one a line.
  public let tags: String
}

/// A score as it is kept.
public struct StoredScore: Equatable, Sendable {
  /// The score in points.
  public let score: Int
  /// Rounded points of the actions.
  public let actions: Int
  /// Rounded points of the profile.
  public let profile: Int
  /// Index among the model's bands.
  public let band: Int?
  /// Bits of the model's owned tags.
  public let tags: UInt64
  /// When it changes by itself.
  public let changesAt: Timestamp?

  /// What the engine said.
  public init(_ result: ScoreResult) {
    score = result.score
    actions = result.actions
    profile = result.profile
    band = result.band
    tags = result.tags
    changesAt = result.changesAt
  }

  init(_ row: HotStatement, from column: Int32) {
    score = Int(row.int64(column))
    actions = Int(row.int64(column + 1))
    profile = Int(row.int64(column + 2))
    band = row.optionalInt64(column + 3).map(Int.init)
    tags = UInt64(bitPattern: row.int64(column + 4))
    changesAt = row.optionalInt64(column + 5).map(Timestamp.init)
  }
}

/// A statement over a table in the order of its keys, which goes to a key by stepping if it is near and by
/// seeking if it is far.
private final class OrderedRows {
  let row: HotStatement
  private var current: Int64?
  private var isStarted = false

  init(_ db: Database, _ columns: String, of table: String, by key: String = "id") throws {
    row = try HotStatement(db, "SELECT \(key), \(columns) FROM \(table) WHERE \(key) >= ? ORDER BY \(key)")
  }

  /// True if there is a row with the key; keys must rise from call to call.
  func find(_ key: Int64) throws -> Bool {
    var steps = 0
    while isStarted, let current, current < key, steps < 8 {
      try step()
      steps += 1
    }
    if !isStarted || (current.map { $0 < key } ?? false) {
      row.reset()
      row.bind(1, key)
      isStarted = true
      try step()
    }
    return current == key
  }

  /// The smallest key above another one.
  func next(after key: Int64) throws -> Int64? {
    if isStarted, current == key {
      try step()
    } else if !(current.map { $0 > key } ?? false) {
      _ = try find(key + 1)
    }
    return current
  }

  private func step() throws {
    current = try row.step() ? row.int64(0) : nil
    if current == nil { row.reset() }
  }

  func restart() {
    row.reset()
    isStarted = false
    current = nil
  }
}

/// Reads persons one after another. Persons of one contact are asked for in rising order, and cost a step in
/// each table; persons of several may come in between in any order.
final class PersonReader {
  /// Fields are numbered from 1 on; a number far beyond is none of ours.
  private static let mostFields = 1_000_000
  private let layout: ReadingLayout
  private let connectionIndex: [Int64: Int]
  private let slotOfField: [Int]
  private let namesAddresses: Bool
  private let ordered: Tables
  private let random: Tables
  private let members: HotStatement
  private let external: HotStatement
  private let subjectsOf: HotStatement
  private let hasMembers: Bool
  private(set) var person: StoredPerson

  private struct Tables {
    let contacts: OrderedRows
    let activities: OrderedRows
    let held: OrderedRows
    let scores: OrderedRows
    let pending: OrderedRows
    let subjects: OrderedRows

    init(_ db: Database) throws {
      contacts = try OrderedRows(db, "connection, person, created, fields, writable", of: "contacts")
      activities = try OrderedRows(db, "data", of: "activities")
      held = try OrderedRows(db, "score, band, tags", of: "held")
      scores = try OrderedRows(
        db, "score, actions, profile, band, tags, changes_at", of: "scores", by: "person")
      pending = try OrderedRows(db, "contact", of: "pending", by: "contact")
      subjects = try OrderedRows(db, "id", of: "address_subjects", by: "owner")
    }

    func restart() {
      for table in [contacts, activities, held, scores, pending, subjects] { table.restart() }
    }
  }

  init(_ db: Database, layout: ReadingLayout) throws {
    self.layout = layout
    var index: [Int64: Int] = [:]
    for (place, id) in layout.connections.enumerated() { index[id] = place }
    connectionIndex = index
    var slots: [Int] = []
    for row in try Row.fetchAll(db, sql: "SELECT id, name FROM fields ORDER BY id") {
      let id: Int = try row.value(0)
      guard (0...Self.mostFields).contains(id) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "field \(id)")
      }
      while slots.count <= id { slots.append(-1) }
      slots[id] = layout.fields.firstIndex(of: try row.value(1)) ?? -1
    }
    slotOfField = slots
    namesAddresses =
      try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM address_subjects WHERE owner IS NOT NULL)")
      ?? false
    ordered = try Tables(db)
    random = try Tables(db)
    members = try HotStatement(db, "SELECT contact FROM members WHERE person = ?")
    external = try HotStatement(db, "SELECT external FROM contacts WHERE id = ?")
    subjectsOf = try HotStatement(
      db,
      "SELECT a.data FROM address_subjects s JOIN activities a ON a.id = s.id WHERE s.owner = ? ORDER BY s.id"
    )
    hasMembers = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM members)") ?? false
    person = StoredPerson(layout: layout)
  }

  /// The number of the next person, for walks over everybody.
  func nextPerson(after id: Int64) throws -> Int64? {
    var id = id
    while let key = try ordered.contacts.next(after: id) {
      if ordered.contacts.row.int64(2) == key { return key }
      id = key
    }
    return nil
  }

  /// Loads a person; false if there is none of that number with a contact on a known connection.
  func load(_ id: Int64) throws -> Bool {
    person.id = id
    person.contacts.removeAll(keepingCapacity: true)
    person.buffer.reset()
    person.score = nil
    let keys = try memberKeys(id)
    if let keys {
      for key in keys {
        random.restart()
        _ = try take(key, from: random, isAlone: false)
      }
      random.scores.restart()
      guard !person.contacts.isEmpty else { return false }
    } else {
      guard try take(id, from: ordered, isAlone: true) else { return false }
    }
    let scores = keys == nil ? ordered.scores : random.scores
    if try scores.find(id) { person.score = StoredScore(scores.row, from: 1) }
    person.buffer.finish()
    return true
  }

  /// The contacts of a person of several, in the order in which their fields count, without those on
  /// connections that are not in the layout; nil for a contact that is alone.
  private func memberKeys(_ person: Int64) throws -> [Int64]? {
    guard hasMembers else { return nil }
    var keys: [Int64] = []
    members.bind(1, person)
    while try members.step() { keys.append(members.int64(0)) }
    guard !keys.isEmpty else { return nil }
    var sortable: [(place: Int, id: ContactID, key: Int64)] = []
    for key in keys {
      random.restart()
      guard try random.contacts.find(key), let place = connectionIndex[random.contacts.row.int64(1)] else {
        continue
      }
      external.bind(1, key)
      let text = try external.step() ? external.text(0) ?? "" : ""
      external.reset()
      sortable.append((place, ContactID(text), key))
    }
    return sortable.sorted { ($0.place, $0.id) < ($1.place, $1.id) }.map(\.key)
  }

  private func take(_ key: Int64, from tables: Tables, isAlone: Bool) throws -> Bool {
    guard try tables.contacts.find(key) else { return false }
    let row = tables.contacts.row
    let connectionID = row.int64(1)
    guard let connection = connectionIndex[connectionID], !isAlone || row.int64(2) == key else {
      return false
    }
    if let created = row.optionalInt64(3) { person.buffer.note(createdAt: created) }
    takeFields(row.bytes(4))
    var contact = StoredPerson.Contact(
      key: key, connection: connection, held: nil, isPending: false, isWritable: row.int64(5) != 0)
    let ordinal = UInt16(clamping: person.contacts.count)
    if try tables.activities.find(key) {
      ActivityPacking.unpack(
        tables.activities.row.bytes(1), into: &person.buffer, contact: ordinal,
        connection: UInt8(clamping: connection))
    }
    if namesAddresses { try takeByAddress(key, from: tables, connection, ordinal) }
    if try tables.held.find(key) {
      let held = tables.held.row
      contact.held = StoredHolding(
        score: held.optionalInt64(1).map(Int.init), band: held.text(2), tags: held.text(3) ?? "")
    }
    contact.isPending = try tables.pending.find(key)
    person.contacts.append(contact)
    return true
  }

  /// Adds the activities that a connection names by an address of this contact.
  private func takeByAddress(
    _ key: Int64, from tables: Tables, _ connection: Int, _ ordinal: UInt16
  ) throws {
    guard try tables.subjects.find(key) else { return }
    subjectsOf.bind(1, key)
    while try subjectsOf.step() {
      ActivityPacking.unpack(
        subjectsOf.bytes(0), into: &person.buffer, contact: ordinal, connection: UInt8(clamping: connection))
    }
  }

  private func takeFields(_ bytes: UnsafeRawBufferPointer) {
    var reader = ByteReader(bytes)
    while !reader.isAtEnd {
      let field = Int(truncatingIfNeeded: reader.varint())
      let value = reader.raw()
      guard field < slotOfField.count, slotOfField[field] >= 0 else { continue }
      person.buffer.setField(slotOfField[field], to: value.bindMemory(to: UInt8.self))
    }
  }
}
