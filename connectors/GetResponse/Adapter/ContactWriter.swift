import Platform
import Scoring
import WebAPI

/// Writes contacts one by one, several at a time: GetResponse has no way to change many in one request.
///
/// Nothing is sent back that was read: an update replaces all tags or custom fields that it names, and moves the
/// contact if it names a list. The score goes alone; tags and custom fields are added by calls that take nothing
/// away. Only where a tag has to go are all of them read and written anew.
struct ContactWriter: Sendable {
  let api: GetResponseAPI
  let mapping: ContactMapping
  let fields: WrittenFields
  let catalogue: AccountCatalogue
  let lookup: ContactLookup
  let mayEmptyTags: Bool
  /// The most contacts of one batch.
  static let largestBatch = 100
  /// GetResponse shows no more tags of a contact, so that writing back what it shows would lose the others.
  static let shownTags = 500
  /// GetResponse's own bounds of a score.
  private static let scores = 0...99_999_999
  /// GetResponse's own bound of a custom field's text.
  private static let mostCharacters = 255

  func write(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> [WriteOutcome] {
    // Looked up once, before many ask.
    if fields.tags, batch.contains(where: { !$0.addTags.isEmpty }) { _ = try await catalogue.tags() }
    if !ContactMapping.written(fields).isEmpty { _ = try await catalogue.fields() }
    return try await Together.map(batch) { (write) async throws(ConnectorFailure) -> WriteOutcome in
      try await one(write)
    }
  }

  /// How one contact's calls end early.
  private enum End: Error {
    case outcome(WriteOutcome)
    case failure(ConnectorFailure)
    /// A tag or field that is named is not there any more.
    case staleNames
  }

  private func one(_ write: ContactWrite) async throws(ConnectorFailure) -> WriteOutcome {
    guard ContactLookup.isID(write.contact) else { return .gone }
    if fields.score == .native, !write.clearsScore, !Self.scores.contains(write.score) {
      return .refused(reason: "GetResponse's score goes from 0 to 99999999, not to \(write.score)")
    }
    for isLast in [false, true] {
      do throws(End) {
        return try await send(write)
      } catch {
        switch error {
        case .outcome(let outcome): return outcome
        case .failure(let failure): throw failure
        case .staleNames where isLast: break
        case .staleNames: await catalogue.forget()
        }
      }
    }
    throw ConnectorFailure(
      .configuration, "\(api.place) no longer has a tag or custom field that is written",
      cure: "Somebody may have deleted it; the next run makes it again")
  }

  private func send(_ write: ContactWrite) async throws(End) -> WriteOutcome {
    var hasWritten = false
    let id = write.contact.text
    var update: [(String, JSONOutput)] = []
    if fields.score == .native { update.append(("scoring", write.heldScore.map { .integer($0) } ?? .null)) }
    var adding = fields.tags ? write.addTags : []
    if fields.tags, let tags = try await tagsAfterRemoval(write) {
      update.append(("tags", Self.list(tags)))
      adding = []
    }
    if !update.isEmpty {
      let contact = try await post(GetResponsePaths.contact(id), .object(update), &hasWritten)
      if let kept = kept(contact, write) { return .refused(reason: kept) }
    }
    if !adding.isEmpty {
      let tags = try await tagIDs(adding)
      _ = try await post(GetResponsePaths.tags(of: id), .object([("tags", Self.list(tags))]), &hasWritten)
    }
    let values = try await values(write)
    if !values.isEmpty {
      _ = try await post(
        GetResponsePaths.customFields(of: id), .object([("customFieldValues", .list(values))]), &hasWritten)
    }
    return hasWritten ? .written(version: nil) : try await presence(write.contact)
  }

  /// There was nothing to write; a contact that is gone is to be known all the same.
  private func presence(_ id: ContactID) async throws(End) -> WriteOutcome {
    try await details(of: id) == nil ? .gone : .written(version: nil)
  }

  private func details(of id: ContactID) async throws(End) -> JSONValue? {
    do throws(ConnectorFailure) {
      return try await lookup.details(of: id)
    } catch {
      throw .failure(error)
    }
  }

  private func post(
    _ path: String, _ body: JSONOutput, _ hasWritten: inout Bool
  ) async throws(End) -> JSONValue {
    let answer: GetResponseAnswer?
    do throws(ConnectorFailure) {
      answer = try await api.write(api.post(path, body, isRepeatable: false))
    } catch {
      throw hasWritten && error.kind != .cancelled && error.kind != .forbidden
        ? .outcome(.unknown) : .failure(error)
    }
    guard let answer else { throw .outcome(.unknown) }
    if answer.isGood {
      hasWritten = true
      return answer.json
    }
    let trouble = answer.trouble
    switch trouble.kind {
    case .notFound: throw .outcome(.gone)
    case .unknownReference: throw .staleNames
    case .forbiddenState, .restricted:
      throw .outcome(hasWritten ? .unknown : .refused(reason: "GetResponse\(api.said(trouble))"))
    case .server: throw .outcome(.unknown)
    default:
      if hasWritten { throw .outcome(.unknown) }
      throw .failure(api.refusal(answer, of: path))
    }
  }

  // MARK: Tags

  /// All tags that the contact is to have, by their ids, if some have to go; nil if none does.
  private func tagsAfterRemoval(_ write: ContactWrite) async throws(End) -> [String]? {
    guard !write.removeTags.isEmpty else { return nil }
    guard let contact = try await details(of: write.contact) else { throw .outcome(.gone) }
    let held = contact["tags"].elements
    let going = Set(write.removeTags.map { $0.lowercased() })
    func isGoing(_ tag: JSONValue) -> Bool { going.contains((tag["name"].text ?? "").lowercased()) }
    guard held.contains(where: isGoing) else { return nil }
    guard held.count < Self.shownTags else {
      throw .outcome(
        .refused(
          reason:
            "it has \(held.count) tags or more, of which GetResponse shows no others: taking one away would "
            + "lose them"))
    }
    var tags: [String] = []
    for tag in held where !isGoing(tag) {
      guard let id = ContactMapping.text(tag["tagId"]) else {
        throw .outcome(.refused(reason: "GetResponse shows a tag of it without its id"))
      }
      tags.append(id)
    }
    tags += try await tagIDs(write.addTags).filter { !tags.contains($0) }
    guard !tags.isEmpty || mayEmptyTags else {
      throw .outcome(
        .refused(
          reason: "its last tag would go, and whether GetResponse takes an empty list is not known: set "
            + "emptyTags: true"))
    }
    return tags
  }

  private func tagIDs(_ names: [String]) async throws(End) -> [String] {
    guard !names.isEmpty else { return [] }
    let known: [String: String]
    do throws(ConnectorFailure) {
      known = try await catalogue.tags()
    } catch {
      throw .failure(error)
    }
    var ids: [String] = []
    for name in names {
      guard let id = known[name.lowercased()] else { throw .staleNames }
      ids.append(id)
    }
    return ids
  }

  private static func list(_ tags: [String]) -> JSONOutput {
    .list(tags.map { .object([("tagId", .text($0))]) })
  }

  // MARK: Custom fields

  private func values(_ write: ContactWrite) async throws(End) -> [JSONOutput] {
    var values: [(String, String)] = []
    if case .field(let name) = fields.score { values.append((name, write.heldScore.map { "\($0)" } ?? "")) }
    if let name = fields.band { values.append((name, write.band ?? "")) }
    if let name = fields.reasons { values.append((name, Self.shortened(write.reasons))) }
    guard !values.isEmpty else { return [] }
    let known: [String: AccountCatalogue.Field]
    do throws(ConnectorFailure) {
      known = try await catalogue.fields()
    } catch {
      throw .failure(error)
    }
    var list: [JSONOutput] = []
    for (name, value) in values {
      guard let field = known[name] else { throw .staleNames }
      list.append(.object([("customFieldId", .text(field.id)), ("value", .list([.text(value)]))]))
    }
    return list
  }

  private static func shortened(_ text: String) -> String {
    text.count <= mostCharacters ? text : text.prefix(mostCharacters - 1) + "…"
  }

  // MARK: What came back

  /// What the answer shows that is not as it was meant.
  private func kept(_ contact: JSONValue, _ write: ContactWrite) -> String? {
    guard fields.score == .native, contact["scoring"].isPresent else { return nil }
    let score = ContactMapping.score(contact["scoring"])
    guard score != write.heldScore else { return nil }
    let meant = write.heldScore.map { "\($0)" } ?? "empty"
    return "GetResponse kept the score \(score.map { "\($0)" } ?? "empty") instead of \(meant)"
  }
}
