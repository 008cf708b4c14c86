import Foundation
import Platform
import Scoring
import Store

/// Makes the plan that gives contacts back what they held before a run, as far as they still hold what it wrote.
struct UndoPlanner {
  let context: RunContext
  let undone: RunRecord

  /// Makes the plan.
  ///
  /// - Parameters:
  ///   - path: The file it is written to.
  ///   - pull: What was just brought; a connection that could not be read is left alone.
  func plan(path: String, pull: PullSummary?, isDryRun: Bool) throws -> UndoSummary {
    var summary = try emptySummary(pull, isDryRun: isDryRun)
    // The header says how many changes follow, so that they are counted first.
    try walk(&summary, pull) { _ in }
    let writer = try PlanWriter(path: path, header: summary.header)
    var again = try emptySummary(pull, isDryRun: isDryRun)
    try walk(&again, pull) { try writer.add(line: PlanJSON.line($0)) }
    try writer.finish()
    summary.fuses = readings(summary)
    return summary
  }

  private func emptySummary(_ pull: PullSummary?, isDryRun: Bool) throws -> UndoSummary {
    let counts = try context.store.writtenCounts(of: undone.id)
    let stored = try context.store.connections()
    var parts: [UndoSummary.Connection] = []
    for connection in context.working {
      guard let written = counts[connection.stored.id] else { continue }
      var part = UndoSummary.Connection(
        name: connection.name,
        contacts: stored.first { $0.id == connection.stored.id }?.contacts ?? 0, written: written)
      part.obstacle = obstacle(on: connection, pull)
      part.left = part.obstacle == nil ? 0 : written
      parts.append(part)
    }
    for record in stored where !context.working.contains(where: { $0.stored.id == record.id }) {
      guard let written = counts[record.id] else { continue }
      let isConfigured = context.connections.contains { $0.stored.id == record.id }
      var part = UndoSummary.Connection(name: record.name, contacts: record.contacts, written: written)
      part.obstacle =
        isConfigured
        ? "it is not part of this run (--connection)" : "it is not in the configuration any more"
      part.left = written
      parts.append(part)
    }
    let names = parts.filter { $0.obstacle == nil }.map(\.name)
    let header = PlanHeader(
      id: context.environment.makeID(), asOf: context.environment.now, modelName: context.model.model.name,
      modelSHA256: context.model.sha256, connections: names,
      contacts: parts.reduce(0) { $0 + $1.contacts }, changes: 0, undoes: undone.id)
    return UndoSummary(run: undone, header: header, connections: parts, isDryRun: isDryRun)
  }

  private func obstacle(on connection: ActiveConnection, _ pull: PullSummary?) -> String? {
    if let failure = pull?.connections.first(where: { $0.name == connection.name })?.failure {
      return "it could not be read: \(failure.what)"
    }
    if connection.configured.write == nil {
      return "nothing is written to it (write: false): take that out, undo, and put it back"
    }
    return nil
  }

  private func walk(
    _ summary: inout UndoSummary, _ pull: PullSummary?, _ visit: (PlannedChange) throws -> Void
  ) throws {
    let handoffs = Set(context.model.model.bands.filter(\.handoff).map(\.name))
    for connection in context.working {
      guard let policy = connection.configured.write,
        let index = summary.connections.firstIndex(where: { $0.name == connection.name }),
        summary.connections[index].obstacle == nil
      else { continue }
      let reader = UndoReader(connection: connection, policy: policy)
      try context.store.forEachUndoable(of: undone.id, on: connection.stored) { write in
        if Task.isCancelled { throw CancellationError() }
        if let band = write.wanted.band, handoffs.contains(band), write.was?.band != band {
          summary.handoffs += 1
        }
        switch reader.read(write) {
        case .same: return
        case .left(let reason): summary.leave(write.contact, on: index, reason)
        case .change(let change, let keptScore):
          if let keptScore {
            summary.keptScoreCount += 1
            if summary.keptScores.count < ApplySummary.mostListed {
              summary.keptScores.append(
                ApplySummary.Refusal(
                  connection: connection.name, contact: write.contact.text, reason: keptScore))
            }
          }
          summary.add(change, on: index)
          try visit(change)
        }
      }
    }
  }

