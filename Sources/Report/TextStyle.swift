/// Colours for a terminal, or none.
public struct TextStyle: Sendable {
  /// Whether anything is coloured.
  public let hasColor: Bool

  /// No colours.
  public static let plain = TextStyle(hasColor: false)

  /// Colours or none.
  public init(hasColor: Bool) {
    self.hasColor = hasColor
  }

  /// A message of something that went wrong.
  public func failure(_ text: String) -> String { red(text) }

  func bold(_ text: String) -> String { code("1", text) }
  func dim(_ text: String) -> String { code("2", text) }
  func red(_ text: String) -> String { code("31", text) }
  func green(_ text: String) -> String { code("32", text) }
  func yellow(_ text: String) -> String { code("33", text) }

  private func code(_ code: String, _ text: String) -> String {
    hasColor && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// Texts from platforms and files as a terminal may show them, and columns of a known width.
public enum TerminalText {
  /// Control characters, separators of lines, and what turns the direction of writing, shown as `·`: hostile names
  /// must not move the cursor or hide what follows.
  public static func safe(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: result.append("·")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// How many columns a text takes.
  public static func width(_ text: String) -> Int {
    text.reduce(0) { $0 + width($1) }
  }

  /// The longest pictures are of about ten code points, joined.
  private static let mostPoints = 32

  private static func width(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    // No script has so many marks on a letter: without a bound one letter could fill the screen, and be no wider.
    let points = character.unicodeScalars.prefix(mostPoints + 1).count
    if points > mostPoints { return character.unicodeScalars.count }
    // A variation selector asks for the wide picture of what is a narrow sign by itself: ❤️.
    if scalar.properties.isEmojiPresentation
      || (scalar.properties.isEmoji && character.unicodeScalars.contains("\u{FE0F}"))
    {
      return 2
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    case 0x200B...0x200D, 0xFEFF: return 0
    default: return 1
    }
  }

  /// The text made safe and cut to a width, with `…` at the cut.
  public static func fitted(_ text: String, _ columns: Int) -> String {
    let text = safe(text)
    guard width(text) > columns else { return text }
    var result = ""
    var used = 0
    for character in text {
      let next = width(character)
      if used + next > columns - 1 { break }
      result.append(character)
      used += next
    }
    return result + "…"
  }

  static func left(_ text: String, _ columns: Int) -> String {
    let fitted = fitted(text, columns)
    let padded = fitted + String(repeating: " ", count: max(0, columns - width(fitted)))
    // A sign that belongs before another makes one character of it and the blank behind.
    return padded + String(repeating: " ", count: max(0, columns - width(padded)))
  }

  static func right(_ text: String, _ columns: Int) -> String {
    let fitted = fitted(text, columns)
    let padded = String(repeating: " ", count: max(0, columns - width(fitted))) + fitted
    // A text that begins with a mark makes one character of it and the blank before.
    return String(repeating: " ", count: max(0, columns - width(padded))) + padded
  }

  /// Words in lines of at most so many columns; a word that is longer than a line is cut.
  static func wrapped(_ text: String, _ columns: Int, indent: Int) -> [String] {
    let room = max(2, columns - indent)
    var lines: [String] = []
    var line = ""
    for word in safe(text).split(separator: " ").flatMap({ pieces(of: $0, room) }) {
      if line.isEmpty {
        line = word
      } else if width(line) + 1 + width(word) <= room {
        line += " " + word
      } else {
        lines.append(line)
        line = word
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map { String(repeating: " ", count: indent) + $0 }
  }

  private static func pieces(of word: Substring, _ room: Int) -> [String] {
    var pieces: [String] = []
    var piece = ""
    var used = 0
    for character in word {
      let next = width(character)
      if used + next > room {
        pieces.append(piece)
        (piece, used) = ("", 0)
      }
      piece.append(character)
      used += next
    }
    return pieces + [piece]
  }

  /// A number with its thousands apart: `1,234,567`.
  public static func number(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return (number < 0 ? "-" : "") + result
  }

  /// A number with its word: `1 contact`, `37 contacts`.
  static func count(_ number: Int, _ word: String) -> String {
    "\(self.number(number)) \(word)\(number == 1 ? "" : "s")"
  }
}
