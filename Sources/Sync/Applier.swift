import Platform
import Scoring
import Store

/// What an apply did.
public struct ApplySummary: Sendable {
  /// A contact that was not written.
  public struct Refusal: Hashable, Sendable {
    /// The connection's name.
    public let connection: String
    /// The platform's name of the contact.
    public let contact: String
    /// Why.
    public let reason: String
  }

  /// Contacts that hold what the plan says now.
  public var written = 0
  /// Contacts that were not written; they are retried by the next run.
  public var refused = 0
  /// The first of them.
  public var refusals: [Refusal] = []
  /// Connections that failed as a whole.
  public var failures: [String: ConnectorFailure] = [:]

  /// How many refusals are listed.
  static let mostListed = 1_000

  mutating func refuse(_ connection: String, _ contact: ContactID, _ reason: String) {
    refused += 1
    if refusals.count < Self.mostListed {
      refusals.append(Refusal(connection: connection, contact: contact.text, reason: reason))
    }
  }
}

/// Writes exactly a plan, each request in the journal before it leaves.
struct Applier {
  let context: RunContext
  let run: String

  // MARK: - What an earlier run left open

  /// Settles the writes of which an earlier run does not know whether they arrived, by reading them back.
  func settleOpenWrites() async throws -> [String: ConnectorFailure] {
    var failures: [String: ConnectorFailure] = [:]
    for connection in context.working {
      do {
        try await settleOpenWrites(on: connection)
      } catch let failure as ConnectorFailure where failure.kind != .cancelled {
        failures[connection.name] = failure
      }
    }
    return failures
  }

  private func settleOpenWrites(on connection: ActiveConnection) async throws {
    let size = max(1, connection.connector.capabilities.readBackSize)
    while true {
      let entries = try context.store.openEntries(on: connection.stored, limit: size)
      if entries.isEmpty { return }
      let current = try await connection.connector.current(Array(Set(entries.map(\.contact))))
      var outcomes: [JournalOutcome] = []
      for entry in entries {
        switch current[entry.contact] ?? .gone {
        case .present(let held):
          outcomes.append(JournalOutcome(entry, entry.isFulfilled(by: held) ? .done : .notDone, held: held))
        case .gone: outcomes.append(JournalOutcome(entry, .gone))
        case .moved: outcomes.append(JournalOutcome(entry, .notDone))
        }
      }
      try context.store.settle(outcomes, on: connection.stored, at: context.environment.now)
    }
  }

  // MARK: - A plan

  /// Writes a plan.
  ///
  /// - Parameter checksHeld: Skips contacts whose held values are no longer the plan's `from`.
  func apply(_ plan: PlanReader, checksHeld: Bool) async throws -> ApplySummary {
    var summary = ApplySummary()
    var writer: ConnectionWriter?
    var done = 0
    while let change = try plan.next() {
      try Task.checkCancellation()
      if writer?.connection.name != change.connection {
        try await writer?.finish(&summary)
        writer = try await begin(change.connection, at: plan.header.asOf, checksHeld: checksHeld, &summary)
      }
      done += 1
      if done.isMultiple(of: 1_000) {
        context.environment.progress(
          RunProgress(
            stage: "write \(change.connection)", fraction: Double(done) / Double(max(1, plan.header.changes)),
            count: done))
      }
      guard let current = writer else {
        summary.refuse(
          change.connection, ContactID(change.contact),
          summary.failures[change.connection]?.what ?? "nothing is written to this connection")
        continue
      }
      try await current.add(change, &summary)
    }
    try await writer?.finish(&summary)
    return summary
  }

  private func begin(
    _ name: String, at asOf: Timestamp, checksHeld: Bool, _ summary: inout ApplySummary
  ) async throws -> ConnectionWriter? {
    guard let connection = context.working.first(where: { $0.name == name }),
      let policy = connection.configured.write, summary.failures[name] == nil
    else { return nil }
    do {
      try await connection.connector.prepare(policy.layout(for: context.model.model))
    } catch {
      if error.kind == .cancelled { throw error }
      summary.failures[name] = error
      return nil
    }
    return ConnectionWriter(
      context: context, run: run, connection: connection, policy: policy, asOf: asOf, checksHeld: checksHeld)
  }
}

extension JournalEntry {
  /// True if what is held now is what this write wanted: score, band, and the tags it set and took away.
  func isFulfilled(by held: HeldState) -> Bool {
    let added = wanted.tags.subtracting(was.tags)
    let removed = was.tags.subtracting(wanted.tags)
    return held.score == wanted.score && held.band == wanted.band && added.isSubset(of: held.tags)
      && removed.isDisjoint(with: held.tags)
  }
}

extension PlannedChange {
  /// Why the plan is no longer true for this contact; nil if it is.
  func contradiction(with held: HeldState, _ policy: WritePolicy) -> String? {
    if held.score != scoreFrom {
      return
        "its score is \(held.score.map(String.init) ?? "empty") now and was \(scoreFrom.map(String.init) ?? "empty") in the plan"
    }
    if policy.fields.band != nil, held.band != bandFrom {
      return "its band is \(held.band ?? "empty") now and was \(bandFrom ?? "empty") in the plan"
    }
    if addTags.contains(where: held.tags.contains) || !removeTags.allSatisfy(held.tags.contains) {
      return "its tags are others now than in the plan"
    }
    return nil
  }
}
