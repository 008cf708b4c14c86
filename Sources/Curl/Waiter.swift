/// A task that sleeps until somebody has something for it, which must happen once.
///
/// The continuation is in a box, because its layout is known to the library alone and copying it would be dear.
final class Waiter<Value: Sendable>: Sendable {
  private let continuation: CheckedContinuation<Value, Never>

  init(_ continuation: CheckedContinuation<Value, Never>) {
    self.continuation = continuation
  }

  func resume(returning value: Value) {
    continuation.resume(returning: value)
  }
}
