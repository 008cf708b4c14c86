import Foundation
import Platform
import Scoring
import Store

extension LeadRun {
  /// Gives contacts back what they held before a run, where they still hold what it wrote.
  ///
  /// - Parameters:
  ///   - name: The run's id, its beginning, or `last` for the last run that wrote and is no undo itself.
  ///   - approves: Somebody has looked: fuses do not hold it back. They stay as they are for other runs.
  ///   - isDryRun: Only makes the plan; writes nothing to any platform.
  ///   - path: The file for the plan; nil for none that stays.
  /// - Throws: `UndoRefusal` if there is no such run, it wrote nothing, or was taken back before.
  public func undo(
    _ name: String, approves: Bool = false, isDryRun: Bool = false, path: String? = nil
  ) async throws -> RunResult {
    // Before this run itself is kept, as it would be one of those that the name may mean.
    let undone = try run(named: name)
    return try await recorded(tells: !isDryRun) { book in
      book.result.pull = try await pulled(at: context.environment.now, since: nil)
      let file = path ?? context.store.path + ".plan"
      defer { if path == nil { unlink(file) } }
      var summary = try UndoPlanner(context: context, undone: undone).plan(
        path: file, pull: book.result.pull, isDryRun: isDryRun)
      summary.earlier = try context.store.lastUndo(of: undone.id)
      summary.redoes = try context.store.undone(by: undone.id)
      book.result.undo = summary
      if summary.changes == 0, summary.connections.allSatisfy({ $0.obstacle == nil }),
        let earlier = summary.earlier
      {
        throw UndoRefusal(
          what: "run \(undone.id) was undone already, by run \(earlier.id) at \(earlier.startedAt)",
          cure: "To write again what that took back: leadgauge undo \(earlier.id)")
      }
      book.result.blown = try standing(summary)
      guard !isDryRun else { return }
      book.result.isHeldBack = !book.result.blown.isEmpty && !approves
      guard !book.result.isHeldBack else { return }
      try context.store.noteUndo(of: undone.id, by: id)
      try await write(file, ApplyTerms(checksHeld: true, readsBack: true), book)
      if var apply = book.result.apply {
        apply.refused += summary.leftCount
        apply.refusals = Array((summary.left + apply.refusals).prefix(ApplySummary.mostListed))
        book.result.apply = apply
      }
    }
  }

  private func run(named name: String) throws -> RunRecord {
    if name.lowercased() == "last" {
      guard let run = try context.store.lastRunToUndo() else {
        throw UndoRefusal(what: "no run has written anything yet", cure: "See: leadgauge runs")
      }
      return run
    }
    let runs = name.isEmpty ? [] : try context.store.runs(beginningWith: name.uppercased(), limit: 5)
    guard let run = runs.first else {
      throw UndoRefusal(what: "there is no run '\(name)'", cure: "See the runs with: leadgauge runs")
    }
    guard runs.count == 1 else {
      throw UndoRefusal(
        what: "'\(name)' is the beginning of several runs: \(runs.map(\.id).joined(separator: ", "))",
        cure: "Write more of the one that you mean")
    }
    guard try !context.store.writtenCounts(of: run.id).isEmpty else {
      throw UndoRefusal(
        what: "run \(run.id) (\(run.command) at \(run.startedAt)) wrote nothing, so there is nothing to undo",
        cure: "See which runs wrote with: leadgauge runs")
    }
    return run
  }

  /// The fuses that are in the way. They are not latched: nobody comes back to an undo by himself, and syncs
  /// are judged by their own plans.
  private func standing(_ summary: UndoSummary) throws -> [BlownFuse] {
    let cure =
      "Look at it with: leadgauge undo \(summary.run.id) --plan; then run: leadgauge undo \(summary.run.id) --approve"
    let own = FuseBox.blown(summary.fuses).map {
      BlownFuse(
        fuse: $0.fuse, connection: $0.connection,
        message: $0.message.replacingOccurrences(of: "the plan writes", with: "the undo writes"), cure: cure)
    }
    let latched = try context.store.latches().map { latch in
      BlownFuse(
        fuse: latch.fuse, connection: latch.connection,
        message: "blown since \(latch.blownAt), and nothing is written before somebody approves",
        cure: cure + ". The fuse stays blown for sync")
    }
    return own + latched
  }
}
