import GRDB
import GRDBSQLite

/// A prepared statement for the paths that run a million times: integers, texts and bytes go in and out
/// without being boxed. Everything else goes through GRDB.
final class HotStatement {
  private let statement: Statement
  private let handle: OpaquePointer
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  init(_ db: Database, _ sql: String) throws {
    statement = try db.makeStatement(sql: sql)
    handle = statement.sqliteStatement
  }

  // MARK: Arguments, numbered from 1

  @discardableResult @inline(__always)
  func bind(_ index: Int32, _ value: Int64) -> HotStatement {
    sqlite3_bind_int64(handle, index, value)
    return self
  }

  @discardableResult @inline(__always)
  func bind(_ index: Int32, _ value: Int64?) -> HotStatement {
    if let value { sqlite3_bind_int64(handle, index, value) } else { sqlite3_bind_null(handle, index) }
    return self
  }

  @discardableResult
  func bind(_ index: Int32, _ value: String?) -> HotStatement {
    guard var value else {
      sqlite3_bind_null(handle, index)
      return self
    }
    value.withUTF8 { bytes in
      let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
      sqlite3_bind_text(handle, index, start ?? Self.empty, Int32(bytes.count), Self.copied)
    }
    return self
  }

  @discardableResult
  func bind(_ index: Int32, _ bytes: UnsafeRawBufferPointer) -> HotStatement {
    sqlite3_bind_blob(
      handle, index, bytes.baseAddress ?? UnsafeRawPointer(Self.empty), Int32(bytes.count), Self.copied)
    return self
  }

  nonisolated(unsafe) private static let empty = UnsafePointer<CChar>(
    UnsafeMutablePointer<CChar>.allocate(capacity: 1))

  // MARK: Running

  /// Goes to the next row; false at the end, where the statement is ready for its next run.
  @inline(__always)
  func step() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(handle)
      return false
    default: throw failure()
    }
  }

  /// Runs a statement that gives no rows.
  @inline(__always)
  func run() throws {
    while try step() {}
  }

  /// Leaves the rows that were not read.
  @inline(__always)
  func reset() {
    sqlite3_reset(handle)
  }

  private func failure() -> DatabaseError {
    let connection = sqlite3_db_handle(handle)
    let code = sqlite3_extended_errcode(connection)
    let message = sqlite3_errmsg(connection).map { String(cString: $0) }
    sqlite3_reset(handle)
    return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
  }

  // MARK: Columns, numbered from 0

  @inline(__always)
  func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  @inline(__always)
  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  @inline(__always)
  func optionalInt64(_ column: Int32) -> Int64? { isNull(column) ? nil : int64(column) }

  func text(_ column: Int32) -> String? {
    isNull(column) ? nil : String(decoding: bytes(column), as: UTF8.self)
  }

  /// Good until the next step.
  @inline(__always)
  func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(handle, column)
    return UnsafeRawBufferPointer(
      start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
  }
}
