import GRDB

/// Why the state file could not be used.
public struct StoreFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What sort of trouble it is; it decides the exit status.
  public enum Kind: Hashable, Sendable {
    /// The file or its folder cannot be made or written to.
    case cannotCreate
    /// Reading or writing failed: a full disk, a damaged file.
    case inputOutput
    /// The file was written by a newer version.
    case newerVersion
    /// Another run holds the lock.
    case locked
  }

  /// What sort of trouble it is.
  public let kind: Kind
  /// What happened and where.
  public let what: String
  /// What to do about it.
  public let cure: String

  /// A failure.
  public init(_ kind: Kind, _ what: String, cure: String) {
    self.kind = kind
    self.what = what
    self.cure = cure
  }

  /// `what. cure.`
  public var description: String { "\(what). \(cure)." }

  static func damaged(_ path: String, _ detail: String) -> StoreFailure {
    StoreFailure(
      .inputOutput, "the state file \(path) is damaged (\(detail))",
      cure: "Move it away and run again: everything is read anew, and what the platforms hold is kept")
  }

  /// Says in words what SQLite says in numbers.
  static func from(_ error: DatabaseError, path: String, isReadOnly: Bool = false) -> StoreFailure {
    switch error.resultCode {
    case .SQLITE_FULL:
      return StoreFailure(
        .inputOutput, "the disk is full: \(path) cannot grow",
        cure: "Free some space and run again; nothing was lost")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return damaged(path, error.message ?? "no detail")
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      let (verb, right) = isReadOnly ? ("read", "read") : ("written", "write")
      return StoreFailure(
        .inputOutput, "the state file \(path) cannot be \(verb) (\(error.message ?? "no detail"))",
        cure: "Give this user \(right) access to the file and its folder")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return StoreFailure(
        .locked, "another program is using the state file \(path)",
        cure: "Wait for it to end, or end it, and run again")
    case .SQLITE_IOERR:
      return StoreFailure(
        .inputOutput, "the state file \(path) could not be read or written (\(error.message ?? "no detail"))",
        cure: "Check the disk, its free space and this user's limits, and run again; nothing was lost")
    default:
      return StoreFailure(
        .inputOutput, "the state file \(path) failed: \(error.message ?? "SQLite error \(error.resultCode)")",
        cure: "Check the disk; if it is sound, move the file away and run again")
    }
  }
}
