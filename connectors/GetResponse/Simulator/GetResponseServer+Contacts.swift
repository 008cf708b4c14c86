import Platform

/// Reading contacts. Only subscribed ones are listed; the rest is seen by searches alone.
extension GetResponseServer {
  private static let filters: Set<String> = [
    "email", "name", "createdOn.from", "createdOn.to", "campaignId", "origin", "changedOn.from",
    "changedOn.to",
  ]
  private static let sorts: Set<String> = ["email", "name", "createdOn", "campaignId", "changedOn"]
  /// The list of one campaign knows less.
  private static let listFilters: Set<String> = ["email", "name", "createdOn.from", "createdOn.to"]
  private static let listSorts: Set<String> = ["email", "name", "createdOn"]

  /// `GET /contacts`, or `GET /campaigns/{id}/contacts` for one list.
  mutating func listContacts(_ call: GetResponseCall, in list: Int?) throws(Refusal) -> SimulatedAnswer {
    let query =
      list == nil
      ? try ListQuery(call, filters: Self.filters, sorts: Self.sorts)
      : try ListQuery(call, filters: Self.listFilters, sorts: Self.listSorts)
    let changed = try query.range("changedOn")
    let created = try query.range("createdOn")
    let plain = query.filters.keys.allSatisfy { $0.hasPrefix("changedOn") || $0.hasPrefix("createdOn") }
    if list == nil, plain, query.sorts.count <= 1,
      let answer = indexed(call, query, changed: changed, created: created)
    {
      return answer
    }
    let places = matching(query, call, list: list, changed: changed, created: created)
    let sorted = query.sorted(places, by: order)
    return page(call, query, of: sorted, id: "contactId") { rendered($0, at: call.now) }
  }

  /// The page by way of an index; nil if none serves.
  private mutating func indexed(
    _ call: GetResponseCall, _ query: ListQuery, changed: TimeRange?, created: TimeRange?
  ) -> SimulatedAnswer? {
    let sort = query.sorts.first?.name ?? (changed != nil ? "changedOn" : "createdOn")
    let isDescending = query.sorts.first?.ascending == false
    let part = { (count: Int) -> Range<Int> in
      let bounds = query.bounds(of: count)
      return isDescending ? count - bounds.upperBound..<count - bounds.lowerBound : bounds
    }
    let found: (count: Int, places: [Int])
    switch sort {
    case "changedOn" where created == nil: found = store.changed(in: changed ?? TimeRange(), part: part)
    case "createdOn" where changed == nil: found = store.created(in: created ?? TimeRange(), part: part)
    default: return nil
    }
    let places = isDescending ? found.places.reversed() : found.places
    return page(
      call, query, of: found.count, id: "contactId", places.map { rendered($0, at: call.now) })
  }

  private func matching(
    _ query: ListQuery, _ call: GetResponseCall, list: Int?, changed: TimeRange?, created: TimeRange?
  ) -> [Int] {
    let isExact = (call.parameter("additionalFlags") ?? "").split(separator: ",").contains("exactMatch")
    func matches(_ value: String, _ wanted: String?) -> Bool {
      guard let wanted else { return true }
      return isExact ? value.lowercased() == wanted.lowercased() : value.contains(anyCase: wanted)
    }
    let campaign = query.filters["campaignId"]
    let wantedList = campaign.map { listPlace(of: $0) ?? -1 } ?? list
    let origin = query.filters["origin"]
    return store.contacts.indices.filter { place in
      let contact = store[place]
      return contact.state == .subscribed && (wantedList == nil || contact.list == wantedList)
        && matches(contact.email, query.filters["email"])
        && matches(contact.name ?? "", query.filters["name"])
        && (origin == nil || contact.origin == origin) && changed?.contains(contact.changed) != false
        && created?.contains(contact.created) != false
    }
  }

  /// How two contacts stand to each other by a name of an order.
  func order(_ name: String, _ left: Int, _ right: Int) -> Int {
    let (left, right) = (store[left], store[right])
    switch name {
    case "email": return ListQuery.order(left.email, right.email)
    case "name": return ListQuery.order(left.name ?? "", right.name ?? "")
    case "createdOn": return ListQuery.order(left.created, right.created)
    case "changedOn": return ListQuery.order(left.changed, right.changed)
    default: return ListQuery.order(left.list, right.list)
    }
  }

  /// `GET /contacts/{id}`.
  func oneContact(_ id: String, _ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let place = try contact(id)
    return .json(200, call.picked(details(place, at: call.now), id: "contactId"))
  }

  /// Where a contact stands that has not been removed.
  func contact(_ id: String) throws(Refusal) -> Int {
    guard let place = store.place(of: id), store[place].state != .removed else {
      throw .notFound("contact \(id)")
    }
    return place
  }

  /// `DELETE /contacts/{id}`: the contact gets no messages any more.
  mutating func deleteContact(_ id: String, _ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    end(try contact(id), as: .removed, reason: "api", at: call.now)
    return .empty(204)
  }

  /// A contact is removed, or cannot be delivered to.
  mutating func end(_ place: Int, as state: ContactState, reason: String, at now: Int64) {
    guard store[place].state != .removed else { return }
    revision += 1
    store.change(place) { contact in
      contact.state = state
      contact.reason = reason
      contact.deleted = now
    }
  }
}
