import Platform
import WebAPI

/// Where the reading of the contacts stands.
struct ContactCursor: Equatable {
  /// How contacts are found.
  enum Way: String {
    /// Those that were deleted; before a list of everybody.
    case archived
    /// Everybody, in HubSpot's own order.
    case list
    /// Those that were changed, in the order of their ids.
    case search
  }

  var reading: Int64 = 1
  var way = Way.list
  /// True between two readings.
  var isDone = false
  /// List: HubSpot's own mark of the next page; empty at the beginning.
  var next = ""
  /// Search: everybody up to this id was read.
  var after: Int64 = 0
  /// Search: changes from this moment of the server's clock on are wanted.
  var since: Int64 = 0
  /// When the reading began by the server's clock.
  var begunAt: Int64 = 0
  /// When the last list of everybody began by our clock.
  var listedAt: Int64 = 0

  init() {}

  init(_ cursor: Cursor) throws(ConnectorFailure) {
    let json = try CursorText.read(cursor)
    guard let reading = json["n"].integer, let way = json["way"].text.flatMap(Way.init(rawValue:)) else {
      throw CursorText.damaged
    }
    self.reading = Int64(reading)
    self.way = way
    isDone = json["done"].boolean ?? false
    next = json["next"].text ?? ""
    after = Int64(json["after"].integer ?? 0)
    since = Int64(json["since"].integer ?? 0)
    begunAt = Int64(json["begun"].integer ?? 0)
    listedAt = Int64(json["listed"].integer ?? 0)
  }

  var encoded: Cursor {
    CursorText.write([
      ("n", .integer(Int(reading))), ("way", .text(way.rawValue)), ("done", .bool(isDone)),
      ("next", .text(next)), ("after", .integer(Int(after))), ("since", .integer(Int(since))),
      ("begun", .integer(Int(begunAt))), ("listed", .integer(Int(listedAt))),
    ])
  }
}

/// Where the reading of activities stands.
struct ActivityCursor: Equatable {
  var reading: Int64 = 1
  /// True between two readings.
  var isDone = false
  /// What happened, or was changed, before this moment was read by the readings before; nil: nothing was.
  var since: Int64?
  /// When the reading began by this machine's clock: what happens later is for the next one.
  var begunAt: Int64 = 0
  /// What the server's clock said with the reading's first answer; nil until then.
  var heardAt: Int64?
  /// Which kind of event, or which form, is being read; empty at the beginning.
  var part = ""
  /// Where its next page begins: HubSpot's own mark, or the last id; empty at the beginning.
  var next = ""
  /// Where the present piece of time begins.
  var from: Int64 = 0
  /// How long it is.
  var span: Int64 = 0
  /// How many pages of it were read.
  var pages = 0
  /// True if HubSpot refused it.
  var isRefused = false

  init() {}

  init(_ cursor: Cursor) throws(ConnectorFailure) {
    let json = try CursorText.read(cursor)
    guard let reading = json["n"].integer else { throw CursorText.damaged }
    self.reading = Int64(reading)
    isDone = json["done"].boolean ?? false
    since = json["since"].integer.map(Int64.init)
    begunAt = Int64(json["begun"].integer ?? 0)
    part = json["part"].text ?? ""
    next = json["next"].text ?? ""
    from = Int64(json["from"].integer ?? 0)
    span = Int64(json["span"].integer ?? 0)
    pages = json["pages"].integer ?? 0
    isRefused = json["refused"].boolean ?? false
    heardAt = json["heard"].integer.map(Int64.init)
  }

  var encoded: Cursor {
    var members: [(String, JSONOutput)] = [("n", .integer(Int(reading))), ("done", .bool(isDone))]
    if let since { members.append(("since", .integer(Int(since)))) }
    if let heardAt { members.append(("heard", .integer(Int(heardAt)))) }
    members += [
      ("begun", .integer(Int(begunAt))), ("part", .text(part)), ("next", .text(next)),
      ("from", .integer(Int(from))), ("span", .integer(Int(span))), ("pages", .integer(pages)),
      ("refused", .bool(isRefused)),
    ]
    return CursorText.write(members)
  }

  /// Looks at the server's clock, once a reading.
  mutating func hear(_ answer: HubSpotAnswer) {
    if heardAt == nil { heardAt = answer.serverTime?.seconds }
  }

  /// Where to go on from a cursor: within its reading, or at the beginning of the next one.
  ///
  /// A clock of ours that was ahead hides nothing: what the server dates later than its own clock then was not read.
  static func resume(_ last: Cursor?, at now: Int64) throws(ConnectorFailure) -> ActivityCursor {
    var cursor = ActivityCursor()
    guard let last else {
      cursor.begunAt = now
      return cursor
    }
    let old = try ActivityCursor(last)
    guard old.isDone else { return old }
    cursor.reading = old.reading + 1
    cursor.since = old.isRefused ? old.since : min(old.begunAt, old.heardAt ?? old.begunAt)
    cursor.begunAt = now
    return cursor
  }
}

enum CursorText {
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
