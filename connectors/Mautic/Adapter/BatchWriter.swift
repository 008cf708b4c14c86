import Platform
import Scoring
import WebAPI

/// Writes contacts in batches whose size follows the server's speed, and believes nothing but what the answer
/// shows.
///
/// Only PATCH is used: PUT empties every field that is not sent. Batches go one after the other: parallel writes
/// make double tags (both seen on 5.1.1).
struct BatchWriter: Sendable {
  let api: MauticAPI
  let mapping: ContactMapping
  let fields: WrittenFields
  let clock: any WebClock
  /// The most contacts in one request; the server takes 200, but 50 stay below the time limits of slow hosts.
  static let largestBatch = 50
  /// Seconds after which a batch was too large.
  private static let slow = 20.0
  /// After so many contacts in a row that fail alone it is the server, not they.
  private static let mostFailures = 3
  /// Text fields hold 191 characters.
  private static let mostCharacters = 191
  static let batchPath = "/api/contacts/batch/edit"

  /// Writes all of them; `size` is how many fit into one request and is adapted.
  func write(_ batch: [ContactWrite], size: inout Int) async throws(ConnectorFailure) -> [WriteOutcome] {
    var outcomes = [WriteOutcome](repeating: .unknown, count: batch.count)
    var waiting: [Range<Int>] = [0..<batch.count]
    var failedAlone = 0
    var hasAnswered = false
    while let range = waiting.popLast() {
      guard range.count <= size else {
        waiting.append(range.lowerBound + size..<range.upperBound)
        waiting.append(range.lowerBound..<range.lowerBound + size)
        continue
      }
      guard !range.isEmpty else { continue }
      let begun = clock.now()
      switch try await send(Array(batch[range])) {
      case .answered(let answers):
        hasAnswered = true
        for (index, answer) in zip(range, answers) { outcomes[index] = answer }
        size =
          clock.now() - begun > Self.slow ? max(1, size / 2) : min(Self.largestBatch, size + max(1, size / 4))
      case .failed(let reason):
        // Some may have been saved before the failure; all are absolute, so the halves may be sent again.
        guard range.count > 1 else {
          outcomes[range.lowerBound] = .refused(reason: reason)
          failedAlone += 1
          guard failedAlone < Self.mostFailures || hasAnswered else {
            throw ConnectorFailure(
              .unavailable, "\(api.place) fails at every contact: \(reason)",
              cure: "Look at Mautic's log; the next run tries again")
          }
          continue
        }
        let middle = range.lowerBound + range.count / 2
        waiting.append(middle..<range.upperBound)
        waiting.append(range.lowerBound..<middle)
      case .lost:
        size = max(1, size / 2)
      }
    }
    return outcomes
  }

  private enum BatchAnswer {
    case answered([WriteOutcome])
    /// The server says that it could not work through the batch.
    case failed(reason: String)
    /// Nobody knows what became of it.
    case lost
  }

