import Foundation
import Testing

@testable import Report

@Suite("Texts on a terminal")
struct TerminalTextTests {
  @Test(
    "what could move the cursor, end the line or turn the writing is shown as a dot",
    arguments: [
      0x00, 0x07, 0x08, 0x09, 0x0A, 0x0D, 0x1B, 0x7F, 0x80, 0x9B, 0x9F, 0x61C, 0x200E, 0x200F, 0x2028, 0x2029,
      0x202A, 0x202E, 0x2066, 0x2069,
    ] as [UInt32])
  func safe(value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    #expect(TerminalText.safe("a\(Character(scalar))z") == "a·z")
  }

  @Test("all other text is left alone", arguments: ["Nguyễn Thị Thùy Dương", "👨‍👩‍👧 🇻🇳 ❤️", "日本 é ~ ·", ""])
  func untouched(text: String) {
    #expect(Array(TerminalText.safe(text).unicodeScalars) == Array(text.unicodeScalars))
  }

  @Test(
    "columns",
    arguments: [
      ("", 0), ("abc", 3), ("Trần", 4), ("Trần".decomposedStringWithCanonicalMapping, 4), ("đĐ", 2),
      ("日本", 4),
      ("한글", 4), ("한글".decomposedStringWithCanonicalMapping, 4), ("🎉", 2), ("👨‍👩‍👧‍👦", 2), ("🇻🇳", 2), ("❤️", 2),
      ("❤", 1), ("a\u{200B}b", 2), ("→·…", 3), ("！", 2),
    ])
  func width(text: String, columns: Int) {
    #expect(TerminalText.width(text) == columns)
  }

  @Test("a text that fits stays whole, one that does not is cut and says so", arguments: WildText.names)
  func fitted(text: String) {
    let whole = TerminalText.safe(text)
    for columns in 1...40 {
      let fitted = TerminalText.fitted(text, columns)
      #expect(TerminalText.width(fitted) <= columns)
      if TerminalText.width(whole) <= columns {
        #expect(fitted == whole)
      } else {
        #expect(fitted.hasSuffix("…") && whole.hasPrefix(fitted.dropLast()))
        #expect(TerminalText.width(fitted) >= columns - 1)
      }
    }
  }

  @Test("cells are exactly as wide as asked", arguments: WildText.names)
  func cells(text: String) {
    for columns in [1, 5, 30] {
      #expect(TerminalText.width(TerminalText.left(text, columns)) == columns)
      #expect(TerminalText.width(TerminalText.right(text, columns)) == columns)
    }
  }

  @Test("a letter with marks without end is cut, and pictures that are joined are not")
  func marks() {
    let letter = "a" + String(repeating: "\u{301}", count: 1_000)
    #expect(TerminalText.fitted("x" + letter + "y", 10) == "x…")
    let family = "👨🏽\u{200D}👩🏽\u{200D}👧🏽\u{200D}👦🏽"
    #expect(TerminalText.fitted(family, 10) == family && TerminalText.width(family) == 2)
  }

  @Test(
    "so are those whose text begins with a mark, which joins the blank before",
    arguments: ["\u{301}a", "\u{200D}\u{FE0F}2", "\u{FE0F}", "\u{1F3FB}", "\u{6DD}"])
  func leadingMarks(text: String) {
    #expect(TerminalText.width(TerminalText.left(text, 10)) == 10)
    #expect(TerminalText.width(TerminalText.right(text, 10)) == 10)
  }

  @Test("wrapped lines are no wider than asked and lose nothing", arguments: [20, 60, 80])
  func wrapped(columns: Int) {
    let lines = TerminalText.wrapped(WildText.long, columns, indent: 4)
    #expect(lines.allSatisfy { TerminalText.width($0) <= columns && $0.hasPrefix("    ") })
    func letters(_ text: String) -> String { text.filter { $0 != " " } }
    #expect(letters(lines.joined()) == letters(TerminalText.safe(WildText.long)))
  }

  @Test("words stay whole where they fit")
  func words() {
    #expect(TerminalText.wrapped("one two three", 9, indent: 2) == ["  one two", "  three"])
    #expect(TerminalText.wrapped("a abcdefghij b", 4, indent: 0) == ["a", "abcd", "efgh", "ij b"])
    #expect(TerminalText.wrapped("", 9, indent: 2).isEmpty)
  }

  @Test(
    "numbers have their thousands apart",
    arguments: [
      (0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000"), (-12, "-12"),
    ])
  func numbers(number: Int, text: String) {
    #expect(TerminalText.number(number) == text)
  }

  @Test("one is not many")
  func counts() {
    #expect(TerminalText.count(1, "change") == "1 change")
    #expect(TerminalText.count(0, "change") == "0 changes")
    #expect(TerminalText.count(1_200, "change") == "1,200 changes")
  }

  @Test("a style colours or leaves alone, and never colours nothing")
  func style() {
    let colour = TextStyle(hasColor: true)
    #expect(colour.red("x") == "\u{1B}[31mx\u{1B}[0m" && colour.failure("x") == colour.red("x"))
    #expect(colour.bold("").isEmpty)
    #expect(TextStyle.plain.bold("x") == "x" && TextStyle.plain.dim("x") == "x")
  }
}
