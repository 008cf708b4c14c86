import Platform
import WebAPI

/// Where the reading of the contacts stands.
struct ContactCursor: Equatable {
  /// How contacts are found.
  enum Way: String {
    /// Those who left or were removed, by a search.
    case removed
    /// Those to whom nothing can be delivered, by a search.
    case undelivered
    /// Everybody who is subscribed, in the order of their creation.
    case list
    /// Those that were changed, in the order of their changes.
    case changes
  }

  var reading: Int64 = 1
  var way = Way.removed
  /// True if the reading lists everybody.
  var isListing = true
  /// True between two readings.
  var isDone = false
  /// Whether the details of each contact are read.
  var hasDetails = false
  /// List and changes: everything before this second was read.
  var from: Int64 = 0
  /// The next page of a search, or of the contacts of one second; 0: of the contacts from `from` on.
  var page = 0
  /// How many the search, or the second, was said to have.
  var total = 0
  /// When the reading began by the server's clock.
  var begunAt: Int64 = 0
  /// When the last list of everybody began by our clock.
  var listedAt: Int64 = 0
  /// When those who left were last looked for, by our clock.
  var searchedAt: Int64 = 0

  init() {}

  init(_ cursor: Cursor) throws(ConnectorFailure) {
    let json = try CursorText.read(cursor)
    guard let reading = json["n"].integer, let way = json["way"].text.flatMap(Way.init(rawValue:)) else {
      throw CursorText.damaged
    }
    self.reading = Int64(reading)
    self.way = way
    isListing = json["all"].boolean ?? false
    isDone = json["done"].boolean ?? false
    hasDetails = json["details"].boolean ?? false
    from = CursorText.number(json["from"])
    page = json["page"].integer ?? 0
    total = json["total"].integer ?? 0
    begunAt = CursorText.number(json["begun"])
    listedAt = CursorText.number(json["listed"])
    searchedAt = CursorText.number(json["searched"])
  }

  var encoded: Cursor {
    CursorText.write([
      ("n", .integer(Int(reading))), ("way", .text(way.rawValue)), ("all", .bool(isListing)),
      ("done", .bool(isDone)), ("details", .bool(hasDetails)), ("from", .integer(Int(from))),
      ("page", .integer(page)), ("total", .integer(total)), ("begun", .integer(Int(begunAt))),
      ("listed", .integer(Int(listedAt))), ("searched", .integer(Int(searchedAt))),
    ])
  }
}

/// Where the listing of the holders of tags and bands stands.
struct MarkCursor: Equatable {
  var reading: Int64 = 1
  var isDone = false
  /// The mark whose holders are being listed: its place, and its name to see that it is still the same.
  var mark = ""
  var page = 1
  var total = 0
  /// When the last listing began by our clock.
  var listedAt: Int64 = 0
  /// The tags and bands that were looked for: when more are asked for they are listed at once.
  var names: [String] = []

  init() {}

  init(_ cursor: Cursor) throws(ConnectorFailure) {
    let json = try CursorText.read(cursor)
    guard let reading = json["n"].integer else { throw CursorText.damaged }
    self.reading = Int64(reading)
    isDone = json["done"].boolean ?? false
    mark = json["mark"].text ?? ""
    page = json["page"].integer ?? 1
    total = json["total"].integer ?? 0
    listedAt = CursorText.number(json["listed"])
    names = json["names"].elements.compactMap(\.text)
  }

  var encoded: Cursor {
    CursorText.write([
      ("n", .integer(Int(reading))), ("done", .bool(isDone)), ("mark", .text(mark)),
      ("page", .integer(page)), ("total", .integer(total)), ("listed", .integer(Int(listedAt))),
      ("names", .list(names.map { .text($0) })),
    ])
  }
}

/// Where the reading of what contacts did with e-mails stands.
struct ActivityCursor: Equatable {
  var reading: Int64 = 1
  var isDone = false
  /// When the first reading of all began: what is kept beside the state is of this very history.
  var epoch: Int64 = 0
  /// Activities from this moment on were read, or are by this reading.
  var since: Int64 = 0
  /// When the reading began by the server's clock.
  var begunAt: Int64 = 0
  /// Who was active from this day on is looked for; its midnight.
  var day: Int64 = 0
  /// Activities from this moment on are asked for.
  var from: Int64 = 0
  /// True if everybody who is found is read, not only those who are new.
  var isWhole = true
  /// When everybody who was found was read the last time, by the server's clock.
  var wholeAt: Int64 = 0
  /// How many the searches found; -1 if they did not say.
  var totals: [Int] = []
  /// The searches that were made.
  var searches: [String] = []
  /// Everybody up to this id was read.
  var after = ""
  /// When those readings since the day began that read somebody began.
  var readings: [Int64] = []

  /// True if the whole window is read.
  var isDeep: Bool { from == since }

  init() {}

  init(_ cursor: Cursor) throws(ConnectorFailure) {
    let json = try CursorText.read(cursor)
    guard let reading = json["n"].integer else { throw CursorText.damaged }
    self.reading = Int64(reading)
    isDone = json["done"].boolean ?? false
    epoch = CursorText.number(json["epoch"])
    since = CursorText.number(json["since"])
    begunAt = CursorText.number(json["begun"])
    day = CursorText.number(json["day"])
    from = CursorText.number(json["from"])
    isWhole = json["whole"].boolean ?? true
    wholeAt = CursorText.number(json["wholeAt"])
    totals = json["totals"].elements.compactMap(\.integer)
    searches = json["searches"].elements.compactMap(\.text)
    after = json["after"].text ?? ""
    readings = json["readings"].elements.compactMap(\.integer).map(Int64.init)
  }

