/// Counts for a day's quota of a whole account.
struct DailyMeter: LimitMeter {
  private static let length = 86_400.0

  private let offset: Double
  private let reserve: Double
  private var count: Int?
  /// The day that the numbers are of: days since 1970 by the account's clock.
  private var day = -Double.infinity
  private var used = 0
  /// Requests left as of the last answer, less those that left since; nil if no answer has told.
  private var left: Double?
  private var asOf = 0.0
  private var lastNumber = 0
  private var exhaustedUntil = -Double.infinity

  init(count: Int?, offset: Double, reserve: Double) {
    self.count = count
    self.offset = offset
    self.reserve = reserve
  }

  mutating func admission(_ demand: RequestDemand, at now: Double, guardTime: Double) -> Admission {
    turn(at: now)
    if now < exhaustedUntil { return .at(exhaustedUntil) }
    let kept = reserve * Double(count ?? 0)
    if let left { return left - kept >= 1 ? .now : .at(nextDay(after: now)) }
    guard let count else { return .now }
    return Double(count - used) - kept >= 1 ? .now : .at(nextDay(after: now))
  }

  mutating func begin(_ ticket: RequestTicket) {
    turn(at: ticket.begun)
    used += 1
    left = left.map { $0 - 1 }
    lastNumber = ticket.number
  }

  mutating func end(_ ticket: RequestTicket, at now: Double, _ end: RequestEnd) {}

  mutating func observe(_ observation: LimitObservation, of ticket: RequestTicket, at now: Double) {
    turn(at: now)
    switch observation {
    case .quota(_, let told, let told_left?, _):
      if let told { count = told }
      // An answer from just before the day's end must not spoil the new day.
      guard dayNumber(ticket.begun) == day else { return }
      let rest = Double(told_left - (lastNumber - ticket.number))
      left = left.map { now - asOf < 60 ? min($0, rest) : rest } ?? rest
      asOf = now
    case .refused(_, let wait):
      // Where the account's midnight is not known the platform's own word is taken, or the end of our day.
      exhaustedUntil = max(exhaustedUntil, wait.map { now + $0 } ?? nextDay(after: now))
      if left != nil { left = 0 }
      asOf = now
    default: break
    }
  }

  mutating func shift(by seconds: Double) {
    // Days are the calendar's and not this process's: the clock may well have been wrong before.
    asOf += seconds
  }

  func readings(at now: Double) -> [QuotaReading] {
    let isToday = dayNumber(now) == day
    let rest = isToday ? left ?? count.map { Double($0 - used) } : count.map(Double.init)
    return [
      QuotaReading(
        limit: "", unit: .requests, left: now < exhaustedUntil ? 0 : rest.map { max(0, $0) },
        count: count.map(Double.init), resetsAt: max(nextDay(after: now), exhaustedUntil),
        asOf: isToday && asOf > 0 ? asOf : now)
    ]
  }

  func memory(at now: Double) -> JSONOutput? {
    guard day.isFinite else { return nil }
    return .object([
      ("day", .number(day)), ("used", .integer(used)), ("count", count.map { .integer($0) } ?? .null),
      ("left", left.map { .number($0) } ?? .null), ("asOf", .number(asOf)),
      ("exhaustedUntil", exhaustedUntil.isFinite ? .number(exhaustedUntil) : .null),
    ])
  }

  mutating func recall(_ memory: JSONValue, at now: Double) {
    count = memory["count"].integer ?? count
    guard let day = memory["day"].number, day == dayNumber(now) else { return }
    self.day = day
    used = max(0, memory["used"].integer ?? 0)
    left = memory["left"].number
    asOf = min(memory["asOf"].number ?? 0, now)
    // Never longer than a day, whatever a file says.
    if let until = memory["exhaustedUntil"].number { exhaustedUntil = min(until, now + Self.length) }
  }

  private mutating func turn(at now: Double) {
    let today = dayNumber(now)
    guard today != day else { return }
    // A clock that was set back by a little must not give the day's quota anew.
    guard today > day else { return }
    day = today
    used = 0
    left = nil
  }

  private func dayNumber(_ time: Double) -> Double { ((time + offset) / Self.length).rounded(.down) }

  private func nextDay(after time: Double) -> Double { (dayNumber(time) + 1) * Self.length - offset }
}
