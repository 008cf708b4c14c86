import SimulatorJSON

/// What a search asks for, within the limits of the search API.
struct SearchQuery {
  let groups: [[SearchFilter]]
  let words: String?
  let sort: (place: Int, definition: PropertyDefinition, isAscending: Bool)?
  let properties: [String]
  let limit: Int
  let offset: Int

  private static let mostResults = 10_000

  init(_ body: JSON, in registry: PropertyRegistry) throws(Refusal) {
    var groups: [[SearchFilter]] = []
    for group in body["filterGroups"]?.elements ?? [] {
      var filters: [SearchFilter] = []
      for filter in group["filters"]?.elements ?? [] {
        filters.append(try SearchFilter(filter, in: registry))
      }
      groups.append(filters)
    }
    try Self.check(groups)
    self.groups = groups
    words = body["query"]?.string.flatMap { $0.isEmpty ? nil : $0.lowercased() }
    guard (words ?? "").utf8.count <= 3_000 else {
      throw .invalid("query: must be at most 3000 characters")
    }
    sort = try Self.sort(body["sorts"]?.elements ?? [], registry)
    properties = (body["properties"]?.elements ?? []).compactMap { $0.string }
    limit = Int(body["limit"]?.whole ?? 10)
    guard (0...200).contains(limit) else {
      throw .invalid("The limit \(limit) is larger than the maximum of 200.")
    }
    offset = try Self.offset(body["after"])
    guard offset + limit <= Self.mostResults else {
      throw .invalid(
        "There was a problem with the request.",
        errors: [["message": "the total number of results that can be paged through is limited to 10000"]])
    }
  }

  private static func check(_ groups: [[SearchFilter]]) throws(Refusal) {
    let all = groups.reduce(0) { $0 + $1.count }
    guard groups.count <= 5, all <= 18, groups.allSatisfy({ $0.count <= 6 }) else {
      throw .invalid(
        "The request has \(groups.count) filter groups and \(all) filters; at most 5 groups, 6 filters in a group "
          + "and 18 filters are allowed.")
    }
  }

  private static func sort(
    _ sorts: [JSON], _ registry: PropertyRegistry
  ) throws(Refusal) -> (place: Int, definition: PropertyDefinition, isAscending: Bool)? {
    guard sorts.count <= 1 else { throw .invalid("Only one sort is allowed, got \(sorts.count).") }
    guard let sort = sorts.first else { return nil }
    guard let name = sort["propertyName"]?.string ?? sort.string, let place = registry.usable(name) else {
      throw .invalid("There was a problem with the request: the property to sort by does not exist.")
    }
    return (place, registry[place], sort["direction"]?.string != "DESCENDING")
  }

  /// The place of the first result. A list's cursor is none of these.
  private static func offset(_ json: JSON?) throws(Refusal) -> Int {
    guard let json, let text = json.scalar, !text.isEmpty else { return 0 }
    guard let offset = Int(text), offset >= 0 else {
      throw .badInput(
        "Cannot deserialize value of type `int` from String \"\(text)\": not a valid `int` value")
    }
    return offset
  }
}
