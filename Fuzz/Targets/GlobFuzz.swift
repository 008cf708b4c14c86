import Scoring

/// Patterns, held against a matcher that is nothing but their definition. An input is a pattern, a line end, a text.
enum GlobFuzz {
  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    let parts = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    let pattern = String(decoding: parts[0], as: UTF8.self)
    let text = String(decoding: parts.count > 1 ? parts[1] : [], as: UTF8.self)
    let (glob, folded) = (Glob(pattern), TextFolding.fold(text))
    try demand(TextFolding.fold(folded) == folded, "folding twice is not folding once: \(text)")
    try demand(glob.matches(text) == glob.matches(folded: folded), "a folded text matches otherwise")
    let plain = TextFolding.fold(pattern)
    // Without a question mark nobody has to say what one character is.
    let expected =
      plain.unicodeScalars.contains("?")
      ? matches(characters(plain)[...], Array(folded)[...], "*", "?")
      : matches(Array(plain.unicodeScalars)[...], Array(folded.unicodeScalars)[...], "*", "?")
    try demand(glob.matches(text) == expected, "'\(pattern)' and '\(text)' should be \(expected)")
    // The character that stands for a question mark may become one with what follows it.
    if !plain.unicodeScalars.contains("?") {
      try demand(glob.matches(glob.sample(filling: "")), "the sample of '\(pattern)' does not match it")
    }
    if !plain.unicodeScalars.contains("*"), !plain.unicodeScalars.contains("?") {
      try demand(glob.matches(pattern), "'\(pattern)' does not match itself")
    }
  }

  /// The characters of a pattern, in which no star and no question mark becomes one with what follows it.
  private static func characters(_ pattern: String) -> [Character] {
    pattern.unicodeScalars.split(
      maxSplits: .max, omittingEmptySubsequences: false, whereSeparator: { $0 == "*" || $0 == "?" }
    ).reduce(into: (Array(pattern.unicodeScalars)[...], [Character]())) { state, part in
      state.1 += String(part)
      state.0 = state.0.dropFirst(part.count)
      if let mark = state.0.popFirst() { state.1.append(Character(mark)) }
    }.1
  }

  /// What the words say: a star is nothing, or one more unit and the same star. The places that lead nowhere are
  /// remembered, or this would take until tomorrow.
  private static func matches<Unit: Equatable>(
    _ pattern: ArraySlice<Unit>, _ text: ArraySlice<Unit>, _ star: Unit, _ any: Unit
  ) -> Bool {
    var dead: Set<[Int]> = []
    func from(_ pattern: ArraySlice<Unit>, _ text: ArraySlice<Unit>) -> Bool {
      guard let first = pattern.first else { return text.isEmpty }
      if dead.contains([pattern.startIndex, text.startIndex]) { return false }
      let isFound: Bool
      if first == star {
        isFound = from(pattern.dropFirst(), text) || (!text.isEmpty && from(pattern, text.dropFirst()))
      } else {
        let fits = text.first.map { first == any || first == $0 } ?? false
        isFound = fits && from(pattern.dropFirst(), text.dropFirst())
      }
      if !isFound { dead.insert([pattern.startIndex, text.startIndex]) }
      return isFound
    }
    return from(pattern, text)
  }
}
