import Foundation

@testable import Curl

/// Something that happens once, and for which tasks and threads can wait.
final class Event: Sendable {
  private struct State {
    var hasHappened = false
    var tasks: [CheckedContinuation<Void, Never>] = []
    var threads: [DispatchSemaphore] = []
  }

  private let state = Guarded(State())

  var hasHappened: Bool { state.withLock { $0.hasHappened } }

  /// Lets all who wait go on, now and later.
  func happen() {
    let (tasks, threads) = state.withLock { state in
      state.hasHappened = true
      defer { state = State(hasHappened: true) }
      return (state.tasks, state.threads)
    }
    for task in tasks { task.resume() }
    for thread in threads { thread.signal() }
  }

  /// Suspends the task until it has happened.
  func wait() async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if !state.hasHappened { state.tasks.append(continuation) }
        return state.hasHappened
      }
      if isOver { continuation.resume() }
    }
  }

  /// Blocks the thread, one of a test server, until it has happened.
  func block() {
    let semaphore = DispatchSemaphore(value: 0)
    let isOver = state.withLock { state in
      if !state.hasHappened { state.threads.append(semaphore) }
      return state.hasHappened
    }
    if !isOver { semaphore.wait() }
  }
}
