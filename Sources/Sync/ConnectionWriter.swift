import Platform
import Scoring
import Store

/// Writes the changes of one connection in batches, and keeps the journal.
final class ConnectionWriter {
  let connection: ActiveConnection
  let policy: WritePolicy
  private let context: RunContext
  private let run: String
  private let labels: [String: String]
  private let plan: PlanHeader
  private let terms: ApplyTerms
  private let handoffs: HandoffBook
  private var changes: [PlannedChange] = []
  private var sequence: Int
  private var stagedCount = 0

  init(
    context: RunContext, run: String, connection: ActiveConnection, policy: WritePolicy, plan: PlanHeader,
    terms: ApplyTerms
  ) {
    self.context = context
    self.run = run
    self.connection = connection
    self.policy = policy
    self.plan = plan
    self.terms = terms
    handoffs = HandoffBook(context: context, connection: connection)
    // Each connection numbers its writes in a range of its own, so that a run's numbers are unique.
    sequence = (context.connections.firstIndex { $0.name == connection.name } ?? 0) << 40
    labels = Dictionary(
      zip(context.model.model.ruleIDs, context.model.model.ruleLabels),
      uniquingKeysWith: { first, _ in first })
  }

  /// Takes a change and writes the batch when it is full.
  func add(_ change: PlannedChange, _ summary: inout ApplySummary) async throws {
    changes.append(change)
    if changes.count >= (terms.readsBack ? max(batchSize, readBackSize) : batchSize) {
      try await flush(&summary)
    }
  }

  private var batchSize: Int { max(1, connection.connector.capabilities.batchSize) }
  private var readBackSize: Int { max(1, connection.connector.capabilities.readBackSize) }
  private var storesZero: Bool { connection.connector.capabilities.storesZero }
  private var isUndo: Bool { plan.undoes != nil }

  /// What is to be written for the changes that are still true.
  private func takeItems(_ summary: inout ApplySummary) async throws -> [Item] {
    if terms.readsBack { try await dropContradicted(&summary) }
    let held = try context.store.held(changes.map { ContactID($0.contact) }, on: connection.stored)
    var batch: [Item] = []
    for change in changes {
      let id = ContactID(change.contact)
      guard let held = held[id] else {
        summary.refuse(connection.name, id, "the contact is not known any more")
        continue
      }
      if terms.checksHeld,
        let reason = change.contradiction(with: held, policy, storesZero: storesZero, isUndo: isUndo)
      {
        summary.refuse(connection.name, id, reason)
        continue
      }
      batch.append(try item(for: change, held: held))
    }
    changes.removeAll(keepingCapacity: true)
    return batch
  }

  /// Asks the platform itself, and leaves alone whoever holds something else than the plan says.
  private func dropContradicted(_ summary: inout ApplySummary) async throws {
    var kept: [PlannedChange] = []
    var dropped: [(ContactID, String)] = []
    var rest = changes[...]
    while !rest.isEmpty {
      let part = rest.prefix(readBackSize)
      let current = try await connection.connector.current(part.map { ContactID($0.contact) })
      for change in part {
        let id = ContactID(change.contact)
        var reason: String?
        switch current[id] ?? .gone {
        case .present(let held):
          reason = change.contradiction(with: held, policy, storesZero: storesZero, isUndo: isUndo)
        case .gone: reason = "the contact is gone"
        case .moved(let other): reason = "the contact became a part of \(other)"
        }
        if let reason { dropped.append((id, reason)) } else { kept.append(change) }
      }
      rest = rest.dropFirst(part.count)
    }
    for (id, reason) in dropped { summary.refuse(connection.name, id, reason) }
    changes = kept
  }

  private func item(for change: PlannedChange, held: HeldState) throws -> Item {
    let ours = change.reasons.map {
      "\(labels[$0.rule] ?? $0.rule) \(PointsText.formatSigned(units: $0.units))"
    }.joined(separator: " · ")
    let reasons = change.reasonsText.map { $0.to ?? "" } ?? ours
    let write = ContactWrite(
      contact: ContactID(change.contact), email: change.email, score: change.scoreTo,
      clearsScore: change.clearsScore, band: change.bandTo,
      reasons: reasons, addTags: policy.fields.tags ? change.addTags : [],
      removeTags: policy.fields.tags ? change.removeTags : [], asOf: plan.asOf)
    let wanted = HeldState(
      score: write.heldScore, band: policy.fields.band == nil ? held.band : write.band,
      reasons: policy.fields.reasons == nil ? held.reasons : reasons.isEmpty ? nil : reasons,
      tags: held.tags.subtracting(write.removeTags).union(write.addTags))
    sequence += 1
    var entry = JournalEntry(
      run: run, sequence: sequence, contact: write.contact, was: held, wanted: wanted)
    entry.bandEntry = try handoffs.entry(for: change, labels: labels, of: plan)
    return (entry, write)
  }

  /// Writes what is left and makes staged writes visible.
  ///
  /// - Parameter leavesSome: Some of the plan's changes of this connection are left for the next run.
  func finish(_ summary: inout ApplySummary, leavesSome: Bool) async throws {
    try await flush(&summary)
    guard summary.failures[connection.name] == nil else { return }
    do {
      let cursors = try await connection.connector.commit()
      try settleStaged(&summary)
      try context.store.setCursors(cursors, on: connection.stored)
      // A first write of which a part is left is not over.
      if !leavesSome { try context.store.noteWritten(connection.stored) }
    } catch let failure as ConnectorFailure where failure.kind != .cancelled {
      try await fail(failure, &summary)
    }
  }

