import Platform
import WebAPI

/// Looks single contacts up, following merges.
struct ContactLookup: Sendable {
  let api: MauticAPI
  let mapping: ContactMapping
  /// The most contacts in one request: their ids stand in its address.
  static let most = 200

  /// What there is now; ids that are no numbers of Mautic's are gone.
  func current(_ contacts: [ContactID]) async throws(ConnectorFailure) -> [ContactID: CurrentState] {
    var answers: [ContactID: CurrentState] = [:]
    var ids: [Int] = []
    for contact in contacts {
      guard let id = Int(contact.text), id > 0, "\(id)" == contact.text else {
        answers[contact] = .gone
        continue
      }
      ids.append(id)
    }
    for chunk in ContactReader.chunks(ids, of: Self.most) {
      let list = try await ContactReader(api: api, mapping: mapping).contacts(Array(chunk))
      for contact in list.elements {
        // A server that drops the condition gives others, too.
        guard let id = ContactMapping.id(of: contact), chunk.contains(id) else { continue }
        answers[ContactID("\(id)")] = .present(mapping.held(contact))
      }
      for id in chunk where answers[ContactID("\(id)")] == nil {
        answers[ContactID("\(id)")] = try await one(id)
      }
    }
    return answers
  }

  /// One contact: asked by the id of a loser, Mautic answers with the winner (seen on 5.1.1).
  func one(_ id: Int) async throws(ConnectorFailure) -> CurrentState {
    let path = "/api/contacts/\(id)"
    let answer = try await api.answer(to: APICall(path: path))
    if answer.status == 404 { return .gone }
    guard answer.status == 200 else { throw api.refusal(answer, of: path) }
    let contact = answer.json["contact"]
    guard let found = ContactMapping.id(of: contact) else { return .gone }
    return found == id ? .present(mapping.held(contact)) : .moved(to: ContactID("\(found)"))
  }
}
