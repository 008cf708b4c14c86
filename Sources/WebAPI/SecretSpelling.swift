import Foundation

/// One way in which a secret may stand in a text: its characters, or its Base64.
///
/// Each character is found in any spelling that `EscapedCharacter` knows, in any mixture, since encoders
/// differ in what they encode. Base64 is looked for at each of the three places where the secret may begin
/// within a group of three bytes, as in `base64(user:password)`.
struct SecretSpelling: Sendable {
  let scalars: [Unicode.Scalar]
  /// The run of Base64 around it has to go with it: its edges hold bits of the secret too.
  let isBase64: Bool

  /// All the ways to look for a secret.
  static func all(of secret: String) -> [SecretSpelling] {
    let texts = readings(of: secret).filter { $0.count >= 4 }
    var seen: Set<[UInt8]> = []
    let cores = texts.flatMap(base64Cores).filter { seen.insert($0).inserted }
    return texts.map { SecretSpelling(scalars: Array($0.unicodeScalars), isBase64: false) }
      + cores.map { SecretSpelling(scalars: $0.map { Unicode.Scalar($0) }, isBase64: true) }
  }

  /// The secret, without the line end that was read from a file but is not sent, and as servers may normalise
  /// letters with marks.
  private static func readings(of secret: String) -> [String] {
    var readings = [secret]
    func add(_ text: String) {
      // Texts are equal for Swift if they differ by normalisation alone.
      if !readings.contains(where: { $0.utf8.elementsEqual(text.utf8) }) { readings.append(text) }
    }
    if secret.first?.isWhitespace == true || secret.last?.isWhitespace == true {
      add(secret.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    if !secret.utf8.allSatisfy({ $0 < 0x80 }) {
      for text in readings {
        add(text.precomposedStringWithCanonicalMapping)
        add(text.decomposedStringWithCanonicalMapping)
      }
    }
    return readings
  }

  /// The end of the longest match that begins at `start`; nil if there is none.
  func end(in text: [UInt8], from start: Int) -> Int? {
    var at = start
    var index = 0
    // Most places differ after a letter or two: told without a set.
    while index < scalars.count, at < text.count, scalars[index].isASCII,
      !EscapedCharacter.isIntroducer(text[at]), text[at] != UInt8(ascii: "+")
    {
      guard UInt32(text[at]) == scalars[index].value else { return nil }
      at += 1
      index += 1
    }
    // Several ends, since a character may be read in two ways: `%41` is three characters or one.
    var ends = [at]
    var next: [Int] = []
    for scalar in scalars[index...] {
      next.removeAll(keepingCapacity: true)
      for end in ends { EscapedCharacter.ends(of: scalar, in: text, from: end, into: &next) }
      if next.isEmpty { return nil }
      if next.count > 1 { next = Array(Set(next)) }
      swap(&ends, &next)
    }
    return ends.max()
  }

  /// The whole run of Base64 around a place.
  static func widened(_ range: Range<Int>, in text: [UInt8]) -> Range<Int> {
    var (from, to) = (range.lowerBound, range.upperBound)
    while from > 0, isBase64(text[from - 1]) { from -= 1 }
    while to < text.count, isBase64(text[to]) { to += 1 }
    // Only the end is filled up with it; before the run it belongs to `name=`.
    while to < text.count, text[to] == UInt8(ascii: "=") { to += 1 }
    return from..<to
  }

  static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// The Base64 characters that depend on the secret alone, for each of the three places, in both alphabets.
  private static func base64Cores(of text: String) -> [[UInt8]] {
    var spellings = [Array(text.utf8)]
    let scalars = text.unicodeScalars
    if spellings[0].count > scalars.count, scalars.allSatisfy({ $0.value <= 0xFF }) {
      spellings.append(scalars.map { UInt8($0.value) })
    }
    // OAuth clients encode their secret before they put it into Basic credentials (RFC 6749, section 2.3.1).
    let encoded = Array(PercentEncoding.encode(text).utf8)
    if encoded.count > spellings[0].count { spellings.append(encoded) }
    return spellings.flatMap { bytes in
      (0..<3).flatMap { shift in
        let core = core(of: bytes, shift: shift, alphabet: alphabet)
        return core.contains(where: "+/".utf8.contains)
          ? [core, self.core(of: bytes, shift: shift, alphabet: urlAlphabet)] : [core]
      }
    }
  }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let urlAlphabet = Array(alphabet.dropLast(2) + "-_".utf8)

  /// A character holds six bits; those that share bits with a neighbour of the secret are left out.
  private static func core(of secret: [UInt8], shift: Int, alphabet: [UInt8]) -> [UInt8] {
    let bytes = [UInt8](repeating: 0, count: shift) + secret
    return ((shift * 8 + 5) / 6..<bytes.count * 8 / 6).map { index in
      let bit = index * 6
      let next = bit / 8 + 1 < bytes.count ? bytes[bit / 8 + 1] : 0
      let pair = UInt16(bytes[bit / 8]) << 8 | UInt16(next)
      return alphabet[Int(pair >> UInt16(10 - bit % 8) & 63)]
    }
  }
}
