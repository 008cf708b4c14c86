/// Counts for budgets of the platform's working time, one for each method.
///
/// What a request costs is known when its answer tells the sum; until then it counts with what its methods have
/// cost before.
struct OperatingMeter: LimitMeter {
  /// Seconds that a call is thought to cost before any was measured.
  private static let firstCost = 0.5

  private struct Budget {
    /// What was used, by when it leaves.
    var baskets: [(leavesAt: Double, seconds: Double)] = []
    /// How many calls each request under way makes.
    var underWay: [Int: Int] = [:]
    var cost = OperatingMeter.firstCost
    /// What a call has cost at most of late.
    var worst = OperatingMeter.firstCost
    /// How many measurements stand behind it.
    var measured = 0
    var asOf = 0.0

    /// What they may cost in all.
    var pending: Double { worst * Double(underWay.values.reduce(0, +)) }

    func used(at now: Double) -> Double {
      baskets.reduce(0) { $1.leavesAt > now ? $0 + $1.seconds : $0 }
    }
  }

  private let budget: Double
  private let window: Double
  private let basket: Double
  private var budgets: [String: Budget] = [:]

  init(budget: Double, window: Double, baskets: Int) {
    self.budget = max(budget, 0.001)
    self.window = max(window, 0.001)
    basket = self.window / Double(max(1, baskets))
  }

  mutating func admission(_ demand: RequestDemand, at now: Double, guardTime: Double) -> Admission {
    var latest: Double?
    for method in demand.methods.keys {
      guard let own = budgets[method] else { continue }
      let used = own.used(at: now)
      // The platform looks before a call: the one that crosses the line still goes through. A little is left for
      // what others may use meanwhile.
      let line = budget - min(own.worst, budget * 0.01)
      guard used + own.pending >= line else { continue }
      if used < line, own.pending > 0 { return .afterOneEnds }
      var rest = used
      for leaving in own.baskets.sorted(by: { $0.leavesAt < $1.leavesAt }) where leaving.leavesAt > now {
        rest -= leaving.seconds
        latest = max(latest ?? now, leaving.leavesAt)
        if rest < line { break }
      }
    }
    return latest.map { .at($0) } ?? .now
  }

  mutating func begin(_ ticket: RequestTicket) {
    for (method, count) in ticket.demand.methods {
      var own = budgets[method] ?? Budget()
      own.underWay[ticket.number] = count
      budgets[method] = own
    }
  }

  mutating func end(_ ticket: RequestTicket, at now: Double, _ end: RequestEnd) {
    for (method, count) in ticket.demand.methods {
      guard var own = budgets[method] else { continue }
      let told = end.observations.compactMap { observation -> (Double, Double?)? in
        guard case .operating(_, method, let used, let leavesAt) = observation else { return nil }
        return (used, leavesAt)
      }.last
      own.underWay[ticket.number] = nil
      if let (used, leavesAt) = told {
        take(used, leavesAt, calls: count, begun: ticket.begun, at: now, into: &own)
      } else if !end.isGood, own.measured > 0 {
        // It may have worked for as long as ever before it failed. Where nobody knows how long that is, and on a
        // platform that charges the method nothing, a guess would hold up everybody for the whole window.
        add(own.cost * Double(count), at: now, to: &own)
      }
      budgets[method] = own
    }
  }

  mutating func observe(_ observation: LimitObservation, of ticket: RequestTicket, at now: Double) {
    guard case .refused(_, let wait) = observation else { return }
    for method in ticket.demand.methods.keys {
      var own = budgets[method] ?? Budget()
      let missing = budget - own.used(at: now)
      // The oldest basket's end is when some of it comes free; that of the whole window is the worst case.
      let free =
        wait.map { now + $0 } ?? own.baskets.map(\.leavesAt).filter { $0 > now }.min() ?? now + basket
      if missing > 0 { own.baskets.append((free, missing)) }
      own.asOf = now
      budgets[method] = own
    }
  }

  mutating func shift(by seconds: Double) {
    for (method, own) in budgets {
      var own = own
      for index in own.baskets.indices { own.baskets[index].leavesAt += seconds }
      own.asOf += seconds
      budgets[method] = own
    }
  }

