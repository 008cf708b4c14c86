/// Keeps an event loop running: the client and each body have the same hold, and the loop has none.
///
/// The last one who lets go only signals the loop to end. Waiting for its thread here could wait for ever,
/// because this may be that thread.
final class LoopHold: Sendable {
  let inbox: Inbox

  init(_ inbox: Inbox) {
    self.inbox = inbox
  }

  deinit {
    inbox.stop()
  }
}
