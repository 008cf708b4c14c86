import Foundation
import Platform
import Scoring
import Store

/// What became of a run.
public struct RunResult: Sendable {
  /// As it is kept.
  public var record: RunRecord
  /// What was brought; nil if nothing was pulled.
  public var pull: PullSummary?
  /// What was found; nil if no plan was made.
  public var plan: PlanSummary?
  /// What was written; nil if nothing was to be.
  public var apply: ApplySummary?
  /// Fuses that this run blew or found blown.
  public var blown: [BlownFuse] = []
  /// True if fuses kept the plan from being written.
  public var isHeldBack = false
  /// Who was told of whom; nil for a run that tells nobody.
  public var handoff: HandoffSummary?

  /// Failures of whole connections, by name.
  public var failures: [String: ConnectorFailure] {
    var failures = apply?.failures ?? [:]
    for connection in pull?.connections ?? [] {
      failures[connection.name] = connection.failure ?? failures[connection.name]
    }
    return failures
  }
}

/// One run of a command: the steps in their order, kept in the record of runs.
public struct LeadRun: Sendable {
  let context: RunContext
  private let command: String
  private let id: String
  private let startedAt: Timestamp

  /// Starts a run. The caller holds the lock.
  public init(_ command: String, context: RunContext) {
    self.context = context
    self.command = command
    id = context.environment.makeID()
    startedAt = context.environment.now
  }

  // MARK: - Commands

  /// Brings contacts and activities up to date.
  public func pull() async throws -> RunResult {
    try await recorded { book in
      book.result.pull = try await pulled(at: context.environment.now, since: nil)
    }
  }

  /// Pulls unless told otherwise, scores, and lists the differences. Changes nothing on any platform.
  public func plan(at asOf: Timestamp?, pulls: Bool, path: String?) async throws -> RunResult {
    try await recorded { book in
      let moment = asOf ?? context.environment.now
      if pulls { book.result.pull = try await pulled(at: moment, since: nil) }
      book.result.plan = try Planner(context: context).plan(at: moment, path: path, pull: book.result.pull)
      book.result.blown = FuseBox.blown(book.result.plan?.fuses ?? [])
    }
  }

  /// Pulls, plans and writes under the fuses.
  public func sync(at asOf: Timestamp?, approves: Bool) async throws -> RunResult {
    try await recorded(tells: true) { book in
      try await sync(at: asOf ?? context.environment.now, since: nil, approves: approves, book)
    }
  }

  /// Reads history from a time on, then scores and, if wanted, writes under the fuses.
  public func backfill(since: Timestamp, at asOf: Timestamp?, writes: Bool) async throws -> RunResult {
    try await recorded(tells: writes) { book in
      let moment = asOf ?? context.environment.now
      if writes {
        try await sync(at: moment, since: since, approves: false, book)
      } else {
        book.result.pull = try await pulled(at: moment, since: since)
        book.result.plan = try Planner(context: context).plan(at: moment, path: nil, pull: book.result.pull)
        book.result.blown = FuseBox.blown(book.result.plan?.fuses ?? [])
      }
    }
  }

  /// Writes exactly a plan that somebody looked at.
  ///
  /// - Throws: `StalePlan` if it is no longer true, `PlanFileFailure` if it is no plan.
  public func apply(_ path: String) async throws -> RunResult {
    try await recorded(tells: true) { book in
      let whole = try PlanReader(path: path)
      while try whole.next() != nil {}
      try refuseIfStale(whole.header)
      book.result.pull = try await pulled(at: context.environment.now, since: nil)
      try context.store.noteApplied(plan: whole.header.id, run: id, at: context.environment.now)
      try release()
      try await write(path, checksHeld: true, book)
      book.result.record.changes = whole.header.changes
    }
  }

  // MARK: - Steps

  private func pulled(at moment: Timestamp, since: Timestamp?) async throws -> PullSummary {
    let unsettled = try await Applier(context: context, run: id).settleOpenWrites()
    var summary = try await Puller(context: context).pull(at: moment, since: since)
    for index in summary.connections.indices where summary.connections[index].failure == nil {
      summary.connections[index].failure = unsettled[summary.connections[index].name]
    }
    if let failure = summary.connections.first?.failure, summary.connections.allSatisfy({ $0.failure != nil })
    {
      throw failure
    }
    return summary
  }

