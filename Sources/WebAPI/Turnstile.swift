import Synchronization

/// A fixed number of places, given out in the order in which they were asked for.
final class Turnstile: Sendable {
  private struct Waiter {
    let number: Int
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var free: Int
    var nextNumber = 0
    var waiting: [Waiter] = []
  }

  private let state: Mutex<State>

  init(places: Int) {
    state = Mutex(State(free: max(1, places)))
  }

  /// Takes a place, waiting for one if need be; a cancelled task leaves the queue at once.
  func enter() async throws(CancellationError) {
    let number = state.withLock { state in
      state.nextNumber += 1
      return state.nextNumber
    }
    let hasPlace = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let now: Bool? = state.withLock { state in
          // The flag is set before the handler below runs: whoever is not seen cancelled here is in the
          // queue when the handler looks for it.
          if Task.isCancelled { return false }
          if state.free > 0 {
            state.free -= 1
            return true
          }
          state.waiting.append(Waiter(number: number, continuation: continuation))
          return nil
        }
        if let now { continuation.resume(returning: now) }
      }
    } onCancel: {
      let waiter: Waiter? = state.withLock { state in
        guard let index = state.waiting.firstIndex(where: { $0.number == number }) else { return nil }
        return state.waiting.remove(at: index)
      }
      waiter?.continuation.resume(returning: false)
    }
    if !hasPlace { throw CancellationError() }
  }

  /// Gives a place back; whoever has waited longest gets it.
  func leave() {
    let next: Waiter? = state.withLock { state in
      if state.waiting.isEmpty {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.continuation.resume(returning: true)
  }

  /// How many tasks wait for a place.
  var queueLength: Int {
    state.withLock { $0.waiting.count }
  }
}
