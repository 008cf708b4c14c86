import Foundation
import Platform

/// A file of what contacts' counters were, found by the contact's id.
///
/// It is a hash table on disk with open addressing, so that memory does not grow with the number of contacts.
/// What is lost with it is no more than the growth since the last reading.
final class CounterTable {
  /// What is known of one contact.
  struct Entry: Equatable {
    /// The reading in which `values` were seen.
    var reading: UInt32 = 0
    /// How many contacts had been merged into it by then.
    var merged: UInt32 = 0
    /// What the counters were in that reading.
    var values = [UInt32](repeating: CounterTable.unknown, count: CounterTable.width)
    /// What they were in the reading before in which the contact was seen.
    var before = [UInt32](repeating: CounterTable.unknown, count: CounterTable.width)
  }

  /// A counter that was not there.
  static let unknown = UInt32.max
  static let width = 8
  private static let magic: UInt64 = 0x4C47_434F_554E_5431
  private static let headSize = 24
  private static let rowSize = 16 + 8 * width

  private let path: String
  private var file: FileHandle
  private var capacity: UInt64
  private var count: UInt64

  /// Opens the file, and makes it if it is missing or is none of ours.
  init(path: String, capacity: UInt64 = 4_096) throws(ConnectorFailure) {
    self.path = path
    do {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      if let file = FileHandle(forUpdatingAtPath: path), let head = try file.read(upToCount: Self.headSize),
        head.count == Self.headSize, Self.word(head, 0) == Self.magic,
        try file.seekToEnd() == UInt64(Self.headSize) + Self.word(head, 8) * UInt64(Self.rowSize)
      {
        self.file = file
        self.capacity = Self.word(head, 8)
        count = Self.word(head, 16)
        return
      }
      file = try Self.make(path, capacity: capacity)
      self.capacity = capacity
      count = 0
    } catch {
      throw Self.failure(path)
    }
  }

  private static func make(_ path: String, capacity: UInt64) throws -> FileHandle {
    let descriptor = FreshFile.open(path, reads: true)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try file.truncate(atOffset: UInt64(headSize) + capacity * UInt64(rowSize))
    try file.seek(toOffset: 0)
    try file.write(contentsOf: bytes([magic, capacity, 0]))
    return file
  }

  private static func failure(_ path: String) -> ConnectorFailure {
    ConnectorFailure(
      .inputOutput, "the file \(path) cannot be read or written",
      cure: "Check its rights and the disk's space"
    )
  }

  /// What is known of a contact.
  func entry(of id: Int64) throws(ConnectorFailure) -> Entry? {
    do {
      let (_, row) = try find(UInt64(bitPattern: id))
      return row.map { Self.entry($0) }
    } catch {
      throw Self.failure(path)
    }
  }

  /// Puts what is known of a contact into the place of what was.
  func set(_ entry: Entry, of id: Int64) throws(ConnectorFailure) {
    do {
      let key = UInt64(bitPattern: id)
      var (place, row) = try find(key)
      if row == nil {
        if (count + 1) * 10 > capacity * 6 {
          try grow()
          (place, row) = try find(key)
        }
        count += 1
        try file.seek(toOffset: 16)
        try file.write(contentsOf: Self.bytes([count]))
      }
      try file.seek(toOffset: offset(place))
      try file.write(contentsOf: Self.row(key, entry))
    } catch {
      throw Self.failure(path)
    }
  }

  private func offset(_ place: UInt64) -> UInt64 { UInt64(Self.headSize) + place * UInt64(Self.rowSize) }

  /// The place of a contact, and what stands there; the first free one if it is not there.
  private func find(_ key: UInt64) throws -> (place: UInt64, row: Data?) {
    var place = (key &* 0x9E37_79B9_7F4A_7C15) >> 20 & (capacity - 1)
    while true {
      try file.seek(toOffset: offset(place))
      let row = try file.read(upToCount: Self.rowSize) ?? Data()
      guard row.count == Self.rowSize, Self.word(row, 0) != 0 else { return (place, nil) }
      if Self.word(row, 0) == key { return (place, row) }
      place = (place + 1) & (capacity - 1)
    }
  }

  /// Twice the size; the old file stays until the new one is whole.
  private func grow() throws {
    let (old, oldCapacity) = (file, capacity)
    file = try Self.make(path + ".new", capacity: oldCapacity * 2)
    capacity = oldCapacity * 2
    try old.seek(toOffset: UInt64(Self.headSize))
    while let rows = try old.read(upToCount: Self.rowSize * 512), !rows.isEmpty {
      for start in stride(from: 0, to: rows.count - Self.rowSize + 1, by: Self.rowSize) {
        let row = Data(rows[rows.startIndex + start..<rows.startIndex + start + Self.rowSize])
        let key = Self.word(row, 0)
        guard key != 0 else { continue }
        try file.seek(toOffset: offset(try find(key).place))
        try file.write(contentsOf: row)
      }
    }
    try file.seek(toOffset: 16)
    try file.write(contentsOf: Self.bytes([count]))
    try file.synchronize()
    guard rename(path + ".new", path) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  // MARK: Bytes

  private static func row(_ key: UInt64, _ entry: Entry) -> Data {
    var words: [UInt64] = [key, UInt64(entry.reading) | UInt64(entry.merged) << 32]
    for list in [entry.values, entry.before] {
      for index in stride(from: 0, to: width, by: 2) {
        words.append(UInt64(list[index]) | UInt64(list[index + 1]) << 32)
      }
    }
    return bytes(words)
  }

  private static func entry(_ row: Data) -> Entry {
    var entry = Entry()
    func pair(_ offset: Int) -> (UInt32, UInt32) {
      let word = word(row, offset)
      return (UInt32(truncatingIfNeeded: word), UInt32(truncatingIfNeeded: word >> 32))
    }
    (entry.reading, entry.merged) = pair(8)
    for index in stride(from: 0, to: width, by: 2) {
      (entry.values[index], entry.values[index + 1]) = pair(16 + 4 * index)
      (entry.before[index], entry.before[index + 1]) = pair(16 + 4 * (width + index))
    }
    return entry
  }

  private static func bytes(_ words: [UInt64]) -> Data {
    var data = Data(capacity: words.count * 8)
    for word in words { for shift in 0..<8 { data.append(UInt8(truncatingIfNeeded: word >> (8 * shift))) } }
    return data
  }

  private static func word(_ data: Data, _ offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(data[data.startIndex + offset + $1]) << (8 * $1) }
  }
}
