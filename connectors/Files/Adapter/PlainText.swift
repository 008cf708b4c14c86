import Scoring

/// Slow but complete readers of what the fast ones leave aside.
enum PlainText {
  static func number(_ text: String) -> Double? { PlainNumber.parse(text) }

  /// A value of a file as it is shown in a message: short, on one line.
  static func quoted(_ bytes: Bytes) -> String {
    let text = bytes.text
    let line = String(
      String.UnicodeScalarView(text.unicodeScalars.prefix(60).map { $0.value < 0x20 ? " " : $0 }))
    return "'\(line)\(text.unicodeScalars.count > 60 ? "…" : "")'"
  }
}
