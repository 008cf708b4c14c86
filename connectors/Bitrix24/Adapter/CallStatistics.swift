import Platform
import Scoring
import WebAPI

/// What telephony knows of calls that activities tell of: who answered, and for how long they talked.
struct CallStatistics: Sendable {
  /// A call.
  struct Call: Sendable {
    let start: Timestamp?
    let seconds: Double?
    let wasAnswered: Bool

    init(_ row: JSONValue) {
      start = Bitrix24Time.read(row["CALL_START_DATE"])
      seconds = row["CALL_DURATION"].number
      // Some telephony gives no code at all.
      let code = row["CALL_FAILED_CODE"].text ?? ""
      wasAnswered = (code == "200" || code.isEmpty) && (row["CALL_DURATION"].number ?? 1) > 0
    }
  }

  static let method = "voximplant.statistic.get"

  /// Asks for the calls of activities. A call that was passed on has several rows, and a page has only so many.
  static func commands(_ activities: [Int64], rows: Int) -> [NamedCommand] {
    let size = max(1, rows * 4 / 5)
    return stride(from: 0, to: activities.count, by: size).map { start in
      let part = activities[start..<min(activities.count, start + size)]
      return NamedCommand(
        "v\(start)",
        Command(
          method,
          part.enumerated().map { ("FILTER[CRM_ACTIVITY_ID][\($0)]", "\($1)") }
            // Counting cannot be switched off here, as far as is known.
            + [("SORT", "ID"), ("ORDER", "ASC"), ("start", "0")]))
    }
  }

  /// The calls by their activities; of several of one activity the longest.
  static func calls(_ answer: BatchAnswer, _ commands: [NamedCommand]) -> [Int64: Call] {
    var calls: [Int64: Call] = [:]
    for command in commands {
      for row in answer.value(command)?.elements ?? [] {
        guard let activity = row["CRM_ACTIVITY_ID"].integer.map({ Int64($0) }) else { continue }
        let call = Call(row)
        if let other = calls[activity], (other.seconds ?? 0) >= (call.seconds ?? 0) { continue }
        calls[activity] = call
      }
    }
    return calls
  }
}
