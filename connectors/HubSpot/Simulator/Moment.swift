import Scoring

/// A moment in milliseconds since 1970, as HubSpot counts.
struct Moment: Hashable, Comparable, Sendable {
  let milliseconds: Int64

  init(_ milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  init(_ time: Timestamp) {
    milliseconds = time.seconds * 1_000
  }

  static func < (left: Moment, right: Moment) -> Bool { left.milliseconds < right.milliseconds }

  /// Whole seconds, cut toward the past.
  var seconds: Int64 {
    milliseconds >= 0 ? milliseconds / 1_000 : (milliseconds - 999) / 1_000
  }

  /// `2026-11-23T01:12:14.250Z`.
  var text: String {
    let rest = milliseconds - seconds * 1_000
    let digits = rest < 10 ? "00\(rest)" : rest < 100 ? "0\(rest)" : "\(rest)"
    return "\(Timestamp(seconds).description.dropLast()).\(digits)Z"
  }

  /// Reads epoch milliseconds or ISO 8601; nil for anything else.
  init?(text: String) {
    if let number = Int64(text) {
      self.init(number)
      return
    }
    guard text.contains("-"), let time = Timestamp(text) else { return nil }
    var thousandths: Int64 = 0
    if let dot = text.firstIndex(of: ".") {
      let digits = text[text.index(after: dot)...].prefix { $0.isNumber }.prefix(3)
      thousandths = Int64(digits.padding(to: 3)) ?? 0
    }
    self.init(time.seconds * 1_000 + thousandths)
  }
}

extension Substring {
  /// The text with noughts behind it up to a length.
  fileprivate func padding(to length: Int) -> String {
    String(self) + String(repeating: "0", count: Swift.max(0, length - count))
  }
}
