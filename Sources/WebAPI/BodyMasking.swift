import Foundation

/// A body as a trace may show it: masked, cut, and as a text.
struct BodyMasking {
  /// The text, or Base64 of what is no UTF-8.
  let text: String
  /// Whether the text is Base64.
  let isBase64: Bool
  /// That the body was cut; nil if it was not.
  let comment: String?

  /// - Parameter limit: bytes that are kept, before they are put into Base64.
  init(_ body: [UInt8], mimeType: String, limit: Int, redactor: Redactor) {
    let masked = redactor.redact(body, isForm: BodyMasking.isForm(mimeType), upTo: limit)
    if let text = BodyMasking.text(masked, isCut: body.count > limit) {
      self.text = text
      isBase64 = false
    } else {
      text = Data(masked).base64EncodedString()
      isBase64 = true
    }
    comment = body.count > limit ? "cut after \(limit) of \(body.count) bytes" : nil
  }

  /// `application/x-www-form-urlencoded`, whatever follows.
  static func isForm(_ mimeType: String) -> Bool {
    mimeType.lowercased().hasPrefix("application/x-www-form-urlencoded")
  }

  /// Nil if it is no UTF-8. A letter that was cut in two is left out.
  private static func text(_ bytes: [UInt8], isCut: Bool) -> String? {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    guard isCut, let lead = bytes.suffix(4).lastIndex(where: { $0 & 0xC0 != 0x80 }) else { return nil }
    return String(validating: bytes[..<lead], as: UTF8.self)
  }
}
