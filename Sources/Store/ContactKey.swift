import Platform
import Scoring

/// The number under which a contact, or an address that activities name, is kept.
struct ContactKey: Hashable, Sendable {
  let value: Int64

  /// Keys of the same leading bits are kept and worked on together.
  static let bucketCount = 1_024
  private static let bucketShift: Int64 = 53

  init(_ value: Int64) {
    self.value = value
  }

  /// A contact of a connection.
  init(_ contact: ContactID, connection: Int64, hash: StableHash) {
    value = Int64(bitPattern: hash.digest(contact.text, seed: UInt64(bitPattern: connection) << 1) >> 1)
  }

  /// An address as a connection's activities name it.
  init(_ address: EmailAddress, connection: Int64, hash: StableHash) {
    value = Int64(
      bitPattern: hash.digest(address.normalized, seed: UInt64(bitPattern: connection) << 1 | 1) >> 1)
  }

  var bucket: Int { Int(value >> Self.bucketShift) }

  /// All keys of a bucket.
  static func range(of bucket: Int) -> ClosedRange<Int64> {
    let first = Int64(bucket) << bucketShift
    return first...(first | (1 << bucketShift - 1))
  }
}
