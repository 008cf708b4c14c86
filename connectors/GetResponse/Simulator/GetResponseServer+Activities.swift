import Platform
import SimulatorJSON

/// What contacts were sent, opened and clicked.
extension GetResponseServer {
  /// So many days of activities come unless the query says more.
  private static let usualDays: Int64 = 14

  /// `GET /contacts/{id}/activities`: the last fourteen days unless `from` is given, the newest first, without ids.
  func listActivities(_ id: String, _ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let place = try contact(id)
    let query = try ListQuery(call, filters: ["createdOn.from", "createdOn.to"])
    var range = try query.range("createdOn") ?? TimeRange()
    if range.from == .min { range.from = call.now - Self.usualDays * 86_400 }
    if let days = settings.activityDays { range.from = max(range.from, call.now - days * 86_400) }
    let activities = store[place].activities
    let wanted = activities.indices.filter {
      range.contains(activities[$0].time) && activities[$0].time <= call.now
    }
    .sorted { (activities[$0].time, $0) > (activities[$1].time, $1) }
    return page(call, query, of: wanted, id: "activity") { rendered(activities[$0]) }
  }

  private func rendered(_ activity: StoredActivity) -> JSON {
    let message = activity.message < 0 ? nil : messages[Int(activity.message)]
    let id = activity.message < 0 ? nil : MessageList.id(Int(activity.message))
    let type = (message?.type ?? .newsletters).rawValue
    return [
      "activity": .text(activity.kind.rawValue), "subject": .text(message?.subject ?? ""),
      "createdOn": .text(DateText.text(activity.time)),
      "previewUrl": activity.kind == .send ? .text(orNull: id.map { Self.preview($0) }) : .null,
      "resource": [
        "resourceId": .text(orNull: id), "resourceType": .text(type),
        "href": id.map { Self.href("\(type)/\($0)") } ?? .null,
      ],
      "clickTrack": clickTrack(activity),
    ]
  }

  private static func preview(_ id: String) -> String {
    "https://www.grnewsletters.example/archive/\(id).html"
  }

  private func clickTrack(_ activity: StoredActivity) -> JSON {
    guard activity.link >= 0 else { return .null }
    let url = messages.url(Int(activity.link))
    return [
      "id": .text(Identifier.text(FirstID.click + Int(activity.link))), "name": .text(url), "url": .text(url),
    ]
  }

  /// Takes in that a contact was sent a message, opened it or clicked in it.
  mutating func log(_ kind: StoredActivity.Kind, _ place: Int, message: Int, url: String?, at time: Int64) {
    var activity = StoredActivity(kind: kind, time: time, message: Int32(message))
    if kind == .click, message >= 0 {
      activity.link = Int32(messages.link(url ?? "https://www.example.com/", in: message))
    }
    store.note(place) { $0.activities.append(activity) }
    if settings.activityMovesChanged, kind != .send {
      store.change(place) { $0.changed = max($0.changed, time) }
    }
    let sighting = Sighting(due: time + settings.activityLag, place: place, kind: kind, time: time)
    if settings.activityLag > 0 { sightings.append(sighting) } else { see(sighting) }
  }

  /// From now on searches know of an activity.
  mutating func see(_ sighting: Sighting) {
    revision += 1
    store.note(sighting.place) { contact in
      let time = sighting.time
      switch sighting.kind {
      case .send: contact.lastSend = max(contact.lastSend ?? time, time)
      case .open: contact.lastOpen = max(contact.lastOpen ?? time, time)
      case .click: contact.lastClick = max(contact.lastClick ?? time, time)
      }
    }
  }
}

/// An activity that searches do not know of yet.
struct Sighting: Sendable {
  let due: Int64
  let place: Int
  let kind: StoredActivity.Kind
  let time: Int64
}
