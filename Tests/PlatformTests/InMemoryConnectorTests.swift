import ConnectorConformance
import Platform
import Scoring
import Testing

@Suite("The platform in memory obeys its tests")
struct InMemoryConnectorTests {
  private let window = PullWindow(since: Timestamp(0), now: Timestamp(1_795_000_000))
  private let contacts = StreamName("contacts")

  private func connector(
    _ count: Int = 3, _ options: InMemoryOptions = InMemoryConformanceTests.web
  ) async throws -> InMemoryConnector {
    let connector = InMemoryConnector(options)
    connector.edit { content in
      for id in 1...count { content.contacts["\(id)"] = InMemoryContact("p\(id)@example.com") }
    }
    try await connector.prepare(.standard)
    return connector
  }

  private func write(_ id: String, _ score: Int, add: [String] = []) -> ContactWrite {
    ContactWrite(
      contact: ContactID(id), email: nil, score: score, band: "hot", reasons: "Clicked +5", addTags: add,
      removeTags: [], asOf: window.now)
  }

  @Test("Somebody else's edit is seen in the fields and in what is held")
  func isEditable() async throws {
    let connector = try await connector(1)
    connector.edit {
      $0.contacts["1"]?.fields["job_title"] = "CEO"
      $0.contacts["1"]?.fields["lead_score"] = "12"
    }
    let page = try await connector.page(of: contacts, after: nil, window: window)
    let contact = try #require(page.contacts.first { $0.id == ContactID("1") })
    #expect(contact.fields.contains(ContactField("job_title", "CEO")))
    #expect(!contact.fields.map(\.name).contains("lead_score"))
    #expect(contact.held?.score == 12)
    #expect(connector.held("1")?.score == 12)
  }

  @Test("Changing requests are logged, readings are not")
  func logsRequests() async throws {
    let connector = try await connector()
    _ = try await connector.page(of: contacts, after: nil, window: window)
    _ = try await connector.current([ContactID("1")])
    _ = try await connector.write([write("1", 5)])
    #expect(connector.requests == [.prepare(.standard), .write([write("1", 5)])])
    #expect(connector.writes == [write("1", 5)])
    #expect(connector.calls == [.prepare, .page("contacts"), .current, .write])
  }

  @Test("A scripted failure waits for its turn and is over after its times")
  func scriptsFailures() async throws {
    let connector = try await connector()
    connector.fail(.write, skipping: 1, times: 1)
    _ = try await connector.write([write("1", 5)])
    await #expect(throws: InMemoryConnector.outage) { try await connector.write([write("2", 5)]) }
    _ = try await connector.write([write("3", 5)])
    #expect(connector.held("2")?.score == nil)
    #expect(connector.held("3")?.score == 5)
  }

  @Test("A failure after acting leaves the write done")
  func failsAfterActing() async throws {
    let connector = try await connector()
    connector.fail(.write, acted: true)
    await #expect(throws: InMemoryConnector.outage) { try await connector.write([write("1", 5)]) }
    #expect(connector.held("1")?.score == 5)
  }

  @Test("A hook may edit the platform between two pages")
  func hooksBetweenPages() async throws {
    let connector = try await connector()
    connector.beforeEachCall { connector, call in
      if call == .page("contacts") { connector.edit { $0.contacts["1"]?.tags.insert("vip") } }
    }
    _ = try await connector.page(of: contacts, after: nil, window: window)
    #expect(connector.held("1")?.tags == ["vip"])
  }

  @Test("What is staged is lost with the process")
  func losesStagedWrites() async throws {
    let connector = try await connector(3, InMemoryConformanceTests.file)
    #expect(try await connector.write([write("1", 5), write("2", 6)]) == [.staged, .staged])
    _ = try await connector.reopened().commit()
    #expect(connector.held("1")?.score == nil)
    _ = try await connector.commit()
    #expect(connector.held("1")?.score == 5)
  }

  @Test("What a caller does against the contract is noted and refused")
  func notesViolations() async throws {
    let connector = try await connector(3, InMemoryConformanceTests.file)
    for batch in [
      [write("2", 1), write("1", 1)], [write("1", 1), write("1", 1)], [write("1", 1, add: ["vip"])],
    ] {
      await #expect(throws: ConnectorFailure.self) { try await connector.write(batch) }
    }
    await #expect(throws: ConnectorFailure.self) {
      try await InMemoryConnector().write([write("1", 1)])
    }
    #expect(connector.violations.count == 3)
    #expect(connector.writes.count == 5)
    let tags = connector.content.contacts.values.flatMap(\.tags)
    #expect(tags.isEmpty)
  }

  @Test("A merge gives the winner the loser's addresses and activities, and the feed tells of it")
  func merges() async throws {
    let connector = try await connector()
    connector.edit {
      $0.addActivity(of: "1", .pageVisit, at: window.now)
      $0.merge("1", into: "2")
    }
    #expect(connector.content.contacts["2"]?.emails == ["p2@example.com", "p1@example.com"])
    #expect(connector.content.activities.map(\.subject) == [.contact(ContactID("2"))])
    let first = try await connector.page(of: contacts, after: nil, window: window)
    let second = try await connector.page(of: contacts, after: first.cursor, window: window)
    #expect(second.merges == [ContactMerge(loser: ContactID("1"), winner: ContactID("2"))])
    #expect(
      try await connector.current([ContactID("1")]) == [ContactID("1"): .moved(to: ContactID("2"))])
  }
}
