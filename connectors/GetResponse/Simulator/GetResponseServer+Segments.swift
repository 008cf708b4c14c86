import Platform
import SimulatorJSON

/// A segment that was saved: who is in it follows from its definition whenever it is asked.
struct SavedSegment: Sendable {
  var name: String
  let created: Int64
  var definition: JSON
  var isDeleted = false

  /// The id of the segment at a place.
  static func id(_ place: Int) -> String { Identifier.text(FirstID.segment + place) }
}

/// Whom a search found, for its next page.
struct FoundContacts: Sendable {
  let definition: JSON
  let sorts: [String]
  let revision: Int
  let day: Int64
  let places: [Int]
}

/// Segments, which the API calls search-contacts. A search is a POST that changes nothing.
extension GetResponseServer {
  /// How many searches are remembered.
  private static let mostFound = 4

  mutating func segmentRoute(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    switch (call.method, call.path.count) {
    case ("GET", 1): return try listSegments(call)
    case ("POST", 1): return try createSegment(call)
    case ("POST", 2) where call.path[1] == "contacts":
      return try found(try call.map(), isSaved: false, call)
    case ("GET", 2):
      return .json(200, call.picked(segmentDetails(try segment(call.path[1])), id: "searchContactId"))
    case ("POST", 2): return try updateSegment(try segment(call.path[1]), call)
    case ("DELETE", 2):
      segments[try segment(call.path[1])].isDeleted = true
      return .empty(204)
    case ("GET", 3) where call.path[2] == "contacts":
      return try found(segments[try segment(call.path[1])].definition, isSaved: true, call)
    case ("POST", 3) where call.path[2] == "custom-fields":
      return try setValues(try segment(call.path[1]), call)
    default: throw call.notFound
    }
  }

  private func segment(_ id: String) throws(Refusal) -> Int {
    guard let number = Identifier.number(id), segments.indices.contains(number - FirstID.segment),
      !segments[number - FirstID.segment].isDeleted
    else { throw .notFound("search contacts \(id)") }
    return number - FirstID.segment
  }

  /// A page of those who fit a definition.
  private mutating func found(
    _ definition: JSON, isSaved: Bool, _ call: GetResponseCall
  ) throws(Refusal) -> SimulatedAnswer {
    let query = try ListQuery(call, sorts: ["name", "email", "createdOn"])
    let sorts = query.sorts.map { $0.name + ($0.ascending ? "+" : "-") }
    let day = DateText.day(call.now)
    found.removeAll { $0.revision != revision || $0.day != day }
    if let known = found.first(where: { $0.definition == definition && $0.sorts == sorts }) {
      return page(call, query, of: known.places, id: "contactId") { row($0) }
    }
    let segment = try segment(definition, isSaved: isSaved, at: call.now)
    let places = query.sorted(
      store.contacts.indices.filter { segment.holds(store.contacts[$0], at: call.now) }, by: order)
    if found.count == Self.mostFound { found.removeFirst() }
    found.append(
      FoundContacts(definition: definition, sorts: sorts, revision: revision, day: day, places: places))
    return page(call, query, of: places, id: "contactId") { row($0) }
  }

  /// How a search shows a contact: `score` is a text here.
  private func row(_ place: Int) -> JSON {
    let contact = store[place]
    return [
      "contactId": .text(ContactStore.id(place)), "name": .text(orNull: contact.name),
      "email": .text(contact.email), "origin": .text(contact.origin),
      "dayOfCycle": .text(orNull: contact.dayOfCycle.map { String($0) }),
      "createdOn": .text(DateText.text(contact.created)), "campaign": campaignReference(contact.list),
      "score": .text(orNull: Self.number(contact.scoring).scalar), "reason": .text(orNull: contact.reason),
      "deletedOn": .text(orNull: contact.deleted.map { DateText.text($0) }),
    ]
  }

  private func listSegments(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let query = try ListQuery(
      call, filters: ["name", "createdOn.from", "createdOn.to"], sorts: ["name", "createdOn"])
    let range = try query.range("createdOn")
    let name = query.filters["name"]
    let places = segments.indices.filter { place in
      !segments[place].isDeleted && (name.map { segments[place].name.contains(anyCase: $0) } ?? true)
        && range?.contains(segments[place].created) != false
    }
    let sorted = query.sorted(Array(places)) { name, left, right in
      name == "name"
        ? ListQuery.order(segments[left].name, segments[right].name)
        : ListQuery.order(segments[left].created, segments[right].created)
    }
    return page(call, query, of: sorted, id: "searchContactId") { .map(reference($0)) }
  }

  private func reference(_ place: Int) -> [JSON.Member] {
    let id = SavedSegment.id(place)
    return [
      JSON.Member("searchContactId", .text(id)), JSON.Member("name", .text(segments[place].name)),
      JSON.Member("createdOn", .text(DateText.text(segments[place].created))),
      JSON.Member("href", Self.href("search-contacts/\(id)")),
    ]
  }

  private func segmentDetails(_ place: Int) -> JSON {
    let definition = segments[place].definition
    return .map(
      reference(place) + [
        JSON.Member("subscribersType", definition["subscribersType"] ?? ["subscribed"]),
        JSON.Member("sectionLogicOperator", definition["sectionLogicOperator"] ?? .null),
        JSON.Member("section", definition["section"] ?? []),
      ])
  }

  /// Reads a definition to save and gives its name, which no other segment may have.
  private func checkedName(_ call: GetResponseCall, besides place: Int?) throws(Refusal) -> String {
    let body = try call.map()
    guard let name = body["name"]?.string, (1...128).contains(name.count) else {
      throw .invalid("name", "name is required")
    }
    _ = try segment(body, isSaved: true, at: call.now)
    let taken = segments.indices.contains {
      $0 != place && !segments[$0].isDeleted && segments[$0].name == name
    }
    guard !taken else { throw .duplicate("name") }
    return name
  }

  private mutating func createSegment(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let name = try checkedName(call, besides: nil)
    segments.append(SavedSegment(name: name, created: call.now, definition: call.body))
    return .json(201, segmentDetails(segments.count - 1))
  }

  private mutating func updateSegment(_ place: Int, _ call: GetResponseCall) throws(Refusal)
    -> SimulatedAnswer
  {
    segments[place].name = try checkedName(call, besides: place)
    segments[place].definition = call.body
    return .json(200, segmentDetails(place))
  }

  /// `POST /search-contacts/{id}/custom-fields`: everybody in the segment gets the values that they lack. Whether
  /// values are overwritten is not said clearly: "doesn't remove or overwrite" is taken at its word.
  private mutating func setValues(_ place: Int, _ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    let values = try fieldValues(try call.map()["customFieldValues"] ?? .null)
    let segment = try segment(segments[place].definition, isSaved: true, at: call.now)
    for holder in store.contacts.indices where segment.holds(store[holder], at: call.now) {
      var contact = store[holder]
      for value in values where contact[field: Int(value.field)] == nil {
        contact[field: Int(value.field)] = value.values
      }
      save(contact, at: holder, moves: true, now: call.now)
    }
    return .empty(202)
  }
}
