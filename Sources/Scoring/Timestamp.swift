/// A moment in whole seconds since 1970-01-01T00:00:00Z; fractions are cut off toward the past.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Seconds since the Unix epoch, leap seconds not counted.
  public let seconds: Int64

  /// A moment given in Unix seconds.
  public init(_ seconds: Int64) {
    self.seconds = seconds
  }

  /// A moment given in Unix seconds by somebody who may say anything: what lies beyond the years 0 to 9999 is their
  /// first or last second, and what is no number is 1970.
  public init(clamping seconds: Double) {
    let known = seconds.isNaN ? 0 : seconds
    self.init(Int64(min(max(known, -62_167_219_200), 253_402_300_799).rounded(.down)))
  }

  /// Earlier comes first.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.seconds < right.seconds
  }

  /// The moment so many seconds later.
  public static func + (moment: Timestamp, span: TimeSpan) -> Timestamp {
    Timestamp(moment.seconds + span.seconds)
  }

  /// The moment so many seconds earlier.
  public static func - (moment: Timestamp, span: TimeSpan) -> Timestamp {
    Timestamp(moment.seconds - span.seconds)
  }
}

extension Timestamp {
  /// The first moment of a day of the proleptic Gregorian calendar, UTC; nil if there is no such day.
  public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    guard (0...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Self.days(inMonth: month, of: year), (0...23).contains(hour), (0...59).contains(minute),
      (0...60).contains(second)
    else { return nil }
    let days = Self.daysSinceEpoch(year: year, month: month, day: day)
    self.init(Int64(days) * 86_400 + Int64(hour * 3_600 + minute * 60 + second))
  }

  static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }

  /// Days since 1970-01-01, counting years from March so that the leap day comes last.
  private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Year, month and day in UTC.
  public var date: (year: Int, month: Int, day: Int) {
    var days = Int(seconds.floorDivided(by: 86_400)) + 719_468
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    days -= era * 146_097
    let yearOfEra = (days - days / 1_460 + days / 36_524 - days / 146_096) / 365
    let dayOfYear = days - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }
}

extension Timestamp: CustomStringConvertible {
  /// ISO 8601 in UTC with seconds: `2026-11-23T02:00:00Z`.
  public var description: String {
    let (year, month, day) = date
    let rest = Int(seconds - seconds.floorDivided(by: 86_400) * 86_400)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let text = "\(max(year, 0))"
    let padded = String(repeating: "0", count: max(0, 4 - text.count)) + text
    return
      "\(padded)-\(two(month))-\(two(day))T\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
  }

  /// Reads ISO 8601 (with `T` or a blank, with or without fraction and zone; UTC without zone; offsets with
  /// or without colon), a bare date (midnight UTC) or Unix seconds; nil if the text is none of them.
  public init?(_ text: some StringProtocol) {
    var text = Substring(text)
    let found: Timestamp? = text.withUTF8 { Self.parse($0) }
    guard let found else { return nil }
    self = found
  }

  /// The same for UTF-8 bytes, without making a string.
  public static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Timestamp? {
    var reader = DigitReader(bytes: bytes)
    reader.trim()
    let count = reader.remaining
    guard count > 0 else { return nil }
    if count < 5 || !reader.has(UInt8(ascii: "-"), at: 4) { return reader.unixSeconds() }
    guard let year = reader.number(4), reader.take(UInt8(ascii: "-")), let month = reader.number(2),
      reader.take(UInt8(ascii: "-")), let day = reader.number(2)
    else { return nil }
    if reader.remaining == 0 { return Timestamp(year: year, month: month, day: day) }
    guard reader.take(UInt8(ascii: "T")) || reader.take(UInt8(ascii: "t")) || reader.take(UInt8(ascii: " ")),
      let hour = reader.number(2), reader.take(UInt8(ascii: ":")), let minute = reader.number(2)
    else { return nil }
    var second = 0
    if reader.take(UInt8(ascii: ":")) {
      guard let number = reader.number(2) else { return nil }
      second = number
      if reader.take(UInt8(ascii: ".")) || reader.take(UInt8(ascii: ",")) {
        guard reader.skipDigits() > 0 else { return nil }
      }
    }
    guard let offset = reader.zoneOffset(), reader.remaining == 0,
      let local = Timestamp(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    return Timestamp(local.seconds - Int64(offset))
  }
}

extension Int64 {
  /// Division rounded toward negative infinity.
  func floorDivided(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor != 0 && (self < 0) != (divisor < 0) ? quotient - 1 : quotient
  }
}

/// Reads digits and marks out of ASCII bytes.
private struct DigitReader {
  let bytes: UnsafeBufferPointer<UInt8>
  var start = 0
  var end: Int

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    end = bytes.count
  }

  var remaining: Int { end - start }

  mutating func trim() {
    while start < end, bytes[start] <= 0x20 { start += 1 }
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
  }

  func has(_ byte: UInt8, at offset: Int) -> Bool { bytes[start + offset] == byte }

  mutating func take(_ byte: UInt8) -> Bool {
    guard start < end, bytes[start] == byte else { return false }
    start += 1
    return true
  }

  mutating func number(_ digits: Int) -> Int? {
    guard remaining >= digits else { return nil }
    var value = 0
    for offset in 0..<digits {
      let digit = bytes[start + offset] &- 0x30
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    start += digits
    return value
  }

  mutating func skipDigits() -> Int {
    let first = start
    while start < end, bytes[start] &- 0x30 < 10 { start += 1 }
    return start - first
  }

  mutating func unixSeconds() -> Timestamp? {
    let negative = take(UInt8(ascii: "-"))
    let digits = remaining
    guard (1...11).contains(digits), let value = number(digits) else { return nil }
    return Timestamp(Int64(negative ? -value : value))
  }

  /// Seconds east of UTC; 0 if no zone is named, nil if what stands there is no zone.
  mutating func zoneOffset() -> Int? {
    if remaining == 0 || take(UInt8(ascii: "Z")) || take(UInt8(ascii: "z")) { return 0 }
    let west = take(UInt8(ascii: "-"))
    guard west || take(UInt8(ascii: "+")), let hours = number(2), hours <= 18 else { return nil }
    var minutes = 0
    if remaining > 0 {
      _ = take(UInt8(ascii: ":"))
      guard let number = number(2), number < 60 else { return nil }
      minutes = number
    }
    return (hours * 3_600 + minutes * 60) * (west ? -1 : 1)
  }
}
