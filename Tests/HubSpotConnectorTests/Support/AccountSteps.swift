import ConnectorConformance
import Foundation
import HubSpotSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import HubSpotConnector

/// A pull as the pipeline makes it: each stream to its end, and where each stands.
struct Pull {
  var cursors: [StreamName: Cursor] = [:]
  /// The pages of the last reading, by stream.
  var pages: [String: [Page]] = [:]

  mutating func read(_ connector: HubSpotConnector, _ window: PullWindow) async throws {
    for stream in try await connector.streams() { try await read(stream.name.text, connector, window) }
  }

  @discardableResult
  mutating func read(
    _ stream: String, _ connector: HubSpotConnector, _ window: PullWindow
  ) async throws -> [Page] {
    let name = StreamName(stream)
    var read: [Page] = []
    repeat {
      let page = try await connector.page(of: name, after: cursors[name], window: window)
      cursors[name] = page.cursor
      read.append(page)
      try #require(read.count < 300, "\(stream) never ends")
    } while read.last?.hasMore == true
    pages[stream] = read
    return read
  }

  func contacts() -> [String] { (pages["contacts"] ?? []).flatMap(\.contacts).map(\.id.text) }
  func activities(_ stream: String) -> [ActivityRecord] { (pages[stream] ?? []).flatMap(\.activities) }
  func rejected(_ stream: String) -> [RejectedRecord] { (pages[stream] ?? []).flatMap(\.rejected) }
}

extension HubSpotTestAccount {
  /// Contacts with addresses; gives their ids.
  func people(_ count: Int) async throws -> [Int64] {
    var ids: [Int64] = []
    for number in 1...count {
      ids.append(
        Self.id(try await addContact(email: "p\(number)@example.test", firstName: "Person \(number)")))
    }
    return ids
  }

  /// Something the contact that was added as this number did.
  func did(
    _ number: Int, _ kind: KnownKind, ago: Int64 = 60, target: String? = nil, campaign: String? = nil,
    value: Double? = nil
  ) {
    let time = Timestamp(Int64(clock.now()) - ago)
    network.withServer { server, _ in
      server.add(
        SimulatedActivity(
          contact: number, kind: .known(kind), time: time, target: target, campaign: campaign, value: value))
    }
  }

  func window() -> PullWindow { window(days: 365) }

  func change(_ change: @Sendable (inout HubSpotServer, Timestamp) -> Void) {
    network.withServer { server, now in change(&server, now) }
  }

  func held(_ id: Int64) -> HubSpotHolding? { network.withServer { server, _ in server.held(id) } }

  /// A connector whose properties are there.
  func prepared() async throws -> HubSpotConnector {
    let connector = hubspot(pageSize: 100)
    try await connector.prepare(.standard)
    return connector
  }

  /// What the requests since then were: `GET /crm/objects/2026-03/contacts`.
  func routes(since count: Int = 0) -> [String] {
    network.requests.dropFirst(count).map { "\($0.method) \($0.path)" }
  }

  /// The items of every batch that was sent.
  var batches: [[JSONValue]] {
    network.requests.filter { $0.path.hasSuffix("/contacts/batch/update") }
      .map { (try? JSONValue.parse($0.body)["inputs"].elements) ?? [] }
  }

  /// Answers requests of a route in another way.
  func answer(_ route: String, with answer: SimulatedAnswer) {
    network.decide { "\($0.method) \($0.path)" == route ? .altered { _ in answer } : .answered }
  }

  /// Records like those that a person makes by hand: they are there from now on.
  func log(_ type: String, of number: Int, _ kind: KnownKind, _ values: [(String, String)]) {
    did(number, kind)
    network.withServer { server, now in
      let path = "/crm/objects/2026-03/\(type)"
      let list = Self.ask(&server, "GET", path, [SimulatedPair("limit", "100")], at: now)
      let id = list["results"].elements.compactMap { $0["id"].integer }.max() ?? 0
      let properties = JSONOutput.object(values.map { ($0.0, .text($0.1)) })
      _ = Self.ask(&server, "PATCH", "\(path)/\(id)", body: .object([("properties", properties)]), at: now)
    }
    // Searches see it a little later.
    clock.advance(60)
  }

  /// Whether HubSpot's limits refused anything since the beginning.
  func countRefusals(_ tally: Tally) {
    network.decide { _ in
      .altered { answer in
        if answer.status == 429 { _ = tally.next() }
        return answer
      }
    }
  }
}

extension SimulatedAnswer {
  /// A JSON text.
  static func json(_ text: String, status: Int = 200, headers: [SimulatedPair] = []) -> SimulatedAnswer {
    SimulatedAnswer(
      status: status, headers: [SimulatedPair("Content-Type", "application/json")] + headers,
      body: Array(text.utf8))
  }
}

extension ContactWrite {
  /// A state with a score and little else.
  init(
    _ id: Int64, _ score: Int, band: String? = nil, reasons: String = "", add: [String] = [],
    remove: [String] = []
  ) {
    self.init(
      contact: ContactID("\(id)"), email: nil, score: score, band: band, reasons: reasons, addTags: add,
      removeTags: remove, asOf: Timestamp(1_795_000_000))
  }
}

extension WriteOutcome {
  var isWritten: Bool {
    if case .written = self { return true }
    return false
  }
}

/// What a call fails with; nil if it does not.
func failure(_ work: () async throws -> Void) async -> ConnectorFailure? {
  do {
    try await work()
    return nil
  } catch {
    return error as? ConnectorFailure
  }
}
