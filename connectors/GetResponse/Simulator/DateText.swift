import Scoring

/// How GetResponse writes moments, and which spellings it reads.
enum DateText {
  /// `2026-01-15T10:00:00+0000`: the offset has no colon.
  static func text(_ seconds: Int64) -> String {
    String(Timestamp(seconds).description.dropLast()) + "+0000"
  }

  /// Seconds since 1970 of a date or a date-time with offset; nil for anything else, such as one whose plus
  /// became a blank. A bare date is its first second, or its last one at the end of a range.
  static func seconds(_ text: String, isEnd: Bool = false) -> Int64? {
    let bytes = Array(text.utf8)
    let dashes = bytes.count >= 10 && bytes[4] == UInt8(ascii: "-") && bytes[7] == UInt8(ascii: "-")
    guard dashes else { return nil }
    if bytes.count == 10 { return Timestamp(text).map { $0.seconds + (isEnd ? 86_399 : 0) } }
    guard bytes.count == 24 || bytes.count == 25, bytes[10] == UInt8(ascii: "T"), bytes[13] == bytes[16],
      bytes[13] == UInt8(ascii: ":"), bytes[19] == UInt8(ascii: "+") || bytes[19] == UInt8(ascii: "-"),
      bytes.count == 24 || bytes[22] == UInt8(ascii: ":")
    else { return nil }
    return Timestamp(text)?.seconds
  }

  /// The day of a moment, UTC, counted from 1970.
  static func day(_ seconds: Int64) -> Int64 {
    (seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400
  }

  /// The day that a bare date names; nil for anything else.
  static func day(of text: String) -> Int64? {
    text.utf8.count == 10 ? seconds(text).map { day($0) } : nil
  }
}

/// The header `Date`.
enum HeaderDate {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `Mon, 23 Nov 2026 01:09:13 GMT`.
  static func text(_ moment: Timestamp) -> String {
    let (year, month, day) = moment.date
    let number = Int(DateText.day(moment.seconds))
    let clock = moment.description.suffix(9).dropLast()
    return
      "\(days[(number % 7 + 7) % 7]), \(day < 10 ? "0" : "")\(day) \(months[month - 1]) \(year) \(clock) GMT"
  }
}
