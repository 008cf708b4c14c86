import Foundation

/// How texts are made comparable: canonical decomposition, combining marks dropped, đ as d, lower case.
public enum TextFolding {
  /// The folded form; folding it again changes nothing.
  public static func fold(_ text: String) -> String {
    var text = text
    let isPlain = text.withUTF8 { bytes in
      bytes.allSatisfy { $0 < 0x80 && !(0x41...0x5A).contains($0) }
    }
    if isPlain { return text }
    if let ascii = foldedASCII(&text) { return ascii }
    var folded = String.UnicodeScalarView()
    for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars {
      switch scalar {
      case "đ", "Đ": folded.append("d")
      default:
        guard !isMark(scalar) else { continue }
        for lower in scalar.properties.lowercaseMapping.unicodeScalars where !isMark(lower) {
          folded.append(lower)
        }
      }
    }
    return String(folded)
  }

  /// True if nothing but blanks, tabs, line ends and other white space stands in the text.
  public static func isBlank(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }

  private static func foldedASCII(_ text: inout String) -> String? {
    text.withUTF8 { bytes in
      guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
      return String(unsafeUninitializedCapacity: bytes.count) { target in
        for (index, byte) in bytes.enumerated() {
          target[index] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        }
        return bytes.count
      }
    }
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: return true
    default: return false
    }
  }
}
