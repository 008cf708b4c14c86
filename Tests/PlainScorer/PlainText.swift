import Foundation

/// Texts as the manual compares them: NFD, no combining marks, đ as d, small letters.
enum PlainText {
  static func fold(_ text: String) -> String {
    var bare = String.UnicodeScalarView()
    for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .spacingMark, .enclosingMark: continue
      default: bare.append(scalar == "đ" || scalar == "Đ" ? "d" : scalar)
      }
    }
    return String(bare).lowercased()
  }

  /// True if the whole text matches: `*` is any run, `?` one character.
  static func matches(_ text: String, pattern: String) -> Bool {
    matches(Array(fold(text))[...], Array(fold(pattern))[...])
  }

  private static func matches(
    _ text: ArraySlice<Character>, _ pattern: ArraySlice<Character>
  ) -> Bool {
    guard let sign = pattern.first else { return text.isEmpty }
    if sign == "*" {
      return (text.startIndex...text.endIndex).contains { start in
        matches(text[start...], pattern.dropFirst())
      }
    }
    guard let letter = text.first else { return false }
    return (sign == "?" || sign == letter) && matches(text.dropFirst(), pattern.dropFirst())
  }

  /// True if nothing but blanks is there.
  static func isBlank(_ text: String) -> Bool {
    text.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty
  }

  /// Order by code points, which is that of the bytes of UTF-8.
  static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
