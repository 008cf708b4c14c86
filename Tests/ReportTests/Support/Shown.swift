import Foundation
import Testing

/// A report as a terminal shows it.
struct Shown {
  let lines: [String]

  init(_ text: String) {
    let plain = text.replacing(#/\u{1B}\[\d+m/#, with: "")
    lines = plain.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// All words one blank apart, so that a line's end does not matter.
  var words: String { lines.joined(separator: " ").split(separator: " ").joined(separator: " ") }

  /// No line is wider, and nothing in it moves the cursor or turns the writing.
  func expectTame(columns: Int, _ place: SourceLocation = #_sourceLocation) {
    for line in lines {
      #expect(Self.columns(of: line) <= columns, "\(line)", sourceLocation: place)
      let wild = line.unicodeScalars.filter { scalar in
        scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
          || (0x2028...0x2029).contains(scalar.value)
      }
      #expect(wild.isEmpty, "\(line.debugDescription)", sourceLocation: place)
    }
  }

  /// How many columns the texts of these tests take: 2 for a sign with a picture or an ideograph in it.
  static func columns(of line: String) -> Int {
    line.reduce(0) { sum, character in
      let isWide = character.unicodeScalars.contains {
        $0.value >= 0x1F000 || $0.value == 0xFE0F || (0x3000...0x9FFF).contains($0.value)
      }
      return sum + (isWide ? 2 : 1)
    }
  }
}

/// Texts as they come from platforms: Vietnamese in both forms, pictures, ideographs, and attacks.
enum WildText {
  static let names = [
    "Nguyễn Thị Thùy Dương", "Trần Đức".decomposedStringWithCanonicalMapping, "🎉🎉 Party 👨‍👩‍👧‍👦 Ltd 🇻🇳 ❤️",
    "株式会社日本電気通信販売事業部", "a\u{1B}[2J\u{1B}[31mred\u{7}\r\nnext", "\u{202E}gpj.exe\u{2066}\u{200F}\u{61C}",
    "line\u{2028}end\u{2029}s\u{85}", String(repeating: "very-long-word", count: 20), "",
  ]

  static let long = names.joined(separator: " ")
}
