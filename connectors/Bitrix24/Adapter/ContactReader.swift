import Platform
import Scoring
import WebAPI

/// Reads contacts, and leads in classic mode: everybody at first and then once a week, in between those that were
/// changed. Up to 2,500 come with one request.
///
/// The first request of a reading brings the first pages of all other streams along, so that a run in which nothing
/// happened is one request.
struct ContactReader: Sendable {
  let api: Bitrix24API
  let mapping: ContactMapping
  let portal: Portal
  let companies: CompanyNames
  let firstPages: FirstPages
  let others: [StreamReader]
  let sweep: TimeSpan
  var sizes = ChainSizes()

  /// Seconds by which a reading begins before the one before did: records may become visible late.
  static let overlap: Int64 = 300
  /// A weekly job never starts at the very same second.
  private static let earliness: Int64 = 600

  func page(after last: Cursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    var cursor = ContactCursor()
    cursor.listedAt = window.now.seconds
    cursor.hasCompanies = Self.wantsCompanies(window)
    if let last {
      cursor = try ContactCursor(last)
      if cursor.isDone { cursor = further(cursor, window) }
    }
    if cursor.begunAt == 0 { return try await first(cursor, window) }
    return try await next(cursor, window)
  }

  /// A further reading.
  private func further(_ last: ContactCursor, _ window: PullWindow) -> ContactCursor {
    var next = ContactCursor()
    next.reading = last.reading + 1
    next.since = last.begunAt
    next.offset = last.offset
    next.hasLeads = last.hasLeads
    next.hasCompanies = last.hasCompanies
    let isDue = window.now.seconds - last.listedAt >= max(0, sweep.seconds - Self.earliness)
    // A model that asks for companies only now has to get those of everybody.
    let lacksCompanies = Self.wantsCompanies(window) && !last.hasCompanies
    next.isListing = isDue || lacksCompanies
    next.listedAt = next.isListing ? window.now.seconds : last.listedAt
    if next.isListing { next.hasCompanies = Self.wantsCompanies(window) }
    return next
  }

  private static func wantsCompanies(_ window: PullWindow) -> Bool {
    window.needs?.fields.contains("company") ?? true
  }

  // MARK: Pages

  private func list(_ cursor: ContactCursor, _ kind: PersonKind, _ facts: Portal.Facts) -> KeysetList {
    let since = cursor.isListing ? nil : Self.bound(cursor.since, cursor.offset)
    var list = mapping.list(kind, facts, since: since)
    list.rows = sizes.rows
    return list
  }

  /// As a filter compares it.
  static func bound(_ since: Int64, _ offset: Int) -> String {
    PortalTime.text(since - overlap, offset: offset)
  }

  /// The first page of a reading, and what goes along with it.
  private func first(_ cursor: ContactCursor, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    await firstPages.clear()
    let facts = await portal.soFar
    let own = list(cursor, .contact, facts)
    let leads = list(cursor, .lead, facts)
    let isWithLeads = cursor.hasLeads && !cursor.isListing
    let since = cursor.since == 0 ? nil : cursor.since
    let along = others.map { $0.first(since: since, offset: cursor.offset, window) }
    let commands =
      own.commands(after: 0, count: 1) + (isWithLeads ? leads.commands(after: 0, count: 1) : [])
      + along.flatMap { $0.list.commands(after: 0, count: 1) }
      + (await portal.questions(leads: cursor.hasLeads))
    let answer = try await api.read(commands)
    let chain = try own.chain(answer, after: 0, count: 1)
    if let trouble = chain.trouble {
      guard trouble.kind == .noMethod, !own.isUniversal else {
        throw api.refusal(trouble, of: own.method)
      }
      await portal.loseClassic()
      return try await first(cursor, window)
    }
    try await portal.take(answer)
    let now = try await portal.known()
    var cursor = cursor
    if now.hasLeads != cursor.hasLeads, !cursor.isListing {
      // The portal's mode was changed: leads come or go.
      cursor.isListing = true
      cursor.listedAt = window.now.seconds
      return try await first(cursor, window)
    }
    cursor.hasLeads = now.hasLeads
    let time = answer.time ?? PortalTime(seconds: window.now.seconds, offset: cursor.offset)
    cursor.begunAt = time.seconds
    cursor.offset = time.offset
    if isWithLeads, let chain = try? leads.chain(answer, after: 0, count: 1) {
      await firstPages.put(.leads, .init(since: cursor.since, chain: chain, time: time))
    }
    for part in along {
      guard let chain = try? part.list.chain(answer, after: 0, count: 1) else { continue }
      await firstPages.put(part.part, .init(since: part.since, chain: chain, time: time))
    }
    if cursor.isListing, cursor.hasCompanies { try await companies.readAll() }
    var page = try await page(cursor, chain, own, now, window)
    if let host = api.client.renamedTo {
      page.rejected.append(
        RejectedRecord(place: "portal", reason: "it was renamed: set webhook: or url: to \(host)"))
    }
    return page
  }

