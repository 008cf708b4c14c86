import Foundation

/// A file that is written from front to back in large pieces.
struct BufferedFile {
  let path: String
  private let handle: FileHandle
  private var buffer: [UInt8] = []
  private static let piece = 1 << 20

  /// Opens a new file, or an existing one behind its last byte.
  init(path: String, append: Bool = false) throws(SandboxFailure) {
    self.path = path
    if !append, !FileManager.default.createFile(atPath: path, contents: nil) {
      throw SandboxFailure(path: path, reason: String(cString: strerror(errno)))
    }
    do {
      handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      if append { try handle.seekToEnd() }
    } catch {
      throw SandboxFailure(path: path, reason: error.localizedDescription)
    }
    buffer.reserveCapacity(Self.piece + 4_096)
  }

  mutating func add(_ bytes: [UInt8]) {
    buffer.append(contentsOf: bytes)
  }

  mutating func add(_ text: StaticString) {
    buffer.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func add(_ byte: UInt8) {
    buffer.append(byte)
  }

  /// A text that needs no quotes.
  mutating func add(plain text: String) {
    buffer.append(contentsOf: text.utf8)
  }

  /// A text that may need them.
  mutating func add(field text: String) {
    let isPlain = text.utf8.allSatisfy { $0 != 0x22 && $0 != 0x2C && $0 != 0x0A && $0 != 0x0D }
    if isPlain { add(plain: text) } else { add(Catalogue.field(text)) }
  }

  /// Digits with zeros in front up to a width.
  mutating func add(number: Int, width: Int = 1) {
    var divisor = 1
    var digits = 1
    while digits < width || number / divisor >= 10 {
      divisor *= 10
      digits += 1
    }
    while divisor > 0 {
      buffer.append(UInt8(0x30 + number / divisor % 10))
      divisor /= 10
    }
  }

  /// Ends a row.
  mutating func endRow() throws(SandboxFailure) {
    buffer.append(0x0A)
    if buffer.count >= Self.piece { try flush() }
  }

  /// Writes what is left.
  mutating func close() throws(SandboxFailure) {
    try flush()
    do {
      try handle.close()
    } catch {
      throw SandboxFailure(path: path, reason: error.localizedDescription)
    }
  }

  private mutating func flush() throws(SandboxFailure) {
    do {
      try handle.write(contentsOf: Data(buffer))
    } catch {
      throw SandboxFailure(path: path, reason: error.localizedDescription)
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
