import Foundation
import Platform
import Scoring

@testable import FilesConnector

/// The files connector over files of any bytes.
///
/// An input is a letter that chooses how they are read, then contacts, activities, outcomes and output, with a
/// record separator (0x1E) between them; a part that is missing is a file that is missing.
enum FilesFuzz {
  private static let names: [(kind: FileKind, name: String)] = [
    (.contacts, "contacts"), (.activities, "activities"), (.outcomes, "outcomes"), (.output, "output"),
  ]

  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    let parts = bytes.split(separator: WebScript.separator, maxSplits: 4, omittingEmptySubsequences: false)
    let choices = parts.first?.first.map { Int($0 & 0x3F) } ?? 0
    guard let folder = FuzzFolder.make() else { return }
    defer { FuzzFolder.remove(folder) }
    for (file, part) in zip(names, parts.dropFirst()) {
      guard Self.write(Array(part), to: "\(folder)/\(file.name)") else { return }
    }
    let activities = parts.count > 2 ? Array(parts[2]) : nil
    let result = Pump.wait { () -> Result<Void, BrokenPromise> in
      do throws(BrokenPromise) {
        try await run(choices, in: folder, activities: activities)
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  private static func write(_ bytes: [UInt8], to path: String) -> Bool {
    guard let file = fopen(path, "w") else { return false }
    defer { fclose(file) }
    return fwrite(bytes, 1, bytes.count, file) == bytes.count
  }

  private static func settings(_ choices: Int) -> FilesSettings {
    var settings = FilesSettings()
    for (kind, name) in names { settings.names[kind] = name }
    if choices & 1 != 0, let format = try? DateFormat("dd.MM.yyyy HH:mm") {
      settings.times = [.activities: TimeReader(format: format)]
    }
    if choices & 2 != 0 {
      var mapping = ColumnMapping()
      mapping.sources = [
        "at": .header("Purchase date"), "value": .header("Amount"), "kind": .always("purchase"),
      ]
      settings.mappings = [.activities: mapping]
    }
    return settings
  }

  private static func connector(_ choices: Int, in folder: String, rows: Int?) -> FilesConnector {
    FilesConnector(
      settings: settings(choices), context: ConnectorContext(name: "list", folder: folder), rowsPerPage: rows)
  }

  private static func run(
    _ choices: Int, in folder: String, activities: [UInt8]?
  ) async throws(BrokenPromise) {
    let whole = connector(choices, in: folder, rows: nil)
    let pieces = connector(choices, in: folder, rows: 1 + choices >> 4)
    var ids: [ContactID] = []
    for file in names {
      let all = try await Reading(whole, file.kind)
      let apart = try await Reading(pieces, file.kind)
      try demand(all.isSame(as: apart), "the \(file.name) are others when they are read in pieces")
      ids += all.contacts.map(\.id)
    }
    for finding in await whole.check(now: Timestamp(1_795_000_000)) {
      try demand(!finding.text.isEmpty, "a finding without words")
    }
    if choices & 4 != 0 { try await write(Array(Set(ids)).sorted().prefix(50), by: whole) }
    if choices & 8 != 0, let activities, !activities.isEmpty {
      try await grow(activities, whole, in: folder)
    }
  }

  /// What is laid down and committed is what is there afterwards, all of it or nothing.
  private static func write(
    _ ids: ArraySlice<ContactID>, by connector: FilesConnector
  ) async throws(BrokenPromise) {
    let batch = ids.enumerated().map { number, id in
      ContactWrite(
        contact: id, email: "p@example.test", score: number - 3, clearsScore: number == 4,
        band: number % 2 == 0 ? "hot" : nil, reasons: "=1+1, \"quoted\"", addTags: ["lead_hot"],
        removeTags: ["lead_cold"], asOf: Timestamp(1_795_000_000))
    }
    do throws(ConnectorFailure) {
      try await connector.prepare(.fuzzed)
      let outcomes = try await connector.write(batch)
      _ = try await connector.commit()
      let held = try await connector.current(Array(ids))
      for (write, outcome) in zip(batch, outcomes) where outcome == .staged {
        // Only ids that look like other contacts' hashes are staged and gone.
        guard case .present(let state)? = held[write.contact] else { continue }
        guard
          state.score == write.heldScore && state.band == write.band && state.reasons == write.reasons
            && state.tags.contains("lead_hot") && !state.tags.contains("lead_cold")
        else { throw ConnectorFailure(.badData, "BROKEN \(write) is held as \(state)") }
      }
    } catch {
      try demand(!error.what.hasPrefix("BROKEN"), error.what)
      try demand(!error.what.isEmpty, "writing fails without a word")
    }
  }

  /// A file that grew is read on or read anew, and ends.
  private static func grow(
    _ activities: [UInt8], _ connector: FilesConnector, in folder: String
  ) async throws(BrokenPromise) {
    let path = "\(folder)/activities"
    guard write(Array(activities.prefix(activities.count / 2)), to: path) else { return }
    let before = try await Reading(connector, .activities)
    guard write(activities, to: path) else { return }
    _ = try await Reading(connector, .activities, after: before.cursor)
  }

  /// All that a stream gave.
  private struct Reading {
    var contacts: [ContactRecord] = []
    var activities: [ActivityRecord] = []
    var outcomes: [OutcomeRecord] = []
    var holdings: [Holding] = []
    var rejected: [RejectedRecord] = []
    var failure: ConnectorFailure?
    var cursor: Cursor?

    init(
      _ connector: FilesConnector, _ kind: FileKind, after start: Cursor? = nil
    ) async throws(BrokenPromise) {
      cursor = start
      let window = PullWindow(since: Timestamp(0), now: Timestamp(1_795_000_000))
      do throws(ConnectorFailure) {
        for _ in 0..<10_000 {
          let page = try await connector.page(of: kind.stream, after: cursor, window: window)
          contacts += page.contacts
          activities += page.activities
          outcomes += page.outcomes
          holdings += page.holdings
          rejected += page.rejected
          let isStuck = page.hasMore && page.cursor == cursor
          cursor = page.cursor
          if isStuck { throw ConnectorFailure(.badData, "BROKEN it goes on where it was") }
          if !page.hasMore { return }
        }
      } catch {
        try demand(!error.what.hasPrefix("BROKEN"), error.what)
        try demand(!error.what.isEmpty, "reading fails without a word")
        failure = error
        return
      }
      throw BrokenPromise("reading never ends")
    }

    /// A file that cannot be read to its end gives more of what is before that in smaller pieces.
    func isSame(as other: Reading) -> Bool {
      guard failure == nil, other.failure == nil else { return failure?.kind == other.failure?.kind }
      return contacts == other.contacts && activities == other.activities && outcomes == other.outcomes
        && holdings == other.holdings && rejected == other.rejected
    }
  }
}
