import Scoring
import WebAPI

/// A moment as a portal tells it, with its own distance from UTC.
struct PortalTime: Hashable, Sendable {
  let seconds: Int64
  /// Minutes east of UTC.
  let offset: Int

  init(seconds: Int64, offset: Int) {
    self.seconds = seconds
    self.offset = offset
  }

  /// Reads `2026-09-03T13:19:00+03:00`; nil if it is none.
  init?(_ value: JSONValue) {
    guard let text = value.text, let moment = Bitrix24Time.read(value) else { return nil }
    seconds = moment.seconds
    let zone = text.utf8.suffix(6)
    var minutes = 0
    if let sign = zone.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      let digits = zone.dropFirst().filter { $0 != UInt8(ascii: ":") }.map { Int($0) - 0x30 }
      if digits.count == 4, digits.allSatisfy({ (0...9).contains($0) }) {
        minutes = (digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3]
        if sign == UInt8(ascii: "-") { minutes = -minutes }
      }
    }
    offset = minutes
  }

  /// As filters compare it, in the portal's own zone: a portal that passes the zone over is right all the same.
  var text: String { Self.text(seconds, offset: offset) }

  /// A moment in a zone.
  static func text(_ seconds: Int64, offset: Int) -> String {
    let local = Timestamp(seconds + Int64(offset) * 60).description.dropLast()
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(local)\(offset < 0 ? "-" : "+")\(two(abs(offset) / 60)):\(two(abs(offset) % 60))"
  }
}

/// Moments as Bitrix24 writes them: ISO 8601 with the portal's zone, or Unix seconds.
enum Bitrix24Time {
  /// The moment; nil if there is none.
  static func read(_ value: JSONValue) -> Timestamp? {
    guard let text = value.text, !text.isEmpty else { return nil }
    return Timestamp(text)
  }
}
