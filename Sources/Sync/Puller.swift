import Platform
import Scoring
import Store

/// What a pull brought.
public struct PullSummary: Sendable {
  /// One connection's part.
  public struct Connection: Sendable {
    /// The connection's name.
    public var name: String
    /// Records the platform gave.
    public var recordsRead = 0
    /// Activities older than the history asked for.
    public var skippedAsOlder = 0
    /// Visitors whom no one knows: not scored, only counted.
    public var leftOut = 0
    /// Records that could not be used in the last reading of each stream.
    public var rejected = 0
    /// Contacts missing from the last complete listing and not forgotten, because the fuse blew.
    public var missing = 0
    /// Why the connection could not be read to the end; nil if it was.
    public var failure: ConnectorFailure?
  }

  /// In the order of the configuration.
  public var connections: [Connection] = []
  /// What was new.
  public var merge = MergeSummary()
}

/// Brings contacts and activities up to date.
struct Puller {
  let context: RunContext

  /// How often a stream is read again that changed while it was read.
  private static let mostAttempts = 3

  /// Pulls the connections of the run; one that fails does not stop the others.
  ///
  /// - Parameter since: Reads at least as far back as this; nil for what was read so far, or the history.
  func pull(at moment: Timestamp, since: Timestamp?) async throws -> PullSummary {
    var summary = PullSummary()
    _ = try merge()
    for connection in context.working {
      var part = PullSummary.Connection(name: connection.name)
      do {
        try await pull(connection, at: moment, since: since, into: &part)
        try context.store.noteRead(connection.stored, at: moment)
      } catch let failure as ConnectorFailure where failure.kind != .cancelled {
        part.failure = failure
      }
      summary.connections.append(part)
    }
    summary.merge = try merge()
    for index in summary.connections.indices {
      guard let connection = context.working.first(where: { $0.name == summary.connections[index].name })
      else { continue }
      let (missing, forgotten) = try forgetMissing(connection)
      summary.connections[index].missing = missing
      summary.merge.forgottenContacts += forgotten
      summary.connections[index].rejected = try context.store.rejectedCount(on: connection.stored)
    }
    // A contact that came back may have lost its activities: the streams that keep them start anew.
    if try await pullReturned(at: moment) { summary.merge.add(try merge()) }
    return summary
  }

  private func merge() throws -> MergeSummary {
    try context.store.mergeInbox { fraction in
      try Task.checkCancellation()
      context.environment.progress(RunProgress(stage: "merge", fraction: fraction, count: 0))
    }
  }

  private func pull(
    _ connection: ActiveConnection, at moment: Timestamp, since: Timestamp?,
    into part: inout PullSummary.Connection
  ) async throws {
    let stored = try context.store.connections().first { $0.id == connection.stored.id } ?? connection.stored
    var floor = stored.since ?? moment - context.history
    if let since, since < floor { floor = since }
    if stored.since != floor { try context.store.setSince(floor, for: stored) }
    let window = PullWindow(since: floor, now: context.environment.now, needs: context.needs)
    for stream in try await connection.connector.streams() {
      var attempt = 1
      while true {
        do {
          try await read(stream, connection, window, into: &part)
          break
        } catch let failure as ConnectorFailure
          where failure.kind == .changedMeanwhile && attempt < Self.mostAttempts
        {
          try context.store.discardReading(of: stream.name, on: connection.stored)
          attempt += 1
        }
      }
    }
  }

  /// Reads a stream to its end, fetching a page while the one before is being stored.
  private func read(
    _ stream: StreamDescription, _ connection: ActiveConnection, _ window: PullWindow,
    into part: inout PullSummary.Connection
  ) async throws {
    let connector = connection.connector
    let store = context.store
    let cursor = try store.state(of: stream.name, on: connection.stored).cursor
    var page = try await connector.page(of: stream.name, after: cursor, window: window)
    var count = 0
    var circle = CircleWatch()
    while true {
      try Task.checkCancellation()
      count += page.recordsRead
      part.recordsRead += page.recordsRead
      part.skippedAsOlder += page.skippedAsOlder
      part.leftOut += page.leftOut
      context.environment.progress(
        RunProgress(stage: "pull \(connection.name) \(stream.name)", fraction: page.progress, count: count))
      guard page.hasMore else {
        try store.ingest(page, of: stream, on: connection.stored, at: window.now)
        return
      }
      let after = page.cursor
      if circle.closes(at: after) {
        throw ConnectorFailure(
          .badData, "\(stream.name) goes round in circles: the same page follows again and again",
          cure: "What was read is kept; tell who runs the platform")
      }
      async let next = connector.page(of: stream.name, after: after, window: window)
      try store.ingest(page, of: stream, on: connection.stored, at: window.now)
      page = try await next
    }
  }

  private func pullReturned(at moment: Timestamp) async throws -> Bool {
    var isAnyReset = false
    for connection in context.working {
      for (name, state) in try context.store.streams(on: connection.stored) where state.cursor == nil {
        let streams = try await connection.connector.streams()
        guard let stream = streams.first(where: { $0.name == name && $0.rereadsForReturned }) else {
          continue
        }
        var part = PullSummary.Connection(name: connection.name)
        let stored = try context.store.connections().first { $0.id == connection.stored.id }
        let window = PullWindow(
          since: stored?.since ?? moment - context.history, now: context.environment.now,
          needs: context.needs)
        try await read(stream, connection, window, into: &part)
        isAnyReset = true
      }
    }
    return isAnyReset
  }

  /// Forgets what is missing from a complete listing, unless that is more than the fuse lets through.
  private func forgetMissing(_ connection: ActiveConnection) throws -> (missing: Int, forgotten: Int) {
    let missing = try context.store.missingCount(on: connection.stored)
    guard missing > 0 else { return (0, 0) }
    let known = try context.store.connections().first { $0.id == connection.stored.id }?.contacts ?? missing
    guard !context.fuses.blowsOnShrink(missing: missing, of: known) else { return (missing, 0) }
    return (0, try context.store.forgetMissing(on: connection.stored))
  }
}
