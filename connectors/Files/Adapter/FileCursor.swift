import Foundation
import Platform
import Scoring

/// Where a stream stands: which content the last reading covers, and how far it has come.
struct FileCursor: Codable, Hashable, Sendable {
  static let currentVersion = 1

  var version = FileCursor.currentVersion
  /// Rises with every reading.
  var number: Int64
  var isContinuation: Bool
  /// Where the next row starts.
  var offset: Int64
  /// The physical line of the next row.
  var line: Int
  /// How much of the file the reading covers; bytes added later belong to the next one.
  var size: Int64
  /// The digest of so much.
  var digest: UInt64
  /// The file's signature when the digest was last known to be right; nil if there was no file.
  var signature: FileSignature?
  /// Activities older than this were left out, in seconds since 1970.
  var since: Int64
  /// Header and mapping by which the rows were read.
  var fingerprint: UInt64
  var isDone = false
  /// True if a quote was open at the end, so that the end is not the end of a row.
  var endsInQuote = false
  /// True if more rows after the end are further rows and change none of those before.
  var endsCleanly = false

  /// The reading as pages name it.
  var reading: Reading { Reading(number: number, isContinuation: isContinuation) }

  /// The cursor as the store keeps it.
  var encoded: Cursor {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(self) else { return Cursor("") }
    return Cursor(String(decoding: data, as: UTF8.self))
  }

  /// Reads a cursor back; nil for one that is not of this version or none of ours.
  init?(_ cursor: Cursor?) {
    guard let cursor, let read = try? JSONDecoder().decode(FileCursor.self, from: Data(cursor.text.utf8)),
      read.version == Self.currentVersion, read.offset >= 0, read.offset <= read.size, read.line >= 1
    else { return nil }
    self = read
  }

  /// The start of a reading.
  init(
    number: Int64, isContinuation: Bool, offset: Int64, line: Int, size: Int64, digest: UInt64,
    signature: FileSignature?, since: Timestamp, fingerprint: UInt64
  ) {
    self.number = number
    self.isContinuation = isContinuation
    self.offset = offset
    self.line = line
    self.size = size
    self.digest = digest
    self.signature = signature
    self.since = since.seconds
    self.fingerprint = fingerprint
  }

  /// True if the file has exactly the content that this finished reading covers.
  func covers(_ file: borrowing OpenFile) throws(ConnectorFailure) -> Bool {
    guard isDone, let signature, file.signature.size == size else { return false }
    if signature == file.signature { return true }
    return try file.digests(upTo: [size]) == [digest]
  }
}
