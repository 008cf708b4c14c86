import Curl

/// Holds tasks until it is opened, and tells when so many have come to it.
final class Latch: Sendable {
  private struct State {
    var isOpen = false
    var arrived = 0
    var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Guarded(State())

  /// True when opened, false at once when the task is cancelled.
  func wait() async -> Bool {
    let (number, watchers) = state.withLock { state in
      state.arrived += 1
      let arrived = state.arrived
      defer { state.watchers.removeAll { $0.count <= arrived } }
      return (arrived, state.watchers.filter { $0.count <= arrived })
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let now: Bool? = state.withLock { state in
          if Task.isCancelled { return false }
          if state.isOpen { return true }
          state.waiting[number] = continuation
          return nil
        }
        if let now { continuation.resume(returning: now) }
        for watcher in watchers { watcher.continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: false)
    }
  }

  /// Returns when so many have come, in all.
  func arrivals(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.arrived >= count { return true }
        state.watchers.append((count, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [:] }
      return state.waiting.values.map { $0 }
    }
    for continuation in waiting { continuation.resume(returning: true) }
  }
}
