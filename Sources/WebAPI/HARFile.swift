import Foundation

/// A file that is a whole HAR at every moment: each entry is written over the closing brackets, and followed
/// by them again, in one call.
struct HARFile {
  /// Writes bytes at an offset: as `pwrite`.
  typealias Write = @Sendable (UnsafeRawBufferPointer, Int) -> Int

  private static let tail = Array("\n]}}\n".utf8)

  private let write: Write
  /// Where the closing brackets begin.
  private var end: Int
  private var isEmpty = true

  /// Makes the file anew, for this user only; one that is there is replaced at once, by a whole one.
  static func create(_ path: String, head: [UInt8]) throws(HARTraceFailure) -> (HARFile, descriptor: Int32) {
    try refuseWhatIsNoFile(path)
    // Under another name first, so that nobody who holds the old file open reads in the new one.
    let name = path + "." + String(UInt64.random(in: .min ... .max), radix: 36)
    let descriptor = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw cannotCreate(path, reason(errno)) }
    do throws(HARTraceFailure) {
      let file = try HARFile(path, head: head) { bytes, offset in
        pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
      }
      guard rename(name, path) == 0 else { throw cannotCreate(path, reason(errno)) }
      return (file, descriptor)
    } catch {
      close(descriptor)
      unlink(name)
      throw error
    }
  }

  /// Begins a file through a way of writing.
  init(_ path: String, head: [UInt8], write: @escaping Write) throws(HARTraceFailure) {
    self.write = write
    end = head.count
    let all = head + HARFile.tail
    guard all.withUnsafeBytes({ write($0, 0) }) == all.count else {
      throw HARFile.cannotCreate(path, HARFile.reason(errno))
    }
  }

  /// Adds an entry; nil if it is in, the reason if it is not. Then the file is whole and without it, but for
  /// what may stand behind its end: cut it at the length that is given.
  mutating func add(_ entry: [UInt8]) -> (reason: String, length: Int)? {
    let text = Array((isEmpty ? "\n" : ",\n").utf8) + entry
    let all = text + HARFile.tail
    let written = all.withUnsafeBytes { write($0, end) }
    guard written == all.count else {
      let reason = written < 0 ? HARFile.reason(errno) : "no space is left"
      // This room was there before the entry was written, so that it can be written again.
      _ = HARFile.tail.withUnsafeBytes { write($0, end) }
      return (reason, end + HARFile.tail.count)
    }
    end += text.count
    isEmpty = false
    return nil
  }

  private static func refuseWhatIsNoFile(_ path: String) throws(HARTraceFailure) {
    var facts = stat()
    guard lstat(path, &facts) == 0 else { return }
    switch facts.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw cannotCreate(path, "it is a folder")
    case S_IFLNK: throw cannotCreate(path, "it is a symbolic link")
    default: throw cannotCreate(path, "it is no regular file")
    }
  }

  private static func cannotCreate(_ path: String, _ reason: String) -> HARTraceFailure {
    HARTraceFailure(
      kind: .cannotCreate, what: "the trace file \(path) cannot be made (\(reason))",
      cure: "Name a file in a folder that this user may write to")
  }

  private static func reason(_ number: Int32) -> String {
    String(cString: strerror(number))
  }
}
