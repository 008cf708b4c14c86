/// All limits of one account together. Pure: time comes with every call.
package struct LimitBook: Sendable {
  package let limits: [RateLimit]
  /// Whether every limit counts every request.
  let isUniform: Bool
  private var meters: [any LimitMeter]
  private var number = 0
  private var lastSeen = -Double.infinity
  /// Nobody goes before that time: the platform said so without naming a limit.
  private var heldUntil = -Double.infinity
  private var latencies = Latencies()
  package private(set) var inFlight = 0

  package init(_ limits: [RateLimit]) {
    self.limits = limits
    isUniform = limits.allSatisfy { $0.only == nil && $0.exempt.isEmpty }
    meters = limits.map { $0.meter() }
  }

  /// Whether a request may go, and the limits that are in its way.
  package mutating func admission(
    _ demand: RequestDemand, at now: Double
  ) -> (admission: Admission, by: [Int]) {
    follow(now)
    if now < heldUntil { return (.at(heldUntil), Array(limits.indices)) }
    var admission = Admission.now
    var blocking: [Int] = []
    for index in limits.indices where limits[index].counts(demand) {
      let own = meters[index].admission(demand, at: now, guardTime: latencies.spread)
      switch (own, admission) {
      case (.now, _): continue
      case (.at(let time), .at(let other)): admission = .at(max(time, other))
      // What waits for a moment as well as for an end is looked at again when one ends.
      case (.at(let time), .afterOneEnds): admission = time > now + 1 ? own : .afterOneEnds
      case (.afterOneEnds, .at(let time)): if time <= now + 1 { admission = own }
      default: admission = own
      }
      blocking.append(index)
    }
    return (admission, blocking)
  }

  /// Notes that a request leaves now.
  package mutating func begin(_ demand: RequestDemand, at now: Double) -> RequestTicket {
    follow(now)
    number += 1
    inFlight += 1
    let ticket = RequestTicket(number: number, demand: demand, begun: now)
    for index in limits.indices where limits[index].counts(demand) { meters[index].begin(ticket) }
    return ticket
  }

  /// Notes that a request has ended.
  package mutating func end(_ ticket: RequestTicket, at now: Double, _ end: RequestEnd) {
    follow(now)
    inFlight -= 1
    if end.isGood { latencies.add(max(0, now - ticket.begun), of: ticket.demand) }
    for observation in end.observations { observe(observation, of: ticket, at: now) }
    for index in limits.indices where limits[index].counts(ticket.demand) {
      meters[index].end(ticket, at: now, end)
    }
  }

  /// Lets nobody go before that time.
  package mutating func hold(until time: Double) { heldUntil = max(heldUntil, time) }

  /// The indices of the limits that count a demand.
  func limits(of demand: RequestDemand) -> [Int] { limits.indices.filter { limits[$0].counts(demand) } }

  /// What is left of each limit.
  package func readings(at now: Double) -> [QuotaReading] {
    zip(limits, meters).flatMap { limit, meter in
      meter.readings(at: now).map { reading in
        var reading = reading
        reading.limit = reading.limit.isEmpty ? limit.name : "\(limit.name) \(reading.limit)"
        return reading
      }
    }
  }

  /// Seconds in which so many requests would be done, `together` of them at a time, and the limit that would
  /// hold them up most; nil if none would.
  ///
  /// It is this very book run ahead: no formula can say anything else than what would happen.
  package func forecast(
    _ demand: RequestDemand, requests: Int, together: Int, at now: Double
  ) -> (seconds: Double, heldBy: String?) {
    guard requests > 0 else { return (0, nil) }
    // Beyond some ten thousand all limits have been met often enough to go on in proportion.
    let simulated = min(requests, 20_000)
    var book = self
    var time = now
    var ends: [(at: Double, ticket: RequestTicket)] = []
    var held: [Int: Double] = [:]
    let latency = latencies.usual(of: demand)
    for _ in 0..<simulated {
      if ends.count >= max(1, together) { book.endFirst(&ends, &time) }
      while true {
        let (admission, by) = book.admission(demand, at: time)
        if admission == .now { break }
        let before = time
        if case .at(let moment) = admission, moment > time {
          while let first = ends.first, first.at <= moment { book.endFirst(&ends, &time) }
          time = max(time, moment)
        } else if !ends.isEmpty {
          book.endFirst(&ends, &time)
        } else {
          return (.infinity, by.first.map { limits[$0].name })
        }
        for index in by { held[index, default: 0] += time - before }
      }
      ends.append((time + latency, book.begin(demand, at: time)))
    }
    while !ends.isEmpty { book.endFirst(&ends, &time) }
    let seconds = (time - now) * Double(requests) / Double(simulated)
    let most = held.max { ($0.value, $1.key) < ($1.value, $0.key) }
    return (seconds, most.flatMap { $0.value > 0.05 * (time - now) ? limits[$0.key].name : nil })
  }

  /// What the next process should know.
  package func memory(at now: Double) -> JSONOutput {
    .object([
      ("version", .integer(1)), ("savedAt", .number(now)),
      (
        "limits",
        .object(
          zip(limits, meters).compactMap { limit, meter in meter.memory(at: now).map { (limit.name, $0) } })
      ),
      ("latencies", latencies.memory),
    ])
  }

  /// Takes what an earlier process knew; what cannot be used is passed over.
  package mutating func recall(_ memory: JSONValue, at now: Double) {
    guard memory["version"].integer == 1 else { return }
    for index in limits.indices {
      let own = memory["limits"][limits[index].name]
      if own.isObject { meters[index].recall(own, at: now) }
    }
    latencies.recall(memory["latencies"])
  }

  private mutating func endFirst(
    _ ends: inout [(at: Double, ticket: RequestTicket)], _ time: inout Double
  ) {
    let first = ends.removeFirst()
    time = max(time, first.at)
    var end = RequestEnd()
    // In a forecast requests cost what they have cost so far.
    for index in limits.indices where limits[index].counts(first.ticket.demand) {
      guard let meter = meters[index] as? OperatingMeter else { continue }
      end.observations += meter.expectations(of: first.ticket.demand, at: time)
    }
    self.end(first.ticket, at: time, end)
  }

  private mutating func observe(_ observation: LimitObservation, of ticket: RequestTicket, at now: Double) {
    let name: String?
    switch observation {
    case .quota(let limit, _, _, _): name = limit
    case .operating(let limit, _, _, _): name = limit
    case .refused(let limit, let wait):
      name = limit
      if limit == nil, let wait { hold(until: now + wait) }
    }
    for index in limits.indices {
      guard let name else {
        if limits[index].counts(ticket.demand), isUntold(index) {
          meters[index].observe(observation, of: ticket, at: now)
        }
        continue
      }
      if limits[index].name == name { meters[index].observe(observation, of: ticket, at: now) }
    }
  }

  /// A refusal without a name is put down to limits that answers do not tell of.
  private func isUntold(_ index: Int) -> Bool {
    switch limits[index].shape {
    case .rolling, .bucket, .adaptive: true
    case .frame, .operating, .daily, .inFlight: false
    }
  }

  /// A clock that was set back must not make anybody wait for the hours it was set back by.
  private mutating func follow(_ now: Double) {
    if now < lastSeen - 1 {
      let seconds = now - lastSeen
      for index in meters.indices { meters[index].shift(by: seconds) }
      if heldUntil.isFinite { heldUntil += seconds }
      lastSeen = now
    }
    lastSeen = max(lastSeen, now)
  }
}

