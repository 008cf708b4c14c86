import Scoring
import WebAPI

/// Moments as GetResponse writes them: ISO 8601 with an offset, without a colon in most places.
enum GetResponseTime {
  /// The moment; nil if there is none.
  static func read(_ value: JSONValue) -> Timestamp? {
    guard value.isText, let text = value.text, !text.isEmpty else { return nil }
    return Timestamp(text)
  }

  /// As a filter wants it: in UTC with an offset, since the zone of a time without one is not documented.
  static func text(_ seconds: Int64) -> String {
    Timestamp(max(0, seconds)).description.dropLast() + "+0000"
  }

  /// Seconds of a day.
  static let day: Int64 = 86_400

  /// The midnight, in UTC, before or at a moment.
  static func midnight(_ seconds: Int64) -> Int64 {
    let rest = seconds % day
    return seconds - (rest < 0 ? rest + day : rest)
  }

  /// The day of a moment: `2026-01-14`.
  static func date(_ seconds: Int64) -> String { String(Timestamp(max(0, seconds)).description.prefix(10)) }
}
