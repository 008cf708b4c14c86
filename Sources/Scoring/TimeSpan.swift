/// A length of time in whole seconds, written `90s 15m 12h 7d 2w`; a day is always 86,400 seconds.
public struct TimeSpan: Hashable, Comparable, Sendable {
  /// Never negative.
  public let seconds: Int64

  /// The longest span a file may name: a hundred years.
  public static let longest = TimeSpan(seconds: 36_525 * 86_400)

  /// A span of so many seconds.
  public init(seconds: Int64) {
    self.seconds = seconds
  }

  /// A span of so many days of 86,400 seconds.
  public static func days(_ days: Int64) -> TimeSpan {
    TimeSpan(seconds: days * 86_400)
  }

  /// Reads `90s`, `15m`, `12h`, `7d` or `2w`; nil for anything else, for zero, and beyond a hundred years.
  public init?(_ text: String) {
    guard let unit = text.last, let size = Self.units[unit] else { return nil }
    let digits = text.dropLast()
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let count = Int64(digits), count > 0
    else { return nil }
    let (seconds, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, seconds <= Self.longest.seconds else { return nil }
    self.seconds = seconds
  }

  private static let units: [Character: Int64] = [
    "s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800,
  ]

  /// Shorter comes first.
  public static func < (left: TimeSpan, right: TimeSpan) -> Bool {
    left.seconds < right.seconds
  }
}

extension TimeSpan: CustomStringConvertible {
  /// The shortest way to write the span: `7d`, `90s`.
  public var description: String {
    for (unit, size) in [("d", Int64(86_400)), ("h", 3_600), ("m", 60)]
    where seconds >= size && seconds % size == 0 {
      return "\(seconds / size)\(unit)"
    }
    return "\(seconds)s"
  }
}
