import Platform
import Scoring
import Synchronization

/// A simulator behind a lock, with all that a host knows of it.
final class SimulatorRoom: Sendable {
  private struct Contents {
    var simulator: any Simulator
    var requests = RequestCount()
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
          request, simulator: &contents.simulator, requests: contents.requests, at: clock())
      }
      let mayChange = contents.simulator.mayChange(request)
      contents.requests.add(mayChange: mayChange)
      if let deadline = contents.deadline, contents.requests.changing >= deadline {
        if contents.requests.changing == deadline, mayChange {
          _ = contents.simulator.answer(request, at: clock())
        }
        return nil
      }
      guard !contents.drops.isEmpty else { return contents.simulator.answer(request, at: clock()) }
      if contents.drops.removeFirst() { _ = contents.simulator.answer(request, at: clock()) }
      return nil
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
