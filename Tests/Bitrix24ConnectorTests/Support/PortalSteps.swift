import Bitrix24Simulator
import ConnectorConformance
import Foundation
import Platform
import Scoring
import Synchronization
import Testing
import WebAPI

@testable import Bitrix24Connector

/// A pull as the pipeline makes it: each stream to its end, and where each stands.
struct Pull {
  var cursors: [StreamName: Cursor] = [:]
  /// The pages of the last reading, by stream.
  var pages: [String: [Page]] = [:]

  mutating func read(_ connector: Bitrix24Connector, _ window: PullWindow) async throws {
    for stream in try await connector.streams() { try await read(stream.name.text, connector, window) }
  }

  @discardableResult
  mutating func read(
    _ stream: String, _ connector: Bitrix24Connector, _ window: PullWindow
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

  func contacts() -> [ContactRecord] { (pages["contacts"] ?? []).flatMap(\.contacts) }
  func ids() -> [String] { contacts().map(\.id.text) }
  func activities(_ stream: String = "activities") -> [ActivityRecord] {
    (pages[stream] ?? []).flatMap(\.activities)
  }
  func outcomes() -> [OutcomeRecord] { (pages["deals"] ?? []).flatMap(\.outcomes) }
  func rejected(_ stream: String) -> [RejectedRecord] { (pages[stream] ?? []).flatMap(\.rejected) }
}

extension ContactRecord {
  func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}

extension ActivityRecord {
  /// `call of 7: Call (60.0)`
  var line: String {
    let whose =
      switch subject {
      case .contact(let id): id.text
      case .address(let address): address
      }
    return "\(kind.name) of \(whose): \(target ?? "-")" + (value.map { " (\($0))" } ?? "")
  }
}

extension Bitrix24TestPortal {
  /// Contacts with addresses; gives their ids.
  func people(_ count: Int) async throws -> [ContactID] {
    var ids: [ContactID] = []
    for number in 1...count {
      ids.append(try await addContact(email: "p\(number)@example.test", firstName: "Person \(number)"))
    }
    return ids
  }

  /// Somebody with fields.
  func person(_ number: Int, _ fields: [ContactField], email: String = "a@example.test") -> ContactID {
    network.withServer { server, now in
      server.add(SimulatedContact(number: number, email: email, fields: fields, createdAt: now))
      return ContactID("\(server.isLead(number) ? "L" : "")\(server.id(ofContact: number) ?? 0)")
    }
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

  func act(_ body: @Sendable (inout Bitrix24Server, Timestamp) -> Void) {
    network.withServer { server, now in body(&server, now) }
  }

  func ask<Answer: Sendable>(_ body: @Sendable (Bitrix24Server) -> Answer) -> Answer {
    network.withServer { server, _ in body(server) }
  }

  /// A connector whose fields are there.
  func prepared() async throws -> Bitrix24Connector {
    let connector = bitrix24()
    try await connector.prepare(.standard)
    return connector
  }

  /// The methods of each request since then: `batch: crm.contact.list ×2`, or the method itself.
  func routes(since count: Int = 0) -> [String] {
    network.requests.dropFirst(count).map { request in
      let name = String(request.path.split(separator: "/").last ?? "")
      guard name == "batch" else { return name }
      return "batch: "
        + Dictionary(grouping: Self.commands(request).map { $0.prefix { $0 != "?" } }) { $0 }
        .map { $0.value.count == 1 ? "\($0.key)" : "\($0.key) ×\($0.value.count)" }.sorted()
        .joined(separator: ", ")
    }
  }

  /// The commands of a batch.
  static func commands(_ request: SimulatedRequest) -> [String] {
    guard let body = try? JSONValue.parse(request.body) else { return [] }
    return body["cmd"].elements.compactMap(\.text)
  }

  /// All commands of a method that were sent.
  func commands(of method: String, since count: Int = 0) -> [String] {
    network.requests.dropFirst(count).flatMap(Self.commands).filter { $0.hasPrefix(method + "?") }
  }

  /// Answers the next requests whose bodies hold a text in another way.
  func answer(_ needle: String, _ change: @escaping @Sendable (SimulatedAnswer) -> SimulatedAnswer) {
    network.decide { request in
      String(decoding: request.body, as: UTF8.self).contains(needle) ? .altered(change) : .answered
    }
  }
}

extension SimulatedAnswer {
  /// The same with another text in its place.
  func replacing(_ old: String, with new: String) -> SimulatedAnswer {
    var answer = self
    answer.body = Array(
      String(decoding: body, as: UTF8.self).replacingOccurrences(of: old, with: new).utf8)
    return answer
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

/// Writes down what a trace would show of each request.
final class Watch: WebObserver {
  private let lines = Mutex<[String]>([])

  var seen: [String] { lines.withLock { $0 } }

  func saw(_ exchange: WebExchange) {
    let line =
      exchange.route + " " + exchange.redactor.redact(url: exchange.request.url) + " "
      + exchange.redactor.redact(String(decoding: exchange.request.body ?? [], as: UTF8.self))
    lines.withLock { $0.append(line) }
  }
}
