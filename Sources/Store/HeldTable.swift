import GRDB
import Platform

/// What the platforms hold of ours.
final class HeldTable {
  private let find: HotStatement
  private let put: HotStatement
  private let inBucket: HotStatement
  private let delete: HotStatement
  private let dirty: HotStatement

  init(_ db: Database) throws {
    find = try HotStatement(db, "SELECT score, band, reasons, tags, version FROM held WHERE id = ?")
    put = try HotStatement(
      db,
      """
      INSERT OR REPLACE INTO held (id, connection, score, band, reasons, tags, version)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """)
    inBucket = try HotStatement(db, "SELECT id, connection FROM held WHERE id BETWEEN ? AND ?")
    delete = try HotStatement(db, "DELETE FROM held WHERE id = ?")
    dirty = try HotStatement(db, "INSERT OR IGNORE INTO dirty (contact) VALUES (?)")
  }

  /// Takes what a platform holds; the contact is looked at again if that is news.
  func take(_ key: Int64, _ connection: Int64, _ state: HeldState) throws {
    let tags = HeldTags.text(state.tags)
    find.bind(1, key)
    var isNews = true
    if try find.step() {
      isNews =
        find.optionalInt64(0) != state.score.map(Int64.init) || find.text(1) != state.band
        || find.text(2) != state.reasons || (find.text(3) ?? "") != tags || find.text(4) != state.version
    } else if state == .nothing {
      isNews = false
    }
    find.reset()
    guard isNews else { return }
    try store(key, connection, state)
    try dirty.bind(1, key).run()
  }

  /// Notes what we wrote ourselves.
  func store(_ key: Int64, _ connection: Int64, _ state: HeldState) throws {
    put.bind(1, key).bind(2, connection).bind(3, state.score.map(Int64.init)).bind(4, state.band)
    put.bind(5, state.reasons).bind(6, state.tags.isEmpty ? nil : HeldTags.text(state.tags)).bind(
      7, state.version)
    try put.run()
  }

  /// What is noted for a contact.
  func state(of key: Int64) throws -> HeldState {
    find.bind(1, key)
    defer { find.reset() }
    guard try find.step() else { return .nothing }
    return HeldState(
      score: find.optionalInt64(0).map(Int.init), band: find.text(1), reasons: find.text(2),
      tags: HeldTags.set(find.text(3) ?? ""), version: find.text(4))
  }

  func dropAllBut(_ seen: Set<Int64>, in bucket: Int, of connection: Int64) throws {
    let range = ContactKey.range(of: bucket)
    inBucket.bind(1, range.lowerBound).bind(2, range.upperBound)
    var gone: [Int64] = []
    while try inBucket.step() {
      if inBucket.int64(1) == connection, !seen.contains(inBucket.int64(0)) { gone.append(inBucket.int64(0)) }
    }
    for key in gone {
      try delete.bind(1, key).run()
      try dirty.bind(1, key).run()
    }
  }
}
