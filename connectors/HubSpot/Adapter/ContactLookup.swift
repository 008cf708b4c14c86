import Platform
import WebAPI

/// Looks single contacts up, following merges.
struct ContactLookup: Sendable {
  let api: HubSpotAPI
  let mapping: ContactMapping
  /// The most contacts in one request.
  static let most = 100

  /// What there is now; ids that are no numbers of HubSpot's are gone.
  func current(_ contacts: [ContactID]) async throws(ConnectorFailure) -> [ContactID: CurrentState] {
    var answers: [ContactID: CurrentState] = [:]
    var asked: [ContactID] = []
    for contact in contacts {
      if Self.isID(contact) { asked.append(contact) } else { answers[contact] = .gone }
    }
    for start in stride(from: 0, to: asked.count, by: Self.most) {
      let part = asked[start..<min(asked.count, start + Self.most)]
      for (id, contact) in try await read(Array(part)) { answers[id] = .present(mapping.held(contact)) }
      for id in part where answers[id] == nil { answers[id] = try await one(id) }
    }
    return answers
  }

  /// Those of these contacts that are there under these very ids.
  func read(_ contacts: [ContactID]) async throws(ConnectorFailure) -> [ContactID: JSONValue] {
    let properties = ContactMapping.written(mapping.fields) + ["lastmodifieddate"]
    let answer = try await api.ask(
      api.paths.batchRead,
      .object([
        ("inputs", .list(contacts.map { .object([("id", .text($0.text))]) })),
        ("properties", .list(properties.map { .text($0) })),
      ]))
    let wanted = Set(contacts)
    var found: [ContactID: JSONValue] = [:]
    for contact in answer.json["results"].elements {
      guard let id = ContactMapping.id(of: contact), wanted.contains(id) else { continue }
      found[id] = contact
    }
    return found
  }

  /// One contact: asked by the id of one that was merged away, HubSpot answers with the winner.
  func one(_ id: ContactID) async throws(ConnectorFailure) -> CurrentState {
    guard Self.isID(id) else { return .gone }
    let properties = ContactMapping.written(mapping.fields).joined(separator: ",")
    let path = api.paths.contact(id.text)
    let answer = try await api.answer(to: APICall(path: path, query: [("properties", properties)]))
    if answer.status == 404 { return .gone }
    guard answer.status == 200 else { throw api.refusal(answer, of: path) }
    let contact = answer.json
    guard let found = ContactMapping.id(of: contact), contact["archived"].boolean != true else {
      return .gone
    }
    return found == id ? .present(mapping.held(contact)) : .moved(to: found)
  }

  /// Whether an id is written as HubSpot writes them.
  static func isID(_ id: ContactID) -> Bool {
    Int64(id.text).map { $0 > 0 && "\($0)" == id.text } ?? false
  }
}
