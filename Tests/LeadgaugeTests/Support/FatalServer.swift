import Foundation
import Platform
import Scoring
import Synchronization

/// A server that sends the program a signal in the middle of one of its requests.
struct FatalServer: Simulator {
  /// Whom the signal reaches.
  final class Victim: Sendable {
    private let process = Mutex<pid_t?>(nil)
    private let isKnown = DispatchSemaphore(value: 0)

    /// Names the process, once it runs.
    func become(_ pid: pid_t) {
      process.withLock { $0 = pid }
      isKnown.signal()
    }

    fileprivate func receive(_ signal: Int32) {
      isKnown.wait()
      if let pid = process.withLock({ $0 }) { kill(pid, signal) }
    }
  }

  var inner: any Simulator
  let victim: Victim
  let signal: Int32
  /// The request, counted from 1, at which the signal is sent.
  let request: Int
  private(set) var count = 0

  init(_ inner: any Simulator, victim: Victim, signal: Int32, atRequest request: Int) {
    self.inner = inner
    self.victim = victim
    self.signal = signal
    self.request = request
  }

  mutating func answer(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
    count += 1
    if count == self.request { victim.receive(signal) }
    return inner.answer(request, at: now)
  }

  mutating func add(_ contact: SimulatedContact) { inner.add(contact) }

  mutating func add(_ activity: SimulatedActivity) { inner.add(activity) }
}
