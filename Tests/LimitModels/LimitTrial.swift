import WebAPI

/// A client that always has something to send, its limits, a platform, and perhaps somebody else, in virtual time.
///
/// Everything follows from the seed; an hour takes some milliseconds.
package struct LimitTrial: Sendable {
  /// What came of it.
  package struct Outcome: Hashable, Sendable {
    /// What was served to this client, and what to the other, counted as the limit counts.
    package var served = 0.0
    package var othersServed = 0.0
    package var sent = 0
    package var refused = 0
    package var othersRefused = 0
    /// What would have been served in all if every moment had been used.
    package var allowance = 0.0

    /// The share used of what the other left.
    package var share: Double { served / max(allowance - othersServed, 1) }
    /// The share of requests that were refused.
    package var refusals: Double { Double(refused) / Double(max(sent, 1)) }
  }

  private enum Event: Sendable {
    case arrival(Party, RequestTicket?, RequestDemand)
    case answer(Party, RequestTicket?, RequestDemand, WebResponse, left: Double)
    case otherSends
    case wake
  }

  private var model: any LimitModel
  private var book: LimitBook
  private let signs: LimitSigns
  private let demand: RequestDemand
  private let otherDemand: RequestDemand
  private let otherPace: Double?
  private let counts: String?
  private let latency: ClosedRange<Double>
  private let workers: Int
  private var chance: UInt64
  private var events: [(at: Double, number: Int, event: Event)] = []
  private var number = 0
  private var busy = 0
  private var isBegun = false
  private var alarm = -1.0
  private var outcome = Outcome()

  /// - Parameters:
  ///   - otherPace: seconds between two requests of the other; nil: there is nobody else.
  ///   - counts: the limit whose allowance is looked at.
  ///   - latency: seconds on the way, each way.
  ///   - workers: how many requests this client would have under way if it could.
  package init(
    _ model: any LimitModel, _ described: (limits: [RateLimit], signs: LimitSigns),
    demand: RequestDemand = RequestDemand(), otherPace: Double? = nil, counts: String? = nil,
    latency: ClosedRange<Double> = 0.02...0.03, workers: Int = 16, seed: UInt64 = 1
  ) {
    self.model = model
    book = LimitBook(described.limits)
    signs = described.signs
    self.demand = demand
    otherDemand = RequestDemand(kind: demand.kind, methods: demand.methods)
    self.otherPace = otherPace
    self.counts = counts
    self.latency = latency
    self.workers = workers
    chance = seed
  }

  /// Runs until so many seconds after its beginning.
  package mutating func run(seconds: Double) -> Outcome {
    if !isBegun {
      isBegun = true
      if otherPace != nil { push(.otherSends, at: 0.137) }
      push(.wake, at: 0)
    }
    while let first = events.first, first.at <= seconds, let next = pop() {
      handle(next.event, at: next.at)
    }
    outcome.allowance = model.allowance(of: counts, until: seconds)
    return outcome
  }

  /// How many requests have been sent.
  package var sentSoFar: Int { outcome.sent }

  /// What the governor knows at the end.
  package var knowledge: LimitBook { book }

  private mutating func handle(_ event: Event, at now: Double) {
    switch event {
    case .wake: if now >= alarm { send(at: now) }
    case .otherSends:
      push(.arrival(.other, nil, otherDemand), at: now + way())
      push(.otherSends, at: now + (otherPace ?? 1))
    case .arrival(let party, let ticket, let demand):
      let (response, seconds) = model.answer(demand, by: party, at: now)
      push(.answer(party, ticket, demand, response, left: now + seconds), at: now + seconds)
    case .answer(let party, let ticket, let demand, let response, let left):
      guard left < now else {
        model.finish(demand, by: party, at: now)
        // On its way back.
        push(.answer(party, ticket, demand, response, left: -1), at: now + way())
        return
      }
      receive(party, ticket, demand, response, at: now)
    }
  }

  private mutating func receive(
    _ party: Party, _ ticket: RequestTicket?, _ demand: RequestDemand, _ response: WebResponse, at now: Double
  ) {
    let isRefused = response.status == 429 || response.status == 503
    guard let ticket else {
      if isRefused { outcome.othersRefused += 1 } else { outcome.othersServed += model.weight(of: response) }
      return
    }
    busy -= 1
    if isRefused { outcome.refused += 1 } else { outcome.served += model.weight(of: response) }
    let refusal = signs.refusal(response)
    let wait = ServerWait.seconds(
      asked: response, resetHeader: nil, member: refusal?.waitMember, now: now)
    book.end(
      ticket, at: now,
      RequestEnd(observations: signs.observations(response, to: demand, wait: wait, now: now)))
    send(at: now)
  }

  private mutating func send(at now: Double) {
    while busy < workers {
      switch book.admission(demand, at: now).admission {
      case .now:
        let ticket = book.begin(demand, at: now)
        busy += 1
        outcome.sent += 1
        push(.arrival(.own, ticket, demand), at: now + way())
      case .at(let time):
        // One alarm is enough: the one that rings first sets the next.
        let due = max(time, now + 0.000_001)
        if alarm <= now || due < alarm {
          alarm = due
          push(.wake, at: due)
        }
        return
      case .afterOneEnds: return
      }
    }
  }

  private mutating func way() -> Double {
    chance = chance &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return latency.lowerBound + Double(chance >> 11) / Double(1 << 53)
      * (latency.upperBound - latency.lowerBound)
  }

  // MARK: A heap of events

  private mutating func push(_ event: Event, at time: Double) {
    number += 1
    events.append((time, number, event))
    var child = events.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard isBefore(child, parent) else { break }
      events.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func pop() -> (at: Double, event: Event)? {
    guard let first = events.first else { return nil }
    let last = events.removeLast()
    if !events.isEmpty {
      events[0] = last
      var parent = 0
      while true {
        var least = parent
        for child in [2 * parent + 1, 2 * parent + 2] where child < events.count && isBefore(child, least) {
          least = child
        }
        if least == parent { break }
        events.swapAt(least, parent)
        parent = least
      }
    }
    return (first.at, first.event)
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    (events[left].at, events[left].number) < (events[right].at, events[right].number)
  }
}
