import Platform
import SimulatorJSON

/// Newsletters, and their deprecated activities.
extension GetResponseServer {
  private static let feedDays: Int64 = 30
  private static let usualFeedDays: Int64 = 14

  mutating func newsletterRoute(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    switch (call.method, call.path.count) {
    case ("GET", 1): return try listNewsletters(call)
    case ("GET", 2):
      return .json(200, call.picked(newsletterDetails(try newsletter(call.path[1])), id: "newsletterId"))
    case ("GET", 3) where call.path[2] == "activities" && !settings.hasNoNewsletterFeed:
      return try newsletterFeed(try newsletter(call.path[1]), call)
    default: throw call.notFound
    }
  }

  private func newsletter(_ id: String) throws(Refusal) -> Int {
    guard let place = messages.place(of: id), messages[place].type == .newsletters else {
      throw .notFound("newsletter \(id)")
    }
    return place
  }

  private func listNewsletters(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let query = try ListQuery(
      call,
      filters: [
        "subject", "name", "status", "createdOn.from", "createdOn.to", "sendOn.from", "sendOn.to", "type",
        "campaignId",
      ], sorts: ["createdOn", "sendOn"])
    let created = try query.range("createdOn")
    let sent = try query.range("sendOn")
    let filters = query.filters
    let places = messages.messages.indices.filter { place in
      let message = messages[place]
      return message.type == .newsletters && sent?.contains(message.sent) != false
        && created?.contains(message.sent) != false
        && message.subject.contains(anyCase: filters["subject"] ?? "")
        && message.subject.contains(anyCase: filters["name"] ?? "")
        && (filters["campaignId"].map { $0 == ContactList.id(message.list) } ?? true)
        && (filters["type"].map { $0 == "broadcast" } ?? true)
        && (filters["status"].map { $0 == "enabled" } ?? true)
    }
    let sorted = query.sorted(places) { _, left, right in
      ListQuery.order(messages[left].sent, messages[right].sent)
    }
    return page(call, query, of: sorted, id: "newsletterId") {
      .map(newsletterMembers($0) + [JSON.Member("flags", "openrate,clicktrack")])
    }
  }

  private func newsletterMembers(_ place: Int) -> [JSON.Member] {
    let message = messages[place]
    let id = MessageList.id(place)
    let date = JSON.text(DateText.text(message.sent))
    return [
      JSON.Member("newsletterId", .text(id)), JSON.Member("href", Self.href("newsletters/\(id)")),
      JSON.Member("name", .text(message.subject)), JSON.Member("type", "broadcast"),
      JSON.Member("status", "enabled"), JSON.Member("editor", "html2"),
      JSON.Member("subject", .text(message.subject)),
      JSON.Member("campaign", campaignReference(message.list)), JSON.Member("sendOn", date),
      JSON.Member("createdOn", date),
      JSON.Member("sendMetrics", ["status": "finished"]),
    ]
  }

  private func newsletterDetails(_ place: Int) -> JSON {
    let links = messages.links(of: place).map { link -> JSON in
      let url = JSON.text(messages.url(link))
      return [
        "clickTrackId": .text(Identifier.text(FirstID.click + link)), "name": url, "url": url, "amount": "0",
      ]
    }
    return .map(
      newsletterMembers(place) + [
        JSON.Member("flags", ["openrate", "clicktrack"]), JSON.Member("clickTracks", .list(links)),
      ])
  }

  /// The last fourteen days unless more is asked for, and thirty at most.
  private func newsletterFeed(_ message: Int, _ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let query = try ListQuery(
      call, filters: ["activity", "createdOn.from", "createdOn.to"], sorts: ["createdOn"])
    var range = try query.range("createdOn") ?? TimeRange()
    if range.from == .min { range.from = call.now - Self.usualFeedDays * 86_400 }
    range.from = max(range.from, call.now - Self.feedDays * 86_400)
    let kind = query.filters["activity"]
    var rows: [(place: Int, activity: StoredActivity)] = []
    for place in store.contacts.indices where store[place].state != .removed {
      for activity in store[place].activities
      where activity.message == message && range.contains(activity.time) && activity.time <= call.now
        && kind.map({ $0 == activity.kind.rawValue }) ?? true
      {
        rows.append((place, activity))
      }
    }
    let sorted = query.sorted(Array(rows.indices)) { _, left, right in
      ListQuery.order(rows[left].activity.time, rows[right].activity.time)
    }
    return page(call, query, of: sorted, id: "activity") { row in
      let id = ContactStore.id(rows[row].place)
      return [
        "activity": .text(rows[row].activity.kind.rawValue),
        "createdOn": .text(DateText.text(rows[row].activity.time)),
        "contact": [
          "contactId": .text(id), "email": .text(store[rows[row].place].email),
          "href": Self.href("contacts/\(id)"),
        ],
      ]
    }
  }
}
