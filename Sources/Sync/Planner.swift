import Foundation
import Platform
import Scoring
import Store

/// Scores whoever has to be scored, and lists how what the platforms hold differs.
struct Planner {
  let context: RunContext
  private let ruleIDs: [String]

  init(context: RunContext) {
    self.context = context
    ruleIDs = context.model.model.ruleIDs
  }

  /// Makes a plan.
  ///
  /// - Parameters:
  ///   - path: The file it is written to; nil for the summary alone.
  ///   - pull: What the pull before it brought.
  ///   - surveys: Also counts what all contacts hold before and after, and what was refused the last time.
  func plan(
    at moment: Timestamp, path: String?, pull: PullSummary?, surveys: Bool = false
  ) throws -> PlanSummary {
    let texts = context.store.makeTexts()
    let engine = try ScoringSession(
      model: context.model.model, domains: context.domains, connections: context.labels, texts: texts)
    var judge = DifferenceJudge(context)
    let rescoring = try rescore(at: moment, texts: texts, engine: engine, judge: &judge)
    guard try context.store.everybodyIsScored(on: try currentConnections()) else {
      throw AccountingFailure(what: "some persons have no score, or a score has no person")
    }
    var summary = try emptySummary(at: moment, pull: pull)
    summary.rescoring = rescoring
    let writer = try path.map { path throws in try PlanWriter(path: path, header: summary.header) }
    let writable = context.working.filter { connection in
      connection.configured.write != nil && !failed(connection, pull)
    }
    if surveys { try survey(&summary, writable) }
    let places = Set(
      writable.compactMap { connection in context.connections.firstIndex { $0.name == connection.name } })
    var count = 0
    for connection in writable {
      guard let place = context.connections.firstIndex(where: { $0.name == connection.name }),
        let part = summary.connections.firstIndex(where: { $0.name == connection.name })
      else { continue }
      let sorter = try path.flatMap { path throws in
        connection.connector.capabilities.wantsWritesInOrder ? try LineSorter(beside: path) : nil
      }
      try context.store.forEachPending(on: connection.stored, layout: context.layout, texts: texts) {
        pending in
        guard pending.person.contacts[pending.index].connection == place,
          let change = try change(pending, connection.name, at: moment, engine: engine, judge: &judge)
        else {
          throw AccountingFailure(what: "\(connection.name)/\(pending.id) waits for a write that is none")
        }
        summary.add(
          change.planned, from: change.from, to: change.to,
          isHandoff: change.to.map { context.model.model.bands[$0].handoff } ?? false, connection: part)
        if speaksForPerson(pending, places) {
          summary.insight.add(
            change.planned, held: pending.person.contacts.compactMap { judge.heldBand($0) }.min(),
            wanted: change.to, outcomes: engine.outcomes)
        }
        count += 1
        if count.isMultiple(of: 5_000) {
          if Task.isCancelled { throw CancellationError() }
          context.environment.progress(
            RunProgress(
              stage: "plan", fraction: Double(count) / Double(max(1, summary.changes)), count: count))
        }
        guard let writer else { return }
        let line = PlanJSON.line(change.planned)
        if let sorter { try sorter.add(line, under: pending.id) } else { try writer.add(line: line) }
      }
      try sorter?.drain { line in try writer?.add(line: line) }
    }
    guard count == summary.changes else {
      throw AccountingFailure(what: "\(count) changes were found where \(summary.changes) were announced")
    }
    try writer?.finish()
    summary.fuses = FuseBox.readings(summary, limits: context.fuses)
    return summary
  }

  /// True for the first of a person's contacts that would be written.
  private func speaksForPerson(_ pending: PendingContact, _ places: Set<Int>) -> Bool {
    pending.index
      == pending.person.contacts.firstIndex { $0.isPending && places.contains($0.connection) }
  }

  private func failed(_ connection: ActiveConnection, _ pull: PullSummary?) -> Bool {
    pull?.connections.contains { $0.name == connection.name && $0.failure != nil } ?? false
  }

  private func currentConnections() throws -> [StoredConnection] {
    let ids = Set(context.connections.map(\.stored.id))
    return try context.store.connections().filter { ids.contains($0.id) }
  }

  private func rescore(
    at moment: Timestamp, texts: StoreTexts, engine: ScoringSession, judge: inout DifferenceJudge
  ) throws -> RescoringSummary {
    try context.store.rescore(
      at: moment, conditions: context.conditions, layout: context.layout, texts: texts,
      progress: { done, total in
        context.environment.progress(
          RunProgress(stage: "score", fraction: total > 0 ? Double(done) / Double(total) : 1, count: done))
      },
      visit: { person in
        if Task.isCancelled { throw CancellationError() }
        let result = try engine.score(person.buffer, at: moment)
        let isPending = person.contacts.indices.map { index in
          guard let wanted = judge.wanted(result, person, contact: index) else { return false }
          return judge.differs(person.contacts[index], from: wanted)
        }
        return PersonVerdict(score: StoredScore(result), isPending: isPending)
      })
  }

