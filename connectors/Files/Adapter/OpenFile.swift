import Foundation
import Platform

/// A file open for reading.
struct OpenFile: ~Copyable {
  let path: String
  private let descriptor: Int32
  /// As the file was when it was opened.
  let signature: FileSignature
  /// Permission bits.
  let mode: mode_t
  let owner: (user: uid_t, group: gid_t)

  /// Opens a regular file; `key` is where the configuration names it.
  init(path: String, key: String) throws(ConnectorFailure) {
    // Without O_NONBLOCK a pipe would be waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileTrouble.opening(path, key: key, errno) }
    var status = stat()
    let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    guard isRegular else {
      close(descriptor)
      throw FileTrouble.notAFile(path, key: key)
    }
    self.path = path
    self.descriptor = descriptor
    signature = FileSignature(status)
    mode = status.st_mode & 0o7777
    owner = (status.st_uid, status.st_gid)
  }

  deinit { close(descriptor) }

  /// The same file as it is now.
  func currentSignature() throws(ConnectorFailure) -> FileSignature {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileTrouble.reading(path, errno) }
    return FileSignature(status)
  }

  /// Fills the buffer from an offset on, as far as the file goes, and says with how many bytes.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(ConnectorFailure) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    var filled = 0
    while filled < buffer.count {
      let count = pread(descriptor, base + filled, buffer.count - filled, off_t(offset) + off_t(filled))
      if count < 0 {
        if errno == EINTR { continue }
        throw FileTrouble.reading(path, errno)
      }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// The digests of the file's first so many bytes, for each of the ascending marks; nil if it is shorter.
  func digests(upTo marks: [Int64]) throws(ConnectorFailure) -> [UInt64]? {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    var digest = ContentDigest()
    var results: [UInt64] = []
    var start: Int64 = 0
    while results.count < marks.count {
      guard !Task.isCancelled else {
        throw ConnectorFailure(.cancelled, "the reading of '\(path)' was stopped")
      }
      let count = try read(into: buffer, at: start)
      while results.count < marks.count, marks[results.count] <= start + Int64(count) {
        let part = Int(marks[results.count] - start)
        let ahead = digest.finished(UnsafeRawBufferPointer(rebasing: buffer[..<part]))
        results.append(ahead)
      }
      if results.count == marks.count { break }
      guard count == buffer.count else { return nil }
      digest.absorb(UnsafeRawBufferPointer(buffer))
      start += Int64(count)
    }
    return results
  }

  /// True if the byte before an offset is a line end, or there is none.
  func endsLine(at offset: Int64) throws(ConnectorFailure) -> Bool {
    guard offset > 0 else { return true }
    var byte: UInt8 = 0
    let descriptor = descriptor
    let count = withUnsafeMutableBytes(of: &byte) { pread(descriptor, $0.baseAddress, 1, off_t(offset) - 1) }
    guard count >= 0 else { throw FileTrouble.reading(path, errno) }
    return count == 1 && byte == UInt8(ascii: "\n")
  }
}
