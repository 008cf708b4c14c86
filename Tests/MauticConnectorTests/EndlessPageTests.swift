import ConnectorConformance
import Platform
import Synchronization
import Testing

@testable import MauticConnector

@Suite("A server that gives the same entries for ever ends a reading")
struct EndlessPageTests {
  @Test("instead of being asked all night", arguments: ["contacts", "page_hits"])
  func same(stream: String) async throws {
    let account = MauticTestAccount()
    let now = try await account.window().now
    for number in 1...5 {
      let id = try await account.addContact(email: "p\(number)@example.com", firstName: "P\(number)")
      try await account.addActivity(of: id, number: number, at: now)
    }
    let first = FirstAnswers()
    account.network.decide { request in
      .altered { first.answer(to: request.path, unless: $0) }
    }
    let connector = account.mautic()
    let window = try await account.window()
    let name = StreamName(stream)
    let page = try await connector.page(of: name, after: nil, window: window)
    #expect(page.hasMore)
    let failure = await #expect(throws: ConnectorFailure.self) {
      try await connector.page(of: name, after: page.cursor, window: window)
    }
    #expect(failure?.kind == .badData)
  }

  @Test("also where names and fields are listed")
  func lists() async throws {
    let account = MauticTestAccount()
    let fields = (0..<500).map { #"{"id":\#($0),"alias":"f\#($0)","type":"text"}"# }.joined(separator: ",")
    account.network.decide { request in
      request.path == "/api/fields/contact" ? .altered { _ in .json(#"{"fields":[\#(fields)]}"#) } : .answered
    }
    let failure = await #expect(throws: ConnectorFailure.self) {
      try await account.mautic().prepare(.standard)
    }
    #expect(failure?.kind == .badData)
    #expect(account.network.requests.count == 2)
  }

  @Test("and the largest number there is ends it, too", arguments: [Int.max, .min])
  func largest(id: Int) async throws {
    let row = #"{"id":"\#(id)","date_hit":"2026-11-23 01:00:00","lead_id":"7","url":"https://x.test/"}"#
    let mautic = ScriptedMautic([
      ScriptedMautic.route("GET /api/stats/page_hits", RecordedAnswer.rows(row, row))
    ])
    let connector = mautic.connector()
    let first = try await connector.page(of: StreamName("page_hits"), after: nil, window: mautic.window)
    let second = try await connector.page(
      of: StreamName("page_hits"), after: first.cursor, window: mautic.window)
    #expect(second.recordsRead == 2)
  }

  @Test("and a total that nobody can count is no trap", arguments: [Int.max, .min])
  func total(total: Int) async throws {
    let contacts = #"{"total":"\#(total)","contacts":{"7":{"id":7,"fields":{"all":{}}}}}"#
    let audit = RecordedAnswer.rows(#"{"id":"1"}"#)
    let mautic = ScriptedMautic([
      ScriptedMautic.route("GET /api/contacts", RecordedAnswer.json(contacts)),
      ScriptedMautic.route("GET /api/stats/audit_log", audit),
    ])
    let page = try await mautic.page("contacts")
    #expect(page.recordsRead == 1)
    #expect((0...1_000_000_000_001).contains(page.leftOut))
  }

}

/// Repeats what each path was answered first.
private final class FirstAnswers: Sendable {
  private let known = Mutex<[String: SimulatedAnswer]>([:])

  func answer(to path: String, unless answer: SimulatedAnswer) -> SimulatedAnswer {
    known.withLock { known in
      if let first = known[path] { return first }
      known[path] = answer
      return answer
    }
  }
}
