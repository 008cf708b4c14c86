import Foundation
import Scoring
import Store

/// What `--approve` came to.
public struct Approval: Sendable {
  /// Fuses that were blown and are whole again.
  public internal(set) var released: [Latch] = []
  /// Fuses that stay blown, because the run was not about all of their connections.
  public internal(set) var kept: [Latch] = []
  /// Fuses that somebody has seen blown, by fuse and connection, and may be passed by this run.
  var passes: [FuseKey: FuseSight] = [:]
  /// True if nobody kept what was seen: a state of an older version, in which a latch passes everything.
  var passesLatched = false
}

/// Which fuse.
struct FuseKey: Hashable, Codable {
  var fuse: String
  var connection: String
}

/// A fuse as somebody saw it blown, in a dry run or in a run that it held back.
struct FuseSight: Hashable, Codable {
  var key: FuseKey
  /// What was counted then.
  var count: Int
  var message: String
  /// SHA-256 of the model by which it was counted.
  var model: String
  var seconds: Int64
}

/// Holds a run back by the fuses, and releases those that somebody looked at.
///
/// What somebody approves is what was shown: a fuse that blows in the approving run itself, by another model,
/// or by far more contacts than were shown, has been seen by nobody and holds the run back.
struct FuseGuard {
  let context: RunContext
  let run: String
  let now: Timestamp

  private static let note = "fuses_shown"

  // MARK: - What a run is about

  /// True if a run over these connections is about everything that the fuse is about.
  ///
  /// A run over all connections also is about fuses of connections that are no longer configured.
  private func isAbout(_ fuse: String, _ names: Set<String>) -> Bool {
    if context.connections.allSatisfy({ names.contains($0.name) }) { return true }
    return !fuse.isEmpty && fuse.components(separatedBy: ", ").allSatisfy(names.contains)
  }

  /// The connections by which a fuse is latched: one over the whole plan is named by those in the plan, if they
  /// are not all.
  private func key(_ fuse: String, _ connection: String) -> FuseKey {
    let isWhole = context.chosen.count == context.connections.count
    let names = context.working.map(\.name).joined(separator: ", ")
    return FuseKey(fuse: fuse, connection: connection.isEmpty && !isWhole ? names : connection)
  }

  // MARK: - What was seen

  /// Keeps what is shown to be blown; what earlier runs over other connections showed stays.
  func noteShown(_ readings: [FuseReading]) throws {
    let shown = FuseBox.blown(readings).map { fuse in
      FuseSight(
        key: key(fuse.fuse, fuse.connection), count: fuse.count, message: fuse.message,
        model: context.model.sha256, seconds: now.seconds)
    }
    let before = try sights()
    let kept = before?.filter { !isAbout($0.key.connection, context.chosen) } ?? []
    guard !shown.isEmpty || before != nil else { return }
    let data = (try? JSONEncoder().encode(kept + shown)) ?? Data()
    try context.store.setNote(Self.note, to: String(decoding: data, as: UTF8.self))
  }

  private func sights() throws -> [FuseSight]? {
    try context.store.note(Self.note).map {
      (try? JSONDecoder().decode([FuseSight].self, from: Data($0.utf8))) ?? []
    }
  }

  // MARK: - Sync

  /// Releases what somebody has seen, as far as the run is about it; what was missing then is gone.
  func approve() throws -> Approval {
    var approval = Approval()
    for latch in try context.store.latches() {
      if isAbout(latch.connection, context.chosen) {
        approval.released.append(latch)
      } else {
        approval.kept.append(latch)
      }
    }
    let sights = try sights()
    approval.passesLatched = sights == nil
    for sight in sights ?? [] where isAbout(sight.key.connection, context.chosen) {
      guard sight.model == context.model.sha256 || sight.key.fuse == "maxShrink" else { continue }
      approval.passes[sight.key] = sight
      if !approval.released.contains(where: { FuseKey($0) == sight.key }) {
        approval.released.append(
          Latch(
            connection: sight.key.connection, fuse: sight.key.fuse, blownAt: Timestamp(sight.seconds),
            run: "", message: sight.message))
      }
    }
    for connection in context.working {
      let key = FuseKey(fuse: "maxShrink", connection: connection.name)
      let isLatched = approval.passesLatched && approval.released.contains { FuseKey($0) == key }
      guard let seen = approval.passes[key]?.count ?? (isLatched ? .max : nil) else { continue }
      if try !isShrinkNews(on: connection, beyond: seen) {
        _ = try context.store.forgetMissing(on: connection.stored)
      }
    }
    try context.store.release(approval.released)
    return approval
  }

