import Platform
import Scoring
import WebAPI

/// Writes contacts in batches by their ids, and believes nothing but what the answer shows.
///
/// By e-mail a batch was seen to answer with success and change nothing (HubSpot/hubspot-api-nodejs#548).
struct BatchWriter: Sendable {
  let api: HubSpotAPI
  let mapping: ContactMapping
  let fields: WrittenFields
  let lookup: ContactLookup
  /// The most contacts in one request.
  static let largestBatch = 100
  /// A batch of so many contacts that are all refused means that it is not they: finding that out costs two
  /// requests a contact, which is not to be repeated for every batch.
  private static let mostFailures = 20
  /// HubSpot's own bound of a text.
  private static let mostCharacters = 65_536

  /// What is sent of one contact.
  private struct Item {
    let index: Int
    let write: ContactWrite
    /// All tags it has, if some have to go; nil: those to come are added to whatever there is.
    let tags: [String]?
  }

  func write(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> [WriteOutcome] {
    var outcomes = [WriteOutcome](repeating: .unknown, count: batch.count)
    let items = try await items(of: batch, &outcomes)
    var waiting: [ArraySlice<Item>] = items.isEmpty ? [] : [items[...]]
    var refused = 0
    while let part = waiting.popLast() {
      switch try await send(part) {
      case .answered(let answers):
        for (item, answer) in zip(part, answers) { outcomes[item.index] = answer }
      case .lost: continue
      case .invalid(let reason):
        // Nothing was written, and HubSpot does not say for whom it is wrong: it shows when he stands alone.
        guard part.count > 1 else {
          if let item = part.first { outcomes[item.index] = .refused(reason: reason) }
          refused += 1
          guard refused == items.count, refused >= Self.mostFailures else { continue }
          throw ConnectorFailure(
            .badData, "\(api.place) refuses every contact: \(reason)",
            cure: "See in HubSpot whether a rule forbids such values")
        }
        let middle = part.startIndex + part.count / 2
        waiting.append(part[middle...])
        waiting.append(part[..<middle])
      }
    }
    return outcomes
  }

  /// Reads the tags of those that are to lose some: there is no way to take one away but to write the rest.
  private func items(
    of batch: [ContactWrite], _ outcomes: inout [WriteOutcome]
  ) async throws(ConnectorFailure) -> [Item] {
    var seen: Set<ContactID> = []
    var fitting: [Int] = []
    for (index, write) in batch.enumerated() {
      // An id that comes twice makes HubSpot refuse the whole batch.
      if ContactLookup.isID(write.contact), seen.insert(write.contact).inserted {
        fitting.append(index)
      } else {
        outcomes[index] = .refused(reason: "its id is no number of HubSpot's, or it came twice")
      }
    }
    let losing = fitting.filter { fields.tags && !batch[$0].removeTags.isEmpty }
    let found = losing.isEmpty ? [:] : try await lookup.read(losing.map { batch[$0].contact })
    var items: [Item] = []
    for index in fitting {
      let write = batch[index]
      guard losing.contains(index) else {
        items.append(Item(index: index, write: write, tags: nil))
        continue
      }
      guard let contact = found[write.contact] else {
        outcomes[index] = try await whereabouts(of: write.contact)
        continue
      }
      let held = ContactMapping.list(contact["properties"][ContactMapping.tagProperty])
      let kept = held.filter { !write.removeTags.contains($0) }
      items.append(Item(index: index, write: write, tags: kept + write.addTags.filter { !kept.contains($0) }))
    }
    return items
  }

  private enum BatchAnswer {
    case answered([WriteOutcome])
    /// Nothing was written, because something of somebody is wrong.
    case invalid(reason: String)
    /// Nobody knows what became of it.
    case lost
  }

  private func send(_ items: ArraySlice<Item>) async throws(ConnectorFailure) -> BatchAnswer {
    // Not repeated when its answer is lost: the tags were read before, and others may have changed them since.
    let call = APICall(
      method: "POST", path: api.paths.batchUpdate,
      body: JSONOutput.object([("inputs", .list(items.map(input)))]).bytes)
    let response: WebResponse
    do throws(APIFailure) {
      response = try await api.client.send(call)
    } catch {
      guard error.mayHaveActed, error.kind != .cancelled else { throw api.failure(error) }
      return .lost
    }
    if response.status >= 500, response.status != 530 { return .lost }
    let answer = try api.read(response, of: call.path)
    if (200..<300).contains(answer.status) { return .answered(try await outcomes(of: items, answer)) }
    let trouble = answer.trouble
    guard case .validation = trouble.kind else {
      if case .scopes = trouble.kind {
        let failure = api.refusal(answer, of: call.path)
        throw ConnectorFailure(
          .forbidden, "\(api.place) does not let this key write contacts",
          cure: "Give it the scope crm.objects.contacts.write; \(failure.cure)")
      }
      throw api.refusal(answer, of: call.path)
    }
    return .invalid(reason: "HubSpot: \(api.plain(trouble.message ?? "not valid"))")
  }

  // MARK: What is sent

  private func input(_ item: Item) -> JSONOutput {
    let write = item.write
    var properties: [(String, JSONOutput)] = []
    if case .field(let name) = fields.score {
      properties.append((name, .text(write.heldScore.map { "\($0)" } ?? "")))
    }
    if let name = fields.band { properties.append((name, .text(write.band ?? ""))) }
    if let name = fields.reasons { properties.append((name, .text(Self.shortened(write.reasons)))) }
    if fields.tags {
      if let tags = item.tags {
        properties.append((ContactMapping.tagProperty, .text(tags.joined(separator: ";"))))
      } else if !write.addTags.isEmpty {
        // A semicolon at the beginning adds to what there is.
        properties.append((ContactMapping.tagProperty, .text(";" + write.addTags.joined(separator: ";"))))
      }
    }
    return .object([("id", .text(write.contact.text)), ("properties", .object(properties))])
  }

  private static func shortened(_ text: String) -> String {
    text.utf16.count <= mostCharacters ? text : String(text.prefix(mostCharacters / 4)) + "…"
  }

  // MARK: What came back

  private func outcomes(
    of items: ArraySlice<Item>, _ answer: HubSpotAnswer
  ) async throws(ConnectorFailure) -> [WriteOutcome] {
    var shown: [ContactID: JSONValue] = [:]
    for contact in answer.json["results"].elements {
      ContactMapping.id(of: contact).map { shown[$0] = contact }
    }
    var errors: [String: JSONValue] = [:]
    for error in answer.json["errors"].elements {
      for list in error["context"].members {
        for id in list.value.elements { id.text.map { errors[$0] = error } }
      }
    }
    var outcomes: [WriteOutcome] = []
    for item in items {
      let id = item.write.contact
      if let contact = shown[id] {
        outcomes.append(verified(item, contact))
      } else if let error = errors[id.text], error["category"].text != "OBJECT_NOT_FOUND" {
        let message = api.plain(error["message"].text ?? "no reason given")
        outcomes.append(.refused(reason: "HubSpot: \(message)"))
      } else {
        outcomes.append(try await whereabouts(of: id))
      }
    }
    return outcomes
  }

  /// Compares what the answer shows with what was meant.
  private func verified(_ item: Item, _ contact: JSONValue) -> WriteOutcome {
    let held = mapping.held(contact)
    let properties = contact["properties"]
    if case .field(let name) = fields.score, properties[name].isPresent, held.score != item.write.heldScore {
      let (kept, meant) = (held.score, item.write.heldScore)
      return .refused(
        reason:
          "HubSpot kept the score \(kept.map(String.init) ?? "empty") instead of \(meant.map(String.init) ?? "none")"
      )
    }
    if let name = fields.band, properties[name].isPresent, held.band != item.write.band {
      return .refused(
        reason: "HubSpot kept the band \(held.band ?? "empty") instead of \(item.write.band ?? "none")")
    }
    if fields.tags, properties[ContactMapping.tagProperty].isPresent {
      if let tag = item.write.addTags.first(where: { !held.tags.contains($0) }) {
        return .refused(reason: "HubSpot did not add the tag \(tag)")
      }
      if let tag = item.write.removeTags.first(where: held.tags.contains) {
        return .refused(reason: "HubSpot did not remove the tag \(tag)")
      }
    }
    return .written(version: held.version)
  }

  /// A contact that the batch does not find is gone, or was merged into another one.
  private func whereabouts(of id: ContactID) async throws(ConnectorFailure) -> WriteOutcome {
    switch try await lookup.one(id) {
    case .gone: return .gone
    case .moved(let winner): return .moved(to: winner)
    // It may be that the answer left it out: reading back tells whether it was written.
    case .present: return .unknown
    }
  }
}
