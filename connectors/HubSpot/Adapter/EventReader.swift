import Foundation
import Platform
import Scoring
import WebAPI

/// Reads page views, attendances and events of the account's own making, all contacts at once, one type after
/// the other. Only Enterprise plans have them.
struct EventReader: ActivityReader {
  let api: HubSpotAPI
  let growth: CounterGrowth
  let types: EventTypes
  let size: Int

  static let stream = StreamName("events")
  var stream: StreamName { Self.stream }

  private static let pageViews = "e_visited_page"
  private static let attendances = "e_attended_marketing_event"
  /// Names of types of one's own begin with this and the account's number.
  private static let ownPrefix = "pe"
  /// Occurrences are processed within minutes; seconds.
  private static let overlap: Int64 = 3_600

  func page(after last: Cursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    var cursor = try ActivityCursor.resume(last, at: window.now.seconds)
    let isFirst = cursor.part.isEmpty
    if isFirst { cursor.part = Self.pageViews }
    var page = Page.activities(cursor)
    let answer = try await occurrences(cursor, window)
    cursor.hear(answer)
    if answer.isRefusal, cursor.part == Self.pageViews {
      await growth.noteRefused(.pages)
      page.refuse(api.refusal(answer, of: api.paths.events), cursor, place: "events")
      return page
    }
    if isFirst { await growth.noteAllowed(.pages) }
    if answer.status == 200 {
      await take(answer.json["results"].elements, cursor.part, into: &page, window)
      if let next = answer.next, next != cursor.next {
        cursor.next = next
        page.cursor = cursor.encoded
        page.hasMore = true
        return page
      }
    } else if cursor.part == Self.pageViews || answer.status >= 500 {
      throw api.refusal(answer, of: api.paths.events)
    }
    // A type that the account does not have is no trouble.
    cursor.next = ""
    guard let type = try await typeAfter(cursor.part) else {
      page.end(cursor)
      return page
    }
    cursor.part = type
    page.cursor = cursor.encoded
    page.hasMore = true
    return page
  }

  private func occurrences(
    _ cursor: ActivityCursor, _ window: PullWindow
  ) async throws(ConnectorFailure) -> HubSpotAnswer {
    let since = max(window.since.seconds, cursor.since.map { $0 - Self.overlap } ?? window.since.seconds)
    var query = [
      ("eventType", cursor.part), ("occurredAfter", Timestamp(since).description),
      ("occurredBefore", Timestamp(cursor.begunAt + 1).description), ("limit", "\(size)"),
    ]
    // Descending order breaks HubSpot's paging, so none is asked for.
    if !cursor.next.isEmpty { query.append(("after", cursor.next)) }
    return try await api.answer(to: APICall(path: api.paths.events, query: query))
  }

  /// The type that is read next.
  private func typeAfter(_ type: String) async throws(ConnectorFailure) -> String? {
    let there = try await types.all()
    let own = there.filter { Self.ownName($0) != nil }.sorted()
    let order = [Self.pageViews] + there.filter { $0 == Self.attendances } + own
    guard let place = order.firstIndex(of: type) else { return own.first { $0 > type } }
    return order.indices.contains(place + 1) ? order[place + 1] : nil
  }

  /// `demo_requested` of `pe12345_demo_requested`; nil if it is none of one's own.
  static func ownName(_ type: String) -> String? {
    guard type.hasPrefix(ownPrefix) else { return nil }
    let rest = type.dropFirst(ownPrefix.count)
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, rest.dropFirst(digits.count).first == "_" else { return nil }
    let name = rest.dropFirst(digits.count + 1)
    return name.isEmpty ? nil : String(name)
  }

  private func take(
    _ events: [JSONValue], _ type: String, into page: inout Page, _ window: PullWindow
  ) async {
    let kind: ActivityKind? =
      switch type {
      case Self.pageViews: .known(.pageVisit)
      case Self.attendances: .known(.eventAttendance)
      default: Self.ownName(type).flatMap { ActivityKind("custom:\($0)") }
      }
    for event in events {
      page.recordsRead += 1
      guard let kind, let id = ContactMapping.text(event["id"]),
        let time = HubSpotTime.read(event["occurredAt"])
      else {
        page.rejected.append(
          RejectedRecord(place: "events/\(event["id"].text ?? "?")", reason: "the event has no id or no time")
        )
        continue
      }
      guard event["objectType"].text.map({ $0.uppercased() == "CONTACT" }) ?? true,
        let contact = ContactMapping.text(event["objectId"])
      else {
        page.leftOut += 1
        continue
      }
      guard time >= window.since else {
        page.skippedAsOlder += 1
        continue
      }
      if type == Self.pageViews, await growth.hasCounted(.pages, at: time) { continue }
      let properties = event["properties"]
      page.activities.append(
        ActivityRecord(
          subject: .contact(ContactID(contact)), kind: kind, time: time,
          target: ContactMapping.text(properties["hs_url"])
            ?? ContactMapping.text(properties["hs_marketing_event_name"]), identity: .id("events/\(id)")))
    }
  }
}

/// The types of events of the account, asked for once.
actor EventTypes {
  private let api: HubSpotAPI
  private var known: [String]?

  init(api: HubSpotAPI) {
    self.api = api
  }

  /// All their names; none if they may not be seen.
  func all() async throws(ConnectorFailure) -> [String] {
    if let known { return known }
    let answer = try await api.answer(to: APICall(path: api.paths.eventTypes))
    guard answer.status == 200 || answer.isRefusal else {
      throw api.refusal(answer, of: api.paths.eventTypes)
    }
    let names = answer.json["eventTypes"].elements.compactMap { $0.text ?? $0["name"].text }
    known = names
    return names
  }
}
