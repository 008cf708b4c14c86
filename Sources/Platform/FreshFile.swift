import Foundation

/// Files that are made anew beside the place that they are going to take.
public enum FreshFile {
  /// Opens a new file for writing. Whatever lies under the name is removed and not written into: a leftover of a
  /// run that was killed may have other rights, and a link or a pipe may have been put there by somebody else.
  ///
  /// - Parameters:
  ///   - mode: The rights, less the umask.
  ///   - reads: Whether it is read back, too.
  /// - Returns: A descriptor; negative if there is none, with the reason in `errno`.
  public static func open(_ path: String, mode: mode_t = 0o600, reads: Bool = false) -> Int32 {
    unlink(path)
    let access = reads ? O_RDWR : O_WRONLY
    return Foundation.open(path, O_CREAT | O_EXCL | access | O_CLOEXEC | O_NOFOLLOW, mode)
  }

  /// Why nothing of ours may take a place: it is taken by something that does not begin as ours do. Nil if it is
  /// free, empty, or taken by an older file of the same kind, blanks and case aside.
  public static func obstacle(at path: String, toWhatBegins beginning: String) -> String? {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    switch facts.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: return "is a folder"
    default: return "is no plain file"
    }
    guard facts.st_size > 0 else { return nil }
    let found = (try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)).read(upToCount: 64)) ?? Data()
    func bare(_ text: String) -> String { text.filter { !$0.isWhitespace }.lowercased() }
    return bare(String(decoding: found, as: UTF8.self)).hasPrefix(bare(beginning))
      ? nil : "holds something else"
  }
}
