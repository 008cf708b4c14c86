import Foundation
import GRDB
import Platform
import Scoring

/// The state of one configuration in one SQLite file: contacts, activities, cursors, scores, runs, journal.
///
/// One writer at a time; every public method is one transaction or several complete ones, so that a process
/// that dies at any instant leaves a state from which the next one goes on.
public final class LeadStore: Sendable {
  /// Where the file is.
  public let path: String
  let queue: DatabaseQueue
  let hash: StableHash

  /// True for a store that is only looked at.
  public let isReadOnly: Bool

  /// Opens the file, makes it (0600) if it is not there, and brings an older layout up to date.
  ///
  /// - Parameters:
  ///   - isReadOnly: The file has to be there in today's layout, and nothing is ever written to it.
  ///   - patience: Seconds to wait while another program holds the file.
  ///   - random: 64 random bits, for the key of a new file.
  /// - Throws: `StoreFailure`.
  public init(
    path: String, isReadOnly: Bool = false, patience: Double = 5,
    random: () -> UInt64 = { .random(in: .min ... .max) }
  ) throws(StoreFailure) {
    self.path = path
    self.isReadOnly = isReadOnly
    let (queue, hash) = try Self.translating(path, isReadOnly) { () throws in
      if !isReadOnly { try Self.makeFile(path) }
      let queue =
        isReadOnly
        ? try Self.openToLook(path, patience: patience) : try Self.openToWrite(path, patience: patience)
      try Self.checkVersion(queue, path: path)
      let isCurrent = try queue.read { try StoreSchema.migrator.hasCompletedMigrations($0) }
      if !isCurrent {
        guard !isReadOnly else {
          throw StoreFailure(
            .inputOutput, "the state file \(path) is empty, or was written by an older version of leadgauge",
            cure: "Run leadgauge pull, which brings it up to date")
        }
        try StoreSchema.migrator.migrate(queue)
      }
      return (queue, try Self.loadKey(queue, random))
    }
    self.queue = queue
    self.hash = hash
  }

  /// A store in memory, for tests and for looking at data that is not kept.
  public static func temporary() throws(StoreFailure) -> LeadStore {
    try LeadStore(path: ":memory:")
  }

  /// Closes the file; nothing can be done with the store afterwards.
  public func close() {
    try? queue.close()
  }

  /// The key of the digests that number contacts; made at random once, so that nobody can make ids collide.
  private static func loadKey(_ queue: DatabaseQueue, _ random: () -> UInt64) throws -> StableHash {
    func key(_ name: String) throws -> UInt64 {
      let find = "SELECT value FROM meta WHERE name = ?"
      if let known = try queue.read({ try Int64.fetchOne($0, sql: find, arguments: [name]) }) {
        return UInt64(bitPattern: known)
      }
      return try queue.write { db in
        try db.execute(
          sql: "INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)",
          arguments: [name, Int64(bitPattern: random())])
        return UInt64(bitPattern: try Int64.fetchOne(db, sql: find, arguments: [name]) ?? 0)
      }
    }
    return StableHash(key0: try key("hash0"), key1: try key("hash1"))
  }
}

// MARK: - Transactions

extension LeadStore {
  func write<Result>(_ body: (Database) throws -> Result) throws(StoreFailure) -> Result {
    try Self.translating(path, isReadOnly) { try queue.write(body) }
  }

  func read<Result>(_ body: (Database) throws -> Result) throws(StoreFailure) -> Result {
    try Self.translating(path, isReadOnly) { try queue.read(body) }
  }

  /// Several transactions of the body's own making.
  func writeInPieces<Result>(_ body: (Database) throws -> Result) throws(StoreFailure) -> Result {
    try Self.translating(path, isReadOnly) { try queue.writeWithoutTransaction(body) }
  }

  /// The same for bodies that call back: what the caller's own code throws comes out as it is.
  func readVisiting<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try visiting { try queue.read(body) }
  }

  /// The same for bodies of several transactions that call back.
  func writeVisiting<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try visiting { try queue.writeWithoutTransaction(body) }
  }

  private func visiting<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw StoreFailure.from(error, path: path, isReadOnly: isReadOnly)
    } catch let error as RowDecodingError {
      throw StoreFailure.damaged(path, "\(error)")
    }
  }

  private static func translating<Result>(
    _ path: String, _ isReadOnly: Bool, _ body: () throws -> Result
  ) throws(StoreFailure) -> Result {
    do {
      return try body()
    } catch let error as StoreFailure {
      throw error
    } catch let error as DatabaseError {
      throw StoreFailure.from(error, path: path, isReadOnly: isReadOnly)
    } catch let error as RowDecodingError {
      throw StoreFailure.damaged(path, "\(error)")
    } catch {
      throw StoreFailure(.inputOutput, "the state file \(path) failed: \(error)", cure: "Run again")
    }
  }

  /// Commits survive a power cut, not only the end of the process, while this is on; applies need it.
  public func setDurable(_ isOn: Bool) throws(StoreFailure) {
    try writeInPieces { try $0.execute(sql: "PRAGMA synchronous = \(isOn ? "FULL" : "NORMAL")") }
  }

  /// A value kept under a name.
  public func note(_ name: String) throws(StoreFailure) -> String? {
    try read { try String.fetchOne($0, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name]) }
  }

  /// Keeps a value under a name.
  public func setNote(_ name: String, to value: String) throws(StoreFailure) {
    try write {
      try $0.execute(
        sql: "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
        arguments: [name, value])
    }
  }
}
