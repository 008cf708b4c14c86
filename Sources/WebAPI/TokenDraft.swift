import Curl
import Foundation

/// Room on the disk for a new record, which takes the place of the old one when it is whole.
final class TokenDraft: Sendable {
  /// Bytes whose room is taken beforehand; far more than tokens and a few texts need.
  private static let room = 16_384

  private let file: TokenFile
  private let descriptor: Int32
  private let isOpen = Guarded(true)
  /// Whether the second file may be removed: not any more when it holds a whole record.
  private let isSpare = Guarded(true)

  /// Makes the second file, which must not be there yet.
  init(for file: TokenFile) throws(TokenFileProblem) {
    let path = file.newPath
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .after("the token file \(path) cannot be made") }
    self.file = file
    // JSON may have white space at its end, so that a record need only be written over this.
    let blank = [UInt8](repeating: 0x20, count: TokenDraft.room)
    // A mask of the process may have taken rights away from the owner.
    guard fchmod(descriptor, 0o600) == 0, TokenDraft.write(blank, to: descriptor), fsync(descriptor) == 0
    else {
      let problem = TokenFileProblem.after("the token file \(path) cannot be written")
      discard()
      throw problem
    }
  }

  deinit {
    discard()
  }

  /// Writes a record and gives it the file's name.
  ///
  /// - Throws: When it is not safe on the disk; the old file is untouched then.
  func commit(_ record: TokenRecord) throws(TokenFileProblem) {
    let bytes = record.bytes
    guard TokenDraft.write(bytes, to: descriptor), ftruncate(descriptor, off_t(bytes.count)) == 0,
      fsync(descriptor) == 0
    else { throw .after("the token file \(file.newPath) cannot be written") }
    isSpare.withLock { $0 = false }
    try file.publish()
  }

  /// Removes what was not used.
  func discard() {
    let wasOpen = isOpen.withLock { isOpen in
      defer { isOpen = false }
      return isOpen
    }
    guard wasOpen else { return }
    close(descriptor)
    if isSpare.withLock({ $0 }) { unlink(file.newPath) }
  }

  /// All of them, from the file's beginning.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress, $0.count, off_t(written))
      }
      if count > 0 {
        written += count
      } else if count == 0 || errno != EINTR {
        return false
      }
    }
    return true
  }
}
