/// A `where` of a request, understood as Mautic does: an unknown operator is left out in silence.
indirect enum Condition {
  case test(ColumnTest)
  case all([Condition])
  case any([Condition])
}

/// What a column holds, by which a comparison reads its operand.
enum ColumnKind {
  case number
  case date
  case text
}

/// One column's value in one row.
enum ConditionCell {
  case null
  case number(Double)
  case text(String)
}

/// One comparison of a column.
struct ColumnTest {
  enum Operator: String {
    case eq, neq, lt, lte, gt, gte, like, notLike, `in`, notIn, between, notBetween
    case isNull, isNotNull, isEmpty, isNotEmpty
  }

  let column: Int
  let kind: ColumnKind
  let comparison: Operator
  /// Lower case: the database compares text without regard to case.
  let texts: [String]
  /// Numbers, or seconds; what cannot be read is not a number, and equals nothing.
  let numbers: [Double]

  init(column: Int, kind: ColumnKind, comparison: Operator, operands: [String]) {
    self.column = column
    self.kind = kind
    self.comparison = comparison
    texts = kind == .text ? operands.map { $0.lowercased() } : []
    switch kind {
    case .text: numbers = []
    case .date: numbers = operands.map { DateText.compared($0).map { Double($0) } ?? .nan }
    case .number: numbers = operands.map { Self.leadingNumber($0) }
    }
  }

  /// A database reads as much of a text as is a number, else 0.
  private static func leadingNumber(_ text: String) -> Double {
    var prefix = text.drop { $0 == " " }.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
    while !prefix.isEmpty {
      if let number = Double(prefix) { return number }
      prefix = prefix.dropLast()
    }
    return 0
  }

  /// Whether a value passes; null passes no comparison but `isNull` and `isEmpty`.
  func holds(_ cell: ConditionCell) -> Bool {
    switch cell {
    case .null: return comparison == .isNull || comparison == .isEmpty
    case .number(let number): return holds(number)
    case .text(let text): return holds(text)
    }
  }

  private func holds(_ value: Double) -> Bool {
    let first = numbers.first ?? .nan
    switch comparison {
    case .eq: return value == first
    case .neq: return value != first
    case .lt: return value < first
    case .lte: return value <= first
    case .gt: return value > first
    case .gte: return value >= first
    case .in: return numbers.contains(value)
    case .notIn: return !numbers.contains(value)
    case .between: return numbers.count == 2 && value >= numbers[0] && value <= numbers[1]
    case .notBetween: return numbers.count == 2 && !(value >= numbers[0] && value <= numbers[1])
    case .like: return value == first
    case .notLike: return value != first
    case .isNull, .isEmpty: return false
    case .isNotNull, .isNotEmpty: return true
    }
  }

  private func holds(_ text: String) -> Bool {
    let value = text.lowercased()
    let first = texts.first ?? ""
    switch comparison {
    case .eq: return value == first
    case .neq: return value != first
    case .lt: return value < first
    case .lte: return value <= first
    case .gt: return value > first
    case .gte: return value >= first
    case .in: return texts.contains(value)
    case .notIn: return !texts.contains(value)
    case .between: return texts.count == 2 && value >= texts[0] && value <= texts[1]
    case .notBetween: return texts.count == 2 && !(value >= texts[0] && value <= texts[1])
    case .like: return Self.matches(Array(value)[...], Array(first)[...])
    case .notLike: return !Self.matches(Array(value)[...], Array(first)[...])
    case .isNull: return false
    case .isNotNull: return true
    case .isEmpty: return value.isEmpty
    case .isNotEmpty: return !value.isEmpty
    }
  }

  private static func matches(_ text: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
    guard let mark = pattern.first else { return text.isEmpty }
    if mark == "%" {
      return matches(text, pattern.dropFirst()) || (!text.isEmpty && matches(text.dropFirst(), pattern))
    }
    guard let character = text.first, mark == "_" || mark == character else { return false }
    return matches(text.dropFirst(), pattern.dropFirst())
  }
}

extension Condition {
  /// Whether a row passes.
  func holds(_ cell: (Int) -> ConditionCell) -> Bool {
    switch self {
    case .test(let test): return test.holds(cell(test.column))
    case .all(let parts): return parts.allSatisfy { $0.holds(cell) }
    case .any(let parts): return parts.contains { $0.holds(cell) }
    }
  }
}
