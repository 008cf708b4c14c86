import Foundation
import Platform
import Scoring
import Testing

@testable import FilesConnector

@Suite("Readings and cursors of files")
struct CursorTests {
  private let files =
    "{contacts: contacts.csv, activities: activities.csv, outcomes: o.csv, output: scores.csv}"

  private func rows(_ numbers: Range<Int>) -> String { numbers.map { "c\($0),call,\($0)\n" }.joined() }

  private func folder(_ numbers: Range<Int>) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("activities.csv", "contact,kind,at\n" + rows(numbers))
    try folder.write("contacts.csv", "id,city\n" + numbers.map { "c\($0),\"a\nb\"\n" }.joined())
    return folder
  }

  private func subjects(_ pulled: Pulled) -> [Int64] { pulled.activities.map(\.time.seconds) }

  @Test(
    "A new instance goes on from every cursor with the same records", arguments: ["contacts", "activities"])
  func resume(_ stream: String) async throws {
    let folder = try folder(0..<10)
    try folder.append("activities.csv", "c1,dance,1\nc1,call,3\n")
    try folder.append("contacts.csv", "c1\nc99,x\n")
    let all = try await folder.connector(files, rowsPerPage: 3).pull(stream)
    #expect(all.cursors.count == 4)
    for (number, cursor) in all.cursors.enumerated() {
      let rest = try await folder.connector(files, rowsPerPage: 3).pull(stream, after: cursor)
      let done = min((number + 1) * 3, 12)
      let skipped = done - (done > 10 ? 1 : 0)
      #expect(rest.activities == Array(all.activities.dropFirst(skipped)))
      #expect(rest.contacts == Array(all.contacts.dropFirst(skipped)))
      #expect(rest.rejected == (done > 10 ? [] : all.rejected))
      #expect(rest.cursor == all.cursor)
    }
  }

  @Test("A page may be asked for again and is the same")
  func again() async throws {
    let connector = try folder(0..<10).connector(files, rowsPerPage: 4)
    let first = try await connector.pull("activities")
    let second = try await connector.pull("activities")
    #expect(first.activities == second.activities)
    #expect(first.cursors == second.cursors)
  }

  @Test("An unchanged file gives nothing and the same cursor")
  func unchanged() async throws {
    let folder = try folder(0..<3)
    for stream in ["contacts", "activities"] {
      let first = try await folder.connector(files).pull(stream)
      let second = try await folder.connector(files).pull(stream, after: first.cursor)
      #expect(second.read == 0)
      #expect(second.cursor == first.cursor)
      #expect(second.listings == [.changes])
      #expect(second.readings == first.readings)
    }
  }

  @Test("A file that was only touched, or copied over itself, gives nothing", arguments: [false, true])
  func touched(_ copied: Bool) async throws {
    let folder = try folder(0..<3)
    let first = try await folder.connector(files).pull("contacts")
    if copied {
      try folder.write("new", try folder.read("contacts.csv"))
      rename(folder.at("new"), folder.at("contacts.csv"))
    } else {
      try folder.touch("contacts.csv")
    }
    let second = try await folder.connector(files).pull("contacts", after: first.cursor)
    #expect(second.read == 0)
    #expect(second.listings == [.changes])
    #expect(second.cursor != first.cursor)
    let third = try await folder.connector(files).pull("contacts", after: second.cursor)
    #expect(third.cursor == second.cursor)
  }

  @Test("What is appended is read as a continuation, line numbers go on")
  func appended() async throws {
    let folder = try folder(0..<3)
    let first = try await folder.connector(files).pull("activities")
    try folder.append("activities.csv", rows(3..<5) + "c1,dance,1\n")
    let second = try await folder.connector(files).pull("activities", after: first.cursor)
    #expect(subjects(second) == [3, 4])
    #expect(second.readings == [Reading(number: 2, isContinuation: true)])
    #expect(second.rejected.map(\.place) == ["activities.csv:7"])
    try folder.append("activities.csv", rows(5..<6))
    let third = try await folder.connector(files).pull("activities", after: second.cursor)
    #expect(subjects(third) == [5])
    #expect(third.readings == [Reading(number: 3, isContinuation: true)])
  }

  @Test("Contacts that are appended are a change, not a listing")
  func appendedContacts() async throws {
    let folder = try folder(0..<3)
    let first = try await folder.connector(files).pull("contacts")
    try folder.append("contacts.csv", "x,y\nz,y\n")
    let second = try await folder.connector(files, rowsPerPage: 1).pull("contacts", after: first.cursor)
    #expect(second.contacts.map(\.id.text) == ["x", "z"])
    #expect(Set(second.listings) == [.changes])
  }

  @Test(
    "A file that ended within a row is read anew when it grows",
    arguments: ["c9,call,9", "c9,call,\"9\n"])
  func endedWithin(_ last: String) async throws {
    let folder = try folder(0..<2)
    try folder.append("activities.csv", last)
    let first = try await folder.connector(files).pull("activities")
    try folder.append("activities.csv", "0\nc2,call,2\n")
    let second = try await folder.connector(files).pull("activities", after: first.cursor)
    #expect(second.readings == [Reading(number: 2, isContinuation: false)])
    #expect(second.read >= 3)
  }

  @Test("A file that was edited in the middle or cut is read anew", arguments: [0, 1, 2])
  func edited(_ way: Int) async throws {
    let folder = try folder(0..<3)
    let first = try await folder.connector(files).pull("contacts")
    let texts = [
      "id,city\nc0,a\nc7,b\nc2,c\n" + rows(0..<9), "id,city\nc0,a\n",
      "id,city\nc0,\"x\nb\"\nc1,\"a\nb\"\nc2,\"a\nb\"\n",
    ]
    try folder.write("contacts.csv", texts[way])
    let second = try await folder.connector(files).pull("contacts", after: first.cursor)
    #expect(second.readings == [Reading(number: 2, isContinuation: false)])
    #expect(second.listings == [.everythingAndDone])
    #expect(second.read == [12, 1, 3][way])
  }

  @Test(
    "A changed mapping, pattern or header reads anew",
    arguments: [
      "columns: { activities: { target: contact } }", "columns: { activities: { target: { always: x } } }",
      "dateFormat: { activities: yyyyMMdd }",
    ])
  func mapping(_ more: String) async throws {
    let folder = try folder(0..<3)
    let plain = "contacts: contacts.csv\nactivities: activities.csv\n"
    let first = try await folder.connector(plain).pull("activities")
    let second = try await folder.connector(plain + more).pull("activities", after: first.cursor)
    #expect(second.readings == [Reading(number: 2, isContinuation: false)])
    #expect(second.read == 3)
  }

  @Test("An unfinished reading with another mapping starts anew")
  func mappingMeanwhile() async throws {
    let folder = try folder(0..<4)
    let plain = "contacts: contacts.csv\nactivities: activities.csv\n"
    let first = try await folder.connector(plain, rowsPerPage: 2).pull("activities")
    let second = try await folder.connector(plain + "columns: { activities: { target: at } }")
      .pull("activities", after: first.cursors[0])
    #expect(second.activities.count == 4)
    #expect(second.readings == [Reading(number: 2, isContinuation: false)])
  }

  @Test("A wider window reads activities anew, a narrower one does not")
  func window() async throws {
    let folder = try folder(0..<6)
    let first = try await folder.connector(files).pull("activities", since: 3)
    #expect(subjects(first) == [3, 4, 5])
    #expect(first.older == 3)
    let narrower = try await folder.connector(files).pull("activities", after: first.cursor, since: 5)
    #expect(narrower.read == 0)
    let wider = try await folder.connector(files).pull("activities", after: first.cursor, since: 1)
    #expect(subjects(wider) == [1, 2, 3, 4, 5])
    #expect(wider.readings == [Reading(number: 2, isContinuation: false)])
    let contacts = try await folder.connector(files).pull("contacts", since: 3)
    #expect(try await folder.connector(files).pull("contacts", after: contacts.cursor, since: 1).read == 0)
  }

  @Test("A window that narrowed over a continuation is the one that counts")
  func narrowed() async throws {
    let folder = try folder(0..<6)
    let first = try await folder.connector(files).pull("activities", since: 1)
    try folder.append("activities.csv", rows(2..<4))
    let second = try await folder.connector(files).pull("activities", after: first.cursor, since: 4)
    #expect(second.older == 2)
    let third = try await folder.connector(files).pull("activities", after: second.cursor, since: 2)
    #expect(third.readings == [Reading(number: 3, isContinuation: false)])
    #expect(subjects(third) == [2, 3, 4, 5, 2, 3])
  }

  @Test("What is no cursor of ours starts anew", arguments: ["", "x", "{}", "{\"version\":99,\"number\":7}"])
  func garbage(_ text: String) async throws {
    let pulled = try await folder(0..<3).connector(files).pull("activities", after: Cursor(text))
    #expect(pulled.read == 3)
    #expect(pulled.readings == [Reading(number: 1, isContinuation: false)])
  }

  @Test("An empty file of JSON Lines that grows is continued")
  func emptyGrows() async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.jsonl", "")
    let settings = "contacts: c.csv\nactivities: a.jsonl"
    let first = try await folder.connector(settings).pull("activities")
    try folder.append("a.jsonl", "{\"contact\":1,\"kind\":\"call\",\"at\":1}\n")
    let second = try await folder.connector(settings).pull("activities", after: first.cursor)
    #expect(second.activities.count == 1)
    #expect(second.readings == [Reading(number: 2, isContinuation: true)])
  }

  @Test("Progress rises to 1")
  func progress() async throws {
    let connector = try folder(0..<6).connector(files, rowsPerPage: 2)
    var (cursor, last): (Cursor?, Double) = (nil, 0)
    for _ in 0..<3 {
      let window = PullWindow(since: Timestamp(0), now: Timestamp(9))
      let page = try await connector.page(of: StreamName("activities"), after: cursor, window: window)
      let progress = try #require(page.progress)
      #expect(progress > last)
      (cursor, last) = (page.cursor, progress)
    }
    #expect(last == 1)
  }

  @Test("A run that is told to stop reads no page")
  func cancelled() async throws {
    let connector = try folder(0..<3).connector(files)
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return await failure { _ = try await connector.pull("activities") }
    }
    task.cancel()
    #expect(await task.value?.kind == .cancelled)
  }
}