  /// An undo is a write like any other, and one that clears what a first write wrote is none that is free.
  private func readings(_ summary: UndoSummary) -> [FuseReading] {
    let limits = context.fuses
    return summary.connections.filter { $0.obstacle == nil }.map { part in
      FuseReading(
        fuse: "maxChanges", connection: part.name, count: part.bandChanges, total: part.contacts,
        limit: limits.maxChanges,
        isBlown: FuseLimits.isBeyond(part.bandChanges, of: part.contacts, share: limits.maxChanges))
    } + [
      FuseReading(
        fuse: "maxWrites", connection: "", count: summary.changes, total: nil, limit: limits.maxWrites,
        isBlown: summary.changes > limits.maxWrites)
    ]
  }
}

/// What becomes of one contact that a run wrote.
private struct UndoReader {
  enum Answer {
    /// It holds what it held before: there is nothing to do.
    case same
    /// It is left as it is, for this reason.
    case left(String)
    /// It gets back what it held; with the reason if it keeps its score.
    case change(PlannedChange, keptScore: String?)
  }

  let connection: ActiveConnection
  let policy: WritePolicy

  func read(_ write: UndoableWrite) -> Answer {
    guard let held = write.held else {
      return .left("the contact is gone, or became a part of another one")
    }
    guard let was = write.was else {
      return .left("the contact was gone for a while, and what it held before was forgotten")
    }
    guard write.isWritable else { return .left("the contact takes no writes any more") }
    let (change, keptScore) = change(write, was)
    let can = connection.connector.capabilities
    if let reason = change.contradiction(with: held, policy, storesZero: can.storesZero, isUndo: true) {
      // Whoever was taken back before holds what there was, and is no news.
      if holds(held, was, change) { return .same }
      return .left(reason + (write.laterRun.map { "; run \($0) wrote it later" } ?? ""))
    }
    let isSame =
      HeldState.isSame(change.clearsScore ? nil : change.scoreTo, change.scoreFrom, can.storesZero)
      && change.bandFrom == change.bandTo && change.addTags.isEmpty && change.removeTags.isEmpty
      && change.reasonsText?.from == change.reasonsText?.to
    guard isSame else { return .change(change, keptScore: keptScore) }
    return keptScore.map(Answer.left) ?? .same
  }

  private func change(_ write: UndoableWrite, _ was: HeldState) -> (PlannedChange, keptScore: String?) {
    let wanted = write.wanted
    let can = connection.connector.capabilities
    var score = was.score
    var keptScore: String?
    if was.score == nil, !can.canClearScore {
      if !can.storesZero {
        // There, 0 is how none is written.
        score = 0
      } else if let now = wanted.score {
        score = now
        keptScore = "its score was empty before and cannot be emptied again; it stays \(now)"
      }
    }
    let (writesBand, writesTags) = (policy.fields.band != nil, policy.fields.tags)
    return (
      PlannedChange(
        connection: connection.name, contact: write.contact.text, email: write.email, scoreFrom: wanted.score,
        scoreTo: score ?? 0, clearsScore: score == nil, bandFrom: writesBand ? wanted.band : nil,
        bandTo: writesBand ? was.band : nil,
        addTags: writesTags ? was.tags.subtracting(wanted.tags).sorted() : [],
        removeTags: writesTags ? wanted.tags.subtracting(was.tags).sorted() : [], reasons: [],
        reasonsText: policy.fields.reasons == nil
          ? nil : PlannedChange.TextMove(from: wanted.reasons, to: was.reasons)), keptScore
    )
  }

  private func holds(_ held: HeldState, _ was: HeldState, _ change: PlannedChange) -> Bool {
    HeldState.isSame(
      held.score, change.clearsScore ? nil : change.scoreTo, connection.connector.capabilities.storesZero)
      && (policy.fields.band == nil || held.band == was.band)
      && change.addTags.allSatisfy(held.tags.contains)
      && !change.removeTags.contains(where: held.tags.contains)
  }
}
