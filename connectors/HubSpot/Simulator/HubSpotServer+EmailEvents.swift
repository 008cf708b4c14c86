import Platform
import SimulatorJSON

/// `GET /email/public/v1/events`: newest first, both ends of the window inclusive.
extension HubSpotServer {
  func emailEventRoute(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard call.method == "GET" else { throw .noRoute(call.target) }
    try require("content")
    let limit = try call.limit(default: 10, most: 1_000)
    let type = call.parameter("eventType")
    if let type, !EmailEventLog.types.contains(type) {
      throw .invalid("'\(type)' is not a valid event type.")
    }
    let (start, end) = (try Self.moment(call, "startTimestamp"), try Self.moment(call, "endTimestamp"))
    let excludesFiltered = call.parameter("excludeFilteredEvents") == "true"
    let recipient = call.parameter("recipient")?.lowercased()
    let campaign = call.parameter("campaignId").flatMap { UInt32($0) }
    let view = emailLog.events(of: type)
    var place =
      try position(call) ?? end.map { EmailEventLog.firstPlace(after: $0, in: view.events) }
      ?? view.events.count
    let first =
      start.map { EmailEventLog.firstPlace(after: Moment($0.milliseconds - 1), in: view.events) } ?? 0
    var found: [JSON] = []
    while place > first, found.count < limit {
      place -= 1
      let event = view.events[place]
      if excludesFiltered && event.isFiltered || erased.contains(event.contact) { continue }
      if let campaign, event.campaign != campaign { continue }
      if let recipient, pool[event.recipient].lowercased() != recipient { continue }
      found.append(json(view.type(at: place), event))
    }
    let hasMore = place > first
    return .json(
      200,
      [
        "hasMore": .bool(hasMore), "offset": .text(offset(call, place)), "events": .list(found),
      ])
  }

  /// `GET /email/public/v1/campaigns/ID`: what an e-mail is called.
  func emailCampaignRoute(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard call.method == "GET" else { throw .noRoute(call.target) }
    try require("content")
    guard let id = call.path.first.flatMap({ UInt32($0) }), emailLog.campaigns.contains(id) else {
      throw Refusal(status: 404, message: "There is no campaign \(call.path.first ?? "")")
    }
    let name = pool[id]
    return .json(
      200,
      [
        "appId": 113, "appName": "Batch", "id": .integer(Int64(id)), "name": .text(name),
        "subject": .text(name), "type": "BATCH_EMAIL",
      ])
  }

  private static func moment(_ call: HubSpotCall, _ name: String) throws(Refusal) -> Moment? {
    guard let text = call.parameter(name) else { return nil }
    guard let number = Int64(text) else { throw .invalid("\(name): '\(text)' is not a number") }
    return Moment(number)
  }

  /// An offset is good for these parameters and for some time.
  private func offset(_ call: HubSpotCall, _ place: Int) -> String {
    Identifier.opaque("\(place) \(call.now.seconds) \(Self.digest(of: call))")
  }

  private func position(_ call: HubSpotCall) throws(Refusal) -> Int? {
    guard let text = call.parameter("offset"), !text.isEmpty else { return nil }
    let parts = (Identifier.clear(text) ?? "").split(separator: " ", maxSplits: 2).map { String($0) }
    guard parts.count == 3, let place = Int(parts[0]), let made = Int64(parts[1]),
      parts[2] == Self.digest(of: call), call.now.seconds - made <= settings.offsetLifetime
    else { throw .invalid("The offset '\(text)' is not valid for this request.") }
    return place
  }

  private static func digest(of call: HubSpotCall) -> String {
    call.query.filter { $0.name != "offset" && $0.name != "limit" }
      .map { "\($0.name)=\($0.value)" }.sorted().joined(separator: "&")
  }

  private func json(_ type: String, _ event: EmailEvent) -> JSON {
    let group = Int64(event.campaign) + 7_000_000
    var members = [
      JSON.Member("id", .text(Self.eventID(event.number))),
      JSON.Member("created", .integer(event.time.milliseconds)), JSON.Member("type", .text(type)),
      JSON.Member("recipient", .text(pool[event.recipient])),
      JSON.Member("portalId", .integer(settings.portalID)), JSON.Member("appId", 113),
      JSON.Member("appName", "Batch"), JSON.Member("emailCampaignId", .integer(Int64(event.campaign))),
      JSON.Member("emailCampaignGroupId", .integer(group)),
      JSON.Member("sentBy", Self.reference("sent", event)),
      JSON.Member("filteredEvent", .bool(event.isFiltered)),
    ]
    if event.isObsolete { members.append(JSON.Member("obsoletedBy", Self.reference("obsolete", event))) }
    switch type {
    case "OPEN":
      members += [JSON.Member("deviceType", "COMPUTER"), JSON.Member("duration", 0)]
    case "CLICK":
      members += [
        JSON.Member("url", .text(pool[event.url])), JSON.Member("linkId", 0),
        JSON.Member("deviceType", "COMPUTER"),
      ]
    case "BOUNCE":
      members += [
        JSON.Member("category", "UNKNOWN_USER"), JSON.Member("status", "5.1.1"),
        JSON.Member("response", "550 5.1.1 user unknown"),
      ]
    case "STATUSCHANGE":
      members += [
        JSON.Member("portalSubscriptionStatus", "UNSUBSCRIBED"), JSON.Member("subscriptions", []),
        JSON.Member("source", "SOURCE_RECIPIENT"), JSON.Member("requestedBy", .text(pool[event.recipient])),
      ]
    default: break
    }
    return .map(members)
  }

  static func eventID(_ number: UInt32) -> String { Identifier.uuid("e-mail event", UInt64(number)) }

  private static func reference(_ kind: String, _ event: EmailEvent) -> JSON {
    [
      "id": .text(Identifier.uuid(kind, UInt64(event.number))), "created": .integer(event.time.milliseconds),
    ]
  }
}
