import Foundation

/// Where a governor keeps what the next run should know.
public protocol GovernorMemory: Sendable {
  /// What was saved last; nil if there is nothing, or nothing that can be read.
  func load() -> [UInt8]?
  /// Saves, as well as it can: a failure costs no more than learning anew.
  func save(_ bytes: [UInt8])
}

/// A file, replaced as a whole.
public struct GovernorFile: GovernorMemory {
  private let path: String

  /// Names the file; it is made with the first save.
  public init(path: String) {
    self.path = path
  }

  /// Reads the file.
  public func load() -> [UInt8]? {
    guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 20 else { return nil }
    return [UInt8](data)
  }

  /// Writes a new file and puts it into the old one's place.
  public func save(_ bytes: [UInt8]) {
    let url = URL(fileURLWithPath: path)
    // Nobody else's business, though there is no secret in it.
    try? FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    let draft = path + ".new"
    unlink(draft)
    let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try file.write(contentsOf: Data(bytes))
      try file.close()
    } catch {
      unlink(draft)
      return
    }
    if rename(draft, path) != 0 { unlink(draft) }
  }
}
