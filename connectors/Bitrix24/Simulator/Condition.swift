/// One demand of a filter.
struct Condition: Sendable {
  /// How a value is compared; the words are prefixes of the field's name.
  enum Comparison: String, Sendable, CaseIterable {
    case notLike = "!=%"
    case notLikeToo = "!%="
    case notIn = "!@"
    case notContains = "!%"
    case like = "=%"
    case likeToo = "%="
    case differs = "!="
    case atLeast = ">="
    case atMost = "<="
    case isIn = "@"
    case contains = "%"
    case differsToo = "!"
    case above = ">"
    case below = "<"
    case equals = "="
  }

  let field: Field
  let comparison: Comparison
  let operands: [Operand]

  /// What a value is compared with.
  enum Operand: Sendable {
    case nothing
    case number(Double)
    case text(String)

    static func of(_ text: String, _ field: Field, _ time: PortalTime) -> Operand? {
      if text.isEmpty { return .nothing }
      switch field.kind {
      case .datetime: return time.seconds(text).map { .number(Double($0)) }
      case .date: return .text(String(text.prefix(10)))
      case .char, .boolean: return .text(["Y", "1", "y"].contains(text) ? "y" : "n")
      case _ where field.kind.isNumber: return Double(text).map { .number($0) }
      default: return .text(text.lowercased())
      }
    }
  }

  /// A prefix and the name behind it; no prefix means equal.
  static func split(_ key: String) -> (Comparison, String) {
    for comparison in Comparison.allCases where key.hasPrefix(comparison.rawValue) {
      return (comparison, String(key.dropFirst(comparison.rawValue.count)))
    }
    return (.equals, key)
  }

  /// Whether the demand restricts nothing: a bound that is empty.
  var isVoid: Bool {
    switch comparison {
    case .atLeast, .atMost, .above, .below, .contains, .like, .likeToo, .notContains, .notLike, .notLikeToo:
      if case .nothing = operands.first ?? .nothing { return true }
      return false
    default: return false
    }
  }

  func holds(for row: some Row) -> Bool {
    let cell = row.cell(field)
    switch comparison {
    case .equals, .isIn: return isAny(of: cell)
    case .differs, .differsToo, .notIn: return !isAny(of: cell)
    case .atLeast: return compares(cell) { $0 >= 0 }
    case .atMost: return compares(cell) { $0 <= 0 }
    case .above: return compares(cell) { $0 > 0 }
    case .below: return compares(cell) { $0 < 0 }
    case .contains: return matches(cell, "%", "%")
    case .notContains: return !matches(cell, "%", "%")
    case .like, .likeToo: return matches(cell, "", "")
    case .notLike, .notLikeToo: return !matches(cell, "", "")
    }
  }

  private func isAny(of cell: Cell) -> Bool {
    if case .many(let cells) = cell, !cells.isEmpty { return cells.contains { isAny(of: $0) } }
    return operands.contains { operand in
      if case .nothing = operand { return cell.isEmpty }
      return !cell.isEmpty && Self.order(cell, operand) == 0
    }
  }

  private func compares(_ cell: Cell, _ test: (Int) -> Bool) -> Bool {
    guard !cell.isEmpty, let operand = operands.first, let order = Self.order(cell, operand) else {
      return false
    }
    return test(order)
  }

  private static func order(_ cell: Cell, _ operand: Operand) -> Int? {
    switch (cell, operand) {
    case (.whole(let left), .number(let right)): return sign(Double(left), right)
    case (.time(let left), .number(let right)): return sign(Double(left), right)
    case (.number(let left), .number(let right)): return sign(left, right)
    case (.text, .number(let right)): return Double(cell.plain).map { sign($0, right) }
    case (_, .text(let right)):
      let left = cell.plain.lowercased()
      return left == right ? 0 : left < right ? -1 : 1
    default: return nil
    }
  }

  private static func sign(_ left: Double, _ right: Double) -> Int {
    left == right ? 0 : left < right ? -1 : 1
  }

  private func matches(_ cell: Cell, _ before: String, _ behind: String) -> Bool {
    let text = cell.plain.lowercased()
    return operands.contains { operand in
      switch operand {
      case .nothing: return true
      case .number(let number): return Self.like(text, before + String(Int64(number)) + behind)
      case .text(let pattern): return Self.like(text, before + pattern + behind)
      }
    }
  }

  /// SQL's LIKE with `%` alone.
  static func like(_ text: String, _ pattern: String) -> Bool {
    let parts = pattern.split(separator: "%", omittingEmptySubsequences: false)
    guard parts.count > 1, let first = parts.first, let last = parts.last else { return text == pattern }
    guard text.hasPrefix(first) else { return false }
    var rest = text.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.count >= last.count && rest.hasSuffix(last)
  }
}

/// A filter: all of its demands, or with `logic` any of them.
indirect enum Filter: Sendable {
  case all([Filter])
  case any([Filter])
  case one(Condition)

  func holds(for row: some Row) -> Bool {
    switch self {
    case .all(let filters): return filters.allSatisfy { $0.holds(for: row) }
    case .any(let filters): return filters.isEmpty || filters.contains { $0.holds(for: row) }
    case .one(let condition): return condition.holds(for: row)
    }
  }

  /// The demands that every row has to meet.
  var demands: [Condition] {
    switch self {
    case .all(let filters): return filters.flatMap { $0.demands }
    case .any: return []
    case .one(let condition): return [condition]
    }
  }
}
