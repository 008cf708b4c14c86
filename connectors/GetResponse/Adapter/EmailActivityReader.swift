import Platform
import Scoring
import WebAPI

/// Reads what contacts did with e-mails: searches say who did something of late, and the activities of just
/// these are read, a call for each.
///
/// A search knows the day of the last open and of the last click, so it finds the same contacts all day long.
/// Most runs therefore only count: if no more are found than before, nobody new did anything. Those who were
/// found before are read again every few hours, and when the day changes.
struct EmailActivityReader: ActivityReader {
  let api: GetResponseAPI
  let catalogue: AccountCatalogue
  let refresh: TimeSpan
  /// Where it is kept who was read; nil: nowhere, so that everybody who is found is read.
  let path: String?
  let sizes: ContactReader.PageSizes
  private let found = FoundContacts()

  init(
    api: GetResponseAPI, catalogue: AccountCatalogue, refresh: TimeSpan, path: String?,
    sizes: ContactReader.PageSizes
  ) {
    self.api = api
    self.catalogue = catalogue
    self.refresh = refresh
    self.path = path
    self.sizes = sizes
  }

  let stream = StreamName("activities")

  private static let kinds: Set<ActivityKind> = [
    .known(.emailOpen), .known(.emailClick), .known(.emailSent), .known(.smsClick),
  ]

  /// The searches that the model is worth. A mailing is sent to everybody: who merely got one is looked for only
  /// if the model names that kind.
  private func searches(_ needs: PullNeeds?) -> [String] {
    if let kinds = needs?.kinds, kinds.isDisjoint(with: Self.kinds) { return [] }
    let namesSending = needs?.namedKinds.contains(.known(.emailSent)) ?? false
    return ["last_open_date", "last_click_date"] + (namesSending ? ["last_send_date"] : [])
  }

  func page(after last: Cursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    if let last {
      let old = try ActivityCursor(last)
      if !old.isDone { return try await read(old, try await contacts(of: old), window) }
      return try await begin(old, window)
    }
    return try await begin(nil, window)
  }

  // MARK: Who was active

  private func begin(_ old: ActivityCursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    var cursor = ActivityCursor()
    cursor.reading = (old?.reading ?? 0) + 1
    cursor.searches = searches(window.needs)
    guard !cursor.searches.isEmpty else {
      // Nobody asks; whoever does later finds that nothing was searched for, and reads from the start.
      cursor.isDone = true
      return .activities(cursor.reading, cursor.encoded)
    }
    let (_, time) = try await catalogue.freshLists()
    cursor.begunAt = time ?? window.now.seconds
    guard let old, old.since <= window.since.seconds, Set(cursor.searches).isSubset(of: old.searches) else {
      return try await beginDeeply(cursor, window)
    }
    cursor.epoch = old.epoch
    cursor.since = old.since
    cursor.day = GetResponseTime.midnight(old.begunAt) - GetResponseTime.day
    // A day more: neither the zone of a search's days nor whether it includes them is documented.
    cursor.from = cursor.day - GetResponseTime.day
    cursor.wholeAt = old.wholeAt
    let isSame = cursor.day == old.day && cursor.searches == old.searches
    if cursor.day == old.day { cursor.readings = old.readings }
    cursor.isWhole = !isSame || cursor.begunAt - old.wholeAt >= refresh.seconds
    if !cursor.isWhole, try await isQuiet(cursor, old.totals) {
      cursor.totals = old.totals
      cursor.isDone = true
      return .activities(cursor.reading, cursor.encoded)
    }
    if path == nil { cursor.isWhole = true }
    if cursor.isWhole { cursor.wholeAt = cursor.begunAt }
    if path != nil { cursor.readings.append(cursor.begunAt) }
    try seen(before: cursor)?.begin()
    let contacts = try await search(&cursor)
    await found.set(contacts, Self.key(cursor))
    return try await read(cursor, contacts, window)
  }

  /// Everybody who was active in the whole window.
  private func beginDeeply(
    _ first: ActivityCursor, _ window: PullWindow
  ) async throws(ConnectorFailure) -> Page {
    var cursor = first
    cursor.epoch = cursor.begunAt
    cursor.since = window.since.seconds
    cursor.from = window.since.seconds
    cursor.day = GetResponseTime.midnight(cursor.from) - GetResponseTime.day
    cursor.wholeAt = cursor.begunAt
    let contacts = try await search(&cursor)
    await found.set(contacts, Self.key(cursor))
    return try await read(cursor, contacts, window)
  }

  private func query(_ search: String, _ cursor: ActivityCursor) async throws(ConnectorFailure)
    -> SegmentQuery
  {
    SegmentQuery(
      lists: try await catalogue.lists(), conditions: [.since(search, day: GetResponseTime.date(cursor.day))])
  }

