import Foundation
import Synchronization

/// Runs all asynchronous work of the process on one thread, one piece after another in the order in which it came, so
/// that the same seed does the same.
///
/// The runtime asks a hook before it gives work to its threads; the hook is ours. `Task.yield` does not ask it:
/// `pause` stands for it.
final class SerialWork: SerialExecutor, Sendable {
  private typealias Original = @convention(thin) (UnownedJob) -> Void
  private typealias Hook = @convention(thin) (UnownedJob, Original) -> Void

  /// The one of the process: the runtime knows one hook.
  static let shared = SerialWork()

  private enum Piece {
    case job(UnownedJob)
    case waiting(CheckedContinuation<Void, Never>)
  }

  private struct Queue {
    var pieces: [Piece] = []
    /// Before it are those that were done.
    var place = 0
  }

  private let queue = Mutex(Queue())

  /// Takes the runtime's work from now on.
  static func takeOver() -> Bool {
    guard let symbol = dlsym(dlopen(nil, RTLD_LAZY), "swift_task_enqueueGlobal_hook") else { return false }
    symbol.assumingMemoryBound(to: Hook?.self).pointee = { job, _ in SerialWork.shared.enqueue(job) }
    return true
  }

  /// Adds a piece of work.
  func enqueue(_ job: UnownedJob) { queue.withLock { $0.pieces.append(.job(job)) } }

  /// Lets everybody else go first.
  func pause() async {
    await withCheckedContinuation { continuation in
      queue.withLock { $0.pieces.append(.waiting(continuation)) }
    }
  }

  /// Runs work until the body has ended.
  ///
  /// - Returns: False if nothing was left to do before the body had ended: somebody waits for what never comes.
  func run(_ body: @escaping @Sendable () async -> Void) -> Bool {
    let flag = Flag()
    Task {
      await body()
      flag.raise()
    }
    while !flag.isRaised {
      switch next() {
      case .job(let job): job.runSynchronously(on: asUnownedSerialExecutor())
      case .waiting(let continuation): continuation.resume()
      case nil: return false
      }
    }
    return true
  }

  private func next() -> Piece? {
    queue.withLock { queue in
      guard queue.place < queue.pieces.count else { return nil }
      let piece = queue.pieces[queue.place]
      queue.place += 1
      if queue.place > 1_000 {
        queue.pieces.removeFirst(queue.place)
        queue.place = 0
      }
      return piece
    }
  }

  private final class Flag: Sendable {
    private let value = Mutex(false)
    var isRaised: Bool { value.withLock { $0 } }
    func raise() { value.withLock { $0 = true } }
  }
}
