import Foundation
import Platform

/// Where the output stands and the files beside it that are needed to replace it.
struct OutputPlace: Sendable {
  /// The file that is replaced: where the configured path leads, links followed.
  let path: String
  let folder: String
  /// Rows that wait for the commit.
  let staged: String
  /// The output as it is going to be.
  let fresh: String

  /// Follows links from the configured path.
  init(_ configured: String) {
    var path = configured
    for _ in 0..<16 {
      guard let target = Self.linkTarget(path) else { break }
      path = target.hasPrefix("/") ? target : Self.folder(of: path) + "/" + target
    }
    self.path = path
    folder = Self.folder(of: path)
    let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    staged = "\(folder)/.\(name).staged"
    fresh = "\(folder)/.\(name).new"
  }

  /// True if nothing stands at a path, which is not the same as not being allowed to look.
  static func isAbsent(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
  }

  /// Deletes what an apply that did not end left behind.
  func removeLeftovers() {
    unlink(staged)
    unlink(fresh)
  }

  /// Why nothing could be made in the folder; nil if it looks as if it could.
  var folderTrouble: ConnectorFailure? {
    guard access(folder + "/.", W_OK | X_OK) != 0 else { return nil }
    return FileTrouble.creating(path, errno)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func linkTarget(_ path: String) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
      guard let base = buffer.baseAddress else { return nil }
      let count = readlink(path, base, buffer.count)
      guard count > 0 else { return nil }
      return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
