import Foundation

/// Files that are read as a whole, since they are small: one that is not is refused before it fills the memory.
public enum SmallFile {
  /// Why a file was not read.
  public enum Trouble: Error, Hashable, Sendable {
    /// It is not there, or may not be read.
    case unreadable
    /// It is a folder, a device or, where none are wanted, a pipe.
    case noFile
    /// It has more bytes than wanted.
    case tooLong
  }

  /// Reads a file of at most so many bytes.
  ///
  /// - Parameter allowsPipes: Whether a pipe will do, as shells make them for `<(command)`; it is waited for.
  public static func read(
    _ path: String, most: Int, allowsPipes: Bool = false
  ) throws(Trouble) -> Data {
    // Without O_NONBLOCK a pipe that nobody writes into would be waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | (allowsPipes ? 0 : O_NONBLOCK))
    guard descriptor >= 0 else { throw .unreadable }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw .unreadable }
    let kind = facts.st_mode & S_IFMT
    guard kind == S_IFREG || allowsPipes && kind == S_IFIFO else { throw .noFile }
    var data = Data()
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Foundation.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable }
      guard count > 0 else { return data }
      guard data.count + count <= most else { throw .tooLong }
      data.append(contentsOf: piece[..<count])
    }
  }
}
