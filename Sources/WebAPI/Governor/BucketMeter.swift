/// Counts for a bucket that leaks.
///
/// No answer tells how full it is. It is reckoned from what was sent, and a refusal, at which it was full, shows
/// how much others have put in since it was last known.
struct BucketMeter: LimitMeter {
  /// Seconds after a refusal in which it is found out bit by bit whether the others have stopped.
  private static let release = 1_200.0

  private let rate: Double
  private let burst: Double
  private let room: Double
  private var level = 0.0
  private var asOf = -Double.infinity
  /// Requests a second of others at the last refusal.
  private var others = 0.0
  private var refusedAt = -Double.infinity
  private var ledger = Ledger()

  /// What has happened since the level was last known.
  private struct Ledger {
    var since: Double?
    var level = 0.0
    var sent = 0.0
  }

  init(rate: Double, burst: Int, reserve: Double) {
    self.rate = max(rate.isNaN ? 0 : rate, 0.001)
    self.burst = Double(max(1, burst))
    // One less than fits: requests do not arrive as evenly as they leave.
    room = max(1, self.burst * (1 - reserve) - (burst > 4 ? 1 : 0))
  }

  mutating func admission(_ demand: RequestDemand, at now: Double, guardTime: Double) -> Admission {
    settle(at: now)
    // Clocks cannot tell a millionth of a second apart, and nobody shall wait for it again and again.
    guard level + 1 > room + 1e-5 * max(1, rate) else { return .now }
    return .at(now + (level + 1 - room) / drain(at: now))
  }

  mutating func begin(_ ticket: RequestTicket) {
    settle(at: ticket.begun)
    level += 1
    if ledger.since == nil { ledger.since = ticket.begun }
    ledger.sent += 1
  }

  mutating func end(_ ticket: RequestTicket, at now: Double, _ end: RequestEnd) {}

  mutating func observe(_ observation: LimitObservation, of ticket: RequestTicket, at now: Double) {
    guard case .refused(_, let wait) = observation else { return }
    settle(at: now)
    if let since = ledger.since, now - since >= 5 {
      let passed = now - since
      // All that leaked out and all that is in it now came from somebody.
      let seen = (rate * passed + burst - ledger.level - (ledger.sent - 1)) / passed
      others = min(max(seen, 0), 0.9 * rate)
    } else if refusedAt.isFinite {
      others = min(others(at: now) + 0.1 * rate, 0.9 * rate)
    }
    refusedAt = now
    level = max(burst, wait.map { room - 1 + $0 * rate } ?? 0)
    ledger = Ledger(since: now, level: burst, sent: 0)
  }

  mutating func shift(by seconds: Double) {
    asOf += seconds
    refusedAt += seconds
    ledger.since = ledger.since.map { $0 + seconds }
  }

  func readings(at now: Double) -> [QuotaReading] {
    let left = max(0, room - max(0, level - rate * max(0, now - asOf)))
    return [
      QuotaReading(limit: "", unit: .requests, left: left.rounded(.down), count: burst, asOf: now)
    ]
  }

  func memory(at now: Double) -> JSONOutput? {
    guard asOf.isFinite else { return nil }
    return .object([
      ("level", .number(level)), ("asOf", .number(asOf)), ("others", .number(others)),
      ("refusedAt", refusedAt.isFinite ? .number(refusedAt) : .null),
    ])
  }

  mutating func recall(_ memory: JSONValue, at now: Double) {
    guard let level = memory["level"].number, let asOf = memory["asOf"].number, asOf <= now else { return }
    self.level = min(max(level, 0), burst)
    self.asOf = asOf
    if let others = memory["others"].number, let refusedAt = memory["refusedAt"].number, refusedAt <= now {
      self.others = min(max(others, 0), 0.9 * rate)
      self.refusedAt = refusedAt
    }
    settle(at: now)
  }

  /// What others are thought to send, a second. It is let go of slowly at first, so that it is seldom found out
  /// by a refusal that they are still there.
  private func others(at now: Double) -> Double {
    let share = min(max((now - refusedAt) / Self.release, 0), 1)
    return others * (1 - share * share)
  }

  private func drain(at now: Double) -> Double {
    max(rate - others(at: now), rate * 0.05)
  }

  private mutating func settle(at now: Double) {
    if asOf.isFinite { level = max(0, level - drain(at: now) * max(0, now - asOf)) }
    asOf = max(asOf, now)
  }
}
