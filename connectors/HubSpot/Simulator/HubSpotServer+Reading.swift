import Platform
import SimulatorJSON

/// Lists, single records and batches of them.
extension HubSpotServer {
  private static let mark = "record:"

  /// `GET /crm/objects/{version}/{type}`: all records by id, a page at a time; no total and no cap.
  func listRecords(_ type: ObjectType, _ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    let withHistory = !call.list("propertiesWithHistory").isEmpty
    let limit = try call.limit(default: 10, most: withHistory ? 50 : 100)
    let isArchived = call.parameter("archived") == "true"
    let shown = projection(type, call.list("properties") + call.list("propertiesWithHistory"))
    let store = spaces[type].store
    var place = store.firstPlace(from: try Self.firstID(call))
    var results: [JSON] = []
    var next: Int64?
    while place < store.records.count {
      let record = store[place]
      place += 1
      guard isListed(record, archived: isArchived, at: call.now) else { continue }
      if results.count == limit {
        next = record.id
        break
      }
      results.append(json(record, shown))
    }
    let after = next.map { Identifier.opaque("\(Self.mark)\($0)") }
    return .json(
      200,
      .map(present: [
        JSON.Member("results", .list(results)), after.map { JSON.Member("paging", paging(call, after: $0)) },
      ]))
  }

  /// Archived records can be restored, and are listed, for ninety days.
  private func isListed(_ record: CRMRecord, archived: Bool, at now: Moment) -> Bool {
    guard let moment = record.archived else { return !archived }
    return archived && now.milliseconds - moment.milliseconds < 90 * 86_400_000
  }

  /// Where a cursor of a list goes on. A search's offset is none.
  private static func firstID(_ call: HubSpotCall) throws(Refusal) -> Int64 {
    guard let after = call.parameter("after"), !after.isEmpty else { return 0 }
    guard let text = Identifier.clear(after), text.hasPrefix(mark), let id = Int64(text.dropFirst(mark.count))
    else { throw .badInput("Cannot deserialize value of type `Cursor` from String \"\(after)\"") }
    return id
  }

  /// The record that an id leads to: its own, or the one that a merge made of it.
  func following(_ id: Int64, in type: ObjectType) -> Int? {
    var id = id
    if type == .contacts {
      while let winner = merged[id] { id = winner }
    }
    return spaces[type].store.place(of: id)
  }

  /// `GET /crm/objects/{version}/{type}/{id}`: the id may have gone into another record, which is then given.
  func oneRecord(
    _ type: ObjectType, _ text: String, _ call: HubSpotCall
  ) throws(Refusal) -> SimulatedAnswer {
    let place: Int?
    if call.parameter("idProperty") == "email", type == .contacts {
      place = addresses[text.lowercased()].flatMap { spaces[type].store.place(of: $0) }
    } else {
      place = Int64(text).flatMap { following($0, in: type) }
    }
    let isArchived = call.parameter("archived") == "true"
    guard let place, (spaces[type].store[place].archived != nil) == isArchived else {
      throw .notFound("resource not found")
    }
    let shown = projection(type, call.list("properties"))
    return .json(200, json(spaces[type].store[place], shown))
  }

  /// `POST .../batch/read`: by id or address, in an order of the server's own.
  func batchRead(_ type: ObjectType, _ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    let inputs = try call.inputs(most: 100)
    let byEmail = try Self.isByEmail(call.body["idProperty"], type)
    let shown = projection(type, (call.body["properties"]?.elements ?? []).compactMap { $0.string })
    let isArchived = call.parameter("archived") == "true"
    var places: Set<Int> = []
    var missing: [String] = []
    for input in inputs {
      let text = input["id"]?.scalar ?? ""
      let id = byEmail ? addresses[text.lowercased()] : Int64(text)
      let place = id.flatMap { spaces[type].store.place(of: $0) }
      if let place, (spaces[type].store[place].archived != nil) == isArchived {
        places.insert(place)
      } else {
        missing.append(text)
      }
    }
    let results = places.sorted().map { json(spaces[type].store[$0], shown) }
    return .json(
      missing.isEmpty ? 200 : 207,
      batch(results, errors: Self.missing(type, missing), at: call.now))
  }

  private static func isByEmail(_ name: JSON?, _ type: ObjectType) throws(Refusal) -> Bool {
    switch name?.string ?? "hs_object_id" {
    case "hs_object_id": return false
    case "email" where type == .contacts: return true
    default: throw .invalid("Property \(name?.string ?? "") is not a unique property of \(type.number)")
    }
  }

  /// `POST .../search`: as of some seconds ago, by place.
  func search(_ type: ObjectType, _ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    let query = try SearchQuery(call.body, in: spaces[type].properties)
    var found = matches(query, type)
    if let sort = query.sort, !Self.isByID(sort) { found = sorted(found, by: sort) }
    let (first, end) = (min(query.offset, found.count), min(query.offset + query.limit, found.count))
    let shown = projection(type, query.properties)
    let results = found[first..<end].map { json($0, shown) }
    return .json(
      200,
      .map(present: [
        JSON.Member("total", .integer(Int64(found.count))), JSON.Member("results", .list(results)),
        end < found.count
          ? JSON.Member("paging", ["next": ["after": .text(String(end))]]) : nil,
      ]))
  }

  /// All that a search finds, ascending by id.
  private func matches(_ query: SearchQuery, _ type: ObjectType) -> [CRMRecord] {
    let space = spaces[type]
    var found: [CRMRecord] = []
    var firstID: Int64 = 0
    // A condition on ids that all groups share leaves out the records before it.
    if query.groups.count == 1, let above = query.groups[0].compactMap({ $0.idsAbove }).max() {
      firstID = above
    }
    for place in space.store.firstPlace(from: firstID)..<space.store.records.count {
      guard let record = space.index.seen(space.store[place]) else { continue }
      if isMet(query, by: record, type) { found.append(record) }
    }
    return found
  }

  private func isMet(_ query: SearchQuery, by record: CRMRecord, _ type: ObjectType) -> Bool {
    let isFiltered =
      query.groups.isEmpty
      || query.groups.contains { group in
        group.allSatisfy { filter in filter.isMet(by: record) { value($0, $1, of: $2) } }
      }
    guard isFiltered, let words = query.words else { return isFiltered }
    return ["email", "firstname", "lastname", "phone", "company"].contains { name in
      spaces[type].properties.usable(name).flatMap { record[$0] }?.lowercased().contains(words) ?? false
    }
  }

  private typealias Sort = (place: Int, definition: PropertyDefinition, isAscending: Bool)

  private static func isByID(_ sort: Sort) -> Bool {
    if case .id = sort.definition.source { return sort.isAscending }
    return false
  }

  private func sorted(_ records: [CRMRecord], by sort: Sort) -> [CRMRecord] {
    let isNumeric = sort.definition.type == "number"
    let keyed = records.map { (record: $0, key: value(sort.definition, sort.place, of: $0) ?? "") }
    let ordered = keyed.sorted { left, right in
      if left.key == right.key { return left.record.id < right.record.id }
      let isBefore =
        isNumeric
        ? (Double(left.key) ?? -.infinity) < (Double(right.key) ?? -.infinity) : left.key < right.key
      return isBefore == sort.isAscending
    }
    return ordered.map { $0.record }
  }
}
