import Platform
import SimulatorJSON

/// Which request goes where.
extension GetResponseServer {
  mutating func handle(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    switch call.path.first {
    case "accounts": return try accountRoute(call)
    case "campaigns": return try campaignRoute(call)
    case "contacts": return try contactRoute(call)
    case "search-contacts":
      try require(.search)
      return try segmentRoute(call)
    case "tags": return try tagRoute(call)
    case "custom-fields": return try fieldRoute(call)
    case "newsletters": return try newsletterRoute(call)
    case "shops":
      try require(.shops)
      return try shopRoute(call)
    case "transactional-emails":
      try require(.transactional)
      return try mailRoute(call)
    default: throw call.notFound
    }
  }

  private mutating func contactRoute(_ call: GetResponseCall) throws(Refusal) -> SimulatedAnswer {
    switch (call.method, call.path.count) {
    case ("GET", 1): return try listContacts(call, in: nil)
    case ("POST", 1): return try createContact(call)
    case ("GET", 2): return try oneContact(call.path[1], call)
    case ("POST", 2): return try updateContact(call.path[1], call)
    case ("DELETE", 2): return try deleteContact(call.path[1], call)
    case ("GET", 3) where call.path[2] == "activities": return try listActivities(call.path[1], call)
    case ("POST", 3) where call.path[2] == "tags": return try upsertTags(call.path[1], call)
    case ("POST", 3) where call.path[2] == "custom-fields": return try upsertValues(call.path[1], call)
    default: throw call.notFound
    }
  }

  /// A page of a list: a bare array; how long the list is stands in headers, whose names have an odd case.
  func page(
    _ call: GetResponseCall, _ query: ListQuery, of count: Int, id: String, tellsTotals: Bool = true,
    _ records: [JSON]
  ) -> SimulatedAnswer {
    var answer = SimulatedAnswer.json(200, .list(records.map { call.picked($0, id: id) }))
    if tellsTotals, settings.tellsTotals {
      let pages = (count + query.perPage - 1) / query.perPage
      answer.headers.append(SimulatedPair("Totalcount", "\(count)"))
      answer.headers.append(SimulatedPair("Totalpages", "\(pages)"))
    }
    answer.headers.append(SimulatedPair("Currentpage", "\(query.page)"))
    return answer
  }

  /// A page of a list that is ordered already.
  func page(
    _ call: GetResponseCall, _ query: ListQuery, of places: [Int], id: String, tellsTotals: Bool = true,
    _ render: (Int) -> JSON
  ) -> SimulatedAnswer {
    page(
      call, query, of: places.count, id: id, tellsTotals: tellsTotals,
      places[query.bounds(of: places.count)].map(render))
  }

  static func href(_ path: String) -> JSON { .text("https://api.getresponse.com/v3/" + path) }

  /// A number as GetResponse writes it: whole if it is.
  static func number(_ value: Double?) -> JSON {
    guard let value else { return .null }
    if let whole = Int64(exactly: value) { return .integer(whole) }
    return .number(value)
  }
}
