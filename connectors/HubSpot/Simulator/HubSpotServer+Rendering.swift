import Platform
import SimulatorJSON

/// How records look in answers.
extension HubSpotServer {
  /// Which properties an answer shows of each record, in the order of their names.
  struct Projection {
    let type: ObjectType
    let shown: [(name: String, place: Int, definition: PropertyDefinition)]
  }

  /// Properties that stand in every answer.
  private static func always(_ type: ObjectType) -> [String] {
    [type.createdName, type.modifiedName, "hs_object_id"]
  }

  /// What is shown if nothing was asked for.
  private static func usual(_ type: ObjectType) -> [String] {
    switch type {
    case .contacts: return ["email", "firstname", "lastname"]
    case .deals: return ["amount", "closedate", "dealname", "dealstage", "pipeline"]
    default: return []
    }
  }

  /// What was asked for, without names that are unknown.
  func projection(_ type: ObjectType, _ asked: [String]) -> Projection {
    let names = Set(Self.always(type) + (asked.isEmpty ? Self.usual(type) : asked)).sorted()
    var places: Set<Int> = []
    var shown: [(name: String, place: Int, definition: PropertyDefinition)] = []
    for name in names {
      let properties = spaces[type].properties
      guard let place = properties.usable(name), places.insert(place).inserted else { continue }
      shown.append((properties[place].name, place, properties[place]))
    }
    return Projection(type: type, shown: shown)
  }

  /// A property's value; nil for none.
  func value(_ definition: PropertyDefinition, _ place: Int, of record: CRMRecord) -> String? {
    switch definition.source {
    case .stored: return record[place]
    case .id: return String(record.id)
    case .created: return record.created.text
    case .modified: return record.modified.text
    case .counter(let name): return (counters[record.id] ?? ContactCounters()).value(of: name, pool)
    }
  }

  /// A record. What was asked for and is empty is null; it is never left out.
  func json(_ record: CRMRecord, _ projection: Projection, others: [JSON.Member] = []) -> JSON {
    let properties = projection.shown.map {
      JSON.Member($0.name, .text(orNull: value($0.definition, $0.place, of: record)))
    }
    let members: [JSON.Member?] = [
      JSON.Member("id", .text(String(record.id))), JSON.Member("properties", .map(properties)),
      JSON.Member("createdAt", .text(record.created.text)),
      JSON.Member("updatedAt", .text(record.modified.text)),
      JSON.Member("archived", .bool(record.archived != nil)),
      record.archived.map { JSON.Member("archivedAt", .text($0.text)) },
      JSON.Member(
        "url",
        .text(
          "https://app.hubspot.com/contacts/\(settings.portalID)/record/\(projection.type.number)/\(record.id)"
        )
      ),
    ]
    return .map(present: members + others.map { $0 })
  }

  /// The members that every batch's answer has.
  func batch(_ results: [JSON], errors: [JSON] = [], numErrors: Int? = nil, at now: Moment) -> JSON {
    var members = [
      JSON.Member("status", "COMPLETE"), JSON.Member("results", .list(results)),
      JSON.Member("startedAt", .text(now.text)), JSON.Member("completedAt", .text(now.text)),
    ]
    if !errors.isEmpty {
      members.append(JSON.Member("numErrors", .integer(Int64(numErrors ?? errors.count))))
      members.append(JSON.Member("errors", .list(errors)))
    }
    return .map(members)
  }

  /// What a batch says of ids that are not there.
  static func missing(_ type: ObjectType, _ ids: [String]) -> [JSON] {
    guard !ids.isEmpty else { return [] }
    let name = type.singular.uppercased()
    return [
      [
        "status": "error", "category": "OBJECT_NOT_FOUND",
        "message": .text(
          "Could not get some \(name) objects, they may be deleted or not exist. Check that ids are valid."),
        "context": ["ids": .list(ids.map { .text($0) })],
      ]
    ]
  }

  /// Where the next page begins.
  func paging(_ call: HubSpotCall, after: String, shown: String? = nil) -> JSON {
    let path = call.target.split(separator: "?", maxSplits: 1).first.map { String($0) } ?? ""
    let kept = call.query.filter { $0.name != "after" }
    let pairs = (kept + [SimulatedPair("after", after)])
      .map { "\(Escaping.encode($0.name))=\(Escaping.encode($0.value))" }
    return [
      "next": [
        "after": .text(shown ?? after),
        "link": .text("https://api.hubapi.com\(path)?\(pairs.joined(separator: "&"))"),
      ]
    ]
  }
}
