import Foundation
import Scoring
import Testing

@Suite struct `Folding` {
  @Test(arguments: [
    ("Pricing", "pricing"), ("", ""), ("a b-c_1", "a b-c_1"), ("Báo Giá", "bao gia"),
    ("Ba\u{301}o Gia\u{301}", "bao gia"), ("ĐẶT", "dat"), ("đặt", "dat"), ("d\u{111}D\u{110}", "dddd"),
    ("Trưởng phòng", "truong phong"), ("NGUYỄN", "nguyen"), ("nguye\u{302}\u{303}n", "nguyen"),
    ("straße", "straße"), ("STRAẞE", "straße"), ("İstanbul", "istanbul"), ("I\u{307}stanbul", "istanbul"),
    ("ISPARTA", "isparta"), ("ısparta", "ısparta"), ("Ñandú", "nandu"), ("ÅNGSTRÖM", "angstrom"),
    ("\u{212B}", "a"), ("\u{2126}", "ω"), ("Й", "и"), ("ПРИВЕТ", "привет"), ("Ø", "ø"),
    ("Ł", "ł"), ("\u{301}", ""), ("\u{301}\u{302}\u{20DD}", ""), ("👍", "👍"), ("👩‍👩‍👧", "👩‍👩‍👧"),
    ("がぎ", "かき"), ("か\u{3099}", "か"), ("각", "\u{1100}\u{1161}\u{11A8}"), ("ﬁ", "ﬁ"), ("Ａ", "ａ"),
    ("नि", "न"),
  ])
  func `decomposes, drops marks, turns đ into d, and lowers`(text: String, folded: String) {
    #expect(Array(TextFolding.fold(text).unicodeScalars) == Array(folded.unicodeScalars))
  }

  @Test func `folding twice changes nothing, whatever the character`() {
    var changed: [Unicode.Scalar] = []
    for value in UInt32(0)..<0x3000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let once = TextFolding.fold(String(scalar))
      if TextFolding.fold(once).unicodeScalars.elementsEqual(once.unicodeScalars) { continue }
      changed.append(scalar)
    }
    #expect(changed.isEmpty, "\(changed.map { String($0.value, radix: 16) })")
  }

  @Test func `composed and decomposed texts fold alike`() {
    for value in UInt32(0xC0)..<0x1F00 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = "x" + String(scalar) + "y"
      let (composed, decomposed) = (
        TextFolding.fold(text.precomposedStringWithCanonicalMapping),
        TextFolding.fold(text.decomposedStringWithCanonicalMapping)
      )
      #expect(composed.utf8.elementsEqual(decomposed.utf8), "U+\(String(value, radix: 16))")
    }
  }

  @Test(arguments: [("", true), (" \t\r\n", true), ("\u{A0}\u{3000}", true), ("a", false), (" . ", false)])
  func `white space alone is blank`(text: String, blank: Bool) {
    #expect(TextFolding.isBlank(text) == blank)
  }
}

@Suite struct `Globs` {
  @Test(arguments: [
    ("", "", true), ("", "a", false), ("a", "", false), ("abc", "abc", true), ("abc", "abcd", false),
    ("abc", "zabc", false), ("*", "", true), ("*", "anything at all", true), ("**", "", true),
    ("***", "x", true),
    ("a*", "a", true), ("a*", "abc", true), ("a*", "ba", false), ("*c", "abc", true), ("*c", "ca", false),
    ("a*c", "ac", true), ("a*c", "abbbc", true), ("a*c", "abbb", false), ("a*a", "a", false),
    ("ab*ba", "aba", false),
    ("ab*ba", "abba", true), ("*b*", "abc", true), ("*b*", "ac", false), ("*a*b*c*", "xxaxxbxxcxx", true),
    ("*a*b*c*", "xxbxxaxxcxx", false), ("*ab*ab", "abab", true), ("*ab*ab", "ab", false),
    ("*aab", "aaab", true),
    ("a*ab*b", "aaabbb", true), ("*/pricing*", "https://e.com/pricing", true),
    ("*/pricing*", "/pricing?x=1", true),
    ("*/pricing", "https://e.com/pricing/", false), ("/a", "/a\n", false), ("*", "a\nb", true),
    ("?", "a", true), ("?", "", false), ("?", "ab", false), ("??", "ab", true), ("a?c", "abc", true),
    ("a?c", "ac", false), ("?*", "", false), ("?*", "x", true), ("*?", "x", true), ("*?*", "", false),
    ("*?b", "ab", true), ("*?b", "b", false), ("a?*?d", "abcd", true), ("a?*?d", "abd", false),
    ("?", "đ", true), ("?", "e\u{302}\u{301}", true), ("?", "👩‍👩‍👧", true), ("??", "👩‍👩‍👧", false),
    ("x?y", "x👩🏽‍💻y", true), ("?", "🇻🇳", true), ("??", "🇻🇳", false), ("?", "각", true), ("?", "日", true),
    ("??", "日本", true), ("*日*", "今日は", true), ("BẢNG-GIÁ", "bang-gia", true), ("bang-gia", "Bảng-Giá", true),
    ("*đ*", "a d b", true), ("[a-z]", "b", false), ("[a-z]", "[A-Z]", true), ("a.c", "abc", false),
    ("a.c", "a.c", true), ("a+", "aa", false), ("(a|b)", "a", false), ("^a$", "^a$", true),
    ("a\\*", "a\\bc", true),
    ("{a,b}", "a", false), ("{a,b}", "{a,b}", true), ("100%", "100%", true), ("100%", "1000", false),
    ("a_c", "abc", false), ("a_c", "a_c", true), ("#", "#", true), ("!a", "b", false),
    ("*\u{200D}?", "\u{200D}b", true), ("*\u{200D}", "a\u{200D}", true),
  ])
  func `a star is any run and a question mark one character of the whole text`(
    pattern: String, text: String, expected: Bool
  ) {
    #expect(Glob(pattern).matches(text) == expected)
  }

  @Test(arguments: [
    String(repeating: "*a", count: 40) + "*b", "*" + String(repeating: "a*", count: 60) + "b*",
    String(repeating: "?*", count: 40) + "b",
  ])
  func `many stars over a long text come to an end`(pattern: String) {
    let text = String(repeating: "a", count: 200_000)
    #expect(!Glob(pattern).matches(folded: text))
    #expect(Glob(pattern).matches(folded: text + "b"))
  }

  @Test func `agrees with a plain matcher over all short patterns and texts`() {
    func texts(_ letters: [Character], upTo length: Int) -> [String] {
      var all = [""]
      var last = [""]
      for _ in 0..<length {
        last = last.flatMap { text in letters.map { text + String($0) } }
        all += last
      }
      return all
    }
    let candidates = texts(["a", "b"], upTo: 4)
    for pattern in texts(["a", "b", "*", "?"], upTo: 4) {
      let glob = Glob(pattern)
      for text in candidates
      where glob.matches(folded: text) != PlainText.matches(Array(pattern), Array(text)) {
        Issue.record("\(pattern) against \(text)")
      }
    }
  }
}
