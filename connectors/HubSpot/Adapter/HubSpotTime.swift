import Scoring
import WebAPI

/// Moments as HubSpot writes them: ISO 8601 with or without milliseconds, and epoch milliseconds as number or
/// text.
enum HubSpotTime {
  /// The moment; nil if there is none.
  static func read(_ value: JSONValue) -> Timestamp? {
    guard let text = value.text, !text.isEmpty else { return nil }
    if let milliseconds = Int64(text), milliseconds.magnitude >= 100_000_000_000 {
      return Timestamp(milliseconds / 1_000)
    }
    return Timestamp(text)
  }

  /// As a search compares it, and as the old APIs want it.
  static func milliseconds(_ seconds: Int64) -> String { "\(seconds * 1_000)" }
}
