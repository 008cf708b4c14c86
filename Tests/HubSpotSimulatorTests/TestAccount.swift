import Foundation
import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import HubSpotSimulator

/// A small account and the calls of a test on it.
struct TestAccount {
  var server: HubSpotServer
  var now = Timestamp("2026-11-23 10:00:00") ?? Timestamp(0)

  static let contacts = "/crm/objects/2026-03/contacts"

  /// Contacts 1 to `contacts`, created a day ago, and properties for a score, a band and tags.
  init(contacts: Int = 5, settings: HubSpotServerSettings = HubSpotServerSettings()) {
    server = HubSpotServer(settings: settings)
    let yesterday = now - TimeSpan(seconds: 86_400)
    server.addProperty("lead_score", type: "number", fieldType: "number", at: yesterday)
    server.addProperty(
      "lead_tags", type: "enumeration", fieldType: "checkbox", options: ["hot", "cold", "webinar"],
      at: yesterday)
    for number in 0..<contacts {
      server.add(
        SimulatedContact(
          number: number + 1, email: "p\(number + 1)@example.test",
          fields: [ContactField("first_name", "P\(number + 1)")], createdAt: yesterday))
    }
  }

  /// An account of this plan or with this lag, without limits of its own.
  init(contacts: Int = 5, _ change: (inout HubSpotServerSettings) -> Void) {
    var settings = HubSpotServerSettings()
    change(&settings)
    self.init(contacts: contacts, settings: settings)
  }

  /// What came back.
  struct Answer {
    let status: Int
    let headers: [SimulatedPair]
    let body: JSON

    func header(_ name: String) -> String? {
      headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The ids of the results, in the order of the answer.
    var ids: [Int64] { (body["results"]?.elements ?? []).compactMap { $0["id"]?.whole } }
    var after: String? { body["paging"]?["next"]?["after"]?.string }
    var category: String? { body["category"]?.string }
    var message: String { body["message"]?.string ?? "" }

    /// The codes of all errors.
    var codes: [String] { (body["errors"]?.elements ?? []).compactMap { $0["code"]?.string } }
    /// A property of the first result, or of the one record.
    func property(_ name: String) -> JSON? {
      (body["results"]?.elements.first ?? body)["properties"]?[name]
    }
  }

  /// Sends a request; `target` holds the query as it would be sent.
  mutating func call(
    _ method: String, _ target: String, _ body: JSON? = nil, token: String? = "pat-na1-simulated"
  ) -> Answer {
    let parts = target.split(separator: "?", maxSplits: 1)
    let pairs = parts.count > 1 ? parts[1].split(separator: "&") : []
    let request = SimulatedRequest(
      method: method, path: String(parts[0]),
      query: pairs.map { pair in
        let sides = pair.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? String($0) }
        return SimulatedPair(sides[0], sides.count > 1 ? sides[1] : "")
      },
      headers: token.map { [SimulatedPair("authorization", "Bearer \($0)")] } ?? [],
      body: body?.bytes ?? [])
    let answer = server.answer(request, at: now)
    return Answer(status: answer.status, headers: answer.headers, body: JSONInput.parse(answer.body) ?? .null)
  }

  mutating func get(_ target: String) -> Answer { call("GET", target) }

  /// The id of a contact by its number.
  func id(_ number: Int) -> Int64 { server.id(ofContact: number) ?? 0 }

  /// An input of a batch that sets one property of a contact.
  func input(_ number: Int, _ property: String, _ value: String) -> JSON {
    ["id": .text("\(id(number))"), "properties": .map([JSON.Member(property, .text(value))])]
  }

  mutating func update(_ inputs: [JSON]) -> Answer {
    call("POST", "\(Self.contacts)/batch/update", ["inputs": .list(inputs)])
  }

  mutating func score(_ number: Int, _ value: String) -> Answer {
    update([input(number, "lead_score", value)])
  }

  /// Everybody with an id above one, changed at or after a moment.
  mutating func search(
    changedSince seconds: Int64 = 0, above id: Int64 = 0, limit: Int64 = 200, after: JSON? = nil
  ) -> Answer {
    call(
      "POST", "\(Self.contacts)/search",
      .map(present: [
        JSON.Member(
          "filterGroups",
          [
            [
              "filters": [
                [
                  "propertyName": "lastmodifieddate", "operator": "GTE", "value": .text("\(seconds * 1_000)"),
                ],
                ["propertyName": "hs_object_id", "operator": "GT", "value": .text("\(id)")],
              ]
            ]
          ]),
        JSON.Member("sorts", [["propertyName": "hs_object_id", "direction": "ASCENDING"]]),
        JSON.Member("properties", ["lead_score"]), JSON.Member("limit", .integer(limit)),
        after.map { JSON.Member("after", $0) },
      ]))
  }

  /// Time goes by.
  mutating func pass(_ seconds: Int64) { now = Timestamp(now.seconds + seconds) }

  /// Something that a contact did, so many minutes ago.
  mutating func act(
    _ contact: Int, _ kind: KnownKind, minutesAgo: Int64 = 60, target: String? = nil, campaign: String? = nil,
    value: Double? = nil
  ) {
    server.add(
      SimulatedActivity(
        contact: contact, kind: .known(kind), time: Timestamp(now.seconds - minutesAgo * 60), target: target,
        campaign: campaign, value: value))
  }
}
