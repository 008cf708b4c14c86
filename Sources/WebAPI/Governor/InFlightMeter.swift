/// Counts requests under way.
struct InFlightMeter: LimitMeter {
  private let most: Int
  private var count = 0

  init(most: Int) {
    self.most = max(1, most)
  }

  mutating func admission(_ demand: RequestDemand, at now: Double, guardTime: Double) -> Admission {
    count < most ? .now : .afterOneEnds
  }

  mutating func begin(_ ticket: RequestTicket) { count += 1 }

  mutating func end(_ ticket: RequestTicket, at now: Double, _ end: RequestEnd) { count -= 1 }
}

/// Counts requests under way, as many as the platform bears.
struct AdaptiveMeter: LimitMeter {
  private let most: Double
  private let slow: Double
  private var bears = 1.0
  private var count = 0
  /// Seconds of an answer in good times: the running mean, which moves up slowly.
  private var usual: Double?

  init(most: Int, slow: Double) {
    self.most = Double(max(1, most))
    self.slow = slow
  }

  mutating func admission(_ demand: RequestDemand, at now: Double, guardTime: Double) -> Admission {
    count < Int(bears) ? .now : .afterOneEnds
  }

  mutating func begin(_ ticket: RequestTicket) { count += 1 }

  mutating func end(_ ticket: RequestTicket, at now: Double, _ end: RequestEnd) {
    count -= 1
    let seconds = max(0, now - ticket.begun)
    let before = usual ?? seconds
    guard end.isGood, seconds <= slow else {
      bears = max(1, bears / 2)
      return
    }
    // Twice the usual time is what two at once would cost a server with one worker: nothing is won then.
    bears = seconds > max(2 * before, before + 0.25) ? max(1, bears * 0.75) : min(most, bears + 0.25 / bears)
    usual = before * 0.9 + seconds * 0.1
  }

  mutating func observe(_ observation: LimitObservation, of ticket: RequestTicket, at now: Double) {
    if case .refused = observation { bears = max(1, bears / 2) }
  }
}
