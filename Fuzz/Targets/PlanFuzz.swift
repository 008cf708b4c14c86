import Foundation
import Scoring
import Sync

/// A plan that somebody edited: refused with its line, or read as what it says.
enum PlanFuzz {
  private struct Plan: Equatable {
    var header: PlanHeader
    var changes: [PlannedChange] = []

    var text: String {
      PlanJSON.line(header) + "\n" + changes.map { PlanJSON.line($0) + "\n" }.joined()
        + #"{"type":"end","changes":\#(changes.count)}"# + "\n"
    }
  }

  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    let path = FuzzFolder.root + ".plan"
    defer { unlink(path) }
    guard let plan = try read(bytes, path) else { return }
    _ = plan.header.madeAt
    guard let again = try read(Array(plan.text.utf8), path) else {
      throw BrokenPromise("a plan that was read is not read again: \(plan.text)")
    }
    // What is written has three decimals of a point, where half a thousandth may be one of 1,024 parts.
    try demand(again.text == plan.text, "a plan is written as \(plan.text), and once more as \(again.text)")
  }

  private static func read(_ bytes: [UInt8], _ path: String) throws(BrokenPromise) -> Plan? {
    guard let file = fopen(path, "w") else { return nil }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    do throws(PlanFileFailure) {
      let reader = try PlanReader(path: path)
      var plan = Plan(header: reader.header)
      while let change = try reader.next() { plan.changes.append(change) }
      return plan
    } catch {
      try demand(error.kind == .badData && error.what.hasPrefix("\(path):"), "\(error)")
      return nil
    }
  }
}
