import Foundation
import GRDB
import Platform
import Scoring
import Store
import Testing

@Suite("A state file that others have had their hands on")
struct StateFileTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/state-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder + "/state.db")
  }

  private func change(_ path: String, _ sql: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: sql) }
    try queue.close()
  }

  @Test("of another program is left as it is, to the byte, and without a file beside it")
  func foreign() throws {
    try inFolder { path in
      try change(path, "CREATE TABLE theirs (x)")
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      for isReadOnly in [false, true] {
        let failure = #expect(throws: StoreFailure.self) { try LeadStore(path: path, isReadOnly: isReadOnly) }
        #expect(failure?.what.contains("another program") == true)
        #expect(failure?.kind == .inputOutput)
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
      let folder = (path as NSString).deletingLastPathComponent
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["state.db"])
    }
  }

  @Test("of a newer version is refused with the cure, by whoever comes", arguments: [false, true])
  func newer(isReadOnly: Bool) throws {
    try inFolder { path in
      try LeadStore(path: path).close()
      try change(path, "INSERT INTO grdb_migrations (identifier) VALUES ('99 what is yet to come')")
      let failure = #expect(throws: StoreFailure.self) { try LeadStore(path: path, isReadOnly: isReadOnly) }
      #expect(failure?.kind == .newerVersion)
      #expect(failure?.cure.contains("Upgrade leadgauge") == true)
    }
  }

  @Test("held by another program is a matter of waiting")
  func held() throws {
    try inFolder { path in
      let store = try LeadStore(path: path, patience: 0)
      let other = try DatabaseQueue(path: path)
      try other.inDatabase { db in
        try db.execute(sql: "BEGIN IMMEDIATE")
        let failure = #expect(throws: StoreFailure.self) { try store.setNote("word", to: "mine") }
        #expect(failure?.kind == .locked)
        #expect(failure?.what.contains("another program is using the state file") == true)
        // Whoever only looks is in nobody's way.
        #expect(try LeadStore(path: path, isReadOnly: true, patience: 0).note("word") == nil)
        try db.execute(sql: "ROLLBACK")
      }
      try store.setNote("word", to: "mine")
      #expect(try store.note("word") == "mine")
    }
  }

  @Test("whose log was damaged goes back to what was sound, and takes new notes", arguments: [10, 40, 5_000])
  func damagedLog(place: Int) throws {
    try inFolder { path in
      let store = try LeadStore(path: path)
      for number in 1...3 { try store.setNote("word", to: "\(number)") }
      // As a process that was killed leaves them.
      let copy = path + ".copy"
      for end in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + end, toPath: copy + end) }
      store.close()
      let log = URL(fileURLWithPath: copy + "-wal")
      var bytes = try Data(contentsOf: log)
      try #require(bytes.count > place + 200)
      bytes.replaceSubrange(place..<(place + 200), with: Data(repeating: 0xA5, count: 200))
      try bytes.write(to: log)
      let again = try LeadStore(path: copy)
      let word = try again.note("word")
      #expect([nil, "1", "2", "3"].contains(word))
      try again.setNote("word", to: "new")
      #expect(try again.note("word") == "new")
    }
  }

  /// A value that no version wrote, and who comes across it.
  struct Oddity: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let read: @Sendable (LeadStore) throws -> Void

    init(_ sql: String, _ read: @escaping @Sendable (LeadStore) throws -> Void) {
      testDescription = sql
      self.read = read
    }
  }

  private static let oddities = [
    Oddity("UPDATE connections SET contacts = 'many'") { _ = try $0.connections() },
    Oddity("UPDATE streams SET pulled_at = 'soon'") { store in
      _ = try store.streams(on: store.connection(named: "a", platform: "files"))
    },
    Oddity("UPDATE streams SET platform_reading = 'first'") { store in
      try Self.fill(store, reading: 2)
    },
    Oddity("UPDATE texts SET id = 9223372036854775807") { store in
      try Self.fill(store, reading: 2)
    },
    Oddity("UPDATE runs SET started = 'soon'") { _ = try $0.runs() },
    Oddity("UPDATE latches SET blown_at = 'soon'") { _ = try $0.latches() },
    Oddity("UPDATE fields SET id = 4611686018427387904") { store in
      let connection = try store.connection(named: "a", platform: "files")
      let layout = ReadingLayout(connections: [connection], fields: ["city"])
      _ = try store.rescore(at: now, conditions: "x", layout: layout, texts: store.makeTexts()) { _ in
        PersonVerdict(score: StoredScore(ScoreResult(score: 0, actions: 0, profile: 0)), isPending: [false])
      }
    },
  ]
  private static let now = Timestamp(1_790_000_000)

  private static func fill(_ store: LeadStore, reading: Int64) throws {
    let connection = try store.connection(named: "a", platform: "files")
    var page = Page(
      reading: Reading(number: reading, isContinuation: false), cursor: Platform.Cursor("c"), hasMore: false)
    page.contacts = [ContactRecord(id: ContactID("1"), fields: [ContactField("city", "Huế")])]
    page.activities = [
      ActivityRecord(
        subject: .contact(ContactID("1")), kind: .known(.pageVisit), time: now, target: "/page",
        identity: .id("page_hits/1"))
    ]
    page.recordsRead = 2
    try store.ingest(
      page, of: StreamDescription(name: StreamName("contacts"), role: .contacts), on: connection, at: now)
    _ = try store.mergeInbox()
  }

  @Test("with a value that cannot be is damaged, and no reason to crash", arguments: oddities)
  func oddity(oddity: Oddity) throws {
    try inFolder { path in
      let store = try LeadStore(path: path)
      try Self.fill(store, reading: 1)
      try store.save(RunRecord(id: "R", command: "sync", startedAt: Self.now))
      try store.blow(Latch(connection: "a", fuse: "maxShrink", blownAt: Self.now, run: "R", message: "gone"))
      store.close()
      try change(path, oddity.testDescription)
      let damaged = try LeadStore(path: path)
      let failure = #expect(throws: StoreFailure.self) { try oddity.read(damaged) }
      #expect(failure?.kind == .inputOutput)
      #expect(failure?.what.contains("is damaged") == true)
      #expect(failure?.cure.contains("Move it away") == true)
    }
  }

  @Test("that is only looked at knows no connection that was never pulled, and makes none")
  func unknownConnection() throws {
    try inFolder { path in
      let store = try LeadStore(path: path)
      try Self.fill(store, reading: 1)
      let looking = try LeadStore(path: path, isReadOnly: true)
      #expect(try looking.connection(named: "a", platform: "files").contacts == 1)
      let unknown = try looking.connection(named: "b", platform: "files")
      #expect(unknown.contacts == 0)
      #expect(try looking.find(ContactID("1"), on: unknown) == nil)
      #expect(try looking.streams(on: unknown).isEmpty)
      #expect(try store.connections().map(\.name) == ["a"])
    }
  }
}