/// How long answers take.
struct Latencies: Sendable {
  private static let kept = 64

  private var recent: [Double] = []
  private var next = 0
  private var usual: [RequestDemand.Priority: Double] = [:]

  mutating func add(_ seconds: Double, of demand: RequestDemand) {
    if recent.count < Self.kept {
      recent.append(seconds)
    } else {
      recent[next] = seconds
      next = (next + 1) % Self.kept
    }
    let before = usual[demand.priority] ?? seconds
    usual[demand.priority] = before * 0.9 + seconds * 0.1
  }

  /// By how much the slowest of late took longer than the fastest, in seconds.
  var spread: Double {
    guard let least = recent.min(), let most = recent.max() else { return 0 }
    return most - least
  }

  /// Seconds of a usual answer.
  func usual(of demand: RequestDemand) -> Double { usual[demand.priority] ?? usual.values.max() ?? 0.3 }

  var memory: JSONOutput {
    .object([
      ("reading", usual[.reading].map { .number($0) } ?? .null),
      ("writing", usual[.writing].map { .number($0) } ?? .null),
    ])
  }

  mutating func recall(_ memory: JSONValue) {
    for (name, priority) in [("reading", RequestDemand.Priority.reading), ("writing", .writing)] {
      if let seconds = memory[name].number, seconds >= 0, seconds < 3_600 { usual[priority] = seconds }
    }
  }
}
