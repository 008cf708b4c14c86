import Foundation

/// Does long reckoning on a thread of its own, so that other tests, some of which wait for real sockets, need not
/// wait for one of the few threads that all tasks share.
func onItsOwnThread<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
  await withCheckedContinuation { continuation in
    Thread.detachNewThread { continuation.resume(returning: work()) }
  }
}
