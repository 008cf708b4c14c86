extension String {
  /// The text with these signs written otherwise, each by itself.
  ///
  /// `replacing` compares characters: a quote with a combining mark behind it is another one to it, and stays as it
  /// is, while shells, browsers and readers of files see the quote.
  public func escaping(_ signs: [Unicode.Scalar: String]) -> String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if let written = signs[scalar] {
        result.append(contentsOf: written.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}
