import Foundation
import Platform
import Scoring
import Testing

@testable import FilesConnector

@Suite("Files that change while they are read")
struct ChangedMeanwhileTests {
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

  @Test("A change that is noticed while this process reads is a failure, asking again reads anew")
  func changedMeanwhile() async throws {
    let folder = try folder(0..<6)
    let connector = try folder.connector(files, rowsPerPage: 2)
    let window = PullWindow(since: Timestamp(0), now: Timestamp(9))
    let page = try await connector.page(of: StreamName("activities"), after: nil, window: window)
    try folder.write("activities.csv", "contact,kind,at\n" + rows(1..<7))
    let failed = await failure { _ = try await connector.pull("activities", after: page.cursor) }
    #expect(failed?.kind == .changedMeanwhile)
    #expect(failed?.what.contains(folder.at("activities.csv")) == true)
    let again = try await connector.pull("activities", after: page.cursor)
    #expect(subjects(again) == [1, 2, 3, 4, 5, 6])
    #expect(again.readings.first == Reading(number: 2, isContinuation: false))
  }

  @Test("A change that a new process finds makes it read anew")
  func changedBetweenProcesses() async throws {
    let folder = try folder(0..<6)
    let window = PullWindow(since: Timestamp(0), now: Timestamp(9))
    let page = try await folder.connector(files, rowsPerPage: 2)
      .page(of: StreamName("activities"), after: nil, window: window)
    try folder.write("activities.csv", "contact,kind,at\n" + rows(1..<3))
    let rest = try await folder.connector(files, rowsPerPage: 2).pull("activities", after: page.cursor)
    #expect(subjects(rest) == [1, 2])
    #expect(rest.readings.first == Reading(number: 2, isContinuation: false))
  }

  @Test(
    "A file that grows while it is read is read to its old end, the rest is a continuation",
    arguments: [true, false])
  func grownMeanwhile(_ sameProcess: Bool) async throws {
    let folder = try folder(0..<6)
    let first = try folder.connector(files, rowsPerPage: 2)
    let second = sameProcess ? first : try folder.connector(files, rowsPerPage: 2)
    let window = PullWindow(since: Timestamp(0), now: Timestamp(9))
    let page = try await first.page(of: StreamName("activities"), after: nil, window: window)
    try folder.append("activities.csv", rows(6..<8))
    let rest = try await second.pull("activities", after: page.cursor)
    #expect(subjects(rest) == [2, 3, 4, 5])
    #expect(Set(rest.readings) == [Reading(number: 1, isContinuation: false)])
    let more = try await second.pull("activities", after: rest.cursor)
    #expect(subjects(more) == [6, 7])
    #expect(more.readings.last == Reading(number: 2, isContinuation: true))
  }

  @Test("A file that grows and is edited while it is read is noticed at the last page")
  func grownAndEdited() async throws {
    let folder = try folder(0..<4)
    let connector = try folder.connector(files, rowsPerPage: 2)
    let window = PullWindow(since: Timestamp(0), now: Timestamp(9))
    let page = try await connector.page(of: StreamName("activities"), after: nil, window: window)
    try folder.write("activities.csv", "contact,kind,at\n" + rows(1..<9))
    #expect(
      await failure { _ = try await connector.pull("activities", after: page.cursor) }?.kind
        == .changedMeanwhile)
  }

  @Test("A file that is cut while it is read is noticed")
  func cutMeanwhile() async throws {
    let folder = try folder(0..<4)
    let connector = try folder.connector(files, rowsPerPage: 2)
    let window = PullWindow(since: Timestamp(0), now: Timestamp(9))
    let page = try await connector.page(of: StreamName("activities"), after: nil, window: window)
    truncate(folder.at("activities.csv"), 20)
    #expect(
      await failure { _ = try await connector.pull("activities", after: page.cursor) }?.kind
        == .changedMeanwhile)
  }
}
