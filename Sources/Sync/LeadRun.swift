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
  /// What somebody approved; nil if nobody did.
  public var approval: Approval?
  /// How many changes a plan file holds that was to hold only the most important; nil if it holds all.
  public var planned: Int?
  /// What was to be taken back; nil if the run is no undo.
  public var undo: UndoSummary?

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
  let id: String
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
  ///
  /// - Parameter limit: The file gets so many changes at most, the most important ones; the summary tells of all.
  public func plan(at asOf: Timestamp?, pulls: Bool, path: String?, limit: Int? = nil) async throws
    -> RunResult
  {
    try await recorded { book in
      let moment = asOf ?? context.environment.now
      if pulls { book.result.pull = try await pulled(at: moment, since: nil) }
      // By a name that no file of the user's has.
      let whole = limit == nil ? path : path.map { $0 + ".whole.part" }
      defer { if let whole, whole != path { unlink(whole) } }
      var plan = try Planner(context: context).plan(
        at: moment, path: whole, pull: book.result.pull, surveys: true)
      await plan.foresee(context)
      book.result.plan = plan
      if let path, let whole, let limit {
        book.result.planned = try PlanSelection.trim(whole, to: path, limit: limit, bands: bandNames)
      }
      try fuseGuard.noteShown(plan.fuses)
      book.result.blown = FuseBox.blown(plan.fuses)
      book.result.blown += try fuseGuard.latched().filter { latch in
        !book.result.blown.contains { $0.fuse == latch.fuse && $0.connection == latch.connection }
      }
    }
  }

  /// Pulls, plans and writes under the fuses.
  ///
  /// - Parameters:
  ///   - approves: Somebody has looked at the fuses that are blown.
  ///   - limit: Writes so many contacts at most, the most important ones.
  public func sync(at asOf: Timestamp?, approves: Bool, limit: Int? = nil) async throws -> RunResult {
    try await recorded(tells: true) { book in
      try await sync(
        at: asOf ?? context.environment.now, since: nil, approves: approves, limit: limit, book)
    }
  }

  /// Reads history from a time on, then scores and, if wanted, writes under the fuses.
  public func backfill(since: Timestamp, at asOf: Timestamp?, writes: Bool) async throws -> RunResult {
    try await recorded(tells: writes) { book in
      let moment = asOf ?? context.environment.now
      if writes {
        try await sync(at: moment, since: since, approves: false, limit: nil, book)
      } else {
        book.result.pull = try await pulled(at: moment, since: since)
        book.result.plan = try Planner(context: context).plan(at: moment, path: nil, pull: book.result.pull)
        book.result.blown = FuseBox.blown(book.result.plan?.fuses ?? [])
      }
    }
  }

  /// Writes exactly a plan that somebody looked at.
  ///
  /// - Parameter limit: Writes so many contacts at most, the most important ones; the rest is for the next plan.
  /// - Throws: `StalePlan` if it is no longer true, `PlanFileFailure` if it is no plan.
  public func apply(_ path: String, limit: Int? = nil) async throws -> RunResult {
    try await recorded(tells: true) { book in
      let whole = try PlanReader(path: path)
      let isUndo = whole.header.undoes != nil
      let model = context.model.model
      while let change = try whole.next() {
        if let problem = isUndo ? nil : change.problem(with: model),
          whole.header.modelSHA256 == context.model.sha256
        {
          throw PlanFileFailure(
            kind: .badData,
            what: "\(path) was changed by hand: \(change.connection)/\(change.contact) \(problem)",
            cure: "Make a new plan with: leadgauge plan -o FILE")
        }
      }
      try refuseIfStale(whole.header)
      book.result.pull = try await pulled(at: context.environment.now, since: nil)
      book.result.record.changes = whole.header.changes
      let undone = whole.header.undoes
      // An undo is about what was written and no plan of scores: it releases no fuse and none holds it back.
      if undone == nil {
        book.result.blown = try fuseGuard.admit(whole.header)
        book.result.isHeldBack = !book.result.blown.isEmpty
      }
      guard !book.result.isHeldBack else { return }
      if let undone { try context.store.noteUndo(of: undone, by: id) }
      try context.store.noteApplied(plan: whole.header.id, run: id, at: context.environment.now)
      try await write(path, ApplyTerms(checksHeld: true, readsBack: undone != nil, limit: limit), book)
    }
  }

  // MARK: - Steps

  func pulled(at moment: Timestamp, since: Timestamp?) async throws -> PullSummary {
    let unsettled = try await Applier(context: context, run: id).settleOpenWrites()
    var summary = try await Puller(context: context).pull(at: moment, since: since)
    for index in summary.connections.indices where summary.connections[index].failure == nil {
      summary.connections[index].failure = unsettled[summary.connections[index].name]
    }
    try context.store.completeBrokenRuns(before: id)
    let failures = summary.connections.compactMap { part in part.failure.map { (part.name, $0) } }
    if let first = failures.first?.1, failures.count == summary.connections.count {
      guard failures.count > 1 else { throw first }
      throw ConnectorFailure(
        first.kind, failures.map { "\($0): \($1.what)" }.joined(separator: "; "), cure: first.cure)
    }
    return summary
  }

  private func sync(
    at moment: Timestamp, since: Timestamp?, approves: Bool, limit: Int?, _ book: RunBook
  ) async throws {
    book.result.pull = try await pulled(at: moment, since: since)
    try holdBackUntilRead(book.result.pull)
    if approves { book.result.approval = try fuseGuard.approve() }
    let path = context.store.path + ".plan"
    defer { unlink(path) }
    let plan = try Planner(context: context).plan(at: moment, path: path, pull: book.result.pull)
    book.result.plan = plan
    // The whole plan is measured, also if only a part of it is to be written.
    book.result.blown = try fuseGuard.standing(plan.fuses, book.result.approval)
    try endFirstWrites(plan)
    book.result.isHeldBack = !book.result.blown.isEmpty
    guard !book.result.isHeldBack else { return }
    try await write(path, ApplyTerms(limit: limit), book)
  }

  private var fuseGuard: FuseGuard { FuseGuard(context: context, run: id, now: startedAt) }
  private var bandNames: [String] { context.model.model.bands.map(\.name) }

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

  func write(_ path: String, _ terms: ApplyTerms, _ book: RunBook) async throws {
    try context.store.setDurable(true)
    defer { try? context.store.setDurable(false) }
    try HandoffBook.open(context)
    book.result.apply = try await Applier(context: context, run: id).apply(path, terms)
  }

  private func refuseIfStale(_ header: PlanHeader) throws {
    guard header.undoes != nil || header.modelSHA256 == context.model.sha256 else {
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
  func recorded(
    tells: Bool = false, _ body: (RunBook) async throws -> Void
  ) async throws -> RunResult {
    let book = RunBook(RunResult(record: RunRecord(id: id, command: command, startedAt: startedAt)))
    try context.store.save(book.result.record)
    do {
      try await body(book)
    } catch {
      if tells && !Task.isCancelled { _ = await HandoffDelivery(context: context).deliver() }
      book.result.record.written = (try? context.store.writtenCount(by: id)) ?? 0
      book.result.record.endedAt = context.environment.now
      book.result.record.exit = Int(ExitStatus.of(error).rawValue)
      try? context.store.save(book.result.record)
      throw error
    }
    if tells { book.result.handoff = await HandoffDelivery(context: context).deliver() }
    var record = book.result.record
    record.contacts = try contacts()
    record.changes = book.result.plan?.changes ?? book.result.undo?.changes ?? record.changes
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
final class RunBook {
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