  func readings(at now: Double) -> [QuotaReading] {
    budgets.filter { $0.value.asOf > 0 }.sorted { $0.key < $1.key }.map { method, own in
      QuotaReading(
        limit: method, unit: .seconds, left: max(0, budget - own.used(at: now)), count: budget,
        resetsAt: own.baskets.map(\.leavesAt).filter { $0 > now }.min(), asOf: own.asOf)
    }
  }

  func memory(at now: Double) -> JSONOutput? {
    let known = budgets.filter { $0.value.measured > 0 }.sorted { $0.key < $1.key }
    guard !known.isEmpty else { return nil }
    return .object(
      known.map { method, own in
        (
          method,
          .object([
            ("cost", .number(own.cost)), ("asOf", .number(own.asOf)),
            (
              "baskets",
              .list(
                own.baskets.filter { $0.leavesAt > now }.map {
                  .object([("leavesAt", .number($0.leavesAt)), ("seconds", .number($0.seconds))])
                })
            ),
          ])
        )
      })
  }

  mutating func recall(_ memory: JSONValue, at now: Double) {
    for (method, value) in memory.members.prefix(500) {
      guard let cost = value["cost"].number, cost >= 0, cost < window else { continue }
      var own = Budget(cost: cost, worst: cost, measured: 20)
      own.asOf = min(value["asOf"].number ?? 0, now)
      for basket in value["baskets"].elements.prefix(100) {
        guard let leavesAt = basket["leavesAt"].number, let seconds = basket["seconds"].number,
          leavesAt > now, leavesAt <= now + window + self.basket, seconds > 0
        else { continue }
        own.baskets.append((leavesAt, min(seconds, budget)))
      }
      budgets[method] = own
    }
  }

  /// What the platform would tell if the calls cost what they have cost so far.
  func expectations(of demand: RequestDemand, at now: Double) -> [LimitObservation] {
    demand.methods.map { method, count in
      let own = budgets[method] ?? Budget()
      return .operating(
        limit: "", method: method, used: own.used(at: now) + own.cost * Double(count), leavesAt: nil)
    }
  }

  /// Takes the platform's own sum: what is more than was known was used now.
  private func take(
    _ used: Double, _ leavesAt: Double?, calls: Int, begun: Double, at now: Double, into own: inout Budget
  ) {
    // The platform's clock decides which of its baskets have left.
    let told = leavesAt.flatMap { $0 > now && $0 <= now + window + basket ? $0 + 1 : nil }
    own.baskets.removeAll { $0.leavesAt <= max(now, (told ?? 0) - basket / 2) }
    own.baskets.sort { $0.leavesAt < $1.leavesAt }
    let known = own.used(at: now)
    let more = used - known
    if more > 0 {
      add(more, at: now, to: &own)
    } else if more < 0, begun >= own.asOf {
      // An answer that was overtaken tells of a time before the one that is known.
      var surplus = -more
      for index in own.baskets.indices where surplus > 0 {
        let part = min(surplus, own.baskets[index].seconds)
        own.baskets[index].seconds -= part
        surplus -= part
      }
      own.baskets.removeAll { $0.seconds < 1e-9 }
    }
    if let told, let first = own.baskets.first, abs(first.leavesAt - told) < basket / 2 {
      own.baskets[0].leavesAt = told
    }
    let each = max(0, more) / Double(max(1, calls))
    // The mean of all at first, of about the last hundred later: what is forecast rests on it.
    own.measured = min(own.measured + 1, 100)
    own.cost += (each - own.cost) / Double(own.measured)
    own.worst = own.measured > 1 ? max(each, own.worst * 0.98) : each
    own.asOf = now
  }

  /// Used now: leaves when the basket of now does.
  private func add(_ seconds: Double, at now: Double, to own: inout Budget) {
    // A second for both clocks to agree.
    let leavesAt = (now / basket).rounded(.down) * basket + window + 1
    if let index = own.baskets.firstIndex(where: { abs($0.leavesAt - leavesAt) < basket / 2 }) {
      own.baskets[index].seconds += seconds
    } else {
      own.baskets.append((leavesAt, seconds))
    }
  }
}
