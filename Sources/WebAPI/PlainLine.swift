/// Texts and numbers for one line of a terminal, whatever a server put into them.
enum PlainLine {
  /// Control characters, separators of lines, and what turns the direction of writing, shown as `·`.
  static func safe(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
        out.append("·")
      default: out.append(scalar)
      }
    }
    return String(out)
  }

  /// How many columns a text takes at most: what may be wide counts as wide.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  /// A text cut to a width, with `…` at the cut.
  static func cut(_ text: String, _ columns: Int) -> String {
    guard width(text) > columns else { return text }
    guard columns > 0 else { return "" }
    var out = String.UnicodeScalarView()
    var used = 0
    for scalar in text.unicodeScalars {
      used += width(scalar)
      if used > columns - 1 { break }
      out.append(scalar)
    }
    return String(out) + "…"
  }

  /// Filled up behind, and cut, to a width.
  static func left(_ text: String, _ columns: Int) -> String {
    let text = cut(text, columns)
    return text + String(repeating: " ", count: max(0, columns - width(text)))
  }

  /// Filled up before to a width.
  static func right(_ text: String, _ columns: Int) -> String {
    String(repeating: " ", count: max(0, columns - width(text))) + text
  }

  /// `0.231 s`, `12.3 s`, `1234 s`
  static func seconds(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "? s" }
    let decimals = seconds < 9.9995 ? 3 : seconds < 99.95 ? 1 : 0
    return fixed(min(seconds, 1e12), decimals) + " s"
  }

  /// `120 B`, `4.2 KB`, `76 KB`, `1.3 MB`: of 1,000 bytes each.
  static func bytes(_ count: Int) -> String {
    var value = Double(max(0, count))
    guard value >= 1000 else { return "\(max(0, count)) B" }
    for unit in ["KB", "MB", "GB"] {
      value /= 1000
      if value < 9.95 { return "\(fixed(value, 1)) \(unit)" }
      if value < 999.5 { return "\(fixed(value, 0)) \(unit)" }
    }
    return "\(fixed(value / 1000, 1)) TB"
  }

  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard decimals > 0 else { return String(Int(value.rounded())) }
    let scale = decimals == 1 ? 10 : 1000
    let units = Int((value * Double(scale)).rounded())
    let rest = String(units % scale)
    return "\(units / scale)." + String(repeating: "0", count: decimals - rest.count) + rest
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: 0
    default: scalar.value < 0x1100 || scalar == "…" ? 1 : 2
    }
  }
}