  private func send(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> BatchAnswer {
    // An entry without id would shift all that follow onto wrong contacts, and an id that comes twice ends the
    // request half way (both seen on 5.1.1), so such entries never leave.
    var ids: [Int?] = []
    var seen: Set<Int> = []
    for write in batch {
      let id = Int(write.contact.text).flatMap { $0 > 0 && seen.insert($0).inserted ? $0 : nil }
      ids.append(id)
    }
    let items = zip(batch, ids).compactMap { write, id in id.map { item(write, id: $0) } }
    guard !items.isEmpty else {
      return .answered(batch.map { _ in .refused(reason: "its id is no number of Mautic's") })
    }
    let call = APICall(method: "PATCH", path: Self.batchPath, body: JSONOutput.list(items).bytes)
    let response: WebResponse
    do throws(APIFailure) {
      response = try await api.client.send(call)
    } catch {
      if error.kind == .cancelled { throw api.failure(error) }
      guard error.mayHaveActed else { throw api.failure(error) }
      return .lost
    }
    if response.status >= 500 {
      let message = (try? api.read(response, of: call.path))?.errorMessage
      return .failed(
        reason: "Mautic answered \(response.status)" + (message.map { ": \(api.plain($0))" } ?? ""))
    }
    let answer = try api.read(response, of: call.path)
    guard answer.status == 200, answer.json["statusCodes"].isPresent else {
      throw api.refusal(answer, of: call.path)
    }
    return .answered(try await outcomes(of: batch, ids, answer))
  }

  // MARK: What is sent

  private func item(_ write: ContactWrite, id: Int) -> JSONOutput {
    var members: [(String, JSONOutput)] = [("id", .integer(id))]
    var blanks = false
    func add(_ name: String, _ value: JSONOutput?) {
      // 0 and empty texts are dropped by the server unless it is told that a blank is meant.
      if value == nil { blanks = true }
      members.append((name, value ?? .text("")))
    }
    switch fields.score {
    case .field(let name): add(name, write.score == 0 || write.clearsScore ? nil : .integer(write.score))
    case .native: if write.score != 0 { members.append(("points", .integer(write.score))) }
    }
    if let name = fields.band { add(name, write.band.map { .text($0) }) }
    if let name = fields.reasons {
      let text = Self.shortened(write.reasons)
      add(name, text.isEmpty ? nil : .text(text))
    }
    if fields.tags, !write.addTags.isEmpty || !write.removeTags.isEmpty {
      members.append(("tags", .list((write.addTags + write.removeTags.map { "-" + $0 }).map { .text($0) })))
    }
    if blanks { members.append(("overwriteWithBlank", .bool(true))) }
    return .object(members)
  }

  static func shortened(_ text: String) -> String {
    text.unicodeScalars.count <= mostCharacters ? text : cut(text) + "…"
  }

  private static func cut(_ text: String) -> String {
    var scalars = 0
    var result = ""
    for character in text {
      scalars += character.unicodeScalars.count
      guard scalars < mostCharacters else { break }
      result.append(character)
    }
    return result
  }

  // MARK: What came back

  private func outcomes(
    of batch: [ContactWrite], _ ids: [Int?], _ answer: MauticAnswer
  ) async throws(ConnectorFailure) -> [WriteOutcome] {
    // All three are lists if their keys have no holes, else maps from the index.
    let codes = Self.byIndex(answer.json["statusCodes"])
    let contacts = Self.byIndex(answer.json["contacts"])
    let errors = Self.byIndex(answer.json["errors"])
    let sent = ids.compactMap(\.self).count
    if sent > 0, codes.count == sent, codes.values.allSatisfy({ $0.integer == 403 }) {
      throw ConnectorFailure(
        .forbidden, "\(api.place) does not let this user edit contacts",
        cure: "Give the role the right to edit contacts, own and others'")
    }
    var outcomes: [WriteOutcome] = []
    var index = 0
    for (write, id) in zip(batch, ids) {
      guard let id else {
        outcomes.append(.refused(reason: "its id is no number of Mautic's, or it came twice"))
        continue
      }
      let message = errors[index]?["message"].text.map { api.plain($0) } ?? "no reason given"
      switch codes[index]?.integer {
      case 200?, 201?:
        guard let contact = contacts[index] else {
          outcomes.append(.unknown)
          break
        }
        outcomes.append(try await verified(write, id: id, contact, answer.version))
      case 404?: outcomes.append(try await whereabouts(of: id))
      case 422?:
        outcomes.append(
          .refused(
            reason:
              "\(message) Another contact has the same address: merge the two in Mautic, then it can be written"
          ))
      case let code?: outcomes.append(.refused(reason: "\(code): \(message)"))
      case nil: outcomes.append(.unknown)
      }
      index += 1
    }
    return outcomes
  }

  private static func byIndex(_ value: JSONValue) -> [Int: JSONValue] {
    var result: [Int: JSONValue] = [:]
    for (key, element) in value.members { Int(key).map { result[$0] = element } }
    return result
  }

  /// Compares what the answer shows with what was meant; 200 alone says little.
  private func verified(
    _ write: ContactWrite, id: Int, _ contact: JSONValue, _ version: MauticVersion?
  ) async throws(ConnectorFailure) -> WriteOutcome {
    guard let shown = ContactMapping.id(of: contact) else { return .unknown }
    guard shown == id else {
      return version?.batchFollowsMerges == true ? .moved(to: ContactID("\(shown)")) : .unknown
    }
    var contact = contact
    if fields.score == .native, write.score == 0, let points = contact["points"].integer, points != 0 {
      contact = try await withoutPoints(id, points) ?? contact
    }
    guard let problem = difference(write, contact) else { return .written(version: nil) }
    // Values were seen to slip in batches of old versions; alone, the contact is written for certain or not.
    let call = APICall(
      method: "PATCH", path: "/api/contacts/\(id)/edit", body: item(write, id: id).bytes)
    let answer = try await api.answer(to: call)
    if answer.status == 200, difference(write, answer.json["contact"]) == nil {
      return .written(version: nil)
    }
    return .refused(reason: problem)
  }

  private func difference(_ write: ContactWrite, _ contact: JSONValue) -> String? {
    let held = mapping.held(contact)
    if (held.score ?? 0) != write.heldScore ?? 0 {
      return "Mautic kept the score \(held.score.map { "\($0)" } ?? "empty") instead of \(write.score)"
    }
    if fields.band != nil, held.band != write.band {
      return "Mautic kept the band \(held.band ?? "empty") instead of \(write.band ?? "none")"
    }
    guard fields.tags else { return nil }
    if let tag = write.addTags.first(where: { !held.tags.contains($0) }) {
      return "Mautic did not add the tag \(tag)"
    }
    if let tag = write.removeTags.first(where: held.tags.contains) {
      return "Mautic did not remove the tag \(tag)"
    }
    return nil
  }

  /// Native points cannot be set to 0 but only be taken away; what there was has just been read.
  private func withoutPoints(_ id: Int, _ points: Int) async throws(ConnectorFailure) -> JSONValue? {
    let way = points > 0 ? "minus" : "plus"
    let path = "/api/contacts/\(id)/points/\(way)/\(abs(points))"
    let answer = try await api.answer(
      to: APICall(
        method: "POST", path: path,
        body: JSONOutput.object([("eventName", .text("Leadgauge")), ("actionName", .text("score 0"))]).bytes))
    guard answer.status == 200 else { return nil }
    return try await api.get("/api/contacts/\(id)").json["contact"]
  }

  /// A contact that the batch does not find is gone, or was merged into another one.
  func whereabouts(of id: Int) async throws(ConnectorFailure) -> WriteOutcome {
    switch try await ContactLookup(api: api, mapping: mapping).one(id) {
    case .gone: return .gone
    case .moved(let winner): return .moved(to: winner)
    case .present:
      return .refused(reason: "Mautic did not find the contact in the batch, although it is there")
    }
  }
}
