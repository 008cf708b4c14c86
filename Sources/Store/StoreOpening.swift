import Foundation
import GRDB

/// How the state file is made and opened.
extension LeadStore {
  /// Makes the file for its owner alone, unless it is there.
  static func makeFile(_ path: String) throws {
    guard path != ":memory:" else { return }
    var isFolder: ObjCBool = false
    guard !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      guard !isFolder.boolValue else {
        throw StoreFailure(
          .cannotCreate, "the state file \(path) cannot be made (a folder is there)",
          cure: "Name a file under state:")
      }
      return
    }
    let folder = (path as NSString).deletingLastPathComponent
    if !folder.isEmpty {
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      } catch {
        throw StoreFailure(
          .cannotCreate, "the folder \(folder) for the state file cannot be made",
          cure: "Make it, or name another place under state:")
      }
    }
    let descriptor = Foundation.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw StoreFailure(
        .cannotCreate, "the state file \(path) cannot be made (\(reason))",
        cure: "Give this user write access to its folder, or name another place under state:")
    }
    Foundation.close(descriptor)
  }

  /// Opens the file for reading and writing. One of another program is left as it is.
  static func openToWrite(_ path: String, patience: Double) throws -> DatabaseQueue {
    var configuration = configuration(patience: patience)
    configuration.prepareDatabase { db in
      try checkProgram(db, path: path)
      try db.execute(
        sql: """
          PRAGMA page_size = 16384;
          PRAGMA journal_mode = WAL;
          PRAGMA synchronous = NORMAL;
          PRAGMA cache_size = -24576;
          PRAGMA temp_store = FILE;
          PRAGMA journal_size_limit = 67108864;
          PRAGMA wal_autocheckpoint = 1000;
          """)
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// Opens the file for reading alone, also where this user may not write.
  static func openToLook(_ path: String, patience: Double) throws -> DatabaseQueue {
    var configuration = configuration(patience: patience)
    configuration.readonly = true
    configuration.prepareDatabase { db in
      try checkProgram(db, path: path)
      try db.execute(sql: "PRAGMA cache_size = -24576")
    }
    do {
      return try DatabaseQueue(path: path, configuration: configuration)
    } catch let error as DatabaseError where error.isAboutFilesBeside {
      // Readers share two files beside the state with writers, and make them where they are not there. Where they
      // cannot be made nobody else writes either, and what is in the file is all there is, unless a run was killed.
      let waiting = path + "-wal"
      let attributes = try? FileManager.default.attributesOfItem(atPath: waiting)
      guard (attributes?[.size] as? Int64 ?? 0) == 0 else {
        throw StoreFailure(
          .inputOutput,
          "the state file \(path) cannot be read: a run was killed, and what it left in \(waiting) has to be written",
          cure: "Run leadgauge pull, or this again, as a user who may write to the folder")
      }
      return try DatabaseQueue(path: immutable(path), configuration: configuration)
    }
  }

  private static func configuration(patience: Double) -> Configuration {
    var configuration = Configuration()
    configuration.label = "leadgauge"
    configuration.busyMode = patience > 0 ? .timeout(patience) : .immediateError
    return configuration
  }

  /// The file's name as SQLite takes it for a file that nobody changes meanwhile.
  private static func immutable(_ path: String) -> String {
    let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
    return "file:\(escaped)?immutable=1"
  }

  private static func checkProgram(_ db: Database, path: String) throws {
    let id = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    guard try isEmpty(db) || id == StoreSchema.applicationID else {
      throw StoreFailure(
        .inputOutput, "\(path) is a SQLite file of another program", cure: "Name another place under state:")
    }
  }

  /// The list of layout steps is made before the first step: a file with nothing else was cut off there, by a full
  /// disk or a kill, and holds nothing yet.
  private static func isEmpty(_ db: Database) throws -> Bool {
    try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'") == 0
  }

  /// Refuses what a newer version has written.
  static func checkVersion(_ queue: DatabaseQueue, path: String) throws {
    try queue.read { db in
      if try !isEmpty(db) && StoreSchema.migrator.hasBeenSuperseded(db) {
        throw StoreFailure(
          .newerVersion, "the state file \(path) was written by a newer version of leadgauge",
          cure: "Upgrade leadgauge, or name another place under state:")
      }
    }
  }
}

extension DatabaseError {
  /// True if SQLite lacks the right to a file, or to one of those that it makes beside it.
  fileprivate var isAboutFilesBeside: Bool {
    resultCode == .SQLITE_READONLY || resultCode == .SQLITE_CANTOPEN
  }
}
