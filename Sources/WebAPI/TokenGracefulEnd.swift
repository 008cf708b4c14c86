import Curl

/// Work that is not cut off at once when its task is cancelled.
enum TokenGracefulEnd {
  /// Runs it to its end; a cancelled task gives it some seconds more before it is cancelled too.
  static func run<Value: Sendable>(
    grace: Double, clock: any WebClock, _ work: @escaping @Sendable () async -> Value
  ) async -> Value {
    let running = Task(operation: work)
    let patience = Patience()
    let value = await withTaskCancellationHandler {
      await running.value
    } onCancel: {
      patience.begin {
        do {
          try await clock.sleep(seconds: grace)
        } catch {
          return
        }
        running.cancel()
      }
    }
    patience.end()
    return value
  }
}

/// The wait that begins when a task is cancelled; not needed any more when the work is done.
private final class Patience: Sendable {
  private let task = Guarded<Task<Void, Never>?>(nil)

  func begin(_ wait: @escaping @Sendable () async -> Void) {
    task.withLock { $0 = Task(operation: wait) }
  }

  func end() {
    task.withLock { $0 }?.cancel()
  }
}
