import Platform
import WebAPI

/// Where the reading of the contacts stands.
struct ContactCursor: Equatable {
  /// How changes are found.
  enum Way: String {
    /// Everybody, in the order of ids.
    case walk
    /// The audit log names who changed, was merged or deleted.
    case feed
    /// Dates of change and creation: where the audit log is not to be had. Deletions do not show.
    case dates
  }

  var reading: Int64 = 1
  var way = Way.walk
  /// True between two readings.
  var isDone = false
  /// Walk and dates: everybody up to this id was read.
  var after = 0
  /// Walk: how many there were at its beginning.
  var total = 0
  /// The last row of the audit log that was taken; nil if the log is not to be had.
  var audit: Int?
  /// Dates: changes from this moment of the server's clock on are wanted.
  var since: Int64 = 0
  /// When the reading began by the server's clock.
  var begunAt: Int64 = 0
  /// When the last walk began by our clock.
  var walkedAt: Int64 = 0

  init() {}

  init(_ cursor: Cursor) throws(ConnectorFailure) {
    let json = try CursorText.read(cursor)
    guard let reading = json["n"].integer, let way = json["way"].text.flatMap(Way.init(rawValue:)) else {
      throw CursorText.damaged
    }
    self.reading = Int64(reading)
    self.way = way
    isDone = json["done"].boolean ?? false
    after = json["after"].integer ?? 0
    total = json["total"].integer ?? 0
    audit = json["audit"].integer
    since = Int64(json["since"].integer ?? 0)
    begunAt = Int64(json["begun"].integer ?? 0)
    walkedAt = Int64(json["walked"].integer ?? 0)
  }

  var encoded: Cursor {
    var members: [(String, JSONOutput)] = [
      ("n", .integer(Int(reading))), ("way", .text(way.rawValue)), ("done", .bool(isDone)),
      ("after", .integer(after)), ("total", .integer(total)),
    ]
    if let audit { members.append(("audit", .integer(audit))) }
    members += [
      ("since", .integer(Int(since))), ("begun", .integer(Int(begunAt))), ("walked", .integer(Int(walkedAt))),
    ]
    return CursorText.write(members)
  }
}

/// Where the reading of one table of activity stands.
struct TableCursor: Equatable {
  var reading: Int64 = 1
  var isDone = false
  /// Rows up to this id were read.
  var last = 0
  /// The first row that may still change, or have neighbours that come late; the next reading begins there.
  var open: Int?
  /// Tables without a rising id: rows from this moment of the server's clock on are wanted.
  var since: Int64?
  /// Tables without a rising id: so many rows of the reading were given.
  var start = 0
  /// When the reading began by the server's clock.
  var begunAt: Int64 = 0

  init() {}

  init(_ cursor: Cursor) throws(ConnectorFailure) {
    let json = try CursorText.read(cursor)
    guard let reading = json["n"].integer else { throw CursorText.damaged }
    self.reading = Int64(reading)
    isDone = json["done"].boolean ?? false
    last = json["last"].integer ?? 0
    open = json["open"].integer
    since = json["since"].integer.map(Int64.init)
    start = json["start"].integer ?? 0
    begunAt = Int64(json["begun"].integer ?? 0)
  }

  var encoded: Cursor {
    var members: [(String, JSONOutput)] = [
      ("n", .integer(Int(reading))), ("done", .bool(isDone)), ("last", .integer(last)),
    ]
    if let open { members.append(("open", .integer(open))) }
    if let since { members.append(("since", .integer(Int(since)))) }
    members += [("start", .integer(start)), ("begun", .integer(Int(begunAt)))]
    return CursorText.write(members)
  }
}

private enum CursorText {
  static let damaged = ConnectorFailure(
    .badData, "the place where the reading stood is not understood",
    cure: "It was written by another version; begin with a new state file")

  static func read(_ cursor: Cursor) throws(ConnectorFailure) -> JSONValue {
    do throws(JSONFailure) {
      return try JSONValue.parse(Array(cursor.text.utf8))
    } catch {
      throw damaged
    }
  }

  static func write(_ members: [(String, JSONOutput)]) -> Cursor {
    Cursor(String(decoding: JSONOutput.object(members).bytes, as: UTF8.self))
  }
}
