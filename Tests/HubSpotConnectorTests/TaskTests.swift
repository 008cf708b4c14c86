import ConnectorConformance
import HubSpotSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import HubSpotConnector

@Suite("Tasks in HubSpot")
struct TaskTests {
  private let account = HubSpotTestAccount()
  private static let creation = "POST /crm/objects/2026-03/tasks"

  private func task(_ key: String) -> HandoffTask {
    HandoffTask(
      key: key, title: "An is hot: 60 points", lines: ["Why: <b>Saw</b> & bought"],
      at: Timestamp(Int64(account.clock.now())))
  }

  private func made() -> Int { account.routes().filter { $0 == Self.creation }.count }

  @Test("A task is made once for a key, however often it is asked for, and belongs to the contact")
  func once() async throws {
    let id = ContactID("\(try await account.people(1)[0])")
    let connector = try await account.prepared()
    #expect(connector.capabilities.createsTasks)
    for key in ["RUN-1", "RUN-1", "RUN-2", "RUN-1"] { try await connector.createTask(task(key), for: id) }
    #expect(made() == 2)
    let sent = try #require(account.network.requests.last { $0.path.hasSuffix("/tasks") })
    let body = String(decoding: sent.body, as: UTF8.self)
    #expect(body.contains("Why: &lt;b&gt;Saw&lt;/b&gt; &amp; bought<br>Leadgauge RUN-2"))
    // What was made just now is found by a search a little later.
    account.clock.advance(600)
    var pull = Pull()
    try await pull.read("tasks", connector, account.window(days: 1))
    #expect(pull.activities("tasks").count == 2)
    #expect(pull.activities("tasks").allSatisfy { $0.subject == .contact(id) })
  }

  @Test("A contact that is gone is a failure, and no task is made")
  func gone() async throws {
    let connector = try await account.prepared()
    await #expect(throws: ConnectorFailure.self) {
      try await connector.createTask(task("RUN-1"), for: ContactID("999999"))
    }
  }

  @Test("Links lead to the account that portal: names, and nowhere without it")
  func links() async throws {
    var settings = account.settings
    settings.portal = nil
    #expect(account.hubspot(settings: settings).contactURL(ContactID("101")) == nil)
    settings.portal = "4711"
    #expect(
      account.hubspot(settings: settings).contactURL(ContactID("10/1"))
        == "https://app.hubspot.com/contacts/4711/record/0-1/10%2F1")
  }
}
