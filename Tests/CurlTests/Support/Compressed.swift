/// Bodies that are compressed already.
enum Compressed {
  /// What all of them say.
  static let words = "the same words, packed"

  static let gzip: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 43, 201, 72, 85, 40, 78, 204, 77, 85, 40, 207, 47, 74, 41, 214, 81, 40,
    72,
    76, 206, 78, 77, 1, 0, 94, 21, 121, 251, 22, 0, 0, 0,
  ]

  static let brotli: [UInt8] = [
    27, 21, 0, 248, 165, 65, 88, 200, 202, 164, 36, 135, 12, 146, 68, 184, 130, 204, 155, 144, 228, 0,
  ]

  /// A zstd frame with one raw block (RFC 8878).
  static let zstd: [UInt8] =
    [0x28, 0xb5, 0x2f, 0xfd, 0x20, UInt8(words.utf8.count)]
    + [UInt8(1 | words.utf8.count << 3 & 0xff), UInt8(words.utf8.count >> 5), 0] + Array(words.utf8)

  /// A gzip stream that inflates to about `count` zeros. Its checksum is wrong, so nobody should get there.
  static func zeros(_ count: Int) -> [UInt8] {
    var writer = BitWriter(bytes: [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
    writer.write(0b1, 1)  // the last block
    writer.write(0b01, 2)  // fixed codes
    writer.writeCode(0b0011_0000, 8)  // the byte 0
    for _ in 0..<(count / 258) {
      writer.writeCode(0b1100_0101, 8)  // repeat 258 bytes
      writer.writeCode(0, 5)  // from one byte before
    }
    writer.writeCode(0, 7)  // the end
    return writer.bytes + [0, 0, 0, 0, 0, 0, 0, 0, 0]
  }

  /// Writes bits as deflate orders them (RFC 1951, section 3.1.1).
  private struct BitWriter {
    var bytes: [UInt8]
    private var used = 8

    init(bytes: [UInt8]) {
      self.bytes = bytes
    }

    mutating func write(_ value: Int, _ count: Int) {
      for bit in 0..<count {
        if used == 8 {
          bytes.append(0)
          used = 0
        }
        bytes[bytes.count - 1] |= UInt8(value >> bit & 1) << UInt8(used)
        used += 1
      }
    }

    /// Huffman codes begin with their highest bit.
    mutating func writeCode(_ code: Int, _ count: Int) {
      for bit in (0..<count).reversed() { write(code >> bit & 1, 1) }
    }
  }
}
