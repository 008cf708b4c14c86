/// The sentence by which a platform says what it did not like.
enum PlatformMessage {
  /// Looks where RFC 6749 and the usual platforms put it, and masks secrets; nil if there is none.
  static func find(in body: [UInt8], redactor: Redactor) -> String? {
    guard let answer = try? JSONValue.parse(body) else { return nil }
    let candidates = [
      answer["error_description"], answer["errors"][0]["message"], answer["errors"]["0"]["message"],
      answer["error"]["message"], answer["message"], answer["error"],
    ]
    for candidate in candidates {
      guard candidate.isText, let text = candidate.text else { continue }
      // Masked before it is cut, or the first half of a secret might be left.
      let line = String(redactor.redact(oneLine(text)).prefix(200))
      if !line.isEmpty { return line }
    }
    return nil
  }

  /// Without line ends and control characters.
  private static func oneLine(_ text: String) -> String {
    let words = text.unicodeScalars.split { $0.value <= 0x20 || $0.value == 0x7F }
    return words.map { String($0) }.joined(separator: " ")
  }
}
