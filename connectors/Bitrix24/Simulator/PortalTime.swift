import Scoring

/// Times as a portal writes and reads them: with its own offset, to the second.
struct PortalTime: Sendable {
  /// Seconds east of UTC.
  let offset: Int64

  /// `2026-08-21T10:00:00+03:00`.
  func text(_ seconds: Int64) -> String {
    String(Timestamp(seconds + offset).description.dropLast()) + zone
  }

  /// A date without time is shown as midnight in UTC, which is another hour on the portal.
  func text(day: String) -> String {
    let hours = max(0, offset) / 3_600
    return "\(day)T\(hours < 10 ? "0" : "")\(hours):00:00" + zone
  }

  private var zone: String {
    let minutes = abs(offset) / 60
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(offset < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
  }

  /// The day of a moment on the portal.
  func day(_ seconds: Int64) -> String { String(text(seconds).prefix(10)) }

  /// Reads ISO 8601; a text without offset is the portal's time. Nil for anything else.
  func seconds(_ text: String) -> Int64? {
    guard text.contains("-"), let time = Timestamp(text) else { return nil }
    let rest = text.dropFirst(10)
    let hasZone = rest.contains("+") || rest.contains("-") || rest.hasSuffix("Z")
    return hasZone ? time.seconds : time.seconds - offset
  }
}
