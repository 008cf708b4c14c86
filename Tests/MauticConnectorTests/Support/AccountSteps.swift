import ConnectorConformance
import Foundation
import MauticSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import MauticConnector

/// A pull as the pipeline makes it: each stream to its end, and where each stands.
struct Pull {
  var cursors: [StreamName: Cursor] = [:]
  /// The pages of the last reading, by stream.
  var pages: [String: [Page]] = [:]

  mutating func read(_ connector: MauticConnector, _ window: PullWindow) async throws {
    for stream in try await connector.streams() { try await read(stream.name.text, connector, window) }
  }

  @discardableResult
  mutating func read(
    _ stream: String, _ connector: MauticConnector, _ window: PullWindow
  ) async throws -> [Page] {
    let name = StreamName(stream)
    var read: [Page] = []
    repeat {
      let page = try await connector.page(of: name, after: cursors[name], window: window)
      cursors[name] = page.cursor
      read.append(page)
      try #require(read.count < 100, "\(stream) never ends")
    } while read.last?.hasMore == true
    pages[stream] = read
    return read
  }

  func contacts() -> [String] { (pages["contacts"] ?? []).flatMap(\.contacts).map(\.id.text) }
  func activities(_ stream: String) -> [ActivityRecord] { (pages[stream] ?? []).flatMap(\.activities) }
}

extension MauticTestAccount {
  /// Contacts with addresses; gives their ids.
  func people(_ count: Int) async throws -> [Int] {
    var ids: [Int] = []
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

  func window(days: Int64 = 365) -> PullWindow {
    let now = Int64(clock.now())
    return PullWindow(since: Timestamp(now - days * 86_400), now: Timestamp(now))
  }

  func change(_ change: @Sendable (inout MauticServer) -> Void) {
    network.withServer { server, _ in change(&server) }
  }

  func held(_ id: Int) -> MauticHolding? { network.withServer { server, _ in server.held(id) } }

  /// A connector whose fields are there.
  func prepared() async throws -> MauticConnector {
    let connector = mautic(pageSize: 100)
    try await connector.prepare(.standard)
    return connector
  }

  /// What the requests since then were: `GET /api/contacts`.
  func routes(since count: Int = 0) -> [String] {
    network.requests.dropFirst(count).map { "\($0.method) \($0.path)" }
  }

  /// The items of every batch that was sent.
  var batches: [[JSONValue]] {
    network.requests.filter { $0.method == "PATCH" && $0.path == "/api/contacts/batch/edit" }
      .map { (try? JSONValue.parse($0.body).elements) ?? [] }
  }

  /// Changes the text of answers to some requests.
  func alter(
    _ isMeant: @escaping @Sendable (SimulatedRequest) -> Bool,
    _ change: @escaping @Sendable (String) -> String
  ) {
    network.decide { request in
      guard isMeant(request) else { return .answered }
      return .altered { answer in
        var answer = answer
        answer.body = Array(change(String(decoding: answer.body, as: UTF8.self)).utf8)
        return answer
      }
    }
  }

  /// Answers requests of a route in another way.
  func answer(_ route: String, with answer: SimulatedAnswer) {
    network.decide { "\($0.method) \($0.path)" == route ? .altered { _ in answer } : .answered }
  }
}

extension SimulatedAnswer {
  /// A JSON text.
  static func json(_ text: String, status: Int = 200) -> SimulatedAnswer {
    SimulatedAnswer(
      status: status, headers: [SimulatedPair("Content-Type", "application/json")], body: Array(text.utf8))
  }

  /// A web page.
  static func page(_ status: Int) -> SimulatedAnswer {
    SimulatedAnswer(
      status: status, headers: [SimulatedPair("Content-Type", "text/html")],
      body: Array("\n<!DOCTYPE html><title>Gateway</title>".utf8))
  }
}
