import GRDB
import Scoring

/// The texts that activities name by number, as the engine asks for them.
///
/// Belongs to one thread; inside a transaction it reads through that transaction.
public final class StoreTexts: TextSource {
  private let store: LeadStore
  private var db: Database?
  private var folded: HotStatement?
  private var plain: HotStatement?

  init(store: LeadStore) {
    self.store = store
  }

  /// Reads through a transaction's connection while the body runs.
  func reading<Result>(through db: Database, _ body: () throws -> Result) throws -> Result {
    self.db = db
    defer {
      self.db = nil
      folded = nil
      plain = nil
    }
    return try body()
  }

  /// The folded form of a text and its number.
  public func folded(_ id: TextID) throws -> FoldedText {
    guard let db else { return try store.read { db in try reading(through: db) { try folded(id) } } }
    let statement =
      try folded
      ?? HotStatement(
        db, "SELECT t.folded, f.text FROM texts t JOIN texts f ON f.id = t.folded WHERE t.id = ?")
    folded = statement
    statement.bind(1, Int64(id))
    defer { statement.reset() }
    guard try statement.step() else { return FoldedText(id: 0, text: "") }
    return FoldedText(id: try TextID(stored: statement.int64(0)), text: statement.text(1) ?? "")
  }

  /// The text of a number; nil for 0 and for numbers never given.
  public func text(_ id: TextID) throws -> String? {
    guard id != 0 else { return nil }
    guard let db else { return try store.read { db in try reading(through: db) { try text(id) } } }
    let statement = try plain ?? HotStatement(db, "SELECT text FROM texts WHERE id = ?")
    plain = statement
    statement.bind(1, Int64(id))
    defer { statement.reset() }
    return try statement.step() ? statement.text(0) : nil
  }

  /// The code of a kind of the user\'s own; nil if it was never seen.
  public func customKindCode(_ name: String) throws -> UInt32? {
    let id = try store.read {
      try Int64.fetchOne($0, sql: "SELECT id FROM texts WHERE text = ?", arguments: [name])
    }
    return id.map { KnownKind.firstCustomCode &+ UInt32(truncatingIfNeeded: $0) }
  }

  /// The kind of a code.
  public func kind(_ code: UInt32) throws -> ActivityKind? {
    if code < KnownKind.firstCustomCode {
      return KnownKind(rawValue: UInt8(truncatingIfNeeded: code)).map(ActivityKind.known)
    }
    return try text(code - KnownKind.firstCustomCode).map(ActivityKind.custom)
  }
}

/// Gives texts their numbers while records come in.
struct TextNumbering {
  private static let most = 50_000
  private let find: HotStatement
  private let insert: HotStatement
  private var known: [String: TextID] = [:]

  init(_ db: Database) throws {
    find = try HotStatement(db, "SELECT id FROM texts WHERE text = ?")
    insert = try HotStatement(db, "INSERT INTO texts (id, text, folded) VALUES (?, ?, ?)")
    next = try Int64(TextID(stored: Int64.fetchOne(db, sql: "SELECT max(id) FROM texts") ?? 0)) + 1
  }

  private var next: Int64

  /// The number of a text, given now if it has none; 0 for no text.
  mutating func id(of text: String?) throws -> TextID {
    guard let text else { return 0 }
    if let id = known[text] { return id }
    let id = try lookUp(text) ?? add(text)
    if known.count >= Self.most { known.removeAll(keepingCapacity: true) }
    known[text] = id
    return id
  }

  private func lookUp(_ text: String) throws -> TextID? {
    find.bind(1, text)
    defer { find.reset() }
    return try find.step() ? TextID(stored: find.int64(0)) : nil
  }

  private mutating func add(_ text: String) throws -> TextID {
    let folded = TextFolding.fold(text)
    let isFolded = folded.utf8.elementsEqual(text.utf8)
    let foldedID = try isFolded ? next : Int64(lookUp(folded) ?? add(folded))
    let id = try TextID(stored: next)
    next += 1
    try insert.bind(1, Int64(id)).bind(2, text).bind(3, isFolded ? Int64(id) : foldedID).run()
    return id
  }
}

extension TextID {
  /// The number of a text as a row has it; another one is damage.
  fileprivate init(stored number: Int64) throws {
    guard let id = TextID(exactly: number) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "text \(number)")
    }
    self = id
  }
}
