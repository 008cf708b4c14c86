import Foundation

/// A machine on which the program runs: a folder, a disk that fails and a plug that somebody pulls.
///
/// Everything that leaves a trace outside of the process is a step: what is written to the disk, what is sent, what is
/// answered. At one of them the machine may stop. Then its folder as it is at that instant is kept for the next one,
/// and whatever the process still does reaches nobody.
final class Machine: @unchecked Sendable {
  // All work of the process is done by one thread.

  /// Where configuration, state and files are.
  private(set) var folder: String
  /// True once it stopped.
  private(set) var isDead = false
  /// True while nothing more can be written to its disk.
  var isFull = false
  /// What its clock believes to have passed since it stopped.
  var secondsAfterItsEnd = 0.0
  /// How many steps were made.
  private(set) var steps = 0
  /// At which step it stops; nil: it does not.
  var stopsAt: Int?
  /// After how many writes that a platform acted on it stops; nil: after none.
  var writesLeft: Int?
  /// At which step the run is told to stop; nil: at none.
  var cancelsAt: Int?
  /// Tells the run to stop.
  var cancel: () -> Void = {}
  /// Where its folder was kept when it stopped.
  private var kept: String?

  /// A machine with a folder.
  init(folder: String) throws {
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// Makes a step; the machine may stop at it.
  func step() {
    guard !isDead else { return }
    steps += 1
    if steps == cancelsAt { cancel() }
    if steps == stopsAt { stop() }
  }

  /// The platform has just acted on a write, and nobody knows it yet: the machine may stop at the worst moment.
  func noteWrite() {
    guard let left = writesLeft, !isDead else { return }
    writesLeft = left - 1
    if left == 1 { stop() }
  }

  private func stop() {
    isDead = true
    let copy = folder + "+"
    Self.copy(folder, to: copy)
    kept = copy
  }

  /// The machine as it starts again.
  func restarted() throws -> Machine {
    guard let kept else { return try Machine(folder: folder) }
    try FileManager.default.removeItem(atPath: folder)
    try FileManager.default.moveItem(atPath: kept, toPath: folder)
    return try Machine(folder: folder)
  }

  /// What shared memory holds is gone with the machine.
  private static func copy(_ folder: String, to other: String) {
    let files = FileManager.default
    try? files.removeItem(atPath: other)
    try? files.createDirectory(atPath: other, withIntermediateDirectories: true)
    for name in (try? files.subpathsOfDirectory(atPath: folder)) ?? [] {
      var isFolder: ObjCBool = false
      let from = folder + "/" + name
      guard files.fileExists(atPath: from, isDirectory: &isFolder), !name.hasSuffix("-shm") else { continue }
      if isFolder.boolValue {
        try? files.createDirectory(atPath: other + "/" + name, withIntermediateDirectories: true)
      } else {
        try? files.copyItem(atPath: from, toPath: other + "/" + name)
      }
    }
  }
}
