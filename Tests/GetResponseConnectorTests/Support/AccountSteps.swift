import ConnectorConformance
import Foundation
import GetResponseSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import GetResponseConnector

/// A pull as the pipeline makes it: each stream to its end, and where each stands.
struct Pull {
  var cursors: [StreamName: Cursor] = [:]
  /// The pages of the last reading, by stream.
  var pages: [String: [Page]] = [:]

  mutating func read(_ connector: GetResponseConnector, _ window: PullWindow) async throws {
    for stream in try await connector.streams() { try await read(stream.name.text, connector, window) }
  }

  @discardableResult
  mutating func read(
    _ stream: String, _ connector: GetResponseConnector, _ window: PullWindow
  ) async throws -> [Page] {
    let name = StreamName(stream)
    var read: [Page] = []
    repeat {
      let page = try await connector.page(of: name, after: cursors[name], window: window)
      cursors[name] = page.cursor
      read.append(page)
      try #require(read.count < 2_000, "\(stream) never ends")
    } while read.last?.hasMore == true
    pages[stream] = read
    return read
  }

  func contacts() -> [ContactRecord] { (pages["contacts"] ?? []).flatMap(\.contacts) }
  func activities(_ stream: String = "activities") -> [ActivityRecord] {
    (pages[stream] ?? []).flatMap(\.activities)
  }
  func holdings() -> [Holding] { (pages["marks"] ?? []).flatMap(\.holdings) }
  func rejected(_ stream: String) -> [RejectedRecord] { (pages[stream] ?? []).flatMap(\.rejected) }
}

extension GetResponseTestAccount {
  /// Contacts with addresses; gives their ids. Every test's people were there for a while.
  func people(_ count: Int) async throws -> [ContactID] {
    var ids: [ContactID] = []
    for number in 1...count {
      ids.append(try await addContact(email: "p\(number)@example.test", firstName: "Person \(number)"))
    }
    return ids
  }

  /// A contact opens, clicks or is sent something.
  func did(
    _ id: ContactID, _ kind: KnownKind, ago: Int64 = 60, subject: String? = "News",
    type: String = "newsletters", url: String? = nil
  ) {
    let time = Timestamp(Int64(clock.now()) - ago)
    network.withServer { server, _ in
      server.addActivity(id.text, kind, subject: subject, type: type, url: url, at: time)
    }
  }

  func change(_ change: @Sendable (inout GetResponseServer, Timestamp) -> Void) {
    network.withServer { server, now in change(&server, now) }
  }

  func heldNow(_ id: ContactID) -> GetResponseHolding? {
    network.withServer { server, _ in server.held(id.text) }
  }

  /// A connector with pages of the usual size whose tags and fields are there.
  func prepared(settings: GetResponseSettings? = nil) async throws -> GetResponseConnector {
    let connector = getResponse(pageSize: 1_000, settings: settings)
    try await connector.prepare(layout)
    return connector
  }

  /// What the requests since then were: `GET /v3/contacts`.
  func routes(since count: Int = 0) -> [String] {
    network.requests.dropFirst(count).map { "\($0.method) \($0.path)" }
  }

  /// The body of the last request to a route.
  func body(_ route: String) -> String? {
    network.requests.last { "\($0.method) \($0.path)" == route }.map {
      String(decoding: $0.body, as: UTF8.self)
    }
  }

  /// Answers requests of a route in another way.
  func answer(_ route: String, with answer: SimulatedAnswer) {
    network.decide { "\($0.method) \($0.path)" == route ? .altered { _ in answer } : .answered }
  }

  /// The window of a pull that looks a year back.
  func year(_ needs: PullNeeds? = nil) -> PullWindow { window(days: 365, needs: needs) }
}

extension PullNeeds {
  /// A model that tests these fields and counts these kinds.
  static func model(
    fields: Set<String> = ["first_name"], kinds: Set<ActivityKind>? = nil,
    tags: [String] = ["lead_hot", "lead_warm", "lead_cold"], bands: [String] = ["hot", "warm", "cold"]
  ) -> PullNeeds {
    PullNeeds(fields: fields, kinds: kinds, tags: tags, bands: bands)
  }
}

extension SimulatedAnswer {
  /// A JSON text.
  static func json(_ text: String, status: Int = 200, headers: [SimulatedPair] = []) -> SimulatedAnswer {
    SimulatedAnswer(
      status: status, headers: [SimulatedPair("Content-Type", "application/json")] + headers,
      body: Array(text.utf8))
  }

  /// An error of GetResponse's.
  static func trouble(_ status: Int, _ code: Int, context: String = "{}") -> SimulatedAnswer {
    .json(
      #"{"httpStatus":\#(status),"code":\#(code),"codeDescription":"d","message":"words of \#(code)","context":\#(context),"uuid":"u-1"}"#,
      status: status)
  }
}

extension ContactWrite {
  /// A state with a score and little else.
  init(
    _ id: ContactID, _ score: Int, band: String? = nil, reasons: String = "", add: [String] = [],
    remove: [String] = []
  ) {
    self.init(
      contact: id, email: nil, score: score, band: band, reasons: reasons, addTags: add, removeTags: remove,
      asOf: Timestamp(1_795_000_000))
  }
}

extension WriteOutcome {
  var isWritten: Bool {
    if case .written = self { return true }
    return false
  }

  var reason: String? {
    if case .refused(let reason) = self { return reason }
    return nil
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
