import Scoring

/// The two ways in which Mautic writes a moment.
enum DateText {
  /// `2026-11-23 01:12:14`, UTC without zone: database columns and custom fields.
  static func naive(_ seconds: Int64) -> String {
    var bytes: [UInt8] = []
    append(seconds, separator: UInt8(ascii: " "), to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `2026-11-23T01:12:14+00:00`: everything else.
  static func zoned(_ seconds: Int64) -> String {
    var bytes: [UInt8] = []
    append(seconds, separator: UInt8(ascii: "T"), to: &bytes)
    return String(decoding: bytes, as: UTF8.self) + "+00:00"
  }

  /// `Mon, 23 Nov 2026 01:09:13 GMT`: the header `Date`.
  static func header(_ moment: Timestamp) -> String {
    let (year, month, day) = moment.date
    let days = Int((moment.seconds - moment.seconds % 86_400) / 86_400)
    let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let clock = naive(moment.seconds).suffix(8)
    let number = day < 10 ? "0\(day)" : "\(day)"
    return "\(names[(days % 7 + 7) % 7]), \(number) \(months[month - 1]) \(year) \(clock) GMT"
  }

  /// Appends the naive form's bytes, with a chosen mark between day and time.
  static func append(_ seconds: Int64, separator: UInt8, to bytes: inout [UInt8]) {
    let (year, month, day) = Timestamp(seconds).date
    let rest = Int((seconds % 86_400 + 86_400) % 86_400)
    func two(_ number: Int) {
      bytes.append(UInt8(ascii: "0") + UInt8(number / 10))
      bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
    two(year / 100)
    two(year % 100)
    bytes.append(UInt8(ascii: "-"))
    two(month)
    bytes.append(UInt8(ascii: "-"))
    two(day)
    bytes.append(separator)
    two(rest / 3_600)
    bytes.append(UInt8(ascii: ":"))
    two(rest / 60 % 60)
    bytes.append(UInt8(ascii: ":"))
    two(rest % 60)
  }

  /// A moment as MariaDB reads it in a comparison: an offset behind it is not converted but dropped.
  static func compared(_ text: String) -> Int64? {
    let trimmed = text.drop { $0 == " " }
    for length in [19, 16, 10] where trimmed.count >= length {
      if let moment = Timestamp(trimmed.prefix(length)), trimmed.contains("-") { return moment.seconds }
    }
    return nil
  }
}
