import Foundation
import Platform
import Sync

/// A file that the user names for an output: it may replace an older one of its kind, and nothing else. A slip of the
/// fingers is not to cost the state, the configuration or a list of contacts.
enum OutputFile {
  /// What the file is to be.
  enum Kind: String {
    case plan
    case page
    case trace

    /// How such a file begins.
    fileprivate var beginning: String {
      switch self {
      case .plan: "{\"type\":\"plan\""
      case .page: "<!doctype html"
      case .trace: "{\"log\""
      }
    }
  }

  /// Makes sure that nothing else is replaced.
  ///
  /// - Throws: 73 if there is something that is no older output of this kind. A link would be replaced, too, and
  ///   not what it leads to: what was meant is not known then.
  static func check(_ path: String?, _ kind: Kind) throws {
    guard let path else { return }
    var facts = stat()
    if lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFLNK {
      throw CommandFailure(
        .cannotCreate, "\(path) is a symbolic link", cure: "Name the file itself; nothing was replaced")
    }
    guard let obstacle = FreshFile.obstacle(at: path, toWhatBegins: kind.beginning) else { return }
    throw CommandFailure(
      .cannotCreate, "\(path) is there already and is no \(kind.rawValue): it \(obstacle)",
      cure: "Name another file; nothing was replaced")
  }
}
