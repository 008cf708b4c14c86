import WebAPI

/// A search in the order of ids.
struct SearchQuery: Sendable {
  /// A condition.
  struct Filter: Sendable {
    let property: String
    let comparison: String
    let value: String
    let highValue: String?

    init(_ property: String, _ comparison: String, _ value: String, to highValue: String? = nil) {
      self.property = property
      self.comparison = comparison
      self.value = value
      self.highValue = highValue
    }

    var body: JSONOutput {
      var members: [(String, JSONOutput)] = [
        ("propertyName", .text(property)), ("operator", .text(comparison)), ("value", .text(value)),
      ]
      if let highValue { members.append(("highValue", .text(highValue))) }
      return .object(members)
    }
  }

  /// One of these groups has to hold, and of it every condition.
  var groups: [[Filter]]
  var properties: [String]
  var limit: Int

  init(filters: [Filter], properties: [String], limit: Int) {
    groups = [filters]
    self.properties = properties
    self.limit = limit
  }

  init(groups: [[Filter]], properties: [String], limit: Int) {
    self.groups = groups
    self.properties = properties
    self.limit = limit
  }

  var body: JSONOutput {
    .object([
      ("filterGroups", .list(groups.map { .object([("filters", .list($0.map(\.body)))]) })),
      (
        "sorts",
        .list([.object([("propertyName", .text("hs_object_id")), ("direction", .text("ASCENDING"))])])
      ),
      ("properties", .list(properties.map { .text($0) })), ("limit", .integer(limit)),
    ])
  }

  /// Whether there are more than the answer has; HubSpot says so in two ways, of which one will do.
  static func hasMore(_ answer: HubSpotAnswer, _ count: Int) -> Bool {
    guard count > 0 else { return false }
    return answer.next != nil || (answer.json["total"].integer ?? 0) > count
  }
}
