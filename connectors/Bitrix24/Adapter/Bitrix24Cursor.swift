import Platform
import WebAPI

/// Where the reading of contacts and leads stands.
struct ContactCursor: Equatable {
  var reading: Int64 = 1
  /// True if everybody is listed.
  var isListing = true
  /// True between two readings.
  var isDone = false
  /// Contacts first, then leads.
  var kind = PersonKind.contact
  /// Everybody of the kind up to this number was read.
  var after: Int64 = 0
  /// How many pages the next request asks for.
  var chain = 1
  /// Changes from this moment of the portal's clock on are wanted.
  var since: Int64 = 0
  /// When the reading began by the portal's clock.
  var begunAt: Int64 = 0
  /// The portal's distance from UTC in minutes.
  var offset = 0
  /// When the last list of everybody began by our clock.
  var listedAt: Int64 = 0
  /// Whether the last list of everybody had leads.
  var hasLeads = false
  /// Whether it had the names of companies.
  var hasCompanies = false

  init() {}

  init(_ cursor: Cursor) throws(ConnectorFailure) {
    let json = try CursorText.read(cursor)
    guard let reading = json["n"].integer, let kind = json["kind"].text.flatMap(PersonKind.init(rawValue:))
    else { throw CursorText.damaged }
    self.reading = Int64(reading)
    self.kind = kind
    isListing = json["list"].boolean ?? true
    isDone = json["done"].boolean ?? false
    after = Int64(json["after"].integer ?? 0)
    chain = max(1, min(Bitrix24API.mostCommands, json["chain"].integer ?? 1))
    since = Int64(json["since"].integer ?? 0)
    begunAt = Int64(json["begun"].integer ?? 0)
    offset = json["offset"].integer ?? 0
    listedAt = Int64(json["listed"].integer ?? 0)
    hasLeads = json["leads"].boolean ?? false
    hasCompanies = json["companies"].boolean ?? false
  }

  var encoded: Cursor {
    CursorText.write([
      ("n", .integer(Int(reading))), ("list", .bool(isListing)), ("done", .bool(isDone)),
      ("kind", .text(kind.rawValue)), ("after", .integer(Int(after))), ("chain", .integer(chain)),
      ("since", .integer(Int(since))), ("begun", .integer(Int(begunAt))), ("offset", .integer(offset)),
      ("listed", .integer(Int(listedAt))), ("leads", .bool(hasLeads)), ("companies", .bool(hasCompanies)),
    ])
  }
}

/// Where the reading of activities or stages stands.
struct ActivityCursor: Equatable {
  var reading: Int64 = 1
  /// True between two readings.
  var isDone = false
  /// What changed before this moment was read by the readings before; nil: nothing was.
  var since: Int64?
  /// When the reading began by the portal's clock; 0 at its beginning.
  var begunAt: Int64 = 0
  /// The portal's distance from UTC in minutes.
  var offset = 0
  /// Everything up to this number was read.
  var after: Int64 = 0
  /// How many pages the next request asks for.
  var chain = 1
  /// True if Bitrix24 refused it.
  var isRefused = false

  init() {}

  init(_ cursor: Cursor) throws(ConnectorFailure) {
    let json = try CursorText.read(cursor)
    guard let reading = json["n"].integer else { throw CursorText.damaged }
    self.reading = Int64(reading)
    isDone = json["done"].boolean ?? false
    since = json["since"].integer.map(Int64.init)
    begunAt = Int64(json["begun"].integer ?? 0)
    offset = json["offset"].integer ?? 0
    after = Int64(json["after"].integer ?? 0)
    chain = max(1, min(Bitrix24API.mostCommands, json["chain"].integer ?? 1))
    isRefused = json["refused"].boolean ?? false
  }

  var encoded: Cursor {
    var members: [(String, JSONOutput)] = [("n", .integer(Int(reading))), ("done", .bool(isDone))]
    if let since { members.append(("since", .integer(Int(since)))) }
    members += [
      ("begun", .integer(Int(begunAt))), ("offset", .integer(offset)), ("after", .integer(Int(after))),
      ("chain", .integer(chain)), ("refused", .bool(isRefused)),
    ]
    return CursorText.write(members)
  }

  /// Where to go on from a cursor: within its reading, or at the beginning of the next one.
  static func resume(_ last: Cursor?) throws(ConnectorFailure) -> ActivityCursor {
    guard let last else { return ActivityCursor() }
    let old = try ActivityCursor(last)
    guard old.isDone else { return old }
    var cursor = ActivityCursor()
    cursor.reading = old.reading + 1
    cursor.since = old.isRefused ? old.since : old.begunAt
    cursor.offset = old.offset
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
