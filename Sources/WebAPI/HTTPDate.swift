/// Dates in HTTP headers (RFC 9110, section 5.6.7).
enum HTTPDate {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// Unix seconds of a date in any of the three forms that RFC 9110 asks readers to take; nil for others.
  static func parse(_ text: String) -> Double? {
    let words = text.lowercased().split { " ,-:".contains($0) }
    guard words.count == 8 || words.count == 7 else { return nil }
    // `Sun, 06 Nov 1994 08:49:37 GMT` and `Sunday, 06-Nov-94 08:49:37 GMT` split into the same eight words;
    // `Sun Nov  6 08:49:37 1994` has the month before the day and the year at the end.
    let isOld = words.count == 7
    guard isOld || words[7] == "gmt" || words[7] == "utc" else { return nil }
    let clock = words[(isOld ? 3 : 4)...].prefix(3).map { number($0, below: 62) }
    guard let month = months.firstIndex(of: String(words[isOld ? 1 : 2])),
      let day = number(words[isOld ? 2 : 1], below: 32), day > 0,
      var year = number(words[isOld ? 6 : 3], below: 10_000),
      let hour = clock[0], hour < 24, let minute = clock[1], minute < 60, let second = clock[2]
    else { return nil }
    if year < 100 { year += year < 70 ? 2000 : 1900 }
    let days = daysSince1970(year: year, month: month + 1, day: day)
    return Double(days * 86_400 + hour * 3600 + minute * 60 + min(second, 60))
  }

  /// Whether a moment lies in the years 0001 to 9999; nothing beyond is worth telling.
  static func isTold(_ seconds: Double) -> Bool { seconds > -62_135_596_800 && seconds < 253_402_300_800 }

  /// `2026-11-27T11:41:00Z`, to whole seconds.
  static func text(_ seconds: Double) -> String {
    guard isTold(seconds) else { return "a time far away" }
    let whole = Int(seconds.rounded(.down))
    let days = whole >= 0 ? whole / 86_400 : -((86_399 - whole) / 86_400)
    let rest = whole - days * 86_400
    let (year, month, day) = date(daysSince1970: days)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
      + "\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))Z"
  }

  private static func number(_ word: Substring, below limit: Int) -> Int? {
    guard word.count <= 4, word.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(word),
      number < limit
    else { return nil }
    return number
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Counted in years that begin in March, so that the leap day is the last of a year.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
  }

  private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    )
  }
}
