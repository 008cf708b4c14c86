import Platform
import Scoring
import WebAPI

/// Reads records of one type that were changed, and the contacts that they are linked to.
struct ObjectReader: ActivityReader {
  let api: HubSpotAPI
  let object: CRMObject
  let stages: DealStages
  let size: Int

  var stream: StreamName { object.stream }

  func page(after last: Cursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page {
    var cursor = try ActivityCursor.resume(last, at: window.now.seconds)
    let after = Int64(cursor.next) ?? 0
    var page = Page.activities(cursor)
    let path = api.paths.search(object.rawValue)
    let answer = try await api.answer(
      to: api.question(path, query(cursor, after, window).body, kind: HubSpotLimits.searchKind))
    if answer.isRefusal {
      page.refuse(api.refusal(answer, of: path), cursor, place: object.rawValue)
      return page
    }
    guard answer.status == 200 else { throw api.refusal(answer, of: path) }
    cursor.hear(answer)
    let records = answer.json["results"].elements
    let largest = try await take(records, into: &page, window) ?? after
    cursor.next = "\(largest)"
    guard SearchQuery.hasMore(answer, records.count) else {
      page.end(cursor)
      return page
    }
    guard largest > after else { throw ContactReader.standstill("\(after)") }
    page.cursor = cursor.encoded
    page.hasMore = true
    return page
  }

  private func query(_ cursor: ActivityCursor, _ after: Int64, _ window: PullWindow) -> SearchQuery {
    let since = cursor.since.map { $0 - ContactReader.overlap } ?? window.since.seconds
    let rest = SearchQuery.Filter("hs_object_id", "GT", "\(after)")
    var groups = [
      [SearchQuery.Filter("hs_lastmodifieddate", "GTE", HubSpotTime.milliseconds(since)), rest]
    ]
    if object == .meetings {
      // What was planned long ago has begun meanwhile.
      groups.append([
        SearchQuery.Filter(
          "hs_timestamp", "BETWEEN", HubSpotTime.milliseconds(since),
          to: HubSpotTime.milliseconds(window.now.seconds)), rest,
      ])
    }
    return SearchQuery(groups: groups, properties: object.properties, limit: size)
  }

  /// Takes records; gives the largest id among them.
  private func take(
    _ records: [JSONValue], into page: inout Page, _ window: PullWindow
  ) async throws(ConnectorFailure) -> Int64? {
    var largest: Int64?
    var found: [(id: String, events: [CRMObject.Event])] = []
    let known = object == .deals && !records.isEmpty ? try await stages.all() : [:]
    for record in records {
      page.recordsRead += 1
      guard let id = record["id"].integer else {
        page.rejected.append(RejectedRecord(place: object.rawValue, reason: "a record has no id"))
        continue
      }
      largest = max(largest ?? 0, Int64(id))
      let stage = record["properties"]["dealstage"].text.flatMap { known[$0] }
      guard let events = object.events(of: record, stage: stage, now: window.now) else {
        page.rejected.append(
          RejectedRecord(place: "\(object.rawValue)/\(id)", reason: "the record has no time"))
        continue
      }
      let wanted = events.filter { $0.time >= window.since }
      page.skippedAsOlder += events.count - wanted.count
      if !wanted.isEmpty { found.append(("\(id)", wanted)) }
    }
    let contacts = try await Associations(api: api).contacts(of: found.map(\.id), object.rawValue)
    for (id, events) in found {
      let people = contacts[id] ?? []
      if people.isEmpty { page.leftOut += 1 }
      for (number, person) in people.enumerated() {
        for event in events { add(event, id, number, of: person, into: &page) }
      }
    }
    return largest
  }

  /// Of several contacts each has an identity by its place among them, since a merge gives a contact another id.
  private func add(
    _ event: CRMObject.Event, _ id: String, _ number: Int, of person: ContactID, into page: inout Page
  ) {
    let mark = number == 0 ? "" : "#\(number)"
    page.activities.append(
      ActivityRecord(
        subject: .contact(person), kind: .known(event.kind), time: event.time, target: event.target,
        value: event.value, identity: .id("\(object.rawValue)/\(id)\(event.suffix)\(mark)")))
    if let result = event.outcome {
      page.outcomes.append(
        OutcomeRecord(subject: .contact(person), result: result, time: event.time, amount: event.value))
    }
  }
}

/// Finds the contacts that records are linked to.
struct Associations: Sendable {
  let api: HubSpotAPI
  /// The most records in one request.
  private static let most = 1_000

  /// Contacts by record, in the order of their ids; a record without any is missing.
  func contacts(
    of records: [String], _ type: String
  ) async throws(ConnectorFailure) -> [String: [ContactID]] {
    var found: [String: Set<Int>] = [:]
    // Where a record has more links than fit into one answer, it is asked again from there on.
    var waiting = records.map { (id: $0, after: "") }
    while !waiting.isEmpty {
      let part = waiting.prefix(Self.most)
      waiting.removeFirst(part.count)
      let inputs = part.map { input in
        JSONOutput.object(
          [("id", .text(input.id))] + (input.after.isEmpty ? [] : [("after", .text(input.after))]))
      }
      let answer = try await api.ask(
        api.paths.associations(from: type), .object([("inputs", .list(inputs))]))
      // Records without links are among the errors, which is no trouble.
      for result in answer.json["results"].elements {
        guard let from = result["from"]["id"].text else { continue }
        let ids = result["to"].elements.compactMap { $0["toObjectId"].integer ?? $0["id"].integer }
        let isNew = !Set(ids).isSubset(of: found[from] ?? [])
        found[from, default: []].formUnion(ids)
        if let after = result["paging"]["next"]["after"].text, !after.isEmpty, isNew {
          waiting.append((from, after))
        }
      }
    }
    return found.mapValues { $0.sorted().map { ContactID("\($0)") } }
  }
}
