/// Counts for a number of requests within a time that the platform begins and ends.
///
/// Answers tell what is left and when the time ends. What others take meanwhile is left to them: it is seen from
/// how much faster the rest shrinks than this side sends.
struct FrameMeter: LimitMeter {
  private let seconds: Double
  private let reserve: Double
  private var count: Int?
  /// Requests left, as of the last answer, less those that left since.
  private var left: Double?
  private var leftAsOf = 0.0
  private var endsAt: Double?
  /// Requests a second of others.
  private var others = 0.0
  /// Where in the frame others' requests are counted from.
  private var base: (at: Double, left: Double, number: Int)?
  private var inFlight: Set<Int> = []
  /// When this side took the present frame to begin: an answer to an older request tells of the one before.
  private var begunAt = -Double.infinity
  private var lastNumber = 0
  private var lastSent = -Double.infinity
  private var heldUntil = -Double.infinity
  /// Whether answers have ever told what is left.
  private var isTold = false

  init(count: Int?, seconds: Double, reserve: Double) {
    self.count = count
    self.seconds = max(seconds, 0.001)
    self.reserve = reserve
  }

  mutating func admission(_ demand: RequestDemand, at now: Double, guardTime: Double) -> Admission {
    if now < heldUntil { return .at(heldUntil) }
    startAnew(at: now)
    guard isTold, let left, let endsAt else { return spread(at: now) }
    let kept = reserve * Double(count ?? 0)
    let rest = left - kept - others * max(0, now - leftAsOf)
    let theirs = others * max(0, endsAt - now)
    if rest - theirs >= 1 { return .now }
    guard others > 0, rest >= 1 else { return .at(endsAt) }
    // One now and then shows whether they really take as much as they did.
    let look = lastSent + seconds / 30
    return look <= now ? .now : .at(min(endsAt, look))
  }

  mutating func begin(_ ticket: RequestTicket) {
    left = left.map { $0 - 1 }
    inFlight.insert(ticket.number)
    lastNumber = ticket.number
    lastSent = ticket.begun
  }

  mutating func end(_ ticket: RequestTicket, at now: Double, _ end: RequestEnd) {
    inFlight.remove(ticket.number)
  }

  mutating func observe(_ observation: LimitObservation, of ticket: RequestTicket, at now: Double) {
    switch observation {
    case .quota(_, let told, let told_left?, let resetsIn):
      guard ticket.begun >= begunAt else { return }
      if let told { count = told }
      let later = Double(lastNumber - ticket.number)
      let ends = resetsIn.map { now + $0 } ?? endsAt ?? now + seconds
      let isNew = endsAt.map { ends > $0 + seconds / 20 } ?? true
      if isNew || !isTold {
        base = (now, Double(told_left), ticket.number)
        endsAt = ends
      }
      isTold = true
      // Answers overtake each other: the smallest rest is the newest.
      let rest = Double(told_left) - later
      left = isNew ? rest : min(left ?? rest, rest)
      leftAsOf = now
      measureOthers(told_left, ticket, now)
    case .refused(_, let wait):
      let free = wait.map { now + $0 } ?? endsAt ?? now + min(seconds, 60)
      heldUntil = max(heldUntil, free)
      if isTold {
        left = 0
        endsAt = free
      }
    default: break
    }
  }

  mutating func shift(by seconds: Double) {
    leftAsOf += seconds
    lastSent += seconds
    begunAt += seconds
    heldUntil += seconds
    endsAt = endsAt.map { $0 + seconds }
    base?.at += seconds
  }

  func readings(at now: Double) -> [QuotaReading] {
    let isOver = endsAt.map { now >= $0 } ?? false
    let rest = isOver ? count.map(Double.init) : left.map { max(0, $0) }
    return [
      QuotaReading(
        limit: "", unit: .requests, left: rest, count: count.map(Double.init),
        resetsAt: isOver ? nil : endsAt, asOf: isTold ? leftAsOf : now)
    ]
  }

  func memory(at now: Double) -> JSONOutput? {
    guard isTold, let left, let endsAt else { return nil }
    return .object([
      ("left", .number(left)), ("count", count.map { .integer($0) } ?? .null), ("endsAt", .number(endsAt)),
      ("asOf", .number(leftAsOf)), ("others", .number(others)),
    ])
  }

  mutating func recall(_ memory: JSONValue, at now: Double) {
    guard let left = memory["left"].number, let endsAt = memory["endsAt"].number,
      let asOf = memory["asOf"].number, asOf <= now, endsAt <= now + seconds
    else { return }
    count = memory["count"].integer ?? count
    others = max(0, memory["others"].number ?? 0)
    (self.left, self.endsAt, leftAsOf, isTold) = (left, endsAt, asOf, true)
    startAnew(at: now)
  }

  /// Where nothing is told a frame's requests are spread over its time, which keeps to it wherever it begins.
  private func spread(at now: Double) -> Admission {
    guard let count else { return .now }
    // The first answer is waited for: it tells more than any reckoning.
    if lastSent == -.infinity { return .now }
    let turn = lastSent + seconds / max(1, Double(count) * (1 - reserve))
    return turn > now ? .at(turn) : .now
  }

  private mutating func startAnew(at now: Double) {
    guard isTold, let endsAt, now >= endsAt else { return }
    left = count.map { Double($0) - Double(inFlight.count) }
    leftAsOf = now
    self.endsAt = now + seconds
    begunAt = now
    base = nil
  }

  private mutating func measureOthers(_ toldLeft: Int, _ ticket: RequestTicket, _ now: Double) {
    guard let base else {
      self.base = (now, Double(toldLeft), ticket.number)
      // The frame began with the clock of the platform, which the answer has just told.
      return
    }
    let passed = now - base.at
    guard passed >= seconds / 100, ticket.number > base.number else { return }
    let own = Double(ticket.number - base.number)
    let theirs = base.left - Double(toldLeft) - own
    // Fewer than that may only have overtaken each other.
    let seen = theirs > Double(inFlight.count) + 2 ? theirs / passed : 0
    // Early in a frame too little is seen to think less of them than before.
    others = passed < seconds / 10 ? max(others, seen) : seen
  }
}
