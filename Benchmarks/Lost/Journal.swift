import Curl
import Foundation
import Glibc

/// A file with a line for every write that is about to be made and one for every write that is known to be done.
///
/// What a killed process has written to it stays: it is handed to the system line by line.
final class Journal: Sendable {
  /// What earlier processes have left.
  struct Past {
    /// The value that each contact was to be given.
    var intended: [Int: Int] = [:]
    var done: Set<Int> = []

    /// Contacts of which nobody knows.
    var doubtful: Set<Int> { Set(intended.keys).subtracting(done) }
  }

  /// What the file held when it was opened.
  let past: Past
  private let descriptor: Guarded<Int32>

  /// Opens a journal, or begins one, and takes away a last line that was not finished.
  init(_ path: String) throws {
    let bytes = (try? Data(contentsOf: URL(fileURLWithPath: path))) ?? Data()
    let whole = bytes[..<(bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0)]
    past = Journal.read(String(decoding: whole, as: UTF8.self))
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0, ftruncate(file, whole.count) == 0 else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
    }
    descriptor = Guarded(file)
  }

  deinit {
    _ = descriptor.withLock { close($0) }
  }

  /// A contact is about to be given a value.
  func intend(_ contact: Int, _ value: Int) { append("intend \(contact) \(value)\n") }

  /// A contact is known to hold its value.
  func finish(_ contact: Int) { append("done \(contact)\n") }

  private func append(_ line: String) {
    let bytes = Array(line.utf8)
    let count = descriptor.withLock { write($0, bytes, bytes.count) }
    // Going on without a journal would be worse than ending here.
    precondition(count == bytes.count, "the journal cannot be written")
  }

  private static func read(_ text: String) -> Past {
    var past = Past()
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count >= 2, let contact = Int(words[1]) else { continue }
      if words[0] == "done" {
        past.done.insert(contact)
      } else if words.count == 3, let value = Int(words[2]) {
        past.intended[contact] = value
      }
    }
    return past
  }
}
