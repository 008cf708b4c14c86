/// Looks for many secrets in one walk over a text.
struct SecretSearch: Sendable {
  private let spellings: [SecretSpelling]
  /// The spellings whose first character begins with a byte are `order[starts[byte]..<starts[byte + 1]]`.
  private let starts: [Int]
  private let order: [Int]
  /// The byte that follows the first if both are written as they are; nil if there is no telling.
  private let seconds: [UInt8?]

  init(_ secrets: [String] = []) {
    self.init(spellings: secrets.flatMap(SecretSpelling.all))
  }

  private init(spellings: [SecretSpelling]) {
    self.spellings = spellings
    seconds = spellings.map { spelling in
      let pair = spelling.scalars.prefix(2)
      guard pair.count == 2, pair.allSatisfy({ $0.isASCII && $0 != " " }) else { return nil }
      return pair.last.map { UInt8($0.value) }
    }
    let entries = spellings.indices.flatMap { index in
      SecretSearch.firstBytes(of: spellings[index]).map { (byte: Int($0), index: index) }
    }.sorted { $0.byte < $1.byte }
    order = entries.map(\.index)
    var starts = [Int](repeating: 0, count: 257)
    for entry in entries { starts[entry.byte + 1] += 1 }
    for byte in 0..<256 { starts[byte + 1] += starts[byte] }
    self.starts = starts
  }

  /// Looks for these too.
  func adding(_ secrets: [String]) -> SecretSearch {
    secrets.isEmpty ? self : SecretSearch(spellings: spellings + secrets.flatMap(SecretSpelling.all))
  }

  /// Where they stand; the ranges may overlap.
  func find(in text: [UInt8]) -> [Range<Int>] {
    guard !spellings.isEmpty else { return [] }
    var found: [Range<Int>] = []
    for at in text.indices {
      let byte = text[at]
      let (from, to) = (starts[Int(byte)], starts[Int(byte) + 1])
      if from < to { findLiteral(order[from..<to], in: text, at: at, into: &found) }
      if EscapedCharacter.isIntroducer(byte) || byte == UInt8(ascii: "+") {
        findEscaped(in: text, at: at, into: &found)
      }
    }
    return found
  }

  private func findLiteral(
    _ candidates: ArraySlice<Int>, in text: [UInt8], at start: Int, into found: inout [Range<Int>]
  ) {
    guard start + 1 < text.count else { return }
    let next = text[start + 1]
    for index in candidates {
      if let second = seconds[index], second != next, !EscapedCharacter.isIntroducer(next),
        !EscapedCharacter.isIntroducer(text[start])
      {
        continue
      }
      check(index, in: text, at: start, into: &found)
    }
  }

  private func findEscaped(in text: [UInt8], at start: Int, into found: inout [Range<Int>]) {
    for byte in EscapedCharacter.firstBytes(in: text, at: start) where byte != text[start] {
      for index in order[starts[Int(byte)]..<starts[Int(byte) + 1]] {
        check(index, in: text, at: start, into: &found)
      }
    }
  }

  private func check(_ index: Int, in text: [UInt8], at start: Int, into found: inout [Range<Int>]) {
    let spelling = spellings[index]
    guard let end = spelling.end(in: text, from: start) else { return }
    guard spelling.isBase64 else { return found.append(start..<end) }
    // A long run that holds it many times is walked once.
    if let last = found.last, last.lowerBound <= start, last.upperBound >= end { return }
    found.append(SecretSpelling.widened(start..<end, in: text))
  }

  /// In UTF-8 and, for the letters that it has, in Latin-1.
  private static func firstBytes(of spelling: SecretSpelling) -> [UInt8] {
    guard let first = spelling.scalars.first, let byte = UTF8.encode(first)?.first else { return [] }
    return (0x80...0xFF).contains(first.value) ? [byte, UInt8(first.value)] : [byte]
  }
}
