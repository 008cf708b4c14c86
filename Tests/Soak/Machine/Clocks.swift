import WebAPI

/// The world's time, and by how much the program's clock is wrong.
final class WorldClock: @unchecked Sendable {
  // All work of the process is done by one thread.

  /// The true time in Unix seconds.
  private(set) var seconds: Double
  /// What the program's clock shows more than that.
  var error: Double = 0

  /// A world that begins at a moment.
  init(_ seconds: Double) { self.seconds = seconds }

  /// Lets time pass.
  func pass(_ by: Double) { seconds += max(0, by) }
}

/// The clock of one run: time passes at once for who waits. A machine that has stopped has a time of its own, which is nobody's.
struct RunClock: WebClock {
  let world: WorldClock
  let machine: Machine

  func now() -> Double { world.seconds + world.error + machine.secondsAfterItsEnd }

  func sleep(seconds: Double) async throws(CancellationError) {
    guard !Task.isCancelled else { throw CancellationError() }
    // Who waits on a machine that has stopped is let go on, and meets its end at the next step.
    if machine.isDead { machine.secondsAfterItsEnd += seconds } else { world.pass(seconds) }
    await SerialWork.shared.pause()
  }
}