  private func flush(_ summary: inout ApplySummary) async throws {
    if let failure = summary.failures[connection.name] {
      for change in changes { summary.refuse(connection.name, ContactID(change.contact), failure.what) }
      return changes.removeAll()
    }
    do {
      var rest = try await takeItems(&summary)[...]
      while !rest.isEmpty {
        let batch = Array(rest.prefix(batchSize))
        rest = rest.dropFirst(batch.count)
        do {
          try await write(batch, &summary)
        } catch let failure as ConnectorFailure where failure.kind != .cancelled {
          try await fail(failure, &summary)
          for item in rest { summary.refuse(connection.name, item.write.contact, failure.what) }
          return
        }
      }
    } catch let failure as ConnectorFailure where failure.kind != .cancelled {
      // It was asked what it holds and did not answer: nothing of this part was sent.
      try await fail(failure, &summary)
      for change in changes { summary.refuse(connection.name, ContactID(change.contact), failure.what) }
      changes.removeAll()
    }
  }

  private func write(_ batch: [Item], _ summary: inout ApplySummary) async throws {
    try context.store.intend(batch.map(\.entry), on: connection.stored)
    let outcomes = try await connection.connector.write(batch.map(\.write))
    guard outcomes.count == batch.count else {
      throw ConnectorFailure(
        .badData, "\(connection.name) answered \(outcomes.count) of \(batch.count) writes")
    }
    try await settle(Array(zip(batch, outcomes)), &summary)
  }

  private typealias Item = (entry: JournalEntry, write: ContactWrite)

  private func settle(_ items: [(Item, WriteOutcome)], _ summary: inout ApplySummary) async throws {
    var settled: [JournalOutcome] = []
    var moved: [(Item, ContactID)] = []
    var hasUnknown = false
    for (item, outcome) in items {
      switch outcome {
      case .written(let version):
        var held = item.entry.wanted
        held.version = version
        settled.append(JournalOutcome(item.entry, .done, held: held))
        summary.written += 1
      case .staged: stagedCount += 1
      case .refused(let reason):
        settled.append(JournalOutcome(item.entry, .refused, note: reason))
        summary.refuse(connection.name, item.write.contact, reason)
      case .gone:
        settled.append(JournalOutcome(item.entry, .gone))
        summary.refuse(connection.name, item.write.contact, "the contact is gone")
      case .moved(let id):
        settled.append(JournalOutcome(item.entry, .notDone, note: "moved to \(id)"))
        moved.append((item, id))
      case .unknown: hasUnknown = true
      }
    }
    try settle(settled)
    for (item, outcome) in items where outcome == .gone {
      try context.store.forget(item.write.contact, on: connection.stored)
    }
    for (item, id) in moved { try join(item, into: id, &summary) }
    if hasUnknown { try await readBack(&summary) }
  }

  /// Keeps how writes ended. What an undo wrote is not what the model says: those are looked at again.
  private func settle(_ outcomes: [JournalOutcome]) throws {
    try context.store.settle(
      outcomes, on: connection.stored, at: context.environment.now, looksAgain: isUndo)
  }

  /// A contact that became a part of another one: what was planned for it was worked out without what the other did,
  /// so neither is written before both were scored as one.
  private func join(_ item: Item, into id: ContactID, _ summary: inout ApplySummary) throws {
    try context.store.merge(item.write.contact, into: id, on: connection.stored)
    summary.refuse(
      connection.name, item.write.contact,
      "the contact became a part of \(id)" + (isUndo ? "" : ", which the next run scores anew"))
  }

  /// Finds out what became of writes whose answer was lost.
  private func readBack(
    _ summary: inout ApplySummary, reason: String = "the answer was lost and nothing was written"
  ) async throws {
    let size = max(1, connection.connector.capabilities.readBackSize)
    let open = try context.store.openEntries(on: connection.stored, limit: size)
    guard !open.isEmpty else { return }
    let current = try await connection.connector.current(open.map(\.contact))
    var settled: [JournalOutcome] = []
    for entry in open {
      switch current[entry.contact] ?? .gone {
      case .present(let held) where entry.isFulfilled(by: held, storesZero: storesZero):
        settled.append(JournalOutcome(entry, .done, held: held))
        summary.written += 1
      case .present(let held):
        settled.append(JournalOutcome(entry, .notDone, held: held))
        summary.refuse(connection.name, entry.contact, reason)
      case .gone, .moved:
        settled.append(JournalOutcome(entry, .notDone))
        summary.refuse(connection.name, entry.contact, "the answer was lost and the contact is gone")
      }
    }
    try settle(settled)
  }

  private func settleStaged(_ summary: inout ApplySummary) throws {
    while stagedCount > 0 {
      let open = try context.store.openEntries(on: connection.stored, limit: 5_000)
      guard !open.isEmpty else { return }
      let settled = open.map { JournalOutcome($0, .done, held: $0.wanted) }
      try settle(settled)
      summary.written += settled.count
      stagedCount -= settled.count
    }
  }

  /// The call failed as a whole: what may have arrived is read back, and the connection is left alone.
  private func fail(_ failure: ConnectorFailure, _ summary: inout ApplySummary) async throws {
    summary.failures[connection.name] = failure
    do {
      while try !context.store.openEntries(on: connection.stored, limit: 1).isEmpty {
        try await readBack(&summary, reason: failure.what)
      }
    } catch is ConnectorFailure {
      // It does not answer at all: the next run settles what is open before anything else.
      let open = try context.store.openEntries(on: connection.stored, limit: ApplySummary.mostListed)
      for entry in open { summary.refuse(connection.name, entry.contact, failure.what) }
    }
  }
}
