import Platform
import StrictYAML
import Testing

@testable import FilesConnector

@Suite("Settings of a connection of files")
struct SettingsTests {
  private func problems(_ yaml: String) throws -> [String] { try TemporaryFolder.settings(yaml).1 }

  @Test("A full connection is understood")
  func full() throws {
    let (settings, problems) = try TemporaryFolder.settings(
      """
      platform: files
      write: false
      contacts: contacts.csv
      activities: activities.csv
      outcomes: outcomes.csv
      output: scores.csv
      columns:
        contacts: { first_name: "First name", source: { always: fair } }
        activities: { at: "Purchase date", value: Amount, kind: { always: purchase } }
      dateFormat: { activities: "yyyyMMdd" }
      """)
    #expect(problems.isEmpty)
    #expect(settings?.names[.output] == "scores.csv")
    #expect(settings?.mapping(of: .activities).sources["kind"] == .always("purchase"))
    #expect(settings?.times(of: .activities).format?.pattern == "yyyyMMdd")
  }

  @Test("The platform hands out a connector by the name files")
  func entry() throws {
    let mapping = try YAMLDocument.mapping(in: "contacts: a.csv", problems: ProblemCollector(file: "f"))
    let platform = FilesPlatform()
    let connector = platform.connector(settings: mapping, context: ConnectorContext(name: "a", folder: "/x"))
    #expect(platform.name == "files")
    #expect(connector?.platform == "files")
    #expect(connector?.capabilities.canWrite == false)
  }

  @Test("What files can do is said as data")
  func capabilities() async throws {
    let folder = try TemporaryFolder()
    let connector = try folder.connector(
      "{contacts: c.csv, outcomes: o.csv, activities: a.csv, output: s.csv}")
    #expect(
      connector.capabilities
        == ConnectorCapabilities(
          batchSize: 5_000, readBackSize: 50_000, storesZero: true, wantsWritesInOrder: true, canWrite: true,
          canClearScore: true))
    let streams = try await connector.streams()
    #expect(streams.map(\.name.text) == ["contacts", "output", "activities", "outcomes"])
    #expect(streams.map(\.role) == [.contacts, .holdings, .activities, .outcomes])
    #expect(streams.map(\.rereadsForReturned) == [false, false, true, false])
  }

  @Test("Files that are not named have no stream")
  func fewStreams() async throws {
    let connector = try TemporaryFolder().connector("contacts: c.csv")
    #expect(try await connector.streams().map(\.name.text) == ["contacts"])
    let failed = await failure { _ = try await connector.pull("activities") }
    #expect(failed?.kind == .configuration)
  }

  @Test("Contacts are required")
  func contacts() throws {
    #expect(
      try problems("output: a.csv").first?.hasPrefix("leadgauge.yaml:1:1: 'contacts' is missing") == true)
  }

  @Test("Keys of other platforms are unknown and named with their place")
  func unknown() throws {
    let found = try problems("contacts: c.csv\nurl: x\nauth: { user: a }\nactivites: a.csv")
    #expect(found.count == 3)
    #expect(found.contains { $0.hasPrefix("leadgauge.yaml:2:1: unknown key 'url' in the connection 'list'") })
    #expect(
      found.contains { $0.hasPrefix("leadgauge.yaml:4:1:") && $0.contains("Did you mean 'activities'") })
  }

  @Test("An unknown column is reported with the nearest one")
  func column() throws {
    let found = try problems("contacts: c.csv\ncolumns:\n  contacts: { frist_name: Name }")
    #expect(
      found == ["leadgauge.yaml:3:15: contacts have no column 'frist_name'. Did you mean 'first_name'."])
  }

  @Test(
    "What can never be true of every row is refused",
    arguments: [
      "activities: { kind: { always: purchse } }", "activities: { value: { always: much } }",
      "activities: { at: { always: yesterday } }", "activities: { contact: { always: 7 } }",
      "outcomes: { outcome: { always: maybe } }", "contacts: { id: { always: 1 } }",
      "contacts: { created_at: { always: soon } }", "contacts: { city: { ever: Hue } }",
      "contacts: [a]", "contacts: { city: [a, b] }", "leads: { city: Town }",
    ])
  func constants(_ columns: String) throws {
    let found = try problems(
      "contacts: c.csv\nactivities: a.csv\noutcomes: o.csv\ncolumns:\n  \(columns)")
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { $0.hasPrefix("leadgauge.yaml:5:") }, "\(found)")
  }

  @Test("A mapping of a file that is not named is reported")
  func idleMapping() throws {
    let found = try problems("contacts: c.csv\ndateFormat: { activities: yyyyMMdd }")
    #expect(found.first?.contains("no such file is named") == true)
  }

  @Test("An unusable pattern of dates is reported with its place")
  func pattern() throws {
    let found = try problems("contacts: c.csv\ndateFormat: { contacts: d.M.yyyy }")
    #expect(found.first?.hasPrefix("leadgauge.yaml:2:25: 'd' means nothing in a pattern of dates") == true)
  }

  @Test(
    "The output may replace none of the files that are read", arguments: ["c.csv", "./c.csv", "x/../c.csv"])
  func overwriting(_ output: String) throws {
    let found = try problems("contacts: c.csv\noutput: \(output)")
    #expect(found.first?.hasPrefix("leadgauge.yaml:2:9: the output would replace the contacts") == true)
  }

  @Test("A path is relative to the folder, absolute as it is, and ~ is a name")
  func paths() {
    #expect(FilesSettings.path("a/b.csv", in: "/x") == "/x/a/b.csv")
    #expect(FilesSettings.path("/a/b.csv", in: "/x") == "/a/b.csv")
    #expect(FilesSettings.path("~/b.csv", in: "/x") == "/x/~/b.csv")
  }

  @Test("An empty path or a list is no path", arguments: ["''", "[a]", "dir/"])
  func noPath(_ value: String) throws {
    #expect(try problems("contacts: \(value)").first?.hasPrefix("leadgauge.yaml:1:11:") == true)
  }
}
