/// Tags come as Mautic stores them: with `&`, `<`, `>` and quotes as HTML entities (`R&#38;D`, seen on 5.1.1).
enum EscapedText {
  private static let characters: [Substring: Character] = [
    "#38": "&", "#60": "<", "#62": ">", "#34": "\"", "#39": "'", "#039": "'", "amp": "&", "lt": "<",
    "gt": ">",
    "quot": "\"", "apos": "'",
  ]

  /// The text as somebody wrote it.
  static func plain(_ text: String) -> String {
    var rest = text[...]
    var plain = ""
    while let start = rest.firstIndex(of: "&") {
      plain += rest[..<start]
      rest = rest[rest.index(after: start)...]
      guard let end = rest.prefix(5).firstIndex(of: ";"), let character = characters[rest[..<end]] else {
        plain.append("&")
        continue
      }
      plain.append(character)
      rest = rest[rest.index(after: end)...]
    }
    return plain + rest
  }
}
