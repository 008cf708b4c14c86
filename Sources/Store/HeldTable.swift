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
  ///
  /// A search may lag behind and tell what was held before we wrote: an older version than the one that is known is
  /// no news.
  func take(_ key: Int64, _ connection: Int64, _ told: HeldState, _ parts: HeldParts) throws {
    let known = try row(of: key)
    if parts.contains(.version), HeldVersion.isOlder(told.version, than: known?.version) { return }
    var state = known ?? .nothing
    state.take(parts, of: told)
    guard state != known ?? .nothing else { return }
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
  func state(of key: Int64) throws -> HeldState { try row(of: key) ?? .nothing }

  private func row(of key: Int64) throws -> HeldState? {
    find.bind(1, key)
    defer { find.reset() }
    guard try find.step() else { return nil }
    return HeldState(
      score: find.optionalInt64(0).map(Int.init), band: find.text(1), reasons: find.text(2),
      tags: HeldTags.set(find.text(3) ?? ""), version: find.text(4))
  }

  /// Who was not in a complete listing of these parts holds nothing of them.
  func drop(_ parts: HeldParts, ofAllBut seen: Set<Int64>, in bucket: Int, of connection: Int64) throws {
    let range = ContactKey.range(of: bucket)
    inBucket.bind(1, range.lowerBound).bind(2, range.upperBound)
    var unseen: [Int64] = []
    while try inBucket.step() {
      if inBucket.int64(1) == connection, !seen.contains(inBucket.int64(0)) {
        unseen.append(inBucket.int64(0))
      }
    }
    for key in unseen {
      let known = try state(of: key)
      var rest = known
      rest.take(parts, of: .nothing)
      if parts == .all || rest == .nothing {
        try delete.bind(1, key).run()
      } else if rest != known {
        try store(key, connection, rest)
      } else {
        continue
      }
      try dirty.bind(1, key).run()
    }
  }
}

extension HeldState {
  /// Takes some parts of another state.
  mutating func take(_ parts: HeldParts, of other: HeldState) {
    if parts.contains(.score) { score = other.score }
    if parts.contains(.band) { band = other.band }
    if parts.contains(.reasons) { reasons = other.reasons }
    if parts.contains(.tags) { tags = other.tags }
    if parts.contains(.version) { version = other.version }
  }
}
