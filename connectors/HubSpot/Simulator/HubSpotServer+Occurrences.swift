import Platform
import SimulatorJSON

/// `GET /events/event-occurrences/{version}`, for accounts on the Enterprise plan.
extension HubSpotServer {
  func occurrenceRoute(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard call.method == "GET" else { throw .noRoute(call.target) }
    guard settings.plan == .enterprise, settings.scopes.contains("business-intelligence") else {
      throw .missingScopes(["event-detail-read", "web-analytics-api-access"])
    }
    if call.path == ["event-types"] {
      return .json(200, ["eventTypes": .list(occurrences.types.map { .text($0) })])
    }
    guard call.path.isEmpty else { throw .noRoute(call.target) }
    return try occurrencePage(call)
  }

  private func occurrencePage(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    let contact = try occurringContact(call)
    let type = call.parameter("eventType")
    guard type != nil || contact != nil else {
      throw .invalid("Either eventType, or objectType with objectId or objectProperty, must be given.")
    }
    if let type, !occurrences.types.contains(type) { throw .invalid("Unknown event type: \(type)") }
    let limit = try call.limit(default: 20, most: 100)
    let log = occurrences.view(of: type)
    let (from, to) = (try Self.time(call, "occurredAfter"), try Self.time(call, "occurredBefore"))
    let isDescending = call.parameter("sort") == "-occurredAt" || call.parameter("sort") == "DESCENDING"
    var place = try log.firstPlace(after: Self.key(call) ?? (from ?? Moment(.min), 0))
    if isDescending, call.parameter("after") == nil { place = max(0, log.all.count - limit) }
    var page: [(type: String, occurrence: Occurrence)] = []
    while place < log.all.count, page.count <= limit {
      let occurrence = log.all[place]
      place += 1
      if let to, occurrence.time >= to { break }
      if let owner = following(occurrence.contact, in: .contacts).map({ spaces[.contacts].store[$0].id }),
        contact == nil || contact == owner
      {
        page.append((log.type(at: place - 1), occurrence))
      }
    }
    let hasMore = page.count > limit || isDescending && !page.isEmpty
    if page.count > limit { page.removeLast() }
    // The cursor of a descending order leads the wrong way.
    var results = page.map { json($0.occurrence, $0.type) }
    if isDescending { results.reverse() }
    return .json(
      200,
      .map(present: [
        JSON.Member("results", .list(results)),
        hasMore ? page.last.map { JSON.Member("paging", cursor(call, $0.occurrence)) } : nil,
      ]))
  }

  private func occurringContact(_ call: HubSpotCall) throws(Refusal) -> Int64? {
    if let id = call.parameter("objectId") {
      guard call.parameter("objectType") == "contact", let number = Int64(id) else {
        throw .invalid("objectId needs objectType")
      }
      return following(number, in: .contacts).map { spaces[.contacts].store[$0].id } ?? -1
    }
    return call.parameter("objectProperty.email").map { addresses[$0.lowercased()] ?? -1 }
  }

  private static func time(_ call: HubSpotCall, _ name: String) throws(Refusal) -> Moment? {
    guard let text = call.parameter(name) else { return nil }
    guard text.contains("-"), let moment = Moment(text: text) else {
      throw .invalid("\(name): '\(text)' is not an ISO 8601 time")
    }
    return moment
  }

  /// In recordings the cursor ends in two signs that are percent-encoded in the body.
  private func cursor(_ call: HubSpotCall, _ last: Occurrence) -> JSON {
    var key = "\(last.time.milliseconds) \(last.number)"
    while key.utf8.count % 3 != 1 { key += " " }
    let after = Identifier.opaque(key)
    return paging(call, after: after, shown: settings.encodesCursor ? Escaping.encode(after) : after)
  }

  private static func key(_ call: HubSpotCall) throws(Refusal) -> (Moment, UInt32)? {
    guard let after = call.parameter("after"), !after.isEmpty else { return nil }
    let parts = (Identifier.clear(after) ?? "").split(separator: " ")
    guard parts.count == 2, let time = Int64(parts[0]), let number = UInt32(parts[1]) else {
      throw .invalid("after: '\(after)' is not a valid cursor")
    }
    return (Moment(time), number)
  }

  private func json(_ occurrence: Occurrence, _ type: String) -> JSON {
    let id = following(occurrence.contact, in: .contacts).map { spaces[.contacts].store[$0].id } ?? 0
    let text = pool[occurrence.text]
    let uuid = Identifier.uuid(type, UInt64(occurrence.number))
    let processed = JSON.Member("hs_processed_timestamp", .text("\(occurrence.time.milliseconds + 749)"))
    return [
      "objectType": "CONTACT", "objectId": .text(String(id)), "eventType": .text(type),
      "occurredAt": .text(occurrence.time.text),
      "id": .text("leviathan-\(uuid)-\(occurrence.time.milliseconds)"),
      "properties": .map(properties(type, text) + [processed]),
    ]
  }

  private func properties(_ type: String, _ text: String) -> [JSON.Member] {
    switch type {
    case OccurrenceLog.pageView:
      let empty = [
        "hs_page_id", "hs_page_title", "hs_title", "hs_device_type", "hs_visit_source", "hs_utm_campaign",
      ]
      return [JSON.Member("hs_url", .text(text)), JSON.Member("hs_cf_bot_score", "98")]
        + empty.map { JSON.Member($0, "") }
    case OccurrenceLog.form: return [JSON.Member("hs_form_id", .text(forms.id(of: text) ?? ""))]
    case OccurrenceLog.attendance: return [JSON.Member("hs_marketing_event_name", .text(text))]
    default: return text.isEmpty ? [] : [JSON.Member("hs_url", .text(text))]
    }
  }
}
