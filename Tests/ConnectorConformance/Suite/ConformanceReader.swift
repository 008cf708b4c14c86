import Platform

/// An imaginary store that reads a connector's streams to their ends, and remembers every step.
struct ConformanceReader {
  /// A page that was taken, and the store as it was before and after it.
  struct Step {
    let stream: StreamDescription
    let before: Cursor?
    let page: Page
  }

  var intake = Intake()
  var cursors: [StreamName: Cursor] = [:]
  /// The pages of the last pull.
  private(set) var steps: [Step] = []
  /// The store after each page of the last pull.
  private(set) var snapshots: [(intake: Intake, cursors: [StreamName: Cursor])] = []

  /// Reads everything that there is for now.
  mutating func pull(
    _ connector: any Connector, _ window: PullWindow,
    afterPage: (StreamDescription, Page) async throws -> Void = { _, _ in }
  ) async throws {
    steps = []
    snapshots = []
    for stream in try await connector.streams() {
      var hasMore = true
      while hasMore {
        let before = cursors[stream.name]
        let page = try await Self.page(of: stream.name, after: before, window, from: connector)
        intake.take(page, of: stream)
        cursors[stream.name] = page.cursor
        steps.append(Step(stream: stream, before: before, page: page))
        snapshots.append((intake, cursors))
        hasMore = page.hasMore
        if hasMore, page.cursor == before || steps.count > 5_000 {
          throw ConformanceFailure(
            "Reading \(stream.name)", expected: "a cursor that moves on while there is more",
            found: "\(page.cursor.text) after \(steps.count) pages")
        }
        try await afterPage(stream, page)
      }
    }
  }

  /// Asks for a page, and again where the connector says that this may help.
  static func page(
    of stream: StreamName, after cursor: Cursor?, _ window: PullWindow, from connector: any Connector
  ) async throws -> Page {
    for _ in 0..<3 {
      do {
        return try await connector.page(of: stream, after: cursor, window: window)
      } catch {
        guard error.kind == .changedMeanwhile else { throw error }
      }
    }
    return try await connector.page(of: stream, after: cursor, window: window)
  }
}
