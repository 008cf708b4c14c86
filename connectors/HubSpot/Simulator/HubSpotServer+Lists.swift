import Platform
import SimulatorJSON

/// A static list of contacts.
struct StaticList: Sendable {
  let id: Int
  let name: String
  let processing: String
  let created: Moment
  /// When each member came.
  var members: [Int64: Moment] = [:]

  /// As it stands in answers.
  func json(size: Bool) -> JSON {
    let size = size ? JSON.Member("additionalProperties", ["hs_list_size": .text("\(members.count)")]) : nil
    return .map(present: [
      JSON.Member("listId", .text("\(id)")), JSON.Member("listVersion", 1),
      JSON.Member("name", .text(name)), JSON.Member("objectTypeId", "0-1"),
      JSON.Member("processingType", .text(processing)), JSON.Member("processingStatus", "COMPLETE"),
      JSON.Member("createdAt", .text(created.text)), JSON.Member("updatedAt", .text(created.text)), size,
    ])
  }
}

/// Static lists and who is in them.
extension HubSpotServer {
  mutating func listRoute(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    let isRead =
      call.method == "GET" || call.path == ["search"] || call.path.last == "read"
    try require(isRead ? "crm.lists.read" : "crm.lists.write")
    switch (call.method, call.path.first, call.path.count) {
    case ("POST", nil, 0): return try createList(call)
    case ("POST", "search", 1): return try searchLists(call)
    case ("GET", "object-type-id", 4) where call.path[2] == "name":
      let wanted = call.path[3].lowercased()
      guard let list = lists.first(where: { $0.name.lowercased() == wanted }), call.path[1] == "0-1" else {
        throw .notFound("List does not exist with name \(call.path[3]) and object type ID \(call.path[1]).")
      }
      return .json(200, ["list": list.json(size: false)])
    case ("GET", "records", 4): return .json(200, ["results": .list(memberships(of: call.path[2]))])
    case ("POST", "records", 4): return try batchMemberships(call)
    case ("GET", _, 1): return .json(200, ["list": lists[try list(call)].json(size: false)])
    case ("DELETE", _, 1):
      lists.remove(at: try list(call))
      return .done
    case ("GET", _, 2) where call.path[1] == "memberships": return try members(call)
    case ("PUT", _, 3) where call.path[1] == "memberships": return try changeMembers(call)
    default: throw .noRoute(call.target)
    }
  }

  private func list(_ call: HubSpotCall) throws(Refusal) -> Int {
    guard let place = lists.firstIndex(where: { "\($0.id)" == call.path[0] }) else {
      throw .notFound("List does not exist with ID \(call.path[0]).")
    }
    return place
  }

  private mutating func createList(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard let name = call.body["name"]?.string, !name.isEmpty,
      let processing = call.body["processingType"]?.string, call.body["objectTypeId"]?.string == "0-1"
    else { throw .badInput("Some required fields were not set: [name, objectTypeId, processingType]") }
    guard ["MANUAL", "SNAPSHOT", "DYNAMIC"].contains(processing) else {
      throw .invalid("Unknown processing type: \(processing)")
    }
    guard !lists.contains(where: { $0.name.lowercased() == name.lowercased() }) else {
      var refusal = Refusal.invalid("List with name '\(name)' already exists")
      refusal.subCategory = "ILS.DUPLICATE_LIST_NAMES"
      throw refusal
    }
    listCount += 1
    let list = StaticList(id: listCount, name: name, processing: processing, created: call.now)
    lists.append(list)
    return .json(200, ["list": list.json(size: false)])
  }

  private func searchLists(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    let count = Int(call.body["count"]?.whole ?? 20)
    let offset = Int(call.body["offset"]?.whole ?? 0)
    guard (0...500).contains(count), (0...10_000).contains(offset) else {
      throw .invalid("count must be at most 500, and offset at most 10000")
    }
    let words = (call.body["query"]?.string ?? "").lowercased()
    let found = lists.filter { words.isEmpty || $0.name.lowercased().contains(words) }
    let (first, end) = (min(offset, found.count), min(offset + count, found.count))
    return .json(
      200,
      [
        "offset": .integer(Int64(end)), "hasMore": .bool(end < found.count),
        "lists": .list(found[first..<end].map { $0.json(size: true) }), "total": .integer(Int64(found.count)),
      ])
  }

  private func members(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    let list = lists[try list(call)]
    let limit = try call.limit(default: 100, most: 250)
    let last = call.parameter("after").flatMap { Identifier.clear($0) }.flatMap { Int64($0) } ?? 0
    let all = list.members.keys.filter { $0 > last }.sorted()
    let page = all.prefix(limit)
    let results = page.map { id -> JSON in
      [
        "recordId": .text("\(id)"),
        "membershipTimestamp": .text((list.members[id] ?? list.created).text),
      ]
    }
    let next = all.count > limit ? page.last : nil
    return .json(
      200,
      .map(present: [
        JSON.Member("results", .list(results)), JSON.Member("total", .integer(Int64(list.members.count))),
        next.map { JSON.Member("paging", paging(call, after: Identifier.opaque("\($0)"))) },
      ]))
  }

  /// Unknown ids are told of as missing and stop nothing; who is in already is no news.
  private mutating func changeMembers(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    let place = try list(call)
    guard lists[place].processing != "DYNAMIC" else {
      throw .invalid("List \(lists[place].id) is dynamic: its members cannot be changed by hand.")
    }
    var adding: [JSON] = []
    var removing: [JSON] = []
    switch call.path[2] {
    case "add": adding = try Self.array(call.body)
    case "remove": removing = try Self.array(call.body)
    case "add-and-remove":
      adding = call.body["recordIdsToAdd"]?.elements ?? []
      removing = call.body["recordIdsToRemove"]?.elements ?? []
    default: throw .noRoute(call.target)
    }
    var (added, removed, missing): ([JSON], [JSON], [JSON]) = ([], [], [])
    for text in adding.compactMap({ $0.scalar }) {
      guard let id = Int64(text), spaces[.contacts].livePlace(of: id) != nil else {
        missing.append(.text(text))
        continue
      }
      if lists[place].members[id] == nil { added.append(.text(text)) }
      lists[place].members[id] = lists[place].members[id] ?? call.now
    }
    for text in removing.compactMap({ $0.scalar }) {
      guard let id = Int64(text), lists[place].members.removeValue(forKey: id) != nil else { continue }
      removed.append(.text(text))
    }
    return .json(
      200,
      [
        "recordsIdsAdded": .list(added), "recordIdsRemoved": .list(removed),
        "recordIdsMissing": .list(missing),
      ])
  }

  private static func array(_ body: JSON) throws(Refusal) -> [JSON] {
    guard case .list(let ids) = body else { throw .badInput("Cannot deserialize value of type `List`") }
    return ids
  }

  private func memberships(of record: String) -> [JSON] {
    guard let id = Int64(record) else { return [] }
    return lists.compactMap { list in
      list.members[id].map { since in
        [
          "listId": .text("\(list.id)"), "listVersion": 1, "firstAddedTimestamp": .text(since.text),
          "lastAddedTimestamp": .text(since.text),
        ]
      }
    }
  }

  private func batchMemberships(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard Array(call.path[1...]) == ["memberships", "batch", "read"] else { throw .noRoute(call.target) }
    let results = try call.inputs(most: 1_000).map { input -> JSON in
      let record = input["recordId"]?.scalar ?? ""
      return [
        "recordId": .text(record), "objectTypeId": "0-1",
        "recordListMemberships": .list(memberships(of: record)),
      ]
    }
    return .json(200, batch(results, at: call.now))
  }
}
