import Platform
import WebAPI

/// Reads the details of single contacts: a call for each, several at a time.
struct ContactLookup: Sendable {
  let api: GetResponseAPI
  let mapping: ContactMapping
  /// The most contacts of one reading back.
  static let most = 100

  /// What there is now.
  func current(_ contacts: [ContactID]) async throws(ConnectorFailure) -> [ContactID: CurrentState] {
    let found = try await details(of: contacts)
    var answers: [ContactID: CurrentState] = [:]
    for (id, contact) in zip(contacts, found) {
      answers[id] = contact.map { .present(mapping.held($0)) } ?? .gone
    }
    return answers
  }

  /// The details of each of these contacts, in their order; nil for one that is gone.
  func details(of contacts: [ContactID]) async throws(ConnectorFailure) -> [JSONValue?] {
    try await Together.map(contacts) { (id) async throws(ConnectorFailure) -> JSONValue? in
      try await details(of: id)
    }
  }

  /// The details of a contact; nil if it is gone.
  func details(of id: ContactID) async throws(ConnectorFailure) -> JSONValue? {
    guard Self.isID(id) else { return nil }
    let path = GetResponsePaths.contact(id.text)
    let answer = try await api.answer(to: api.call(path))
    if answer.trouble.kind == .notFound, !answer.isGood { return nil }
    guard answer.isGood else { throw api.refusal(answer, of: path) }
    // A server that compares ids without regard to case would answer with somebody else.
    guard ContactMapping.id(of: answer.json) == id else { return nil }
    return answer.json
  }

  /// Whether an id may stand in a path: without one the path is that of the list, and dots lead elsewhere.
  static func isID(_ id: ContactID) -> Bool { !["", ".", ".."].contains(id.text) }
}
