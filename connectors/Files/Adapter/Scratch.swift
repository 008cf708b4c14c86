/// Room for the values of one row that do not stand in the file as they are meant.
final class Scratch {
  private let base: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  private var used = 0
  private var start = 0

  /// A value is never longer than the text it stands for, so a row's length is enough.
  init(capacity: Int) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  /// Forgets all values: a new row begins.
  func reset() {
    used = 0
    start = 0
  }

  /// Starts a value.
  func begin() { start = used }

  func append(_ byte: UInt8) {
    precondition(used < capacity, "a value is longer than its row")
    base[used] = byte
    used += 1
  }

  func append(_ scalar: Unicode.Scalar) {
    for byte in UTF8.encode(scalar).map({ $0 }) ?? UTF8.encodedReplacementCharacter { append(byte) }
  }

  /// The value that was begun.
  func finished() -> Bytes { Bytes(start: base + start, count: used - start) }

  /// A quoted field with its doubled quotes made single.
  func undoubled(_ bytes: Bytes) -> Bytes {
    begin()
    var at = 0
    while at < bytes.count {
      append(bytes[at])
      at += bytes[at] == UInt8(ascii: "\"") ? 2 : 1
    }
    return finished()
  }
}
