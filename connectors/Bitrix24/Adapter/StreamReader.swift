import Platform
import Scoring
import WebAPI

/// Rows of a list that say that something happened.
protocol ActivitySource: Sendable {
  /// Under which its cursor is kept.
  var stream: StreamName { get }
  /// As which its first page is kept.
  var part: FirstPages.Part { get }
  /// The list of what changed since a moment, as filters compare it.
  func list(since: String) -> KeysetList
  /// Takes rows.
  func take(_ rows: [JSONValue], into page: inout Page, _ window: PullWindow) async throws(ConnectorFailure)
}

/// Reads a list of what happened, or was changed, since the reading before.
struct StreamReader: Sendable {
  let api: Bitrix24API
  let source: any ActivitySource
  let firstPages: FirstPages
  let sizes: ChainSizes

  var stream: StreamName { source.stream }

  /// The list whose first page goes along with that of the contacts.
  struct First: Sendable {
    let part: FirstPages.Part
    let list: KeysetList
    let since: Int64
  }

  /// The first page of a reading that follows one that began at a moment; nil: of the first reading.
  func first(since: Int64?, offset: Int, _ window: PullWindow) -> First {
    let since = bound(since, window)
    return First(part: source.part, list: list(since, offset), since: since)
  }

  private func bound(_ since: Int64?, _ window: PullWindow) -> Int64 {
    since.map { $0 - ContactReader.overlap } ?? window.since.seconds
  }

  private func list(_ since: Int64, _ offset: Int) -> KeysetList {
    var list = source.list(since: PortalTime.text(since, offset: offset))
    list.rows = sizes.rows
    return list
  }

  func page(after last: Cursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    var cursor = try ActivityCursor.resume(last)
    var page = Page(
      reading: Reading(number: cursor.reading, isContinuation: true), cursor: cursor.encoded, hasMore: false)
    let since = bound(cursor.since, window)
    let list = list(since, cursor.offset)
    let isFirst = cursor.begunAt == 0
    let chain: KeysetList.Chain
    var time: PortalTime?
    let count = min(cursor.chain, sizes.longest, api.pace.most(of: list.method))
    if isFirst, let entry = await firstPages.take(source.part, since: since),
      entry.chain.trouble?.isLasting ?? true
    {
      (chain, time) = (entry.chain, entry.time)
    } else {
      let answer = try await api.read(list.commands(after: cursor.after, count: count))
      (chain, time) = (try list.chain(answer, after: cursor.after, count: count), answer.time)
    }
    if let trouble = chain.trouble {
      guard trouble.isLasting else { throw api.refusal(trouble, of: list.method) }
      page.refuse(api.refusal(trouble, of: list.method), cursor, place: stream.text)
      return page
    }
    if isFirst {
      cursor.begunAt = time?.seconds ?? window.now.seconds
      // The bound of a reading stays as it was written first.
      if cursor.since == nil { cursor.offset = time?.offset ?? 0 }
    }
    page.recordsRead = chain.rows.count
    try await source.take(chain.rows, into: &page, window)
    cursor.after = chain.last
    cursor.chain =
      chain.isFull
      ? min(sizes.longest, sizes.next(after: cursor.chain, pace: api.pace, method: list.method))
      : max(1, cursor.chain / 2)
    cursor.isDone = chain.isEnd
    page.hasMore = !chain.isEnd
    page.cursor = cursor.encoded
    return page
  }
}

extension Page {
  /// Ends the reading of a source that Bitrix24 refuses; the run's summary says so.
  mutating func refuse(_ failure: ConnectorFailure, _ cursor: ActivityCursor, place: String) {
    var cursor = cursor
    rejected = [RejectedRecord(place: place, reason: "\(failure.what). \(failure.cure)")]
    cursor.isDone = true
    cursor.isRefused = true
    self.cursor = cursor.encoded
    hasMore = false
  }
}

extension Bitrix24Trouble {
  /// Whether a right, a scope or the portal's version keeps us from it.
  var isLasting: Bool { [.rights, .scope, .plan, .noMethod].contains(kind) }

  /// Whether asking again would give the same.
  var isForGood: Bool { isLasting || kind == .notFound || kind == .validation }
}
