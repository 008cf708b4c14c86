/// A demand on a number, written `">= 30"`; a bare number means at least that much.
public struct Comparison: Hashable, Sendable {
  /// How the number stands to the bound.
  public enum Relation: String, CaseIterable, Sendable {
    case atLeast = ">="
    case above = ">"
    case atMost = "<="
    case below = "<"
    case equal = "="
    case different = "!="
  }

  /// How the number stands to the bound.
  public let relation: Relation
  /// What it is compared with.
  public let bound: Double

  /// A demand built in code.
  public init(_ relation: Relation, _ bound: Double) {
    self.relation = relation
    self.bound = bound
  }

  /// Reads `>= 30`, `<5`, `= 0`, `!= 1` or a bare number; nil for anything else.
  public init?(_ text: String) {
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    let trimmed = text.drop(while: isBlank)
    let signs: [(String, Relation)] = [
      (">=", .atLeast), ("<=", .atMost), ("!=", .different), ("==", .equal), (">", .above), ("<", .below),
      ("=", .equal),
    ]
    let sign = signs.first { trimmed.hasPrefix($0.0) }
    var number = trimmed.dropFirst(sign?.0.count ?? 0).drop(while: isBlank)
    while let last = number.last, isBlank(last) { number.removeLast() }
    guard let bound = PlainNumber.parse(String(number)) else { return nil }
    self.init(sign?.1 ?? .atLeast, bound)
  }

  /// True if the number meets the demand.
  @inline(__always)
  public func holds(for number: Double) -> Bool {
    switch relation {
    case .atLeast: return number >= bound
    case .above: return number > bound
    case .atMost: return number <= bound
    case .below: return number < bound
    case .equal: return number == bound
    case .different: return number != bound
    }
  }
}

/// Numbers as people write them in files: a sign, digits, and a point with more digits.
public enum PlainNumber {
  /// Reads `12`, `-0.5`, `+3`; nil for anything else, so also for `1e3`, `0x10`, `nan` and `1,5`.
  public static func parse(_ text: String) -> Double? {
    var digits = Substring(text)
    if digits.hasPrefix("-") || digits.hasPrefix("+") { digits = digits.dropFirst() }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), digits.utf8.count <= 40,
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      parts.contains(where: { !$0.isEmpty })
    else { return nil }
    return Double(text)
  }
}
