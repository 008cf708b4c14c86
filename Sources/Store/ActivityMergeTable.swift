import GRDB
import Scoring

/// Merges activities into their contacts: each identity once, and contents without an id as often as one
/// reading lists them.
final class ActivityMergeTable {
  private struct Incoming {
    var key: Int64
    var activity: StoredActivity
    var isContent: Bool
    /// Numbers the readings of this merge; continuations are odd.
    var reading: Int32
  }

  private let find: HotStatement
  private let findKeys: HotStatement
  private let put: HotStatement
  private let putKeys: HotStatement
  private let dirty: HotStatement
  private let aliases: [Int64: Int64]
  private var incoming: ContiguousArray<Incoming> = []
  private var readings: [Int64] = []
  private var list: ContiguousArray<StoredActivity> = []
  private var known: Set<UInt64> = []
  /// Values that became known, or grew, after the activity did: seconds on a page, seconds of a video.
  private var grown: [UInt64: Double] = [:]
  private var data = ByteWriter()
  private var keys = ByteWriter()

  init(_ db: Database) throws {
    find = try HotStatement(db, "SELECT data FROM activities WHERE id = ?")
    findKeys = try HotStatement(db, "SELECT keys FROM identities WHERE id = ?")
    put = try HotStatement(db, "INSERT OR REPLACE INTO activities (id, data) VALUES (?, ?)")
    putKeys = try HotStatement(db, "INSERT OR REPLACE INTO identities (id, keys) VALUES (?, ?)")
    dirty = try HotStatement(db, "INSERT OR IGNORE INTO dirty (contact) VALUES (?)")
    var aliases: [Int64: Int64] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT id, winner FROM aliases") {
      aliases[try row.value(0)] = try row.value(1)
    }
    self.aliases = aliases
  }

  func begin() {
    incoming.removeAll(keepingCapacity: true)
    readings.removeAll()
  }

  /// Reads one piece of the inbox; pieces come in the order in which they were laid down.
  func add(_ reader: inout ByteReader, reading: Int64, isContinuation: Bool) {
    let number = reading << 1 | (isContinuation ? 1 : 0)
    if readings.last != number { readings.append(number) }
    let ordinal = Int32((readings.count - 1) << 1) | (isContinuation ? 1 : 0)
    while !reader.isAtEnd {
      let key = Int64(bitPattern: reader.word())
      let flags = reader.byte()
      let identity = reader.word()
      let time = reader.signed()
      let kind = UInt32(truncatingIfNeeded: reader.varint())
      let target = TextID(truncatingIfNeeded: reader.varint())
      let campaign = TextID(truncatingIfNeeded: reader.varint())
      let value = flags & 1 != 0 ? Double(bitPattern: reader.word()) : .nan
      incoming.append(
        Incoming(
          key: aliases.isEmpty ? key : aliases[key] ?? key,
          activity: StoredActivity(
            time: time, value: value, identity: identity, target: target, campaign: campaign, kind: kind),
          isContent: flags & 2 != 0, reading: ordinal))
    }
  }

  func merge(into summary: inout MergeSummary) throws {
    incoming.sort {
      if $0.key != $1.key { return $0.key < $1.key }
      if $0.activity.time != $1.activity.time { return $0.activity.time < $1.activity.time }
      if $0.activity.identity != $1.activity.identity { return $0.activity.identity < $1.activity.identity }
      return $0.reading < $1.reading
    }
    var start = 0
    while start < incoming.count {
      var end = start + 1
      while end < incoming.count, incoming[end].key == incoming[start].key { end += 1 }
      let fresh = try merge(start..<end)
      summary.newActivities += fresh
      summary.knownActivities += end - start - fresh
      start = end
    }
  }

  /// Merges the activities of one contact; gives how many are new.
  private func merge(_ range: Range<Int>) throws -> Int {
    let key = incoming[range.lowerBound].key
    try load(key)
    let before = list.count
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start + 1
      while end < range.upperBound, isSame(incoming[start], incoming[end]) { end += 1 }
      if incoming[start].isContent {
        takeContent(start..<end)
      } else {
        for index in start..<end { takeOne(incoming[index].activity) }
      }
      start = end
    }
    let hasGrown = takeGrown()
    guard list.count > before || hasGrown else { return 0 }
    list.sort(by: StoredActivity.precedes)
    try save(key)
    try dirty.bind(1, key).run()
    return list.count - before
  }

  private func isSame(_ left: Incoming, _ right: Incoming) -> Bool {
    left.activity.identity == right.activity.identity && left.activity.time == right.activity.time
      && left.isContent == right.isContent
  }

  private func takeOne(_ activity: StoredActivity) {
    if before(activity.identity) {
      // The larger value stays, so that the order of arrival makes no difference.
      if !activity.value.isNaN {
        grown[activity.identity] = max(activity.value, grown[activity.identity] ?? activity.value)
      }
      return
    }
    known.insert(activity.identity)
    list.append(activity)
  }

  /// Gives activities the values that came later; true if that changed one.
  private func takeGrown() -> Bool {
    guard !grown.isEmpty else { return false }
    var hasChanged = false
    for index in list.indices {
      guard let value = grown[list[index].identity] else { continue }
      guard list[index].value.isNaN || list[index].value < value else { continue }
      list[index].value = value
      hasChanged = true
    }
    grown.removeAll(keepingCapacity: true)
    return hasChanged
  }

  private func before(_ identity: UInt64) -> Bool { known.contains(identity) }

  /// A whole reading says how often a content is there; a continuation says how often it is there once more.
  private func takeContent(_ range: Range<Int>) {
    let content = incoming[range.lowerBound].activity
    var total = 0
    while before(Self.occurrence(total, of: content.identity)) { total += 1 }
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start + 1
      while end < range.upperBound, incoming[end].reading == incoming[start].reading { end += 1 }
      let isContinuation = incoming[start].reading & 1 == 1
      let wanted = isContinuation ? total + end - start : max(total, end - start)
      while total < wanted {
        var activity = content
        activity.identity = Self.occurrence(total, of: content.identity)
        takeOne(activity)
        total += 1
      }
      start = end
    }
  }

  /// The identity of the n-th activity with this content.
  private static func occurrence(_ number: Int, of content: UInt64) -> UInt64 {
    content &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15
  }

  private func load(_ key: Int64) throws {
    list.removeAll(keepingCapacity: true)
    known.removeAll(keepingCapacity: true)
    find.bind(1, key)
    findKeys.bind(1, key)
    defer {
      find.reset()
      findKeys.reset()
    }
    guard try find.step(), try findKeys.step() else { return }
    ActivityPacking.unpack(find.bytes(0), findKeys.bytes(0), into: &list)
    for activity in list { known.insert(activity.identity) }
  }

  private func save(_ key: Int64) throws {
    ActivityPacking.pack(list, into: &data, &keys)
    data.withBytes { _ = put.bind(1, key).bind(2, $0) }
    try put.run()
    keys.withBytes { _ = putKeys.bind(1, key).bind(2, $0) }
    try putKeys.run()
  }

  /// Gives the activities of one contact to another, as a merge on the platform does.
  func move(from loser: Int64, to winner: Int64) throws {
    try load(loser)
    let moved = list
    guard !moved.isEmpty else { return }
    try load(winner)
    for activity in moved { takeOne(activity) }
    _ = takeGrown()
    list.sort(by: StoredActivity.precedes)
    try save(winner)
    try dirty.bind(1, winner).run()
  }
}