  /// Whether no search finds another number of contacts than the last reading's.
  private func isQuiet(_ cursor: ActivityCursor, _ totals: [Int]) async throws(ConnectorFailure) -> Bool {
    guard totals.count == cursor.searches.count else { return false }
    for (search, total) in zip(cursor.searches, totals) {
      let count = try await SegmentSearch(api: api).count(try await query(search, cursor))
      guard total >= 0, count == total else { return false }
    }
    return true
  }

  /// Who was active, and by which searches they were found; notes how many there were.
  private func search(_ cursor: inout ActivityCursor) async throws(ConnectorFailure) -> [String: [String]] {
    var contacts: [String: [String]] = [:]
    var totals: [Int] = []
    for search in cursor.searches {
      let (ids, total) = try await SegmentSearch(api: api).all(
        try await query(search, cursor), size: sizes.list)
      for id in Set(ids) { contacts[id, default: []].append(search) }
      totals.append(total ?? -1)
    }
    if cursor.totals.isEmpty { cursor.totals = totals }
    return contacts
  }

  /// Who belongs to a reading that is under way: found once in each process.
  ///
  /// Whoever came meanwhile and is passed by is found by the next reading, which compares with the numbers from
  /// the beginning of this one.
  private func contacts(of cursor: ActivityCursor) async throws(ConnectorFailure) -> [String: [String]] {
    if let contacts = await found.contacts(Self.key(cursor)) { return contacts }
    var again = cursor
    let contacts = try await search(&again)
    await found.set(contacts, Self.key(cursor))
    return contacts
  }

  private static func key(_ cursor: ActivityCursor) -> String {
    "\(cursor.epoch) \(cursor.reading) \(cursor.day) \(cursor.begunAt)"
  }

  /// What readings before this one have fetched since the day began.
  private func seen(before cursor: ActivityCursor) -> SeenFile? {
    // The day of a reading of the whole window never comes again.
    guard let path, !cursor.isDeep else { return nil }
    return SeenFile(
      path: path, title: "\(cursor.epoch) \(cursor.day)",
      confirmed: Set(cursor.readings).subtracting([cursor.begunAt]))
  }

  // MARK: What they did

  private func read(
    _ cursor: ActivityCursor, _ contacts: [String: [String]], _ window: PullWindow
  ) async throws(ConnectorFailure) -> Page {
    let seen = seen(before: cursor)
    func isNew(_ id: String) -> Bool {
      guard !cursor.isWhole, let seen else { return true }
      return contacts[id]?.contains { !seen.has("\($0) \(id)") } ?? true
    }
    // By their bytes: ids that differ by case alone are different.
    let waiting = contacts.keys.filter { $0 > cursor.after && isNew($0) }.sorted()
    let now = waiting.prefix(sizes.activityContacts)
    let rows = try await Together.map(Array(now)) { (id) async throws(ConnectorFailure) -> [JSONValue]? in
      try await activities(of: id, cursor)
    }
    var page = Page.activities(cursor.reading, cursor.encoded)
    for (id, rows) in zip(now, rows) {
      if let rows { EmailActivity.take(rows, of: ContactID(id), into: &page, since: window.since) }
    }
    try seen?.add(now.flatMap { id in (contacts[id] ?? []).map { "\($0) \(id)" } }, reading: cursor.begunAt)
    var next = cursor
    next.after = now.last ?? cursor.after
    page.hasMore = waiting.count > now.count
    next.isDone = !page.hasMore
    page.cursor = next.encoded
    page.progress = contacts.isEmpty ? nil : 1 - Double(waiting.count - now.count) / Double(contacts.count)
    return page
  }

  /// Everything a contact did since then; nil if the contact is gone.
  private func activities(
    of id: String, _ cursor: ActivityCursor
  ) async throws(ConnectorFailure) -> [JSONValue]? {
    let path = GetResponsePaths.activities(of: id)
    var rows: [JSONValue] = []
    var isLong = false
    var number = 1
    var memory = PageMemory()
    while true {
      var query = [
        ("query[createdOn][from]", GetResponseTime.text(cursor.from)), ("page", "\(number)"),
        ("perPage", "\(sizes.list)"),
      ]
      // What comes while several pages are read would move the others, which then would count twice.
      if isLong { query.append(("query[createdOn][to]", GetResponseTime.text(cursor.begunAt))) }
      let answer = try await api.answer(to: api.call(path, query))
      if !answer.isGood, answer.trouble.kind == .notFound { return nil }
      guard answer.isGood else { throw api.refusal(answer, of: path) }
      rows += answer.json.elements
      guard answer.json.count >= sizes.list else { return rows }
      if isLong {
        number += 1
        try api.demandNews(answer, of: path, &memory)
      } else {
        (isLong, rows) = (true, [])
      }
    }
  }
}

/// Who was found by the searches of a reading, kept as long as the process lives.
actor FoundContacts {
  private var key = ""
  private var known: [String: [String]] = [:]

  func set(_ contacts: [String: [String]], _ key: String) { (known, self.key) = (contacts, key) }

  func contacts(_ key: String) -> [String: [String]]? { self.key == key ? known : nil }
}
