import Platform
import Scoring

/// How far a score moves.
enum ScoreMove {
  /// The distance, for any two numbers a platform may hold; the largest number where it is larger still.
  static func size(from: Int, to: Int) -> Int {
    let (difference, isBeyond) = to.subtractingReportingOverflow(from)
    return isBeyond ? .max : Int(clamping: difference.magnitude)
  }
}

extension PlannedChange {
  /// How far the score moves; holding none counts as 0.
  var scoreMove: Int { ScoreMove.size(from: scoreFrom ?? 0, to: scoreTo) }
}

/// The most important changes of a plan, if not all of them are to be written.
///
/// First those that enter a higher band, then those that fall into a lower one, then those whose tags alone
/// change, then those whose score alone moves; among each the largest moves first, and what is alike in the
/// plan's own order. Two walks over the plan find them, so that the plan's order stays and memory does not grow.
struct PlanSelection {
  /// How important a change is; less is more important.
  private struct Rank: Hashable, Comparable {
    /// 0 band up, 1 band down, 2 tags, 3 score.
    let kind: Int
    /// How much smaller the move is than the largest that is told apart.
    let smallness: Int

    static func < (left: Rank, right: Rank) -> Bool {
      (left.kind, left.smallness) < (right.kind, right.smallness)
    }
  }

  /// Larger moves than this are alike: it bounds how many ranks there are.
  private static let largestMove = 10_000

  private let bands: [String: Int]
  private let last: Rank
  /// How many of the last rank are taken.
  private var rest: Int

  /// Walks over a plan once; nil if all of it is within the limit.
  ///
  /// - Parameter bands: The model's bands, highest first.
  init?(of path: String, limit: Int, bands: [String]) throws(PlanFileFailure) {
    self.bands = Dictionary(
      zip(bands, bands.indices), uniquingKeysWith: { first, _ in first })
    let plan = try PlanReader(path: path)
    guard plan.header.changes > limit else { return nil }
    var counts: [Rank: Int] = [:]
    while let change = try plan.next() { counts[Self.rank(of: change, self.bands), default: 0] += 1 }
    var left = limit
    for (rank, count) in counts.sorted(by: { $0.key < $1.key }) {
      guard count < left else {
        (last, rest) = (rank, left)
        return
      }
      left -= count
    }
    return nil
  }

  /// True if the next change of the plan is one of the most important; changes come in the plan's order.
  mutating func takes(_ change: PlannedChange) -> Bool {
    let rank = Self.rank(of: change, bands)
    guard rank == last else { return rank < last }
    rest -= 1
    return rest >= 0
  }

  private static func rank(of change: PlannedChange, _ bands: [String: Int]) -> Rank {
    let smallness = largestMove - min(largestMove, change.scoreMove)
    guard change.bandFrom == change.bandTo else {
      // No band, and a band that the model does not know, count as the lowest.
      let (from, to) = (place(change.bandFrom, bands), place(change.bandTo, bands))
      return Rank(kind: to < from ? 0 : 1, smallness: smallness)
    }
    return Rank(kind: change.addTags.isEmpty && change.removeTags.isEmpty ? 3 : 2, smallness: smallness)
  }

  private static func place(_ band: String?, _ bands: [String: Int]) -> Int {
    band.flatMap { bands[$0] } ?? bands.count
  }

  /// Makes a plan of the most important changes alone; the plan itself if it is within the limit.
  ///
  /// - Returns: How many changes the new plan has.
  static func trim(
    _ path: String, to fresh: String, limit: Int, bands: [String]
  ) throws(PlanFileFailure) -> Int {
    var selection = try PlanSelection(of: path, limit: limit, bands: bands)
    let plan = try PlanReader(path: path)
    var header = plan.header
    header.changes = min(limit, header.changes)
    let writer = try PlanWriter(path: fresh, header: header)
    while let change = try plan.next() {
      if selection?.takes(change) ?? true { try writer.add(line: PlanJSON.line(change)) }
    }
    try writer.finish()
    return writer.written
  }
}
