import Platform
import SimulatorJSON

/// Lists of contacts, which the API calls campaigns.
extension GetResponseServer {
  mutating func campaignRoute(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    switch (call.method, call.path.count) {
    case ("GET", 1): return try listCampaigns(call)
    case ("POST", 1): return try createCampaign(call)
    case ("GET", 2):
      let place = try campaign(call.path[1])
      return .json(200, call.picked(campaignDetails(place), id: "campaignId"))
    case ("GET", 3) where call.path[2] == "contacts":
      return try listContacts(call, in: try campaign(call.path[1]))
    default: throw call.notFound
    }
  }

  /// Where the list with an id stands; nil if there is none.
  func listPlace(of id: String) -> Int? {
    guard let number = Identifier.number(id), lists.indices.contains(number - FirstID.campaign) else {
      return nil
    }
    return number - FirstID.campaign
  }

  private func campaign(_ id: String) throws(Refusal) -> Int {
    guard let place = listPlace(of: id) else { throw .notFound("campaign \(id)") }
    return place
  }

  private func listCampaigns(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let query = try ListQuery(call, filters: ["name", "isDefault"], sorts: ["name", "createdOn"])
    let name = query.filters["name"]
    let isDefault = query.filters["isDefault"]
    let places = lists.indices.filter { place in
      (name.map { lists[place].name.contains(anyCase: $0) } ?? true)
        && (isDefault == nil || isDefault == (place == 0 ? "true" : "false"))
    }
    let sorted = query.sorted(Array(places)) { name, left, right in
      name == "name"
        ? ListQuery.order(lists[left].name, lists[right].name)
        : ListQuery.order(lists[left].created, lists[right].created)
    }
    return page(call, query, of: sorted, id: "campaignId") {
      .map(campaignMembers($0) + [JSON.Member("description", .null)])
    }
  }

  /// `isDefault` is a text.
  private func campaignMembers(_ place: Int) -> [JSON.Member] {
    let id = ContactList.id(place)
    return [
      JSON.Member("campaignId", .text(id)), JSON.Member("href", Self.href("campaigns/\(id)")),
      JSON.Member("name", .text(lists[place].name)), JSON.Member("techName", .text(id + "_list")),
      JSON.Member("languageCode", "EN"), JSON.Member("isDefault", .text(place == 0 ? "true" : "false")),
      JSON.Member("createdOn", .text(DateText.text(lists[place].created))),
    ]
  }

  private func campaignDetails(_ place: Int) -> JSON {
    .map(
      campaignMembers(place) + [
        JSON.Member(
          "optinTypes", ["email": "single", "api": "single", "import": "single", "webform": "double"]),
        JSON.Member("subscriptionNotifications", ["status": "disabled", "recipients": []]),
      ])
  }

  private mutating func createCampaign(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    guard let name = try call.map()["name"]?.string, (3...64).contains(name.count) else {
      throw .invalid("name", "name must be a text of 3 to 64 characters")
    }
    guard !lists.contains(where: { $0.name == name }) else { throw .duplicate("name") }
    lists.append(ContactList(name: name, created: call.now))
    revision += 1
    return .json(201, campaignDetails(lists.count - 1))
  }
}
