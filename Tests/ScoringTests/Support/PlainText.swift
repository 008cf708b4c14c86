import Foundation

/// Folding and globs as the specification words them, in the slowest and plainest way.
enum PlainText {
  static func fold(_ text: String) -> String {
    var kept = String.UnicodeScalarView()
    for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars
    where !CharacterSet.nonBaseCharacters.contains(scalar) {
      kept.append(scalar)
    }
    return String(kept).replacingOccurrences(of: "đ", with: "d").replacingOccurrences(of: "Đ", with: "d")
      .lowercased()
  }

  /// `*` is any run of characters, `?` one character, of the whole text; all folded already.
  static func matches(_ pattern: [Character], _ text: [Character]) -> Bool {
    // reached[j]: the pattern so far matches the first j characters.
    var reached = [true] + Array(repeating: false, count: text.count)
    for part in pattern {
      var next = Array(repeating: false, count: text.count + 1)
      if part == "*", let first = reached.firstIndex(of: true) {
        for place in first...text.count { next[place] = true }
      } else if part != "*" {
        for place in text.indices where reached[place] && (part == "?" || part == text[place]) {
          next[place + 1] = true
        }
      }
      reached = next
    }
    return reached[text.count]
  }
}
