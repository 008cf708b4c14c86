import Foundation
import Platform
import Scoring
import StrictYAML
import Synchronization
import Testing

@testable import FilesConnector

/// A folder with the files of one connection; it is deleted when the process ends.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = Self.root + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  private static let root = {
    atexit { TemporaryFolder.removeAll() }
    return rootPath
  }()

  private static let rootPath = FileManager.default.temporaryDirectory.path + "/files-" + UUID().uuidString

  private static func removeAll() { try? FileManager.default.removeItem(atPath: rootPath) }

  func at(_ name: String) -> String { path + "/" + name }

  func write(_ name: String, _ text: String) throws { try write(name, bytes: Array(text.utf8)) }

  /// Writes in place and moves the time on, so that no two writes look the same.
  func write(_ name: String, bytes: [UInt8]) throws {
    let file = try #require(fopen(at(name), "w"))
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    try touch(name)
  }

  func append(_ name: String, _ text: String) throws {
    let file = try #require(fopen(at(name), "a"))
    fputs(text, file)
    fclose(file)
    try touch(name)
  }

  func touch(_ name: String) throws {
    let seconds = Self.tick.withLock { tick in
      tick += 1
      return tick
    }
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000 + Double(seconds))],
      ofItemAtPath: at(name))
  }

  private static let tick = Mutex(0)

  func read(_ name: String) throws -> String { try String(contentsOfFile: at(name), encoding: .utf8) }

  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

  /// A connector by the keys of a connection in YAML.
  func connector(_ yaml: String, rowsPerPage: Int? = nil) throws -> FilesConnector {
    let (settings, problems) = try Self.settings(yaml, folder: path)
    let context = ConnectorContext(name: "list", folder: path)
    return FilesConnector(
      settings: try #require(settings, "\(problems)"), context: context, rowsPerPage: rowsPerPage)
  }

  static func settings(_ yaml: String, folder: String = "/x") throws -> (FilesSettings?, [String]) {
    let problems = ProblemCollector(file: "leadgauge.yaml")
    let mapping = try YAMLDocument.mapping(in: yaml, problems: problems)
    let settings = FilesSettings.read(mapping, context: ConnectorContext(name: "list", folder: folder))
    return (settings, problems.problems.map(\.description))
  }
}

/// All pages of one pull as one.
struct Pulled {
  var contacts: [ContactRecord] = []
  var activities: [ActivityRecord] = []
  var outcomes: [OutcomeRecord] = []
  var holdings: [Holding] = []
  var rejected: [RejectedRecord] = []
  var older = 0
  var read = 0
  var readings: [Reading] = []
  var listings: [Listing] = []
  var cursors: [Cursor] = []

  var reasons: [String] { rejected.map { "\($0.place): \($0.reason)" } }
  var cursor: Cursor? { cursors.last }
}

extension FilesConnector {
  func pull(
    _ stream: String, after start: Cursor? = nil, since: Int64 = 0
  ) async throws(ConnectorFailure) -> Pulled {
    var result = Pulled()
    var cursor = start
    while true {
      let window = PullWindow(since: Timestamp(since), now: Timestamp(2_000_000_000))
      let page = try await page(of: StreamName(stream), after: cursor, window: window)
      result.contacts += page.contacts
      result.activities += page.activities
      result.outcomes += page.outcomes
      result.holdings += page.holdings
      result.rejected += page.rejected
      result.older += page.skippedAsOlder
      result.read += page.recordsRead
      result.readings.append(page.reading)
      result.listings.append(page.listing)
      result.cursors.append(page.cursor)
      cursor = page.cursor
      if !page.hasMore { return result }
    }
  }
}

/// The failure that an operation ends with.
func failure(_ body: () async throws -> Void) async -> ConnectorFailure? {
  do {
    try await body()
    return nil
  } catch {
    return error as? ConnectorFailure
  }
}
