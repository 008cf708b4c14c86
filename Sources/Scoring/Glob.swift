/// A pattern over a whole folded text: `*` is any run of characters, `?` is one character.
///
/// Matching takes the leftmost place for every piece between two stars, so its time grows with the
/// length of the text and never explodes, however many stars there are.
public struct Glob: Hashable, Sendable {
  /// The pattern as it was written.
  public let pattern: String
  private let form: Form

  private enum Form: Hashable, Sendable {
    /// Without `?`: pieces as UTF-8, which never match in the middle of a Unicode scalar.
    case bytes(Pieces<UInt8>)
    /// With `?`: pieces as characters, nil for the one that may be any.
    case characters(Pieces<Character?>)
  }

  /// Compiles a pattern; it is folded first, as the texts are.
  public init(_ pattern: String) {
    self.pattern = pattern
    let folded = TextFolding.fold(pattern)
    if folded.unicodeScalars.contains("?") {
      form = .characters(Pieces(Self.units(folded), star: { $0 == "*" }))
    } else {
      form = .bytes(Pieces(Array(folded.utf8), star: { $0 == UInt8(ascii: "*") }))
    }
  }

  /// The characters of a pattern, nil for any one. A star and a question mark are themselves, even before a joiner
  /// that would make one character of both.
  private static func units(_ pattern: String) -> [Character?] {
    var units: [Character?] = []
    var plain = String.UnicodeScalarView()
    for scalar in pattern.unicodeScalars {
      guard scalar == "*" || scalar == "?" else {
        plain.append(scalar)
        continue
      }
      units += String(plain).map(Optional.some)
      units.append(scalar == "?" ? nil : "*")
      plain = String.UnicodeScalarView()
    }
    return units + String(plain).map(Optional.some)
  }

  /// True if the whole text matches. The text must be folded already.
  public func matches(folded text: String) -> Bool {
    switch form {
    case .bytes(let pieces):
      var text = text
      return text.withUTF8 { pieces.match($0) { $0 == $1 } }
    case .characters(let pieces):
      return pieces.match(Array(text)) { $0 == nil || $0 == $1 }
    }
  }

  /// A text that matches, in which each star stands for the filling and each question mark for an `x`; the filling
  /// may be empty.
  public func sample(filling: String = "") -> String {
    var text = String.UnicodeScalarView()
    for scalar in pattern.unicodeScalars {
      switch scalar {
      case "*": text.append(contentsOf: filling.unicodeScalars)
      case "?": text.append("x")
      default: text.append(scalar)
      }
    }
    return String(text)
  }

  /// True if more than one text matches.
  public var hasStar: Bool { pattern.unicodeScalars.contains("*") }

  /// True if the whole text matches; folds it first.
  public func matches(_ text: String) -> Bool {
    matches(folded: TextFolding.fold(text))
  }
}

/// A pattern cut at its stars.
private struct Pieces<Unit: Hashable & Sendable>: Hashable, Sendable {
  let first: [Unit]
  let middle: [[Unit]]
  let last: [Unit]
  let hasStar: Bool

  init(_ units: [Unit], star: (Unit) -> Bool) {
    let parts = units.split(omittingEmptySubsequences: false, whereSeparator: star).map(Array.init)
    hasStar = parts.count > 1
    first = parts.first ?? []
    last = hasStar ? parts.last ?? [] : []
    middle = hasStar ? parts.dropFirst().dropLast().filter { !$0.isEmpty } : []
  }

  func match<Text: RandomAccessCollection>(
    _ text: Text, by equal: (Unit, Text.Element) -> Bool
  ) -> Bool where Text.Index == Int {
    func stands(_ piece: [Unit], at place: Int) -> Bool {
      for offset in piece.indices where !equal(piece[offset], text[place + offset]) { return false }
      return true
    }
    guard hasStar else { return text.count == first.count && stands(first, at: 0) }
    let end = text.count - last.count
    guard first.count <= end, stands(first, at: 0), stands(last, at: end) else { return false }
    var place = first.count
    for piece in middle {
      while true {
        guard place + piece.count <= end else { return false }
        if stands(piece, at: place) { break }
        place += 1
      }
      place += piece.count
    }
    return true
  }
}
