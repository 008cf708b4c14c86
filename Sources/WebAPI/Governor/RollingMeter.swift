/// Counts requests within any time of a length.
///
/// A request counts from when it left until a window after it, and some guard time more: a later one may be
/// faster on the way. What others take is seen from what the answers say is left, or, where they say nothing,
/// from refusals.
struct RollingMeter: LimitMeter {
  private let count: Int
  private let window: Double
  private let reserve: Double
  /// Moments at which requests left, the oldest first, from `oldest` on.
  private var sent: [(number: Int, at: Double)] = []
  private var oldest = 0
  private var inFlight = 0
  /// More guard time, learnt from refusals that nobody else can have caused.
  private var slack = 0.0
  private var others = Others.unseen
  private var heldUntil = -Double.infinity
  private var refusedAt = -Double.infinity
  /// When the last request left; they are spread evenly where others are to be left room.
  private var lastSent = -Double.infinity

  /// How many requests of a window others take.
  private enum Others {
    case unseen
    case told(Double, at: Double)
    /// Seen by a refusal; one less is tried at `probeAt`, and if that goes well, one less again.
    case guessed(Double, probeAt: Double, probeWait: Double)
  }

  init(count: Int, window: Double, reserve: Double) {
    self.count = max(1, count)
    self.window = max(window, 0.001)
    self.reserve = reserve
  }

  mutating func admission(_ demand: RequestDemand, at now: Double, guardTime: Double) -> Admission {
    if now < heldUntil { return .at(heldUntil) }
    probe(at: now)
    let margin = min(guardTime, window * 0.025) + slack
    while oldest < sent.count, sent[oldest].at + window + margin <= now { oldest += 1 }
    if oldest > 512, oldest > sent.count / 2 {
      sent.removeFirst(oldest)
      oldest = 0
    }
    let room = room(at: now)
    let used = sent.count - oldest
    guard used < room else { return .at(sent[sent.count - room].at + window + margin) }
    if case .guessed = others {
      let turn = lastSent + (window + margin) / Double(room)
      if turn > now { return .at(turn) }
    }
    return .now
  }

  mutating func begin(_ ticket: RequestTicket) {
    sent.append((ticket.number, ticket.begun))
    lastSent = ticket.begun
    inFlight += 1
  }

  mutating func end(_ ticket: RequestTicket, at now: Double, _ end: RequestEnd) {
    inFlight -= 1
  }

  mutating func observe(_ observation: LimitObservation, of ticket: RequestTicket, at now: Double) {
    switch observation {
    case .quota(_, let told, let left?, _):
      // An answer about another limit than the one that was described would only confuse.
      guard told == nil || told == count else { return }
      let own = ownCount(with: ticket)
      // One answer may count those under way or not; the mean of some does not.
      let seen = Double(count - left - own)
      let before = if case .told(let mean, let at) = others, now - at < 2 * window { mean } else { seen }
      others = .told(before * 0.8 + seen * 0.2, at: now)
    case .refused(_, let wait):
      heldUntil = max(heldUntil, now + (wait ?? min(window, 2)))
      // Those that were under way at a refusal and are refused too tell nothing new.
      guard ticket.begun > refusedAt else { return }
      refusedAt = now
      let own = ownCount(with: ticket)
      // The refused one was one too many.
      let seen = Double(count - (own - 1))
      if seen <= 0 {
        slack = min(slack + window * 0.02, window * 0.2)
      } else {
        noteRefusal(seen: seen, at: now)
      }
    default: break
    }
  }

  mutating func shift(by seconds: Double) {
    for index in sent.indices { sent[index].at += seconds }
    lastSent += seconds
    heldUntil += seconds
    refusedAt += seconds
    switch others {
    case .unseen: break
    case .told(let seen, let at): others = .told(seen, at: at + seconds)
    case .guessed(let seen, let probeAt, let wait):
      others = .guessed(seen, probeAt: probeAt + seconds, probeWait: wait)
    }
  }

  func readings(at now: Double) -> [QuotaReading] {
    let used = sent.count - firstIndex { $0.at + window > now }
    return [
      QuotaReading(
        limit: "", unit: .requests, left: Double(max(0, room(at: now) - used)), count: Double(count),
        asOf: now)
    ]
  }

  /// How many of ours lie within the window that ended with a request, itself included.
  private func ownCount(with ticket: RequestTicket) -> Int {
    firstIndex { $0.number > ticket.number } - firstIndex { $0.at > ticket.begun - window }
  }

  /// Where a condition begins to hold that holds for all that follow.
  private func firstIndex(where holds: ((number: Int, at: Double)) -> Bool) -> Int {
    var (low, high) = (oldest, sent.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(sent[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private mutating func noteRefusal(seen: Double, at now: Double) {
    var seen = min(seen, Double(count - 1))
    var wait = firstProbeWait
    if case .guessed(let before, _, let lastWait) = others {
      // One more than was thought; a probe that failed is tried more seldom.
      seen = before + 1
      wait = min(lastWait * 2, firstProbeWait * 16)
    }
    others = .guessed(min(seen, Double(count - 1)), probeAt: now + wait, probeWait: wait)
  }

  /// Such that trying costs no more than one refusal in some hundreds of requests.
  private var firstProbeWait: Double { 500 * window / Double(count) }

  private mutating func probe(at now: Double) {
    guard case .guessed(let seen, let probeAt, let wait) = others, now >= probeAt else { return }
    others = seen > 1 ? .guessed(seen - 1, probeAt: now + wait, probeWait: wait) : .unseen
  }

  private func room(at now: Double) -> Int {
    let taken: Double
    switch others {
    case .unseen: taken = 0
    // What was told is true for a while only.
    case .told(let seen, let at):
      // Less than that is no more than a difference of opinion about what is under way.
      let isSeen = now - at < 2 * window && seen > max(2, Double(count) * 0.02)
      // Some more for what they take while answers travel.
      taken = isSeen ? seen + max(1, Double(count) * 0.03) : 0
    case .guessed(let seen, _, _): taken = seen
    }
    return max(1, Int(Double(count) * (1 - reserve) - taken))
  }
}
