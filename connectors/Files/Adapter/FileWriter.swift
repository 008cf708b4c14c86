import Foundation
import Platform

/// A new file that is written from start to end; it is deleted again unless it was finished and kept.
final class FileWriter {
  let path: String
  private var descriptor: Int32
  private var pending: [UInt8] = []
  private var digest = ContentDigest()
  private var flushed: Int64 = 0
  /// By what the file is known to be still ours when it is deleted.
  private let made: FileSignature?
  private var isKept = false

  private static let capacity = 1 << 20

  /// Makes a file that was not there; follows no link.
  init(path: String, mode: mode_t) throws(ConnectorFailure) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    let number = errno
    self.path = path
    var status = stat()
    made = descriptor >= 0 && fstat(descriptor, &status) == 0 ? FileSignature(status) : nil
    guard descriptor >= 0 else { throw FileTrouble.creating(path, number) }
    pending.reserveCapacity(Self.capacity)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    guard !isKept, let made, let now = FileSignature(path: path) else { return }
    if now.inode == made.inode, now.device == made.device { unlink(path) }
  }

  /// Gives the file the rights of the one that it replaces.
  func adopt(mode: mode_t, owner: (user: uid_t, group: gid_t)) throws(ConnectorFailure) {
    // Only a privileged process may give a file away; the rights matter more.
    _ = fchown(descriptor, owner.user, owner.group)
    guard fchmod(descriptor, mode) == 0 else { throw FileTrouble.writing(path, errno) }
  }

  /// Appends bytes.
  func append(_ bytes: [UInt8]) throws(ConnectorFailure) {
    pending.append(contentsOf: bytes)
    guard pending.count >= Self.capacity else { return }
    try flush(pending.count & ~(ContentDigest.stripe - 1))
  }

  /// Writes out what is pending; more may follow.
  func flushAll() throws(ConnectorFailure) { try flush(pending.count) }

  /// Ends the file, on the disk if asked for, and says how long it is and its digest.
  func finish(synchronously: Bool) throws(ConnectorFailure) -> (size: Int64, digest: UInt64) {
    let whole = pending.count & ~(ContentDigest.stripe - 1)
    try flush(whole)
    let sum = pending.withUnsafeBytes { digest.finished($0) }
    try flush(pending.count)
    if synchronously, fsync(descriptor) != 0 { throw FileTrouble.writing(path, errno) }
    let result = close(descriptor)
    let number = errno
    descriptor = -1
    guard result == 0 else { throw FileTrouble.writing(path, number) }
    return (flushed, sum)
  }

  /// The file stays: somebody else has taken it over.
  func keep() { isKept = true }

  private func flush(_ count: Int) throws(ConnectorFailure) {
    guard count > 0 else { return }
    var done = 0
    var number: Int32 = 0
    pending.withUnsafeBytes { bytes in
      while done < count, number == 0 {
        let written = write(descriptor, bytes.baseAddress.map { $0 + done }, count - done)
        if written >= 0 { done += written } else if errno != EINTR { number = errno }
      }
      digest.absorb(UnsafeRawBufferPointer(rebasing: bytes[..<done]))
    }
    flushed += Int64(done)
    pending.removeFirst(done)
    guard number == 0 else { throw FileTrouble.writing(path, number) }
  }
}
