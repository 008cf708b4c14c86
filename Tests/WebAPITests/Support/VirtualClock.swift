import Curl
import WebAPI

/// Time that passes only when it is told to.
///
/// With `passesBySleeping` a sleep moves the time on by itself and returns at once: for one task alone.
/// Without, a test waits until enough tasks sleep, and moves the time on.
final class VirtualClock: WebClock {
  private struct Sleeper {
    let number: Int
    let due: Double
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct Watcher {
    let count: Int
    let continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var time: Double
    var sleeps: [Double] = []
    var sleepers: [Sleeper] = []
    var watchers: [Watcher] = []
    var nextNumber = 0
  }

  private let passesBySleeping: Bool
  private let state: Guarded<State>

  /// 2026-11-27T11:41:00Z unless another time is given.
  init(at time: Double = 1_795_779_660, passesBySleeping: Bool = true) {
    state = Guarded(State(time: time))
    self.passesBySleeping = passesBySleeping
  }

  func now() -> Double {
    state.withLock { $0.time }
  }

  /// Every sleep that was asked for, in seconds, in order.
  var sleeps: [Double] {
    state.withLock { $0.sleeps }
  }

  func sleep(seconds: Double) async throws(CancellationError) {
    if Task.isCancelled { throw CancellationError() }
    let number = state.withLock { state in
      state.nextNumber += 1
      state.sleeps.append(seconds)
      if passesBySleeping { state.time += seconds }
      return state.nextNumber
    }
    if passesBySleeping { return }
    let isOver = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (isCancelled, watchers): (Bool, [Watcher]) = state.withLock { state in
          if Task.isCancelled { return (true, []) }
          state.sleepers.append(
            Sleeper(number: number, due: state.time + seconds, continuation: continuation))
          let count = state.sleepers.count
          defer { state.watchers.removeAll { $0.count <= count } }
          return (false, state.watchers.filter { $0.count <= count })
        }
        if isCancelled { continuation.resume(returning: false) }
        for watcher in watchers { watcher.continuation.resume() }
      }
    } onCancel: {
      let sleeper: Sleeper? = state.withLock { state in
        guard let index = state.sleepers.firstIndex(where: { $0.number == number }) else { return nil }
        return state.sleepers.remove(at: index)
      }
      sleeper?.continuation.resume(returning: false)
    }
    if !isOver { throw CancellationError() }
  }

  /// Returns when so many tasks sleep.
  func sleepers(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.sleepers.count >= count { return true }
        state.watchers.append(Watcher(count: count, continuation: continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }

  /// Moves the time on, or back, and wakes those whose time has come, the earliest first.
  func advance(by seconds: Double) {
    let woken: [Sleeper] = state.withLock { state in
      state.time += seconds
      let time = state.time
      let woken = state.sleepers.filter { $0.due <= time }.sorted { $0.due < $1.due }
      state.sleepers.removeAll { $0.due <= time }
      return woken
    }
    for sleeper in woken { sleeper.continuation.resume(returning: true) }
  }
}
