import CCurl

/// What callers want of the event loop. The only thing of the loop that other threads touch.
final class Inbox: Sendable {
  enum Message: Sendable {
    case start(Exchange)
    case cancel(Exchange)
    case resume(Exchange)
    case census(CheckedContinuation<LoopCensus, Never>)
  }

  private enum Phase {
    /// Messages are taken.
    case open
    /// The loop shall end.
    case stopping
    /// The handle is about to be freed and must not be woken.
    case deaf
    /// The thread has done its last.
    case ended
  }

  private struct State {
    var messages: [Message] = []
    var phase = Phase.open
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let multi: MultiHandle
  private let state = Guarded(State())

  init(_ multi: MultiHandle) {
    self.multi = multi
  }

  /// Leaves a message; false when the loop takes no more.
  func post(_ message: Message) -> Bool {
    state.withLock { state in
      guard state.phase == .open else { return false }
      state.messages.append(message)
      // A message that is not the first finds the loop already called.
      if state.messages.count == 1 { multi.wake() }
      return true
    }
  }

  /// Signals the loop to end itself. The handle is woken under the lock, because the loop takes the
  /// lock once more before it frees the handle.
  func stop() {
    state.withLock { state in
      guard state.phase == .open else { return }
      state.phase = .stopping
      multi.wake()
    }
  }

  /// Takes all messages, into an empty array whose storage serves again; false when the loop shall end.
  func drain(into messages: inout [Message]) -> Bool {
    state.withLock { state in
      swap(&state.messages, &messages)
      return state.phase == .open
    }
  }

  /// Called by the loop before it frees the handle: takes the messages that are left and no more.
  func shut() -> [Message] {
    state.withLock { state in
      state.phase = .deaf
      defer { state.messages = [] }
      return state.messages
    }
  }

  /// Called by the loop as its last act.
  func end() {
    let waiting = state.withLock { state in
      state.phase = .ended
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Returns when the loop has ended.
  func ended() async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if state.phase == .ended { return true }
        state.waiting.append(continuation)
        return false
      }
      if isOver { continuation.resume() }
    }
  }
}
