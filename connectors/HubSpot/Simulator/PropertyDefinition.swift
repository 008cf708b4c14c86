import SimulatorJSON

/// A property of a kind of records.
struct PropertyDefinition: Sendable {
  var name: String
  var label: String
  var group: String
  var type: String
  var fieldType: String
  var description = ""
  var options: [Option] = []
  var displayOrder: Int64 = -1
  var isUnique = false
  var isHidden = false
  var isFormField = false
  /// Comes with HubSpot.
  var isStandard = false
  /// Where its value comes from.
  var source = Source.stored
  var isReadOnly = false
  var isArchived = false
  /// Was made, but cannot be read or written yet.
  var isPending = false
  var created: Moment?
  var updated: Moment?

  /// One of the values of an enumeration.
  struct Option: Equatable, Sendable {
    var label: String
    var value: String
    var order: Int64
    var isHidden = false
  }

  /// Where a property's value comes from.
  enum Source: Sendable {
    /// A value that was written.
    case stored
    case id, created, modified
    /// What the contact did.
    case counter(ContactCounters.Name)
  }

  /// Whether its value is a list with semicolons.
  var isMany: Bool { type == "enumeration" && fieldType == "checkbox" }

  var json: JSON {
    .map(present: [
      updated.map { JSON.Member("updatedAt", .text($0.text)) },
      created.map { JSON.Member("createdAt", .text($0.text)) },
      JSON.Member("name", .text(name)), JSON.Member("label", .text(label)),
      JSON.Member("type", .text(type)), JSON.Member("fieldType", .text(fieldType)),
      JSON.Member("description", .text(description)), JSON.Member("groupName", .text(group)),
      JSON.Member("options", .list(options.map { $0.json })),
      JSON.Member("displayOrder", .integer(displayOrder)),
      JSON.Member("calculated", .bool(isCalculated)), JSON.Member("externalOptions", false),
      isStandard || isArchived ? JSON.Member("archived", .bool(isArchived)) : nil,
      JSON.Member("hasUniqueValue", .bool(isUnique)), JSON.Member("hidden", .bool(isHidden)),
      isStandard ? JSON.Member("hubspotDefined", true) : nil,
      JSON.Member(
        "modificationMetadata",
        [
          "archivable": .bool(!isStandard), "readOnlyDefinition": .bool(isStandard),
          "readOnlyValue": .bool(isReadOnly),
        ]),
      JSON.Member("formField", .bool(isFormField)), JSON.Member("dataSensitivity", "non_sensitive"),
    ])
  }

  private var isCalculated: Bool {
    if case .counter = source { return true }
    return false
  }
}

extension PropertyDefinition.Option {
  var json: JSON {
    [
      "label": .text(label), "value": .text(value), "displayOrder": .integer(order),
      "hidden": .bool(isHidden),
    ]
  }

  /// Reads an option; the order is that in the list if none is given.
  init?(_ json: JSON, place: Int) {
    guard let value = json["value"]?.scalar, let label = json["label"]?.scalar else { return nil }
    self.init(
      label: label, value: value, order: json["displayOrder"]?.whole ?? Int64(place),
      isHidden: json["hidden"]?.isTrue ?? false)
  }
}

/// All properties of a kind of records.
struct PropertyRegistry: Sendable {
  private(set) var all: [PropertyDefinition]
  private var places: [String: Int] = [:]

  init(_ standard: [PropertyDefinition]) {
    all = standard
    for (place, definition) in all.enumerated() { places[definition.name] = place }
  }

  subscript(place: Int) -> PropertyDefinition {
    get { all[place] }
    set { all[place] = newValue }
  }

  /// Where a property stands, archived or not.
  func place(of name: String) -> Int? { places[name.lowercased()] }

  /// Where a property stands that is in use.
  func usable(_ name: String) -> Int? {
    place(of: name).flatMap { all[$0].isArchived || all[$0].isPending ? nil : $0 }
  }

  /// Adds a property, or brings one back under its old place.
  @discardableResult
  mutating func add(_ definition: PropertyDefinition) -> Int {
    if let place = places[definition.name] {
      all[place] = definition
      return place
    }
    places[definition.name] = all.count
    all.append(definition)
    return all.count - 1
  }

  /// How many are in use that did not come with HubSpot.
  var customCount: Int { all.count { !$0.isStandard && !$0.isArchived } }
}

/// A group under which properties stand in the account's pages.
struct PropertyGroup: Sendable {
  var name: String
  var label: String
  var displayOrder: Int64 = -1
  var isArchived = false

  var json: JSON {
    [
      "name": .text(name), "label": .text(label), "displayOrder": .integer(displayOrder),
      "archived": .bool(isArchived),
    ]
  }
}