  /// A further page.
  private func next(_ cursor: ContactCursor, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    let facts = try await portal.known()
    let list = list(cursor, cursor.kind, facts)
    if cursor.kind == .lead, cursor.after == 0, !cursor.isListing,
      let entry = await firstPages.take(.leads, since: cursor.since), entry.chain.trouble == nil
    {
      return try await page(cursor, entry.chain, list, facts, window)
    }
    let count = min(cursor.chain, sizes.longest, api.pace.most(of: list.method))
    let answer = try await api.read(list.commands(after: cursor.after, count: count))
    let chain = try list.chain(answer, after: cursor.after, count: count)
    if let trouble = chain.trouble {
      guard trouble.kind == .noMethod, !list.isUniversal else { throw api.refusal(trouble, of: list.method) }
      await portal.loseClassic()
      return try await next(cursor, window)
    }
    return try await page(cursor, chain, list, facts, window)
  }

  private func page(
    _ cursor: ContactCursor, _ chain: KeysetList.Chain, _ list: KeysetList, _ facts: Portal.Facts,
    _ window: PullWindow
  ) async throws(ConnectorFailure) -> Page {
    var page = Page(
      reading: Reading(number: cursor.reading, isContinuation: !cursor.isListing), cursor: cursor.encoded,
      hasMore: true)
    try await take(chain.rows, cursor, list, facts, into: &page)
    var next = cursor
    next.after = chain.last
    if !chain.isEnd {
      next.chain =
        chain.isFull
        ? min(sizes.longest, sizes.next(after: cursor.chain, pace: api.pace, method: list.method))
        : max(1, cursor.chain / 2)
    } else if cursor.kind == .contact, facts.hasLeads {
      (next.kind, next.after, next.chain) = (.lead, 0, 1)
    } else {
      next.isDone = true
      page.hasMore = false
    }
    if cursor.isListing { page.listing = page.hasMore ? .everything : .everythingAndDone }
    page.cursor = next.encoded
    return page
  }

  private func take(
    _ rows: [JSONValue], _ cursor: ContactCursor, _ list: KeysetList, _ facts: Portal.Facts,
    into page: inout Page
  ) async throws(ConnectorFailure) {
    page.recordsRead = rows.count
    let people = rows.map {
      ContactMapping.Row(
        json: $0, kind: cursor.kind, isUniversal: list.isUniversal, catalogue: facts.catalogues[cursor.kind])
    }
    var names: [Int64: String] = [:]
    if cursor.hasCompanies, cursor.kind == .contact {
      let numbers = people.compactMap { $0["COMPANY_ID"].integer }.filter { $0 > 0 }.map { Int64($0) }
      names = try await companies.names(Set(numbers))
    }
    for person in people {
      if let record = mapping.record(person, facts, companies: names) {
        page.contacts.append(record)
      } else {
        page.rejected.append(RejectedRecord(place: list.method, reason: "a record has no id"))
      }
    }
  }
}
