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
  /// Changes that were left for the next run because only so many were to be written.
  public var leftByLimit = 0
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

/// How a plan is written.
struct ApplyTerms {
  /// Skips contacts whose held values, as far as they are known, are no longer the plan's `from`.
  var checksHeld = false
  /// Asks the platform itself, too, right before a batch is written.
  var readsBack = false
  /// Writes no more than so many contacts, the most important ones.
  var limit: Int?
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
          let isDone = entry.isFulfilled(by: held, storesZero: connection.connector.capabilities.storesZero)
          outcomes.append(JournalOutcome(entry, isDone ? .done : .notDone, held: held))
        case .gone: outcomes.append(JournalOutcome(entry, .gone))
        case .moved: outcomes.append(JournalOutcome(entry, .notDone))
        }
      }
      // What an undo wrote is not what the model says, so that all of them are looked at again.
      try context.store.settle(
        outcomes, on: connection.stored, at: context.environment.now, looksAgain: true)
    }
  }

  // MARK: - A plan

  /// Writes the plan that stands in a file, or the most important part of it.
  func apply(_ path: String, _ terms: ApplyTerms) async throws -> ApplySummary {
    var summary = ApplySummary()
    var selection = try terms.limit.flatMap { limit throws(PlanFileFailure) in
      try PlanSelection(of: path, limit: limit, bands: context.model.model.bands.map(\.name))
    }
    let plan = try PlanReader(path: path)
    let tags = try plan.header.undoes == nil ? [] : Self.tags(in: path)
    var writer: ConnectionWriter?
    var done = 0
    var skipped: Set<String> = []
    while let change = try plan.next() {
      try Task.checkCancellation()
      let isTaken = selection?.takes(change) ?? true
      guard isTaken else {
        summary.leftByLimit += 1
        skipped.insert(change.connection)
        continue
      }
      if writer?.connection.name != change.connection {
        try await writer?.finish(&summary, leavesSome: skipped.contains(writer?.connection.name ?? ""))
        writer = try await begin(change.connection, plan.header, terms, undoneTags: tags, &summary)
      }
      done += 1
      if done.isMultiple(of: 1_000) {
        context.environment.progress(
          RunProgress(
            stage: "write \(change.connection)",
            fraction: Double(done) / Double(max(1, min(plan.header.changes, terms.limit ?? .max))),
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
    try await writer?.finish(&summary, leavesSome: skipped.contains(writer?.connection.name ?? ""))
    return summary
  }

  private func begin(
    _ name: String, _ header: PlanHeader, _ terms: ApplyTerms, undoneTags: Set<String>,
    _ summary: inout ApplySummary
  ) async throws -> ConnectionWriter? {
    guard let connection = context.working.first(where: { $0.name == name }),
      let policy = connection.configured.write, summary.failures[name] == nil
    else { return nil }
    // A run that is taken back may have set tags that the model of today does not own any more.
    var layout = policy.layout(for: context.model.model)
    layout.ownedTags += undoneTags.subtracting(layout.ownedTags).sorted()
    do {
      try await connection.connector.prepare(layout)
    } catch {
      if error.kind == .cancelled { throw error }
      summary.failures[name] = error
      return nil
    }
    return ConnectionWriter(
      context: context, run: run, connection: connection, policy: policy, plan: header, terms: terms)
  }

  /// Every tag that a plan sets or takes away.
  private static func tags(in path: String) throws(PlanFileFailure) -> Set<String> {
    var tags: Set<String> = []
    let plan = try PlanReader(path: path)
    while let change = try plan.next() { tags.formUnion(change.addTags + change.removeTags) }
    return tags
  }
}
