/// Whether a request may go.
package enum Admission: Hashable, Sendable {
  /// It may.
  case now
  /// Not before this time, in Unix seconds.
  case at(Double)
  /// Not before one that is under way has ended.
  case afterOneEnds
}

/// A request that was let through.
package struct RequestTicket: Hashable, Sendable {
  /// Counts up from 1.
  package let number: Int
  package let demand: RequestDemand
  /// In Unix seconds.
  package let begun: Double
}

/// How a request ended, as far as limits care.
package struct RequestEnd: Hashable, Sendable {
  /// Whether there was an answer, and the platform was not in trouble.
  package var isGood: Bool
  package var observations: [LimitObservation]

  package init(isGood: Bool = true, observations: [LimitObservation] = []) {
    self.isGood = isGood
    self.observations = observations
  }
}

/// Counts for one limit. Pure: time comes with every call.
protocol LimitMeter: Sendable {
  /// Whether a request may go now. `guardTime` is by how many seconds later requests may overtake earlier ones
  /// on the way.
  mutating func admission(_ demand: RequestDemand, at now: Double, guardTime: Double) -> Admission
  mutating func begin(_ ticket: RequestTicket)
  mutating func end(_ ticket: RequestTicket, at now: Double, _ end: RequestEnd)
  /// Takes an observation about this very limit.
  mutating func observe(_ observation: LimitObservation, of ticket: RequestTicket, at now: Double)
  /// All moments move by so many seconds: the clock was set.
  mutating func shift(by seconds: Double)
  /// What is left; empty where there is nothing to tell.
  func readings(at now: Double) -> [QuotaReading]
  /// What the next process should know; nil if nothing.
  func memory(at now: Double) -> JSONOutput?
  /// Takes what an earlier process knew, `age` seconds ago.
  mutating func recall(_ memory: JSONValue, at now: Double)
}

extension LimitMeter {
  mutating func observe(_ observation: LimitObservation, of ticket: RequestTicket, at now: Double) {}
  mutating func shift(by seconds: Double) {}
  func readings(at now: Double) -> [QuotaReading] { [] }
  func memory(at now: Double) -> JSONOutput? { nil }
  mutating func recall(_ memory: JSONValue, at now: Double) {}
}

/// What is left of a limit.
public struct QuotaReading: Hashable, Sendable {
  /// What is counted.
  public enum Unit: String, Hashable, Sendable {
    case requests
    /// Seconds of the platform's working time.
    case seconds
  }

  /// The limit's name; with the method's where each has its own: `operating crm.item.list`.
  public var limit: String
  /// What is counted.
  public var unit: Unit
  /// How much is left; nil if it is not known.
  public var left: Double?
  /// Of how much; nil if it is not known.
  public var count: Double?
  /// When it is full again, or some of it, in Unix seconds; nil if it is not known.
  public var resetsAt: Double?
  /// When this was so, in Unix seconds.
  public var asOf: Double

  /// A reading; a moment beyond all calendars is none.
  init(
    limit: String, unit: Unit, left: Double? = nil, count: Double? = nil, resetsAt: Double? = nil,
    asOf: Double
  ) {
    (self.limit, self.unit, self.left, self.count) = (limit, unit, left, count)
    self.resetsAt = resetsAt.flatMap { HTTPDate.isTold($0) ? $0 : nil }
    self.asOf = asOf
  }
}
