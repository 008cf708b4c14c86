import Foundation

/// Only one run at a time works on a state file; the lock tells who holds it and goes with its process.
public final class StoreLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock beside a state file.
  ///
  /// - Parameters:
  ///   - state: The state file's path.
  ///   - holder: Who we are, for the one who comes second: `sync, process 4711, since …`.
  /// - Throws: `StoreFailure` of kind `.locked` naming the holder, `.cannotCreate`, or `.inputOutput`.
  public init(beside state: String, holder: String) throws(StoreFailure) {
    let path = state + ".lock"
    let folder = (path as NSString).deletingLastPathComponent
    if !folder.isEmpty {
      try? FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      guard !FileManager.default.fileExists(atPath: path) else {
        throw StoreFailure(
          .inputOutput, "the lock file \(path) cannot be opened (\(reason))",
          cure: "Give this user write access to the lock file, the state file and their folder")
      }
      throw StoreFailure(
        .cannotCreate, "the lock file \(path) cannot be made (\(reason))",
        cure: "Give this user write access to its folder, or name another place under state:")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let other = Self.content(of: descriptor)
      close(descriptor)
      throw StoreFailure(
        .locked, "another run works on \(state)" + (other.isEmpty ? "" : " (\(other))"),
        cure: "Wait for it to end; this run did nothing")
    }
    let text = Array(holder.utf8)
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  private static func content(of descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 300)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    return String(text.unicodeScalars.filter { $0.value >= 0x20 })
  }
}
