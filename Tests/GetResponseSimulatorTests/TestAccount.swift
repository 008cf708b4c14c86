import Foundation
import Platform
import Scoring
import SimulatorJSON

@testable import GetResponseSimulator

/// A small account and the calls of a test on it.
struct TestAccount {
  var server: GetResponseServer
  var now = Timestamp("2026-11-23 10:00:00") ?? Timestamp(0)

  /// Contacts 1 to `contacts`, created a day ago a second apart, one list, a field `lead_band` and tags.
  init(contacts: Int = 5, _ change: (inout GetResponseServerSettings) -> Void = { _ in }) {
    var settings = GetResponseServerSettings()
    settings.lists = ["customers"]
    change(&settings)
    server = GetResponseServer(settings: settings)
    server.addField("lead_band", choices: [])
    server.addField("visits", type: "number")
    for name in ["hot", "cold", "webinar"] { server.makeTag(name, at: now) }
    for number in 0..<contacts {
      server.add(
        SimulatedContact(
          number: number + 1, email: "p\(number + 1)@example.test",
          fields: [ContactField("first_name", "P\(number + 1)")],
          createdAt: Timestamp(now.seconds - 86_400 + Int64(number))))
    }
  }

  /// What came back.
  struct Answer {
    let status: Int
    let headers: [SimulatedPair]
    let body: JSON

    func header(_ name: String) -> String? {
      headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// GetResponse's own code of a refusal.
    var code: Int64? { body["code"]?.whole }
    /// The ids of the contacts of a list, in the order of the answer.
    var ids: [String] { texts("contactId") }

    /// The values of one member of all elements of a list.
    func texts(_ name: String) -> [String] { body.elements.map { $0[name]?.string ?? "-" } }
  }

  static let key = "api-key simulated-key"

  /// Sends a request; `target` holds the query as it would be sent, but with plain brackets.
  mutating func call(
    _ method: String, _ target: String, _ body: JSON? = nil, headers: [String: String] = ["X-Auth-Token": key]
  ) -> Answer {
    let parts = target.split(separator: "?", maxSplits: 1)
    let pairs = parts.count > 1 ? parts[1].split(separator: "&") : []
    var fields = headers.map { SimulatedPair($0.key, $0.value) }
    if body != nil { fields.append(SimulatedPair("content-type", "application/json")) }
    let request = SimulatedRequest(
      method: method, path: "/v3" + parts[0],
      query: pairs.map { pair in
        let sides = pair.split(separator: "=", maxSplits: 1).map {
          $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? String($0)
        }
        return SimulatedPair(sides[0], sides.count > 1 ? sides[1] : "")
      },
      headers: fields, body: body?.bytes ?? [])
    let answer = server.answer(request, at: now)
    return Answer(status: answer.status, headers: answer.headers, body: JSONInput.parse(answer.body) ?? .null)
  }

  mutating func get(_ target: String) -> Answer { call("GET", target) }
  mutating func post(_ target: String, _ body: JSON) -> Answer { call("POST", target, body) }

  /// The id of a contact by its number.
  func id(_ number: Int) -> String { server.id(ofContact: number) ?? "" }

  /// The ids of contacts by their numbers.
  func ids(_ numbers: [Int]) -> [String] { numbers.map { id($0) } }

  /// The id of a tag, a custom field or a list by its name.
  func tag(_ name: String) -> JSON { .text(server.tagPlace(named: name).map { StoredTag.id($0) } ?? "") }
  func field(_ name: String) -> JSON {
    .text(server.fieldPlace(named: name).map { CustomField.id($0) } ?? "")
  }
  func list(_ name: String) -> JSON { .text(server.listIDs[name] ?? "") }

  /// Updates a contact.
  mutating func update(_ number: Int, _ body: JSON) -> Answer { post("/contacts/\(id(number))", body) }

  /// What the account holds for a contact.
  func held(_ number: Int) -> GetResponseHolding? { server.held(id(number)) }

  /// A definition of a segment over all lists.
  func segment(
    _ conditions: [JSON], logic: JSON = "and", type: JSON = "subscribed", name: JSON? = nil
  ) -> JSON {
    let section: JSON = [
      "campaignIdsList": .list(server.listIDs.values.sorted().map { .text($0) }), "logicOperator": logic,
      "subscriberCycle": ["receiving_autoresponder", "not_receiving_autoresponder"],
      "subscriptionDate": "all_time", "conditions": .list(conditions),
    ]
    return .map(present: [
      JSON.Member("subscribersType", [type]), JSON.Member("sectionLogicOperator", "or"),
      JSON.Member("section", [section]), name.map { JSON.Member("name", $0) },
    ])
  }

  /// Whom a search finds.
  mutating func search(_ conditions: [JSON], logic: JSON = "and", type: JSON = "subscribed") -> Answer {
    post("/search-contacts/contacts", segment(conditions, logic: logic, type: type))
  }

  /// Time goes by.
  mutating func pass(_ seconds: Int64) { now = Timestamp(now.seconds + seconds) }

  /// The moment so many seconds ago, as a query has it.
  func ago(_ seconds: Int64) -> String {
    DateText.text(now.seconds - seconds).replacingOccurrences(of: "+", with: "%2B")
  }

  /// Something that a person did, so many hours ago.
  mutating func act(
    _ contact: Int, _ kind: ActivityKind, hoursAgo: Int64 = 1, target: String? = nil,
    campaign: String? = nil, value: Double? = nil
  ) {
    server.add(
      SimulatedActivity(
        contact: contact, kind: kind, time: Timestamp(now.seconds - hoursAgo * 3_600), target: target,
        campaign: campaign, value: value))
  }
}
