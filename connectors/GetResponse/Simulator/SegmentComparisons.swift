/// A comparison with a number.
struct NumberTest: Sendable {
  let name: String
  let value: Double

  static let names: Set<String> = [
    "numeric_lt", "numeric_gt", "numeric_eq", "numeric_not_eq", "numeric_lt_eq", "numeric_gt_eq",
  ]

  func holds(_ number: Double) -> Bool {
    switch name {
    case "numeric_lt": return number < value
    case "numeric_gt": return number > value
    case "numeric_eq": return number == value
    case "numeric_not_eq": return number != value
    case "numeric_lt_eq": return number <= value
    default: return number >= value
    }
  }
}

/// A comparison with a text, in any case.
struct TextTest: Sendable {
  let name: String
  /// One of them has to fit; more than one only for `is` and `is_not`.
  let values: [String]

  static let names: Set<String> = [
    "is", "is_not", "contains", "not_contains", "starts", "ends", "not_starts", "not_ends",
  ]

  init(name: String, values: [String]) {
    self.name = name
    self.values = values.map { $0.lowercased() }
  }

  func holds(_ text: String) -> Bool {
    let text = text.lowercased()
    switch name {
    case "is": return values.contains(text)
    case "is_not": return !values.contains(text)
    case "contains": return values.contains { text.contains(anyCase: $0) }
    case "not_contains": return !values.contains { text.contains(anyCase: $0) }
    case "starts": return values.contains { text.hasPrefix($0) }
    case "not_starts": return !values.contains { text.hasPrefix($0) }
    case "ends": return values.contains { text.hasSuffix($0) }
    default: return !values.contains { text.hasSuffix($0) }
    }
  }
}

/// Whole days, UTC, both ends inclusive: searches know no hours.
struct DayRange: Sendable {
  var from = Int64.min
  var to = Int64.max

  func holds(_ seconds: Int64?) -> Bool {
    guard let seconds else { return false }
    let day = DateText.day(seconds)
    return day >= from && day <= to
  }

  /// `today`, `last_7_days` and the like; nil for a name that is none.
  static func named(_ name: String, today: Int64, days: Int64?) -> DayRange? {
    // The first of January 1970 was a Thursday; weeks begin on Monday.
    let monday = today - ((today + 3) % 7 + 7) % 7
    switch name {
    case "today": return DayRange(from: today, to: today)
    case "yesterday": return DayRange(from: today - 1, to: today - 1)
    case "last_7_days": return DayRange(from: today - 6, to: today)
    case "last_30_days": return DayRange(from: today - 29, to: today)
    case "last_n_days": return days.map { DayRange(from: today - max(0, $0 - 1), to: today) }
    case "this_week": return DayRange(from: monday, to: today)
    case "last_week": return DayRange(from: monday - 7, to: monday - 1)
    case "this_month", "last_month", "last_2_months": return month(name, today: today)
    default: return nil
    }
  }

  private static func month(_ name: String, today: Int64) -> DayRange {
    var first = firstOfMonth(today)
    if name == "this_month" { return DayRange(from: first, to: today) }
    let end = first - 1
    first = firstOfMonth(end)
    return DayRange(from: name == "last_month" ? first : firstOfMonth(first - 1), to: end)
  }

  private static func firstOfMonth(_ day: Int64) -> Int64 {
    let text = DateText.text(day * 86_400)
    return day - (Int64(text.dropFirst(8).prefix(2)) ?? 1) + 1
  }
}
