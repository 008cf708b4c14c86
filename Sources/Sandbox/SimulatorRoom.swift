import Platform
import Scoring
import Synchronization

/// A simulator behind a lock, with all that a host knows of it.
final class SimulatorRoom: Sendable {
  private struct Contents {
    var simulator: any Simulator
    var requests = RequestCount()
    /// Nil until somebody wants one.
    var record: RequestRecord?
    /// For each of the next requests, whether it is acted on before its connection is closed.
    var drops: [Bool] = []
    /// The changing request, counted from 1, that is the last to be acted on; nobody hears of it, nor later.
    var deadline: Int?
  }

  private let contents: Mutex<Contents>
  private let hands: SandboxHands?
  private let clock: @Sendable () -> Timestamp

  init(
    _ simulator: consuming any Simulator, hands: SandboxHands?, clock: @escaping @Sendable () -> Timestamp
  ) {
    contents = Mutex(Contents(simulator: simulator))
    self.hands = hands
    self.clock = clock
  }

  /// The answer to a request; nil if the connection is to be closed without one.
  func answer(_ request: SimulatedRequest) -> SimulatedAnswer? {
    contents.withLock { contents in
      if let hands, request.path.hasPrefix(SandboxHands.prefix) {
        return hands.answer(
          request, simulator: &contents.simulator, record: &contents.record, requests: contents.requests,
          at: clock())
      }
      let mayChange = contents.simulator.mayChange(request)
      contents.requests.add(mayChange: mayChange)
      var (isActedOn, isHeardOf) = (true, true)
      if let deadline = contents.deadline, contents.requests.changing >= deadline {
        isActedOn = contents.requests.changing == deadline && mayChange
        isHeardOf = false
      } else if !contents.drops.isEmpty {
        isActedOn = contents.drops.removeFirst()
        isHeardOf = false
      }
      let answer = isActedOn ? contents.simulator.answer(request, at: clock()) : nil
      if mayChange { contents.record?.add(request, answer: answer) }
      return isHeardOf ? answer : nil
    }
  }

  func withSimulator<Result: Sendable, Failure: Error>(
    _ body: (inout any Simulator) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try contents.withLock { (contents) throws(Failure) -> Result in try body(&contents.simulator) }
  }

  var requests: RequestCount { contents.withLock { $0.requests } }

  func dropNext(_ count: Int, afterActing: Bool) {
    contents.withLock { $0.drops += [Bool](repeating: afterActing, count: max(count, 0)) }
  }

  func die(atChange number: Int) {
    contents.withLock { $0.deadline = number }
  }
}