  /// The fuses that keep a plan from being written; those that blow are latched.
  ///
  /// - Parameter approval: What somebody has approved; nil if nobody has, so that every latch holds the run back.
  func standing(_ readings: [FuseReading], _ approval: Approval?) throws -> [BlownFuse] {
    let blown = FuseBox.blown(
      readings.filter { reading in reading.isBlown && !passes(reading, approval) })
    for fuse in blown {
      let key = key(fuse.fuse, fuse.connection)
      try context.store.blow(
        Latch(
          connection: key.connection, fuse: key.fuse, blownAt: now, run: run,
          message: "\(fuse.message). \(fuse.cure)"))
    }
    // What is let pass is done with: if it blows once more, somebody has to look once more.
    try noteShown(readings.filter { !passes($0, approval) })
    guard approval == nil else { return blown }
    let known = Set(blown.map { key($0.fuse, $0.connection) })
    return blown
      + (try context.store.latches()).filter { !known.contains(FuseKey($0)) }.map(latched)
  }

  /// Every fuse that was blown by an earlier run and still is, in words.
  func latched() throws -> [BlownFuse] { try context.store.latches().map(latched) }

  private func latched(_ latch: Latch) -> BlownFuse {
    let isOurs = isAbout(latch.connection, context.chosen)
    return BlownFuse(
      fuse: latch.fuse, connection: latch.connection,
      message: "blown since \(latch.blownAt): \(latch.reason)",
      cure: isOurs
        ? "Look at the plan, then run: leadgauge sync --approve"
        : "This run is about other connections: run leadgauge sync --approve with the same --connection to write"
          + " to these all the same; the fuse stays blown")
  }

  private func passes(_ reading: FuseReading, _ approval: Approval?) -> Bool {
    guard let approval else { return false }
    let key = key(reading.fuse, reading.connection)
    if approval.passesLatched { return approval.released.contains { FuseKey($0) == key } }
    guard let seen = approval.passes[key] else { return false }
    let growth = reading.count - seen.count
    guard let total = reading.total else { return growth <= reading.limit }
    return !FuseLimits.isBeyond(growth, of: total, share: reading.limit)
  }

  /// True if so many more contacts are missing than were seen that the fuse blows for these alone.
  private func isShrinkNews(on connection: ActiveConnection, beyond seen: Int) throws -> Bool {
    let missing = try context.store.missingCount(on: connection.stored)
    let known = try context.store.connections().first { $0.id == connection.stored.id }?.contacts ?? missing
    return context.fuses.blowsOnShrink(missing: missing - min(seen, missing), of: known)
  }

  // MARK: - Apply

  /// The fuses that keep a plan that somebody looked at from being written: those that blew after it was made.
  /// If there are none, those that blew before are whole again, and what was missing then is gone.
  func admit(_ plan: PlanHeader) throws -> [BlownFuse] {
    let names = Set(plan.connections)
    let latches = try context.store.latches().filter { isAbout($0.connection, names) }
    var standing = latches.filter { $0.run > plan.id }.map { latch in
      BlownFuse(
        fuse: latch.fuse, connection: latch.connection,
        message: "blown after this plan was made, at \(latch.blownAt): \(latch.reason)",
        cure: "Make a new plan, look at it and apply that")
    }
    let working = context.working.filter { names.contains($0.name) }
    for connection in working
    where try isShrinkNews(on: connection, beyond: plan.missing[connection.name] ?? 0) {
      let missing = try context.store.missingCount(on: connection.stored)
      let known = try context.store.connections().first { $0.id == connection.stored.id }?.contacts ?? missing
      let fuses = FuseBox.blown([
        FuseReading(
          fuse: "maxShrink", connection: connection.name, count: missing, total: known,
          limit: context.fuses.maxShrink, isBlown: true)
      ])
      standing.removeAll { $0.fuse == "maxShrink" && $0.connection == connection.name }
      for fuse in fuses {
        try context.store.blow(
          Latch(
            connection: fuse.connection, fuse: fuse.fuse, blownAt: now, run: run,
            message: "\(fuse.message). \(fuse.cure)"))
        standing.append(fuse)
      }
    }
    guard standing.isEmpty else { return standing }
    for connection in working where plan.missing[connection.name] != nil {
      _ = try context.store.forgetMissing(on: connection.stored)
    }
    try context.store.release(latches)
    return []
  }
}

extension Latch {
  /// What was beyond what, without what to do about it and without a full stop.
  public var reason: String {
    // Neither numbers nor names of connections hold a full stop and a blank.
    let end = message.range(of: ". ")?.lowerBound ?? message.endIndex
    let reason = message[..<end]
    return String(reason.last == "." ? reason.dropLast() : reason)
  }
}

extension FuseKey {
  init(_ latch: Latch) {
    self.init(fuse: latch.fuse, connection: latch.connection)
  }
}
