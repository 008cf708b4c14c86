import Platform
import Scoring
import Store

/// How many contacts hold which score before a plan is written, and how many would after it.
///
/// It is about all contacts of the connections that the plan writes to, also those that it leaves as they are.
public struct ScoreDistribution: Equatable, Sendable {
  /// The contacts with a score in a range.
  public struct Bar: Equatable, Sendable {
    /// The lowest score in it.
    public var from: Int
    /// The highest score in it.
    public var to: Int
    /// How many hold such a score now.
    public var before = 0
    /// How many would after the plan.
    public var after = 0
  }

  private static let widest = 1_000_000_000_000
  /// There are about so many bars at most.
  public static let most = 20

  /// From the lowest score to the highest; the outer ones take what lies beyond them.
  public private(set) var bars: [Bar]
  /// How many contacts hold no score now.
  public private(set) var noneBefore = 0
  /// How many would hold none after the plan.
  public private(set) var noneAfter = 0
  private let width: Int

  /// Bars over a range of scores, each as wide as the others, in steps of 1, 2, 5, 10, 20, 50 and so on.
  public init(over range: ClosedRange<Int>) {
    let span = max(1, range.upperBound - range.lowerBound)
    var width = 1
    var step = 0
    while span / width > Self.most {
      width = step % 3 == 1 ? width / 2 * 5 : width * 2
      step += 1
    }
    self.width = width
    let first = Self.floor(range.lowerBound, width)
    bars = stride(from: first, to: max(range.upperBound, first + 1), by: width).map {
      Bar(from: $0, to: $0 + width - 1)
    }
    // A range that ends with a round number, as most do, gets no bar for that number alone.
    if let last = bars.last { bars[bars.count - 1].to = max(last.to, range.upperBound) }
  }

  private static func floor(_ value: Int, _ width: Int) -> Int {
    value >= 0 ? value / width * width : -((-value + width - 1) / width) * width
  }

  private func index(of score: Int) -> Int {
    guard let first = bars.first, let last = bars.last, score > first.from else { return 0 }
    return score >= last.from ? bars.count - 1 : (score - first.from) / width
  }

  /// Counts contacts by what they hold; they keep it unless `move` says otherwise.
  mutating func add(held score: Int?, count: Int = 1) {
    guard let score else {
      noneBefore += count
      noneAfter += count
      return
    }
    bars[index(of: score)].before += count
    bars[index(of: score)].after += count
  }

  /// The plan gives a contact that was counted another score.
  mutating func move(from old: Int?, to new: Int) {
    if let old { bars[index(of: old)].after -= 1 } else { noneAfter -= 1 }
    bars[index(of: new)].after += 1
  }

  /// What the connections hold now.
  init(_ connections: [ActiveConnection], context: RunContext) throws(StoreFailure) {
    let limits = context.model.model.scoreLimits
    let found = try context.store.scoreRange()
    let low = min(limits.min ?? 0, found?.lowerBound ?? 0)
    let high = limits.max ?? found?.upperBound ?? 0
    // Somebody may have written any number into the field: what is further out is in the outer bars.
    let (first, last) = (max(low, -Self.widest), min(high, Self.widest))
    self.init(over: first...max(first + 1, last))
    let stored = try context.store.connections()
    var waiting: [Int64: (contacts: Int, readsNothingAsZero: Bool)] = [:]
    for connection in connections {
      let contacts = stored.first { $0.id == connection.stored.id }?.contacts ?? 0
      waiting[connection.stored.id] = (contacts, !connection.connector.capabilities.storesZero)
    }
    try context.store.forEachHeldScore { connection, score in
      guard waiting[connection] != nil else { return }
      waiting[connection]?.contacts -= 1
      add(held: score)
    }
    for (contacts, readsNothingAsZero) in waiting.values {
      add(held: readsNothingAsZero ? 0 : nil, count: max(0, contacts))
    }
  }
}
