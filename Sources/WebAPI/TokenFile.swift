import Foundation

/// The file that keeps a chain of refresh tokens from one run to the next: for its owner alone, and whole at
/// every moment.
///
/// A new record is written to a second file, which then takes the first one's name. That file is made, and its
/// room taken on the disk, before the platform is asked: a disk that is full shows while the old token is
/// still good.
struct TokenFile: Sendable {
  /// What a file holds.
  enum Content: Hashable, Sendable {
    case nothing, damaged
    case record(TokenRecord)
  }

  let path: String

  /// Where a new record stands until it is whole.
  var newPath: String { path + ".new" }
  /// Where a file that cannot be read is put.
  var damagedPath: String { path + ".damaged" }
  /// Locked by the process that asks for a new token.
  var lockPath: String { path + ".lock" }

  private static let longest = 1 << 20

  /// What the file holds; refused if it is not a plain file of this user, for this user alone.
  func read() throws(TokenFileProblem) -> Content {
    try TokenFile.read(path)
  }

  /// Finishes what a process that died has begun: a record that is whole takes the file's name if it belongs to
  /// the chain, anything else is removed. For the holder of the lock alone.
  func recover(ifItBelongs belongs: (TokenRecord) -> Bool) throws(TokenFileProblem) {
    switch try TokenFile.read(newPath) {
    case .record(let record) where belongs(record): try publish()
    case .record, .damaged: unlink(newPath)
    case .nothing: break
    }
  }

  /// Puts a damaged file out of the way. For the holder of the lock alone.
  func setAside() throws(TokenFileProblem) {
    guard rename(path, damagedPath) == 0 else {
      throw .after("the damaged token file \(path) cannot be renamed to \(damagedPath)")
    }
  }

  /// Whether a damaged file was set aside.
  var hasDamaged: Bool { access(damagedPath, F_OK) == 0 }

  /// Makes the folder, for this user alone, if it is missing.
  func makeFolder() throws(TokenFileProblem) {
    guard access(folder, F_OK) != 0 else { return }
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw TokenFileProblem("the folder \(folder) cannot be made for the token file")
    }
  }

  /// Makes room for a new record.
  func prepare() throws(TokenFileProblem) -> TokenDraft {
    try makeFolder()
    return try TokenDraft(for: self)
  }

  /// Gives the new record the file's name, so that it stays even when the power fails.
  func publish() throws(TokenFileProblem) {
    guard rename(newPath, path) == 0 else { throw .after("the token file \(path) cannot be replaced") }
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .after("the folder \(folder) cannot be opened") }
    defer { close(descriptor) }
    // Some file systems know no such thing for folders.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw .after("the folder \(folder) cannot be written")
    }
  }

  private var folder: String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }

  private static func read(_ path: String) throws(TokenFileProblem) -> Content {
    // Without waiting: a named pipe would wait for a writer for ever.
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      switch errno {
      case ENOENT: return .nothing
      case ELOOP:
        throw TokenFileProblem("the token file \(path) is a symbolic link; put a plain file in its place")
      default: throw .after("the token file \(path) cannot be opened")
      }
    }
    defer { close(descriptor) }
    try check(descriptor, path)
    guard let bytes = try bytes(of: descriptor, path) else { return .damaged }
    do throws(TokenRecord.Unreadable) {
      return .record(try TokenRecord(bytes))
    } catch {
      switch error {
      case .damaged: return .damaged
      case .newer:
        throw TokenFileProblem(
          "the token file \(path) was written by a newer version of this program; use that one")
      }
    }
  }

  private static func check(_ descriptor: Int32, _ path: String) throws(TokenFileProblem) {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw .after("the token file \(path) cannot be looked at") }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw TokenFileProblem("the token file \(path) is not a plain file; name another place for it")
    }
    guard facts.st_uid == geteuid() else {
      throw TokenFileProblem("the token file \(path) belongs to another user; run as that user")
    }
    guard facts.st_mode & 0o077 == 0 else {
      throw TokenFileProblem("the token file \(path) is open to other users; run: chmod 600 \(path)")
    }
  }

  /// Nil if there are more than any record has.
  private static func bytes(of descriptor: Int32, _ path: String) throws(TokenFileProblem) -> [UInt8]? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 16_384)
    while bytes.count <= longest {
      let count = pread(descriptor, &piece, piece.count, off_t(bytes.count))
      if count == 0 { return bytes }
      if count > 0 {
        bytes += piece[..<count]
      } else if errno != EINTR {
        throw .after("the token file \(path) cannot be read")
      }
    }
    return nil
  }
}