  private func sync(
    at moment: Timestamp, since: Timestamp?, approves: Bool, _ book: RunBook
  ) async throws {
    book.result.pull = try await pulled(at: moment, since: since)
    try holdBackUntilRead(book.result.pull)
    if approves { try release() }
    let path = context.store.path + ".plan"
    defer { unlink(path) }
    let plan = try Planner(context: context).plan(at: moment, path: path, pull: book.result.pull)
    book.result.plan = plan
    book.result.blown = approves ? [] : FuseBox.blown(plan.fuses)
    for fuse in book.result.blown {
      try context.store.blow(
        Latch(
          connection: fuse.connection, fuse: fuse.fuse, blownAt: startedAt, run: id,
          message: "\(fuse.message). \(fuse.cure)"))
    }
    try endFirstWrites(plan)
    let latches = try context.store.latches()
    guard latches.isEmpty else {
      book.result.isHeldBack = true
      for latch in latches
      where !book.result.blown.contains(where: { $0.fuse == latch.fuse && $0.connection == latch.connection })
      {
        book.result.blown.append(
          BlownFuse(
            fuse: latch.fuse, connection: latch.connection,
            message: "blown since \(latch.blownAt): \(latch.message)",
            cure: "Look at the plan, then run: leadgauge sync --approve"))
      }
      return
    }
    try await write(path, checksHeld: false, book)
  }

  /// Nothing is written before everything was read once: people would be scored by half of what they did.
  private func holdBackUntilRead(_ pull: PullSummary?) throws {
    for part in pull?.connections ?? [] {
      guard let failure = part.failure,
        let connection = context.working.first(where: { $0.name == part.name }),
        try !context.store.hasBeenRead(connection.stored)
      else { continue }
      throw ConnectorFailure(
        failure.kind,
        "\(part.name) was never read to its end, so nothing is written anywhere: \(failure.what)",
        cure: failure.cure)
    }
  }

  /// A first write that was cut off at its very end has nothing left to do, and is over.
  private func endFirstWrites(_ plan: PlanSummary) throws {
    for part in plan.connections where part.isFirstWrite && part.changes == 0 && part.failure == nil {
      guard let connection = context.working.first(where: { $0.name == part.name }),
        try context.store.hasJournal(of: connection.stored)
      else { continue }
      try context.store.noteWritten(connection.stored)
    }
  }

  /// Somebody looked: fuses are whole again, and what was missing is gone.
  private func release() throws {
    for connection in context.working { _ = try context.store.forgetMissing(on: connection.stored) }
    try context.store.releaseLatches()
  }

  private func write(_ path: String, checksHeld: Bool, _ book: RunBook) async throws {
    try context.store.setDurable(true)
    defer { try? context.store.setDurable(false) }
    try HandoffBook.open(context)
    book.result.apply = try await Applier(context: context, run: id).apply(
      try PlanReader(path: path), checksHeld: checksHeld)
  }

  private func refuseIfStale(_ header: PlanHeader) throws {
    guard header.modelSHA256 == context.model.sha256 else {
      throw StalePlan(what: "the model has changed since the plan was made")
    }
    let age = context.environment.now.seconds - header.madeAt.seconds
    guard age <= 86_400, age >= -86_400 else {
      throw StalePlan(what: "the plan was made more than 24 hours ago")
    }
    guard try !context.store.wasApplied(plan: header.id) else {
      throw StalePlan(what: "the plan was applied before")
    }
    for name in header.connections where !context.working.contains(where: { $0.name == name }) {
      throw StalePlan(what: "the plan is also about the connection '\(name)', which is not part of this run")
    }
  }

  /// Keeps the run in the record, however it ends.
  ///
  /// - Parameter tells: True for runs that write. They tell of people too, and of those who wait from earlier
  ///   runs even if this one fails.
  private func recorded(
    tells: Bool = false, _ body: (RunBook) async throws -> Void
  ) async throws -> RunResult {
    let book = RunBook(RunResult(record: RunRecord(id: id, command: command, startedAt: startedAt)))
    try context.store.save(book.result.record)
    do {
      try await body(book)
    } catch {
      if tells && !Task.isCancelled { _ = await HandoffDelivery(context: context).deliver() }
      book.result.record.endedAt = context.environment.now
      book.result.record.exit = Int(ExitStatus.of(error).rawValue)
      try? context.store.save(book.result.record)
      throw error
    }
    if tells { book.result.handoff = await HandoffDelivery(context: context).deliver() }
    var record = book.result.record
    record.contacts = try contacts()
    record.changes = book.result.plan?.changes ?? record.changes
    record.written = book.result.apply?.written ?? 0
    record.refused = book.result.apply?.refused ?? 0
    record.endedAt = context.environment.now
    record.exit = Int(ExitStatus.of(book.result).rawValue)
    try context.store.save(record)
    book.result.record = record
    return book.result
  }

  private func contacts() throws -> Int {
    let ids = Set(context.working.map(\.stored.id))
    return try context.store.connections().filter { ids.contains($0.id) }.reduce(0) { $0 + $1.contacts }
  }
}

/// What a run has come to so far.
private final class RunBook {
  var result: RunResult

  init(_ result: RunResult) {
    self.result = result
  }
}

/// A plan that is no longer true.
public struct StalePlan: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is not true any more.
  public let what: String

  /// What is not true any more, and what to do.
  public var description: String {
    "\(what): nothing was written. Make a new one with: leadgauge plan -o FILE."
  }
}
