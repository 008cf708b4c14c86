import Platform
import Scoring
import WebAPI

/// Reads what became of marketing e-mails, one type of event and one piece of time after the other.
///
/// Types that nobody scores (sent, delivered) are by far the most, and are never asked for. Within a piece the
/// newest come first, by a mark that does not live long; a piece is as long as its events are few.
struct EmailEventReader: ActivityReader {
  let api: HubSpotAPI
  let growth: CounterGrowth
  let names: CampaignNames
  let size: Int

  static let stream = StreamName("email_events")
  var stream: StreamName { Self.stream }

  /// The types that are asked for, and what they become.
  static let types: [(name: String, kind: KnownKind)] = [
    ("OPEN", .emailOpen), ("CLICK", .emailClick), ("BOUNCE", .emailBounce), ("SPAMREPORT", .emailComplaint),
    ("STATUSCHANGE", .emailUnsubscribe),
  ]

  /// Events may come late by a day, in seconds.
  private static let overlap: Int64 = 86_400
  private static let shortest: Int64 = 86_400
  private static let longest: Int64 = 32 * 86_400
  /// A piece with more pages than that makes the next one shorter.
  private static let manyPages = 10

  func page(after last: Cursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    var cursor = try ActivityCursor.resume(last, at: window.now.seconds)
    let start = max(window.since.seconds, cursor.since.map { $0 - Self.overlap } ?? window.since.seconds)
    let isFirst = cursor.part.isEmpty
    if isFirst {
      cursor.part = Self.types[0].name
      cursor.from = start
      cursor.span = cursor.since == nil ? Self.shortest : Self.longest
    }
    var page = Page.activities(cursor)
    guard let place = Self.types.firstIndex(where: { $0.name == cursor.part }) else {
      throw CursorText.damaged
    }
    var answer = try await events(cursor)
    if answer.status == 400, !cursor.next.isEmpty {
      // The mark has grown old: the piece is read again.
      cursor.next = ""
      cursor.pages = 0
      answer = try await events(cursor)
    }
    if answer.isRefusal {
      await growth.noteRefused(.email)
      page.refuse(api.refusal(answer, of: api.paths.emailEvents), cursor, place: "email events")
      return page
    }
    guard answer.status == 200 else { throw api.refusal(answer, of: api.paths.emailEvents) }
    cursor.hear(answer)
    if isFirst { await growth.noteAllowed(.email) }
    try await take(answer.json["events"].elements, Self.types[place].kind, into: &page, window)
    advance(&cursor, answer, &page, after: place, start)
    return page
  }

  private func events(_ cursor: ActivityCursor) async throws(ConnectorFailure) -> HubSpotAnswer {
    let end = min(cursor.from + cursor.span, cursor.begunAt + 1) * 1_000 - 1
    var query = [
      ("eventType", cursor.part), ("startTimestamp", HubSpotTime.milliseconds(cursor.from)),
      ("endTimestamp", "\(end)"), ("excludeFilteredEvents", "true"), ("limit", "\(size)"),
    ]
    if !cursor.next.isEmpty { query.append(("offset", cursor.next)) }
    return try await api.answer(to: APICall(path: api.paths.emailEvents, query: query))
  }

  private func advance(
    _ cursor: inout ActivityCursor, _ answer: HubSpotAnswer, _ page: inout Page, after place: Int,
    _ start: Int64
  ) {
    cursor.pages += 1
    let offset = answer.json["offset"].text ?? ""
    if answer.json["hasMore"].boolean == true, !offset.isEmpty, offset != cursor.next {
      cursor.next = offset
    } else {
      cursor.from += cursor.span
      cursor.next = ""
      if cursor.pages == 1 { cursor.span = min(Self.longest, cursor.span * 2) }
      if cursor.pages > Self.manyPages { cursor.span = max(Self.shortest, cursor.span / 2) }
      cursor.pages = 0
      if cursor.from > cursor.begunAt {
        guard place + 1 < Self.types.count else { return page.end(cursor) }
        cursor.part = Self.types[place + 1].name
        cursor.from = start
      }
    }
    page.hasMore = true
    page.cursor = cursor.encoded
  }

  private func take(
    _ events: [JSONValue], _ kind: KnownKind, into page: inout Page, _ window: PullWindow
  ) async throws(ConnectorFailure) {
    for event in events {
      page.recordsRead += 1
      guard let id = ContactMapping.text(event["id"]), let time = HubSpotTime.read(event["created"]) else {
        page.rejected.append(
          RejectedRecord(
            place: "email events/\(event["id"].text ?? "?")", reason: "the event has no id or no time"))
        continue
      }
      // Bots and one's own staff, and what was replaced by another event.
      if event["filteredEvent"].boolean == true || event["obsoletedBy"]["id"].isPresent { continue }
      if kind == .emailUnsubscribe, !Self.unsubscribes(event) { continue }
      guard let recipient = ContactMapping.text(event["recipient"]) else {
        page.leftOut += 1
        continue
      }
      guard time >= window.since else {
        page.skippedAsOlder += 1
        continue
      }
      if await growth.hasCounted(.email, at: time) { continue }
      var record = ActivityRecord(
        subject: .address(recipient), kind: .known(kind), time: time,
        identity: .id("email_events/\(id)"))
      if kind == .emailClick { record.target = ContactMapping.text(event["url"]) }
      record.campaign = try await names.name(of: event)
      page.activities.append(record)
    }
  }

  /// Whether a change of status is an unsubscription, of everything or of one sort of mail.
  private static func unsubscribes(_ event: JSONValue) -> Bool {
    event["portalSubscriptionStatus"].text == "UNSUBSCRIBED"
      || event["subscriptions"].elements.contains { $0["status"].text == "UNSUBSCRIBED" }
  }
}

/// Names of e-mails: rules speak of names, events of numbers.
actor CampaignNames {
  private let api: HubSpotAPI
  private var known: [String: String] = [:]

  init(api: HubSpotAPI) {
    self.api = api
  }

  /// The name of the e-mail of an event; one that cannot be seen is called `e-mail 12`.
  func name(of event: JSONValue) async throws(ConnectorFailure) -> String? {
    guard let id = ContactMapping.text(event["emailCampaignId"]) else { return nil }
    if let name = known[id] { return name }
    let query = event["appId"].text.map { [("appId", $0)] } ?? []
    let path = api.paths.emailCampaign(id)
    let answer = try await api.answer(to: APICall(path: path, query: query))
    // A number in place of a name would stay on the activities, so that trouble that passes ends the call.
    guard answer.status < 500 else { throw api.refusal(answer, of: path) }
    let name =
      answer.status == 200
      ? ContactMapping.text(answer.json["name"]) ?? ContactMapping.text(answer.json["subject"]) : nil
    known[id] = name ?? "e-mail \(id)"
    return known[id]
  }
}
