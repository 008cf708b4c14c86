import Foundation
import Platform
import Sync

/// Texts as a page may hold them. Everything that comes from platforms and files is hostile until it went through
/// here.
enum HTMLText {
  /// For elements and for attributes between quotes; control characters and what turns the direction of writing
  /// are shown as `·`.
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in TerminalText.safe(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A JSON text that may stand inside a script element: no `<`, so that nothing in it ends the element or begins
  /// a comment, and no line separators.
  static func json(_ text: String) -> String {
    inScript(PlanJSON.quote(TerminalText.safe(text)))
  }

  private static func inScript(_ json: String) -> String {
    guard json.utf8.contains(where: { $0 == 0x3C || $0 == 0x3E || $0 == 0x26 }) else { return json }
    return json.escaping(["<": "\\u003c", ">": "\\u003e", "&": "\\u0026"])
  }

  /// How a policy of content names an inline script or style: `'sha256-…'`.
  static func policyHash(_ text: String) -> String {
    let hex = Array(SHA256.hex(of: text.utf8).utf8)
    let bytes = stride(from: 0, to: hex.count - 1, by: 2).compactMap {
      UInt8(String(decoding: hex[$0...$0 + 1], as: UTF8.self), radix: 16)
    }
    return "'sha256-\(Data(bytes).base64EncodedString())'"
  }
}
