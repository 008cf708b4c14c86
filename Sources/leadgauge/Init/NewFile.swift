import Foundation

/// Files that commands make.
enum NewFile {
  /// Writes a file and the folder for it; a secret one can be read by this user alone from its first moment on.
  static func write(_ text: String, to path: String, isSecret: Bool = false) throws {
    let folder = (path as NSString).deletingLastPathComponent
    do {
      if !folder.isEmpty {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true,
          attributes: isSecret ? [.posixPermissions: 0o700] : nil)
      }
      if isSecret {
        try writeSecret(text, to: path)
      } else {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      }
    } catch {
      throw CommandFailure(
        .cannotCreate, "\(path) cannot be written",
        cure: "Check that its folder is there and may be written to")
    }
  }

  private static func writeSecret(_ text: String, to path: String) throws {
    let draft = path + ".new"
    unlink(draft)
    let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteNoPermission) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try file.write(contentsOf: Data((text + "\n").utf8))
    try file.synchronize()
    guard rename(draft, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}