  var encoded: Cursor {
    CursorText.write([
      ("n", .integer(Int(reading))), ("done", .bool(isDone)), ("epoch", .integer(Int(epoch))),
      ("since", .integer(Int(since))), ("begun", .integer(Int(begunAt))), ("day", .integer(Int(day))),
      ("from", .integer(Int(from))), ("whole", .bool(isWhole)), ("wholeAt", .integer(Int(wholeAt))),
      ("totals", .list(totals.map { .integer($0) })), ("searches", .list(searches.map { .text($0) })),
      ("after", .text(after)), ("readings", .list(readings.map { .integer(Int($0)) })),
    ])
  }
}

/// Where the reading of something that is listed by its date stands: orders and carts, transactional mail.
struct DatedCursor: Equatable {
  var reading: Int64 = 1
  var isDone = false
  /// When the first reading of all began.
  var epoch: Int64 = 0
  /// What has this date or a later one is read by this reading.
  var from: Int64 = 0
  /// Everything from this date on was read by the readings together.
  var since: Int64 = 0
  /// When the reading began, by our clock.
  var begunAt: Int64 = 0
  /// What the server's clock said with the reading's first answer; nil until then.
  var heardAt: Int64?
  /// The lists that are read, one after the other: `SHOP/orders`.
  var parts: [String] = []
  /// When the lists were looked for, by our clock.
  var partsAt: Int64 = 0
  /// Which of them is being read.
  var part = 0
  var page = 1
  /// True if GetResponse refused it, which is said once.
  var isRefused = false
  /// What was asked for, so that more of it is read from the start.
  var kinds: [String] = []
  /// When those readings that read details began, as far back as their dates matter.
  var readings: [Int64] = []

  init() {}

  init(_ cursor: Cursor) throws(ConnectorFailure) {
    let json = try CursorText.read(cursor)
    guard let reading = json["n"].integer else { throw CursorText.damaged }
    self.reading = Int64(reading)
    isDone = json["done"].boolean ?? false
    epoch = CursorText.number(json["epoch"])
    from = CursorText.number(json["from"])
    since = CursorText.number(json["since"])
    begunAt = CursorText.number(json["begun"])
    heardAt = json["heard"].integer.map(Int64.init)
    parts = json["parts"].elements.compactMap(\.text)
    partsAt = CursorText.number(json["partsAt"])
    part = json["part"].integer ?? 0
    page = json["page"].integer ?? 1
    isRefused = json["refused"].boolean ?? false
    kinds = json["kinds"].elements.compactMap(\.text)
    readings = json["readings"].elements.compactMap(\.integer).map(Int64.init)
  }

  var encoded: Cursor {
    let heard = heardAt.map { [("heard", JSONOutput.integer(Int($0)))] } ?? []
    return CursorText.write(
      [
        ("n", .integer(Int(reading))), ("done", .bool(isDone)), ("epoch", .integer(Int(epoch))),
        ("from", .integer(Int(from))), ("since", .integer(Int(since))), ("begun", .integer(Int(begunAt))),
        ("parts", .list(parts.map { .text($0) })), ("partsAt", .integer(Int(partsAt))),
        ("part", .integer(part)), ("page", .integer(page)), ("refused", .bool(isRefused)),
        ("kinds", .list(kinds.map { .text($0) })), ("readings", .list(readings.map { .integer(Int($0)) })),
      ] + heard)
  }
}

extension DatedCursor {
  /// Something may come late, or change, within this time; seconds.
  static let trailing: Int64 = 3 * 86_400

  /// Looks at the server's clock, once a reading.
  mutating func hear(_ answer: GetResponseAnswer) {
    if heardAt == nil { heardAt = answer.serverTime?.seconds }
  }

  /// Where to go on from a cursor: within its reading, or at the beginning of the next one.
  ///
  /// The window's beginning counts anew if it has moved back, or if kinds are asked for that were not.
  static func resume(
    _ last: Cursor?, kinds: [String], _ window: PullWindow
  ) throws(ConnectorFailure) -> DatedCursor {
    let old = try last.map { (last) throws(ConnectorFailure) in try DatedCursor(last) }
    if let old, !old.isDone { return old }
    var cursor = DatedCursor()
    cursor.reading = (old?.reading ?? 0) + 1
    cursor.begunAt = window.now.seconds
    cursor.kinds = kinds
    cursor.epoch = old?.epoch ?? cursor.begunAt
    cursor.since = window.since.seconds
    cursor.from = window.since.seconds
    guard let old else { return cursor }
    cursor.parts = old.parts
    cursor.partsAt = old.partsAt
    cursor.isRefused = old.isRefused
    guard old.since <= window.since.seconds, Set(kinds).isSubset(of: old.kinds), !old.isRefused else {
      return cursor
    }
    cursor.since = old.since
    // A clock of ours that was ahead hides nothing.
    cursor.from = max(window.since.seconds, min(old.begunAt, old.heardAt ?? old.begunAt) - trailing)
    cursor.readings = old.readings.filter { $0 >= cursor.begunAt - trailing - 86_400 }
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

  static func number(_ value: JSONValue) -> Int64 { Int64(value.integer ?? 0) }

  static func write(_ members: [(String, JSONOutput)]) -> Cursor {
    Cursor(String(decoding: JSONOutput.object(members).bytes, as: UTF8.self))
  }
}
