import Foundation

/// A piece of a canary as it may stand in a file.
struct CanarySpelling: Hashable, Sendable {
  /// What kind of spelling it is, for whoever reads of a hit.
  let kind: String
  let bytes: [UInt8]

  /// A secret that was cut off has to be found too, as long as so many of its first or last characters are left.
  private static let pieceLength = 8

  /// Every spelling of every piece; where two are alike, the plainer one.
  static func all(of canary: Canary) -> [CanarySpelling] {
    var seen: Set<[UInt8]> = []
    return (canary.isWord ? [canary.text] : pieces(of: canary.text)).flatMap(spellings)
      .filter { seen.insert($0.bytes).inserted }
  }

  private static func pieces(of text: String) -> [String] {
    let starts = stride(from: 0, to: max(1, text.count - pieceLength + 1), by: pieceLength)
    // The last ones may share characters.
    return starts.map { String(text.dropFirst($0).prefix(pieceLength)) } + [String(text.suffix(pieceLength))]
  }

  private static func spellings(of piece: String) -> [CanarySpelling] {
    let encoded = percentEncoded(piece)
    let bases = [piece, encoded[0]].flatMap(base64)
    let hex = piece.utf8.map { String(format: "%02x", $0) }.joined()
    return [CanarySpelling("plain", piece)] + encoded.map { CanarySpelling("percent-encoded", $0) }
      + escaped(piece).map { CanarySpelling("escaped", $0) } + bases.map { CanarySpelling("Base64", $0) }
      + [hex, hex.uppercased()].map { CanarySpelling("hex", $0) }
  }

  private init(_ kind: String, _ text: String) {
    self.kind = kind
    bytes = Array(text.utf8)
  }

  /// Encoders differ in the characters that they leave, in the blank, and in the case of their digits.
  private static func percentEncoded(_ text: String) -> [String] {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    let left = [letters + "0123456789-._~", letters + "0123456789", letters, ""].map(CharacterSet.init)
    let all = (left + [.urlQueryAllowed, .urlPathAllowed]).compactMap {
      text.addingPercentEncoding(withAllowedCharacters: $0)
    }
    let forms = all + all.map { $0.replacing("%20", with: "+") }
    return forms + forms.map { $0.replacing(#/%[0-9A-F]{2}/#) { $0.output.lowercased() } }
  }

  /// As in JSON, with slashes and letters beyond ASCII as they are or escaped, in JSON within JSON, and in HTML.
  private static func escaped(_ text: String) -> [String] {
    let json = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let slashes = json.replacing("/", with: "\\/")
    let forms = [json, slashes, unicode(json), unicode(slashes)]
    let twice = forms.map { $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }
    let html = text.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
    return forms + twice + (forms + twice).map { $0.replacing(#/\\u[0-9a-f]{4}/#) { upper($0.output) } } + [
      html
    ]
  }

  private static func unicode(_ text: String) -> String {
    text.utf16.map { $0 < 0x80 ? String(UnicodeScalar(UInt8($0))) : String(format: "\\u%04x", $0) }.joined()
  }

  private static func upper(_ escape: Substring) -> String {
    "\\u" + escape.suffix(4).uppercased()
  }

  /// At each of the three places in a group of three bytes, without the characters that hold bits of what stands
  /// before or behind.
  private static func base64(_ text: String) -> [String] {
    (0..<3).flatMap { shift -> [String] in
      let bytes = [UInt8](repeating: 0, count: shift) + Array(text.utf8)
      let all = Data(bytes).base64EncodedString().prefix { $0 != "=" }
      let core = String(all.prefix(bytes.count * 8 / 6).dropFirst((shift * 8 + 5) / 6))
      let url = core.replacing("+", with: "-").replacing("/", with: "_")
      let encoded = core.replacing("+", with: "%2B").replacing("/", with: "%2F")
      let lower = core.replacing("+", with: "%2b").replacing("/", with: "%2f")
      return [core, url, encoded, lower, core.replacing("/", with: "\\/")]
    }
  }
}
