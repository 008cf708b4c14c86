import Foundation
import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import Bitrix24Simulator

/// A small portal and the calls of a test on it.
struct TestPortal {
  var server: Bitrix24Server
  var now = Timestamp("2026-11-23 10:00:00") ?? Timestamp(0)
  var webhook = "/rest/1/w3bh00ks3cret/"

  /// Contacts 1 to `contacts`, made a day ago.
  init(contacts: Int = 5, _ change: (inout Bitrix24ServerSettings) -> Void = { _ in }) {
    var settings = Bitrix24ServerSettings()
    change(&settings)
    server = Bitrix24Server(settings: settings)
    for number in 0..<contacts { add(number + 1) }
  }

  /// What came back.
  struct Answer {
    let status: Int
    let headers: [SimulatedPair]
    let text: String
    let body: JSON

    var result: JSON { body["result"] ?? .null }
    /// The results of a batch.
    var results: JSON { result["result"] ?? .null }
    var errors: JSON { result["result_error"] ?? .null }
    var error: JSON? { body["error"] }
    /// The ids of a list of the older methods.
    var ids: [Int64] { result.values.compactMap { $0["ID"]?.phpWhole } }
    /// The ids of a list of the universal methods.
    var itemIDs: [Int64] { (result["items"]?.values ?? []).compactMap { $0["id"]?.phpWhole } }
    var operating: Double {
      switch body["time"]?["operating"] {
      case .integer(let number): return Double(number)
      case .number(let number): return number
      default: return -1
      }
    }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
  }

  mutating func send(
    _ method: String, _ path: String, query: String = "", type: String = "application/json", body: String = ""
  ) -> Answer {
    let request = SimulatedRequest(
      method: method, path: path, query: QueryTree.pairs(query),
      headers: [SimulatedPair("content-type", type)], body: Array(body.utf8))
    let answer = server.answer(request, at: now)
    return Answer(
      status: answer.status, headers: answer.headers, text: String(decoding: answer.body, as: UTF8.self),
      body: JSONInput.parse(answer.body) ?? .null)
  }

  mutating func call(_ method: String, _ parameters: JSON = [:]) -> Answer {
    send("POST", webhook + method, body: String(decoding: parameters.bytes, as: UTF8.self))
  }

  mutating func batch(_ commands: KeyValuePairs<String, String>, halt: Bool = false) -> Answer {
    let members = commands.map { JSON.Member($0.key, .text($0.value)) }
    return call("batch", ["halt": .integer(halt ? 1 : 0), "cmd": .map(members)])
  }

  mutating func add(_ number: Int, email: String? = nil, _ fields: [ContactField] = []) {
    server.add(
      SimulatedContact(
        number: number, email: email ?? "p\(number)@example.test",
        fields: [ContactField("first_name", "P\(number)")] + fields,
        createdAt: now - TimeSpan(seconds: 86_400)))
  }

  mutating func act(
    _ contact: Int, _ kind: KnownKind, minutesAgo: Int64 = 60, target: String? = nil, value: Double? = nil
  ) {
    server.add(
      SimulatedActivity(
        contact: contact, kind: .known(kind), time: Timestamp(now.seconds - minutesAgo * 60), target: target,
        value: value))
  }

  /// The id of a contact by its number.
  func id(_ number: Int) -> Int64 { server.id(ofContact: number) ?? 0 }

  /// Time goes by.
  mutating func pass(_ seconds: Int64) { now = Timestamp(now.seconds + seconds) }

  /// Fields for a score, a band and tags.
  mutating func addFields() {
    server.addField("UF_CRM_LEAD_SCORE", type: "integer")
    server.addField("UF_CRM_LEAD_BAND", type: "enumeration", options: ["cold", "warm", "hot"])
    server.addField("UF_CRM_LEAD_TAGS", isMultiple: true)
  }
}
