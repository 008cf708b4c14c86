import Foundation
import Platform
import Scoring
import Testing

@testable import MauticSimulator

/// A small server and the calls of a test on it.
struct TestServer {
  var server: MauticServer
  var now = Timestamp("2026-11-23 10:00:00") ?? Timestamp(0)

  /// Contacts 1 to `contacts`, created a day ago, and a number field `score`.
  init(contacts: Int = 5, settings: MauticServerSettings = MauticServerSettings()) {
    server = MauticServer(settings: settings)
    let yesterday = now - TimeSpan(seconds: 86_400)
    server.addField(alias: "score", type: "number", at: yesterday)
    server.addField(alias: "reasons", type: "textarea", at: yesterday)
    for number in 0..<contacts {
      server.add(
        SimulatedContact(
          number: number + 1, email: "p\(number + 1)@example.test",
          fields: [ContactField("first_name", "P\(number + 1)")], createdAt: yesterday))
    }
  }

  /// What came back.
  struct Answer {
    let status: Int
    let headers: [SimulatedPair]
    let body: JSONValue

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The first error's message.
    var message: String? {
      guard case .list(let errors)? = body["errors"] else { return nil }
      return errors.first?["message"]?.scalarText
    }

    /// The ids of the contacts, in the order of the answer.
    var ids: [Int] {
      guard case .map(let members)? = body["contacts"] else { return [] }
      return members.compactMap { Int($0.name) }
    }

    /// The values of a column in the rows of a table.
    func column(_ name: String) -> [String?] {
      guard case .list(let rows)? = body["stats"] else { return [] }
      return rows.map { $0[name]?.scalarText }
    }

    var total: String? { body["total"]?.scalarText }
    var codes: JSONValue? { body["statusCodes"] }
  }

  /// Sends a request; `target` holds the query as it would be sent.
  mutating func call(
    _ method: String, _ target: String, _ body: String = "", authorization: String? = nil
  ) -> Answer {
    let parts = target.split(separator: "?", maxSplits: 1)
    let basic = "Basic " + Data("admin:secret".utf8).base64EncodedString()
    let request = SimulatedRequest(
      method: method, path: String(parts[0]),
      query: parts.count > 1 ? FormText.pairs(Array(parts[1].utf8)) : [],
      headers: [
        SimulatedPair("Authorization", authorization ?? basic), SimulatedPair("Host", "mautic.test"),
        SimulatedPair("Content-Type", "application/json"),
      ], body: Array(body.utf8))
    let answer = server.answer(request, at: now)
    return Answer(
      status: answer.status, headers: answer.headers, body: JSONParser.parse(answer.body) ?? .null)
  }

  mutating func get(_ target: String) -> Answer { call("GET", target) }

  mutating func patch(_ id: Int, _ body: String) -> Answer {
    call("PATCH", "/api/contacts/\(id)/edit", body)
  }

  mutating func batch(_ body: String) -> Answer { call("PATCH", "/api/contacts/batch/edit", body) }

  func score(_ id: Int) -> String? { server.held(id)?.fields["score"] }

  /// Something that a contact did, so many minutes ago.
  mutating func act(
    _ contact: Int, _ kind: String, minutesAgo: Int64 = 60, target: String? = nil, campaign: String? = nil,
    value: Double? = nil
  ) {
    guard let kind = ActivityKind(kind) else {
      Issue.record("no such kind: \(kind)")
      return
    }
    server.add(
      SimulatedActivity(
        contact: contact, kind: kind, time: Timestamp(now.seconds - minutesAgo * 60), target: target,
        campaign: campaign, value: value))
  }
}
