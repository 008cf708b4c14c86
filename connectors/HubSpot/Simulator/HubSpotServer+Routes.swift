import Platform

/// Which request goes where.
extension HubSpotServer {
  mutating func handle(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    switch call.area {
    case .objects: return try objectRoute(call)
    case .properties: return try propertyRoute(call)
    case .lists: return try listRoute(call)
    case .associations: return try associationRoute(call)
    case .pipelines: return try pipelineRoute(call)
    case .limits: return try limitRoute(call)
    case .account: return try accountRoute(call)
    case .occurrences: return try occurrenceRoute(call)
    case .forms: return try formRoute(call)
    case .emailEvents: return try emailEventRoute(call)
    case .emailCampaigns: return try emailCampaignRoute(call)
    case .submissions: return try submissionRoute(call)
    case .token: throw .noRoute(call.target)
    }
  }

  /// The kind of records that a path names.
  func objectType(_ name: String) throws(Refusal) -> ObjectType {
    guard let type = ObjectType(path: name) else {
      throw Refusal(status: 400, message: "Unable to infer object type from: \(name)")
    }
    return type
  }

  private mutating func objectRoute(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard let name = call.path.first else { throw .noRoute(call.target) }
    let type = try objectType(name)
    let rest = Array(call.path.dropFirst())
    let isRead = call.method == "GET" || rest == ["search"] || rest == ["batch", "read"]
    try require(isRead ? type.readScope : type.writeScope)
    switch (call.method, rest.count) {
    case ("GET", 0): return try listRecords(type, call)
    case ("POST", 0): return try createRecord(type, call)
    case ("POST", 1) where rest == ["search"]: return try search(type, call)
    case ("POST", 1) where rest == ["merge"]: return try mergeRecords(type, call)
    case ("POST", 1) where rest == ["gdpr-delete"]: return try erase(type, call)
    case ("GET", 1): return try oneRecord(type, rest[0], call)
    case ("PATCH", 1): return try updateRecord(type, rest[0], call)
    case ("DELETE", 1): return try archiveRecord(type, rest[0], call)
    case ("POST", 2) where rest[0] == "batch": return try batchRoute(type, rest[1], call)
    default: throw .noRoute(call.target)
    }
  }

  private mutating func batchRoute(
    _ type: ObjectType, _ action: String, _ call: HubSpotCall
  ) throws(Refusal) -> SimulatedAnswer {
    switch action {
    case "read": return try batchRead(type, call)
    case "update": return try batchUpdate(type, call)
    case "create": return try batchCreate(type, call)
    case "upsert": return try batchUpsert(type, call)
    case "archive": return try batchArchive(type, call)
    default: throw .noRoute(call.target)
    }
  }
}
