import Foundation
import Platform

/// Failures of the system's calls as the pipeline wants them: what happened to which path, and the cure.
enum FileTrouble {
  /// The system's words for a number.
  static func words(_ number: Int32) -> String { String(cString: strerror(number)) }

  /// A file that is to be read cannot be opened; `key` is where the configuration names it.
  static func opening(_ path: String, key: String, _ number: Int32) -> ConnectorFailure {
    let what = "'\(path)', named by \(key), cannot be read: \(words(number))"
    switch number {
    case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG:
      return ConnectorFailure(
        .configuration, what, cure: "Put the file there, or correct \(key) in the configuration")
    default:
      return ConnectorFailure(.inputOutput, what, cure: "Give this user the right to read it")
    }
  }

  static func notAFile(_ path: String, key: String) -> ConnectorFailure {
    ConnectorFailure(
      .configuration, "'\(path)', named by \(key), is not a regular file", cure: "Name a regular file")
  }

  static func reading(_ path: String, _ number: Int32) -> ConnectorFailure {
    ConnectorFailure(.inputOutput, "reading '\(path)' failed: \(words(number))", cure: "Check the disk")
  }

  static func changed(_ path: String) -> ConnectorFailure {
    ConnectorFailure(
      .changedMeanwhile, "'\(path)' was changed while it was read",
      cure: "Run again; write the file elsewhere and rename it into place, or append to it")
  }

  static func creating(_ path: String, _ number: Int32) -> ConnectorFailure {
    ConnectorFailure(
      .cannotCreate, "'\(path)' cannot be made: \(words(number))",
      cure: "Let the folder exist and be writable for this user, or name another output")
  }

  static func writing(_ path: String, _ number: Int32) -> ConnectorFailure {
    ConnectorFailure(
      .inputOutput, "writing '\(path)' failed: \(words(number))",
      cure: number == ENOSPC || number == EDQUOT
        ? "Make room on the disk; the output is as it was" : "Check the disk; the output is as it was")
  }
}
