import SimulatorJSON

/// One value of a row, before it is written in the style of a method.
enum Cell: Equatable, Sendable {
  case none
  case whole(Int64)
  case number(Double)
  case text(String)
  /// Seconds since 1970.
  case time(Int64)
  /// `2026-08-21`.
  case day(String)
  case flag(Bool)
  case many([Cell])
  /// What no filter sees.
  case json(JSON)

  /// Whether nothing is held.
  var isEmpty: Bool {
    switch self {
    case .none: return true
    case .text(let text): return text.isEmpty
    case .many(let cells): return cells.isEmpty
    default: return false
    }
  }

  /// The value as text, for comparing and for what is held.
  var plain: String {
    switch self {
    case .none, .json: return ""
    case .whole(let number): return String(number)
    case .number(let number): return Money.text(number)
    case .text(let text), .day(let text): return text
    case .time(let seconds): return String(seconds)
    case .flag(let truth): return truth ? "Y" : "N"
    case .many(let cells): return cells.map { $0.plain }.joined(separator: ",")
    }
  }
}

/// Amounts with two digits behind the point.
enum Money {
  static func text(_ amount: Double) -> String {
    let cents = Int64((amount * 100).rounded())
    let rest = abs(cents) % 100
    return "\(cents < 0 ? "-" : "")\(abs(cents) / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}

/// The two ways in which methods write values.
enum Dialect {
  /// `crm.contact.list`: numbers in quotes, nothing is null, empty or false.
  case classic
  /// `crm.item.list`: real numbers.
  case universal
}

extension Field {
  /// A value of this field in an answer.
  func json(_ cell: Cell, _ dialect: Dialect, _ time: PortalTime) -> JSON {
    if cell.isEmpty { return nothing(dialect) }
    switch cell {
    case .none: return .null
    case .whole(let number): return dialect == .classic ? .text(String(number)) : .integer(number)
    case .number(let number):
      if dialect == .classic { return .text(Money.text(number)) }
      return number == number.rounded() ? .integer(Int64(number)) : .number(number)
    case .text(let text): return .text(text)
    case .time(let seconds): return .text(time.text(seconds))
    case .day(let day): return .text(time.text(day: day))
    case .flag(let truth):
      if kind == .boolean, dialect == .classic { return .text(truth ? "1" : "0") }
      return .text(truth ? "Y" : "N")
    case .many(let cells): return .list(cells.map { json($0, dialect, time) })
    case .json(let value): return value
    }
  }

  private func nothing(_ dialect: Dialect) -> JSON {
    if isMultiple { return dialect == .classic ? .bool(false) : .list([]) }
    if dialect == .classic, kind == .enumeration || kind == .date { return "" }
    return .null
  }
}