  /// What takes a walk over more than the changes.
  private func survey(_ summary: inout PlanSummary, _ writable: [ActiveConnection]) throws {
    summary.insight.distribution = try ScoreDistribution(writable, context: context)
    for index in summary.connections.indices {
      guard let connection = writable.first(where: { $0.name == summary.connections[index].name })
      else { continue }
      let refused = try context.store.refusedLastTime(on: connection.stored, limit: 10)
      summary.connections[index].refused = refused.count
      summary.connections[index].refusedSamples = refused.first
    }
  }

  private func emptySummary(at moment: Timestamp, pull: PullSummary?) throws -> PlanSummary {
    let stored = try context.store.connections()
    var parts: [PlanSummary.Connection] = []
    var changes = 0
    for connection in context.working {
      let record = stored.first { $0.id == connection.stored.id } ?? connection.stored
      // A first write that was cut off is still the first one when the next run goes on with it.
      let isFirst =
        try !record.hasBeenWritten
        && (!context.store.holdsAnything(on: record) || context.store.hasJournal(of: record))
      var part = PlanSummary.Connection(
        name: connection.name, platform: connection.connector.platform, contacts: record.contacts,
        isFirstWrite: isFirst, isReadOnly: connection.configured.write == nil)
      let pulled = pull?.connections.first { $0.name == connection.name }
      part.readsNothingAsZero = !connection.connector.capabilities.storesZero
      part.failure = pulled?.failure
      part.missing = try context.store.missingCount(on: record)
      part.isFirstWriteResumed = try isFirst && context.store.hasJournal(of: record)
      part.rejected = try context.store.rejectedCount(on: record)
      part.rejectedSamples = try context.store.rejected(on: record, limit: 10)
      parts.append(part)
      if connection.configured.write != nil && part.failure == nil {
        changes += try context.store.pendingCount(on: record)
      }
    }
    let header = PlanHeader(
      id: context.environment.makeID(), asOf: moment, modelName: context.model.model.name,
      modelSHA256: context.model.sha256, connections: parts.map(\.name),
      contacts: parts.reduce(0) { $0 + $1.contacts }, changes: changes,
      missing: Dictionary(
        parts.filter { context.fuses.blowsOnShrink(missing: $0.missing, of: $0.contacts) }
          .map { ($0.name, $0.missing) }, uniquingKeysWith: { first, _ in first }))
    var summary = PlanSummary(
      header: header, connections: parts, bandNames: context.model.model.bands.map(\.name))
    summary.bandSizes = try context.store.bandSizes()
    summary.pull = pull
    summary.insight = PlanInsight(context.model.model)
    summary.labels = Dictionary(
      zip(context.model.model.ruleIDs, context.model.model.ruleLabels),
      uniquingKeysWith: { first, _ in first })
    return summary
  }

  private func change(
    _ pending: PendingContact, _ connection: String, at moment: Timestamp, engine: ScoringSession,
    judge: inout DifferenceJudge
  ) throws -> (planned: PlannedChange, from: Int?, to: Int?)? {
    let result = try engine.score(pending.person.buffer, at: moment)
    let contact = pending.person.contacts[pending.index]
    guard let wanted = judge.wanted(result, pending.person, contact: pending.index) else { return nil }
    let held = judge.heldTags(contact.held)
    let heldBand = judge.bandBefore(contact)
    let bands = context.model.model.bands
    let writesTags = context.connections[contact.connection].configured.write?.fields.tags ?? false
    var planned = PlannedChange(
      connection: connection, contact: pending.id.text, email: pending.email, scoreFrom: contact.held?.score,
      scoreTo: wanted.score, bandFrom: contact.held?.band ?? heldBand.map { bands[$0].name },
      bandTo: wanted.band.map { bands[$0].name },
      addTags: writesTags ? judge.names(wanted.tags & ~held) : [],
      removeTags: writesTags ? judge.names(held & ~wanted.tags) : [],
      reasons: ReasonsText.strongest(engine.outcomes).map { index in
        let outcome = engine.outcomes[index]
        return PlannedReason(
          rule: ruleIDs[index], units: outcome.units, count: outcome.count, last: outcome.last)
      })
    if pending.person.contacts.count > 1 {
      let band = pending.person.contacts.indices.compactMap {
        judge.wanted(result, pending.person, contact: $0)?.band
      }.min()
      if let band, band != wanted.band { planned.personBand = bands[band].name }
    }
    return (planned, heldBand, wanted.band)
  }
}

/// The books do not balance: a fault of the program, never of the data.
public struct AccountingFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What does not balance.
  public let what: String

  /// What does not balance, and what to do.
  public var description: String {
    "\(what): this is a fault of leadgauge. Nothing was written; move the state file away and run again, and please report it."
  }
}
