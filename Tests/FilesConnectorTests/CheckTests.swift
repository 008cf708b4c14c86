import Platform
import Scoring
import Testing

@testable import FilesConnector

@Suite("The check of files")
struct CheckTests {
  private func findings(_ folder: TemporaryFolder, _ settings: String) async throws -> [Finding] {
    await (try folder.connector(settings)).check(now: Timestamp(0))
  }

  @Test("Each file has a line with size, format and columns")
  func fine() async throws {
    let folder = try TemporaryFolder()
    try folder.write("c.csv", "id;Mail;Plan\n")
    try folder.write("a.csv", "contact,at,other\n")
    try folder.write("o.jsonl", "")
    let found = try await findings(
      folder,
      """
      {contacts: c.csv, activities: a.csv, outcomes: o.jsonl, output: s.csv,
       columns: {contacts: {email: Mail}, activities: {kind: {always: call}}}}
      """)
    #expect(found.allSatisfy { $0.severity == .fine })
    #expect(
      found.map(\.text) == [
        "connections.list.contacts: 'c.csv', 13 bytes, CSV with semicolon; reads id, email, Plan",
        "connections.list.output: 's.csv' will be made",
        "connections.list.activities: 'a.csv', 17 bytes, CSV with comma; reads contact, at, kind; leaves out other",
        "connections.list.outcomes: 'o.jsonl', 0 bytes, JSON Lines",
      ])
  }

  @Test("What is missing, unreadable or not writable is an error with its cure")
  func errors() async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.csv", "kind\n")
    let found = try await findings(folder, "{contacts: c.csv, activities: a.csv, output: a.csv/s.csv}")
    #expect(found.map(\.severity) == [.error, .error, .error])
    #expect(found.allSatisfy { !$0.cure.isEmpty })
  }

  @Test("A check makes nothing")
  func makesNothing() async throws {
    let folder = try TemporaryFolder()
    _ = try await findings(folder, "{contacts: c.csv, output: s.csv}")
    #expect(try folder.names().isEmpty)
  }
}
