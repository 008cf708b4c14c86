import Dispatch
import Synchronization

/// Runs asynchronous work on the thread that waits for it: the same input takes the same course every time, and no
/// time is lost between threads.
final class Pump: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  private let news = DispatchSemaphore(value: 0)

  /// Runs the work to its end.
  static func wait<Result: Sendable>(for work: @escaping @Sendable () async -> Result) -> Result {
    let pump = Pump()
    let result = Box<Result>()
    Task.detached(executorPreference: pump) {
      let value = await work()
      result.value.withLock { $0 = value }
      pump.news.signal()
    }
    while true {
      pump.news.wait()
      let job = pump.jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      if let job {
        job.runSynchronously(on: pump.asUnownedTaskExecutor())
      } else if let value = result.value.withLock({ $0 }) {
        return value
      }
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    news.signal()
  }
}

private final class Box<Value: Sendable>: Sendable {
  let value = Mutex<Value?>(nil)
}
