import Scoring

/// One activity as it is kept: integers and one number.
struct StoredActivity {
  var time: Int64
  /// NaN if there is none.
  var value: Double
  /// By what it is recognised, 64 bits.
  var identity: UInt64
  var target: TextID
  var campaign: TextID
  var kind: UInt32

  /// Oldest first, then by identity.
  @inline(__always)
  static func precedes(_ left: StoredActivity, _ right: StoredActivity) -> Bool {
    left.time != right.time ? left.time < right.time : left.identity < right.identity
  }
}

/// A contact's activities in two columns of bytes: what scoring reads, and the identities that only merging
/// needs. Both hold the activities in the same order, oldest first.
///
/// An activity is a head byte, the seconds since the one before, and whatever the head announces; mostly six
/// to ten bytes.
enum ActivityPacking {
  private static let hasTarget: UInt8 = 1
  private static let hasCampaign: UInt8 = 2
  private static let hasWholeValue: UInt8 = 4
  private static let hasValue: UInt8 = 8

  static func pack(
    _ activities: some Sequence<StoredActivity>, into data: inout ByteWriter, _ keys: inout ByteWriter
  ) {
    data.removeAll()
    keys.removeAll()
    var previous: Int64 = 0
    for activity in activities {
      var head: UInt8 = 0
      if activity.target != 0 { head |= hasTarget }
      if activity.campaign != 0 { head |= hasCampaign }
      let whole = Int64(exactly: activity.value)
      if whole != nil { head |= hasWholeValue } else if !activity.value.isNaN { head |= hasValue }
      data.byte(head)
      data.varint(UInt64(activity.kind))
      data.signed(activity.time - previous)
      previous = activity.time
      if activity.target != 0 { data.varint(UInt64(activity.target)) }
      if activity.campaign != 0 { data.varint(UInt64(activity.campaign)) }
      if let whole {
        data.signed(whole)
      } else if !activity.value.isNaN {
        data.word(activity.value.bitPattern)
      }
      keys.word(activity.identity)
    }
  }

  @inline(__always)
  private static func next(_ reader: inout ByteReader, after previous: Int64) -> StoredActivity {
    let head = reader.byte()
    let kind = UInt32(truncatingIfNeeded: reader.varint())
    let time = previous &+ reader.signed()
    let target = head & hasTarget != 0 ? TextID(truncatingIfNeeded: reader.varint()) : 0
    let campaign = head & hasCampaign != 0 ? TextID(truncatingIfNeeded: reader.varint()) : 0
    var value = Double.nan
    if head & hasWholeValue != 0 {
      value = Double(reader.signed())
    } else if head & hasValue != 0 {
      value = Double(bitPattern: reader.word())
    }
    return StoredActivity(
      time: time, value: value, identity: 0, target: target, campaign: campaign, kind: kind)
  }

  /// Adds a contact's activities to a person.
  static func unpack(
    _ bytes: UnsafeRawBufferPointer, into person: inout PersonBuffer, contact: UInt16, connection: UInt8
  ) {
    var reader = ByteReader(bytes)
    var previous: Int64 = 0
    while !reader.isAtEnd {
      let activity = next(&reader, after: previous)
      previous = activity.time
      person.append(
        PersonBuffer.Entry(
          time: activity.time, value: activity.value, target: activity.target, campaign: activity.campaign,
          kind: activity.kind, contact: contact, connection: connection))
    }
  }

  static func unpack(
    _ bytes: UnsafeRawBufferPointer, _ keys: UnsafeRawBufferPointer,
    into list: inout ContiguousArray<StoredActivity>
  ) {
    var (reader, keyReader) = (ByteReader(bytes), ByteReader(keys))
    var previous: Int64 = 0
    while !reader.isAtEnd {
      var activity = next(&reader, after: previous)
      previous = activity.time
      activity.identity = keyReader.word()
      list.append(activity)
    }
  }
}
