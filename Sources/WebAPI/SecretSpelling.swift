import Foundation

/// One secret in all the forms in which it may stand in a text.
///
/// Every character is looked for as it is, percent-encoded, and escaped as in JSON, in any mixture, since
/// encoders differ in what they encode. Base64 is looked for at each of the three places where the secret
/// may begin within a group of three bytes, as in `base64(user:password)`.
struct SecretSpelling: Sendable {
  private struct Form {
    let bytes: [UInt8]
    /// Hexadecimal digits are written in either case.
    let ignoresCase: Bool
  }

  private let characters: [[Form]]
  private let base64: [[[Form]]]

  init(_ secret: String) {
    characters = SecretSpelling.forms(of: secret)
    base64 = SecretSpelling.base64Cores(of: secret).map { SecretSpelling.forms(of: $0) }
  }

  /// Where the secret stands, in any form; the ranges may overlap.
  func find(in text: [UInt8]) -> [Range<Int>] {
    SecretSpelling.places(of: characters, in: text)
      + base64.flatMap { core in
        SecretSpelling.places(of: core, in: text).map { SecretSpelling.widened($0, in: text) }
      }
  }

  private static func places(of characters: [[Form]], in text: [UInt8]) -> [Range<Int>] {
    guard let first = characters.first else { return [] }
    var begins = [Bool](repeating: false, count: 256)
    for form in first {
      for byte in form.bytes.prefix(1) { begins[Int(byte)] = true }
    }
    return text.indices.compactMap { start in
      guard begins[Int(text[start])] else { return nil }
      return end(of: characters, in: text, from: start).map { start..<$0 }
    }
  }

  /// The end of the longest match; nil if there is none.
  private static func end(of characters: [[Form]], in text: [UInt8], from start: Int) -> Int? {
    // A set, since a character may be read in two ways: `%41` is three characters or one.
    var ends: Set<Int> = [start]
    for forms in characters {
      var next: Set<Int> = []
      for end in ends {
        for form in forms where stands(form, in: text, at: end) { next.insert(end + form.bytes.count) }
      }
      if next.isEmpty { return nil }
      ends = next
    }
    return ends.max()
  }

  private static func stands(_ form: Form, in text: [UInt8], at start: Int) -> Bool {
    guard form.bytes.count <= text.count - start else { return false }
    for (index, byte) in form.bytes.enumerated() {
      let seen = text[start + index]
      guard seen == byte || form.ignoresCase && lowered(seen) == lowered(byte) else { return false }
    }
    return true
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  private static func forms(of text: String) -> [[Form]] {
    text.unicodeScalars.map { scalar in
      let character = String(Character(scalar))
      var forms = [Form(bytes: Array(character.utf8), ignoresCase: false)]
      forms.append(
        Form(bytes: character.utf8.flatMap { [UInt8(ascii: "%")] + hex($0) }, ignoresCase: true))
      forms.append(
        Form(
          bytes: character.utf16.flatMap {
            Array("\\u".utf8) + hex(UInt8($0 >> 8)) + hex(UInt8($0 & 0xFF))
          }, ignoresCase: true))
      if let short = shortEscapes[scalar] { forms.append(Form(bytes: Array(short.utf8), ignoresCase: false)) }
      if scalar == " " { forms.append(Form(bytes: [UInt8(ascii: "+")], ignoresCase: false)) }
      return forms
    }
  }

  private static let shortEscapes: [Unicode.Scalar: String] = [
    "\"": #"\""#, "\\": #"\\"#, "/": #"\/"#, "\n": #"\n"#, "\r": #"\r"#, "\t": #"\t"#, "\u{8}": #"\b"#,
    "\u{C}": #"\f"#,
  ]

  private static func hex(_ byte: UInt8) -> [UInt8] {
    [Hexadecimal.digit(byte >> 4), Hexadecimal.digit(byte & 15)]
  }

  /// The Base64 characters that depend on the secret alone, for each of the three places, in both alphabets.
  private static func base64Cores(of secret: String) -> Set<String> {
    var cores: Set<String> = []
    for shift in 0..<3 {
      let bytes = [UInt8](repeating: 0, count: shift) + Array(secret.utf8)
      let encoded = Data(bytes).base64EncodedString()
      // A character holds six bits; those that share bits with a neighbour of the secret are left out.
      let core = String(encoded.prefix(bytes.count * 8 / 6).dropFirst((shift * 8 + 5) / 6))
      cores.insert(core)
      cores.insert(core.replacing("+", with: "-").replacing("/", with: "_"))
    }
    return cores
  }

  /// The whole run of Base64 around a place: its edges hold bits of the secret too.
  private static func widened(_ range: Range<Int>, in text: [UInt8]) -> Range<Int> {
    var (from, to) = (range.lowerBound, range.upperBound)
    while from > 0, isBase64(text[from - 1]) { from -= 1 }
    while to < text.count, isBase64(text[to]) { to += 1 }
    return from..<to
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="),
      UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
