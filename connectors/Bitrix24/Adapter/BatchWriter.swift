import Platform
import Scoring
import WebAPI

/// Writes contacts and leads in batches, one command each, and believes nothing but what the answers show.
///
/// The universal method says what it has stored, and when. It cannot empty a field of several values: for that the
/// classic one goes ahead, or, where there is none any more, a mark takes the place of the tags.
struct BatchWriter: Sendable {
  let api: Bitrix24API
  let mapping: ContactMapping
  let fields: WrittenFields
  let portal: Portal
  let lookup: ContactLookup
  /// The most contacts in one request.
  static let largestBatch = 50
  static let method = "crm.item.update"
  /// How often commands are sent that a limit refuses.
  private static let rounds = 6
  /// A batch of so many contacts that may all not be written means that it is not they.
  private static let mostFailures = 20
  private static let mostCharacters = 4_000

  /// What is sent of one contact.
  private struct Item {
    let index: Int
    let write: ContactWrite
    let person: PersonNumber
    /// All tags it is to have; nil: they stay as they are.
    var tags: [String]?
    /// True if the tags have to go, and there are some.
    var clears = false
    /// The tags that it has to have in the end, where they are known.
    var expected: Set<String>?
  }

  func write(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> [WriteOutcome] {
    var outcomes = [WriteOutcome](repeating: .unknown, count: batch.count)
    let facts = try await portal.known()
    var items = try await items(of: batch, facts, &outcomes)
    try await clear(&items, facts, &outcomes)
    try await send(items, facts, &outcomes)
    let denied = outcomes.filter {
      if case .refused(let reason) = $0 { reason == Self.denied } else { false }
    }
    if denied.count == batch.count, denied.count >= Self.mostFailures {
      throw ConnectorFailure(
        .forbidden, "\(api.place) does not let this user write contacts",
        cure: "Let a CRM administrator make the webhook: it has its maker's rights")
    }
    return outcomes
  }

  private static let denied = "Bitrix24 does not let this user write it"

  // MARK: What is sent

  /// A field of several values is replaced as a whole, so that those there have to be known.
  private func items(
    of batch: [ContactWrite], _ facts: Portal.Facts, _ outcomes: inout [WriteOutcome]
  ) async throws(ConnectorFailure) -> [Item] {
    var items: [Item] = []
    var seen: Set<PersonNumber> = []
    for (index, write) in batch.enumerated() {
      guard let person = PersonNumber(write.contact), person.kind == .contact || facts.hasLeads else {
        outcomes[index] = .gone
        continue
      }
      guard seen.insert(person).inserted else {
        outcomes[index] = .refused(reason: "its id came twice")
        continue
      }
      items.append(Item(index: index, write: write, person: person))
    }
    guard fields.tags else { return items }
    let moving = items.filter { !$0.write.addTags.isEmpty || !$0.write.removeTags.isEmpty }.map(\.person)
    let found = try await lookup.read(moving)
    let asked = Set(moving)
    return items.compactMap { item in
      guard asked.contains(item.person) else { return item }
      guard let row = found[item.person] else {
        outcomes[item.index] = .gone
        return nil
      }
      return Self.withTags(item, ContactMapping.list(row[FieldNames.tags]))
    }
  }

  private static func withTags(_ item: Item, _ held: [String]) -> Item {
    var item = item
    var tags = held.filter { !item.write.removeTags.contains($0) }
    tags += item.write.addTags.filter { !tags.contains($0) }
    item.expected = Set(tags)
    if tags.isEmpty {
      item.clears = !held.isEmpty
    } else if tags != held {
      item.tags = tags
    }
    return item
  }

  /// Empties tag fields one by one: a batch has no way to say "nothing".
  private func clear(
    _ items: inout [Item], _ facts: Portal.Facts, _ outcomes: inout [WriteOutcome]
  ) async throws(ConnectorFailure) {
    var hasClassic = facts.hasClassic
    var lost: Set<Int> = []
    for place in items.indices where items[place].clears {
      guard hasClassic else {
        items[place].tags = [ContactMapping.noTags]
        continue
      }
      let person = items[place].person
      let answer = try await api.change(
        person.kind.update,
        .object([
          ("id", .integer(Int(person.number))), ("fields", .object([(FieldNames.tags, .list([]))])),
          (
            "params", .object([("REGISTER_SONET_EVENT", .text("N")), ("REGISTER_HISTORY_EVENT", .text("N"))])
          ),
        ]), isRepeatable: true)
      guard case .failure(let refusal) = answer else { continue }
      if refusal.trouble.kind == .noMethod {
        hasClassic = false
        items[place].tags = [ContactMapping.noTags]
      } else {
        outcomes[items[place].index] = outcome(refusal.trouble)
        lost.insert(items[place].index)
      }
    }
    items.removeAll { lost.contains($0.index) }
  }

  private func command(_ item: Item, _ catalogue: FieldCatalogue) -> Result<NamedCommand, Unwritable> {
    var parameters = [("entityTypeId", "\(item.person.kind.type)"), ("id", "\(item.person.number)")]
    func add(_ name: String, _ value: String) -> Bool {
      guard let key = catalogue[name]?.universalName else { return false }
      parameters.append(("fields[\(key)]", value))
      return true
    }
    func missing(_ name: String) -> Result<NamedCommand, Unwritable> {
      .failure(Unwritable(reason: "Bitrix24 has no field \(name); the next run makes it"))
    }
    let write = item.write
    if let name = FieldNames.score(fields), !add(name, "\(write.score)") { return missing(name) }
    if let name = fields.band.map(FieldNames.field) {
      var value = write.band ?? ""
      if catalogue[name]?.type == "enumeration", !value.isEmpty {
        guard let option = catalogue[name]?.option(value) else {
          return .failure(Unwritable(reason: "the field \(name) has no option '\(value)'"))
        }
        value = option
      }
      if !add(name, Command.plain(value)) { return missing(name) }
    }
    if let name = fields.reasons.map(FieldNames.field), !add(name, Self.fitting(write.reasons)) {
      return missing(name)
    }
    if let tags = item.tags {
      guard let key = catalogue[FieldNames.tags]?.universalName else { return missing(FieldNames.tags) }
      parameters += tags.enumerated().map { ("fields[\(key)][\($0)]", Command.plain($1)) }
    }
    return .success(NamedCommand(item.person.mark, Command(Self.method, parameters)))
  }

  /// Why a contact cannot be written.
  private struct Unwritable: Error { let reason: String }

  private static func fitting(_ text: String) -> String {
    Command.plain(text.count <= mostCharacters ? text : String(text.prefix(mostCharacters)) + "…")
  }

  // MARK: Sending

  private func send(
    _ items: [Item], _ facts: Portal.Facts, _ outcomes: inout [WriteOutcome]
  ) async throws(ConnectorFailure) {
    var waiting: [(item: Item, command: NamedCommand, rounds: Int)] = []
    for item in items {
      guard let catalogue = facts.catalogues[item.person.kind] else { continue }
      switch command(item, catalogue) {
      case .success(let command): waiting.append((item, command, 0))
      case .failure(let problem): outcomes[item.index] = .refused(reason: problem.reason)
      }
    }
    while !waiting.isEmpty {
      // The first request of a process shows how long the portal takes.
      let most =
        api.pace.isMeasured(Self.method) ? api.pace.most(of: Self.method) : CommandPace.firstWrites
      let part = Array(waiting.prefix(min(most, Self.largestBatch)))
      waiting.removeFirst(part.count)
      guard let answer = try await send(part.map(\.command)) else { continue }
      for (item, command, rounds) in part {
        switch answer[command] {
        case .result(let value):
          outcomes[item.index] = verified(item, value["item"], facts.catalogues[item.person.kind])
        case .trouble(let trouble) where trouble.kind == .limit:
          guard rounds < Self.rounds else { throw api.refusal(trouble, of: Self.method) }
          waiting.append((item, command, rounds + 1))
        case .trouble(let trouble): outcomes[item.index] = outcome(trouble)
        case .missing: outcomes[item.index] = .unknown
        }
      }
    }
  }

  /// Sends commands; nil if nobody knows what became of them.
  private func send(_ commands: [NamedCommand]) async throws(ConnectorFailure) -> BatchAnswer? {
    let response: WebResponse
    do throws(APIFailure) {
      response = try await api.send(api.batch(commands, priority: .writing))
    } catch {
      guard error.mayHaveActed, error.kind != .cancelled else { throw api.failure(error) }
      return nil
    }
    if response.status >= 500 { return nil }
    // What is no JSON although all is said to be well was cut off on the way.
    if response.isSuccess, (try? JSONValue.parse(response.body)) == nil { return nil }
    return try api.answer(response, to: commands)
  }

  private func outcome(_ trouble: Bitrix24Trouble) -> WriteOutcome {
    switch trouble.kind {
    case .notFound: return .gone
    case .rights: return .refused(reason: Self.denied)
    default:
      let message = trouble.message.map(api.plain) ?? ""
      return .refused(
        reason: "Bitrix24: \(message.isEmpty ? "no reason given" : message)"
          + (trouble.code.isEmpty ? "" : " (\(api.plain(trouble.code)))"))
    }
  }

  /// Compares what the answer shows with what was meant: unknown fields are passed over in silence.
  private func verified(_ item: Item, _ json: JSONValue, _ catalogue: FieldCatalogue?) -> WriteOutcome {
    // An answer that shows nothing proves nothing.
    guard json.isObject else { return .unknown }
    let row = ContactMapping.Row(json: json, kind: item.person.kind, isUniversal: true, catalogue: catalogue)
    let held = mapping.held(row)
    if FieldNames.score(fields) != nil, held.score != item.write.score {
      let kept = held.score.map { "\($0)" } ?? "empty"
      return .refused(reason: "Bitrix24 kept the score \(kept) instead of \(item.write.score)")
    }
    if fields.band != nil, held.band != item.write.band.flatMap({ $0.isEmpty ? nil : $0 }) {
      return .refused(
        reason: "Bitrix24 kept the band \(held.band ?? "empty") instead of \(item.write.band ?? "none")")
    }
    if let expected = item.expected {
      if let tag = expected.subtracting(held.tags).min() {
        return .refused(reason: "Bitrix24 did not add the tag \(tag)")
      }
      if let tag = held.tags.subtracting(expected).min(), item.write.removeTags.contains(tag) {
        return .refused(reason: "Bitrix24 did not remove the tag \(tag)")
      }
    }
    return .written(version: held.version)
  }
}
