import Platform
import SimulatorJSON

/// Which records belong to which.
extension HubSpotServer {
  /// So many links of one record stand in one answer.
  private static let linkPage = 500

  /// `POST /crm/associations/{version}/{from}/{to}/batch/read`.
  func associationRoute(_ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard call.method == "POST", call.path.count == 4, Array(call.path[2...]) == ["batch", "read"] else {
      throw .noRoute(call.target)
    }
    let (from, to) = (try objectType(call.path[0]), try objectType(call.path[1]))
    try require(from.readScope)
    try require(to.readScope)
    var results: [JSON] = []
    var errors: [JSON] = []
    for input in try call.inputs(most: 1_000) {
      let text = input["id"]?.scalar ?? ""
      let links = Int64(text).map { self.links(of: $0, from, to) } ?? []
      let first = input["after"]?.scalar.flatMap { Identifier.clear($0) }.flatMap { Int($0) } ?? 0
      if links.isEmpty {
        errors.append(Self.unlinked(text, from, to))
      } else {
        results.append(Self.result(text, links, from: min(first, links.count), type: from.linkToContact))
      }
    }
    // Answers do not stand in the order of the questions.
    return .json(errors.isEmpty ? 200 : 207, batch(results.reversed(), errors: errors, at: call.now))
  }

  /// The records that one is linked with: ids of records that are there.
  private func links(of id: Int64, _ from: ObjectType, _ to: ObjectType) -> [Int64] {
    var found: [Int64] = []
    switch (from, to) {
    case (_, .contacts) where from != .contacts:
      guard spaces[from].livePlace(of: id) != nil else { return [] }
      found = (spaces[from].links[id] ?? []).compactMap { contact in
        following(contact, in: .contacts).map { spaces[.contacts].store[$0] }
          .flatMap { $0.archived == nil ? $0.id : nil }
      }
    case (.contacts, _) where to != .contacts:
      found = spaces[to].links.filter { link in
        link.value.contains { following($0, in: .contacts).map { spaces[.contacts].store[$0].id } == id }
      }.map { $0.key }.filter { spaces[to].livePlace(of: $0) != nil }
    default: break
    }
    return Set(found).sorted()
  }

  /// The ids asked for are texts, those that are found are numbers.
  private static func result(_ text: String, _ links: [Int64], from first: Int, type: Int64) -> JSON {
    let end = min(first + linkPage, links.count)
    let to = links[first..<end].map { id -> JSON in
      [
        "toObjectId": .integer(id),
        "associationTypes": [["category": "HUBSPOT_DEFINED", "typeId": .integer(type), "label": nil]],
      ]
    }
    return .map(present: [
      JSON.Member("from", ["id": .text(text)]), JSON.Member("to", .list(to)),
      end < links.count
        ? JSON.Member("paging", ["next": ["after": .text(Identifier.opaque("\(end)"))]]) : nil,
    ])
  }

  private static func unlinked(_ id: String, _ from: ObjectType, _ to: ObjectType) -> JSON {
    [
      "status": "error", "category": "OBJECT_NOT_FOUND",
      "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
      "message": .text("No \(to.singular) is associated with \(from.singular) \(id)."),
      "context": [
        "fromObjectId": [.text(id)], "fromObjectType": [.text(from.singular)],
        "toObjectType": [.text(to.singular)],
      ],
    ]
  }
}
