import Foundation

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

  /// A gzip stream that begins to inflate to about `count` zeros and then breaks off, so nobody should get to
  /// its end.
  static func zeros(_ count: Int) -> [UInt8] {
    var writer = BitWriter(bytes: [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
    writer.write(0b1, 1)  // the last block
    writer.write(0b01, 2)  // fixed codes
    writer.writeCode(0b0011_0000, 8)  // the byte 0
    for _ in 0..<16 {
      writer.writeCode(0b1100_0101, 8)  // repeat 258 bytes
      writer.writeCode(0, 5)  // from one byte before
    }
    // Eight repetitions have 13 whole bytes, so the bytes repeat themselves too.
    var bytes = Array(writer.bytes.dropLast())
    bytes.reserveCapacity(count / 158)
    while bytes.count < count / 258 * 13 / 8 { bytes.append(bytes[bytes.count - 13]) }
    return bytes
  }

  /// A zstd frame of `count` MiB of zeros: blocks of 128 KiB that say one byte many times (RFC 8878).
  static func zstdZeros(mebibytes count: Int) -> [UInt8] {
    var bytes: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]  // a window of 128 KiB
    for number in 1...(count * 8) {
      let head = (128 << 13) | 1 << 1 | (number == count * 8 ? 1 : 0)
      bytes += [UInt8(head & 255), UInt8(head >> 8 & 255), UInt8(head >> 16), 0]
    }
    return bytes
  }

  /// 1 GiB of zeros, packed by `brotli -q 9`.
  static let brotliZeros: [UInt8] = {
    let text = """
      z///fwAkAOKxQHLv//n//w+ABEAcFoDu/T////8BkACIwwLQvf/n//8/ABIAcVgAuvf//P//B0ACIA4LQPf+n////wBIAMRhAeje
      //P//x8ACYA4LADd+3/+//8DIAEQhwWge//P//9/ACQA4rAAdO//+f//D4AEQBwWgO79P////wGQAIjDAtC9/+f//z8AEgBxWAC6
      9//8//8HQAIgDgtA9/6f////AEgAxGEB6N7/8///HwAJgDgsAN37f/7//wMgARCHBaB7/8///38AJADisAB07//5//8PgARAHBaA
      7v0/////AZAAiMMC0L3/5///PwASAHFYALr3//z//wdAAiAOC0D3/p////8ASADEYQHo3v/z//8fAAmAOCwA3ft//v//AyABEIcF
      oHv/z///fwAkAOKwAHTv//n//w+ABEAcFoDu/T////8BkACIwwLQvf/n//8/ABIAcVgAuvf//P//B0ACIA4LQPf+n////wBIAMRh
      Aeje//P//x8ACYA4LADd+3/+//8DIAEQhwWge//P//9/ACQA4rAAdO//+f//D4AEQBwWgO79P////wGQAIjDAtC9/+f//z8AEgBx
      WAC69//8//8HQAIgDgtA9/6f////AEgAxGEB6N7/8///HwAJgDgsAN37f/7//wMgARCHBaB7/8///38AJADisAB07//5//8PgARA
      HBaA7v0/////AZAAiMMC0L3/5///PwASAHFYALr3//z//wdAAiAOC0D3/p////8ASADEYQHo3v/z//8fAAmAOCwA3ft//v//AyAB
      EIcFoHv/z///fwAkAOKwAHTv//n//w+ABEAcFoDu/T////8BkACIwwLQvf/n//8/ABIAcVgAuvf//P//B0ACIA4LQPf+n////wBI
      AMRhAeje//P//x8ACYA4LADd+3/+//8DIAEQhwWge//P//9/ACQA4rAAdO//+f//D4AEQBwWgO79P////wGQAIjDAtC9/+f//z8A
      EgBxWAC69//8//8HQAIgDgtA9/6f////AEgAxGEB6N7/8///HwAJgDgsAN37f/7//wMgARCHBaB7/z8=
      """
    return Data(base64Encoded: text, options: .ignoreUnknownCharacters).map { Array($0) } ?? []
  }()

  /// A gzip stream that holds bytes, fewer than 65,536, as they are.
  static func wrapped(_ bytes: [UInt8]) -> [UInt8] {
    func little(_ value: UInt32, _ count: UInt32) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let count = UInt32(bytes.count)
    return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(count, 2) + little(~count, 2) + bytes
      + little(checksum(bytes), 4) + little(count, 4)
  }

  /// The CRC-32 of RFC 1952, section 8.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { checksum, byte in
      (0..<8).reduce(checksum ^ UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0xedb8_8320 : rest >> 1
      }
    }
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
