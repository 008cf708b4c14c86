import Platform
import Scoring

/// Makes activities of rows.
struct ActivityRows: RowTaker {
  private(set) var records: [ActivityRecord] = []
  /// How many were older than wanted.
  private(set) var older = 0
  private let times: TimeReader
  private let since: Timestamp
  private var texts = TextCache(bits: 13)
  private var addresses = AddressReader(bits: 13)
  private var kinds: [(bytes: [UInt8], kind: ActivityKind)] = []

  init(times: TimeReader, since: Timestamp, capacity: Int) {
    self.times = times
    self.since = since
    records.reserveCapacity(capacity)
  }

  mutating func take(_ row: RowValues) -> String? {
    let at = row.slots[3]
    guard let time = times.parse(at) else {
      return at.isEmpty ? "has no time in 'at'" : times.complaint("at", at)
    }
    guard time >= since else {
      older += 1
      return nil
    }
    guard let kind = kind(row.slots[2]) else { return Self.complaint(aboutKind: row.slots[2]) }
    let subject: Subject
    if !row.slots[0].isEmpty {
      subject = .contact(ContactID(texts.text(row.slots[0])))
    } else if let address = addresses.address(row.slots[1]) {
      subject = .address(address)
    } else {
      return Self.complaint(aboutAddress: row.slots[1])
    }
    let id = row.slots[7]
    var record = ActivityRecord(
      subject: subject, kind: kind, time: time,
      identity: id.isEmpty
        ? .content(StableHash.unkeyed.digest(UnsafeRawBufferPointer(row.raw))) : .id(id.text))
    if !row.slots[4].isEmpty { record.target = texts.text(row.slots[4]) }
    if !row.slots[5].isEmpty { record.campaign = texts.text(row.slots[5]) }
    if !row.slots[6].isEmpty {
      guard let value = row.slots[6].plainNumber else {
        return "value is \(PlainText.quoted(row.slots[6])), not a number such as 12.5"
      }
      record.value = value
    }
    records.append(record)
    return nil
  }

  private mutating func kind(_ bytes: Bytes) -> ActivityKind? {
    for index in kinds.indices where kinds[index].bytes.count == bytes.count {
      if kinds[index].bytes.withUnsafeBufferPointer({ $0.equals(bytes) }) { return kinds[index].kind }
    }
    guard let kind = ActivityKind(bytes.text) else { return nil }
    if kinds.count < 64 { kinds.append((Array(bytes), kind)) }
    return kind
  }

  /// Why nobody can be found for a row.
  static func complaint(aboutAddress bytes: Bytes) -> String {
    bytes.isEmpty ? "has neither contact nor email" : "\(PlainText.quoted(bytes)) is no e-mail address"
  }

  private static func complaint(aboutKind bytes: Bytes) -> String {
    guard !bytes.isEmpty else { return "has no kind" }
    let plain = bytes.text.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 }
    let near = ConnectionSettings.nearest(to: String(plain.prefix(40)), in: KnownKind.allCases.map(\.name))
    return "unknown kind \(PlainText.quoted(bytes)); "
      + (near.map { "did you mean '\($0)'" } ?? "a kind of your own is written custom:NAME")
  }
}
