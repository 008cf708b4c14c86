/// What callers want of the event loop. The only thing of the loop that other threads touch.
///
/// It is also the executor of tasks that want to run on the loop's thread: their jobs wait here among the
/// other messages. After the end of the loop they run on the executor that all tasks have.
final class Inbox: TaskExecutor {
  enum Message: Sendable {
    case start(Exchange)
    case cancel(Exchange)
    case resume(Exchange)
    case run(UnownedJob)
    case census(@Sendable (LoopCensus) -> Void)
  }

  private enum Phase {
    /// Messages are taken.
    case open
    /// The loop shall end.
    case stopping
    /// The thread has done its last.
    case ended
  }

  private struct State {
    var messages: [Message] = []
    var phase = Phase.open
    /// Whether the loop waits for its sockets, or is about to, and nobody has woken it yet.
    var isAsleep = false
    var waiting: [CheckedContinuation<Void, Never>] = []

    /// Says whether the loop has to be woken, once for each of its naps.
    mutating func rouse() -> Bool {
      defer { isAsleep = false }
      return isAsleep
    }
  }

  let waker: Waker
  private let state = Guarded(State())

  init(_ waker: Waker) {
    self.waker = waker
  }

  /// Leaves a message; false when the loop takes no more.
  func post(_ message: Message) -> Bool {
    let (isTaken, isAsleep) = state.withLock { state in
      guard state.phase == .open else { return (false, false) }
      state.messages.append(message)
      return (true, state.rouse())
    }
    if isAsleep { waker.wake() }
    return isTaken
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if !post(.run(job)) { globalConcurrentExecutor.enqueue(job) }
  }

  /// Signals the loop to end itself.
  func stop() {
    let isAsleep = state.withLock { state in
      guard state.phase == .open else { return false }
      state.phase = .stopping
      return state.rouse()
    }
    if isAsleep { waker.wake() }
  }

  /// How the loop goes on.
  enum Order {
    /// There are messages to handle.
    case work
    /// There are none.
    case rest
    case end
  }

  /// Takes all messages, into an empty array whose storage serves again.
  func drain(into messages: inout [Message]) -> Order {
    state.withLock { state in
      state.isAsleep = false
      swap(&state.messages, &messages)
      return state.phase != .open ? .end : messages.isEmpty ? .rest : .work
    }
  }

  /// Announces that the loop will wait; false when there is something to do. After true, whoever comes next
  /// wakes it.
  func fallAsleep() -> Bool {
    state.withLock { state in
      state.isAsleep = state.phase == .open && state.messages.isEmpty
      return state.isAsleep
    }
  }

  /// Takes the messages that are left and no more.
  func shut() -> [Message] {
    state.withLock { state in
      state.phase = .stopping
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
