import Foundation
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
  /// - Throws: 73 if there is a file that is no older output of this kind.
  static func check(_ path: String?, _ kind: Kind) throws {
    guard let path else { return }
    var information = stat()
    // What is no plain file, such as a pipe, is the writer's affair.
    guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG, information.st_size > 0
    else {
      return
    }
    let found = (try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)).read(upToCount: 64)) ?? Data()
    let text = String(decoding: found, as: UTF8.self).filter { !$0.isWhitespace }.lowercased()
    guard !text.hasPrefix(kind.beginning.filter { !$0.isWhitespace }) else { return }
    throw CommandFailure(
      .cannotCreate, "\(path) is there already and is no \(kind.rawValue)",
      cure: "Name another file; nothing was replaced")
  }
}
