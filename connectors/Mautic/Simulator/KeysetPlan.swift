/// The part of a `where` that an index over ascending ids answers, and the part that must look at each row.
struct KeysetPlan {
  /// Ids from here…
  private(set) var lowest = Int.min
  /// …to here, both included.
  private(set) var highest = Int.max
  /// If set, only these ids, ascending.
  private(set) var candidates: [Int]?
  /// What must be tested row by row.
  private(set) var residual: [Condition] = []

  init(_ parts: [Condition], idColumn: Int?) {
    for part in parts {
      guard case .test(let test) = part, test.column == idColumn, take(test) else {
        residual.append(part)
        continue
      }
    }
  }

  /// What tells one residual from another.
  var residualKey: String {
    residual.map { "\($0)" }.joined(separator: "&")
  }

  private mutating func take(_ test: ColumnTest) -> Bool {
    switch test.comparison {
    case .gt: raise(Self.whole(test.numbers.first, .down) + 1)
    case .gte: raise(Self.whole(test.numbers.first, .up))
    case .lt: lower(Self.whole(test.numbers.first, .up) - 1)
    case .lte: lower(Self.whole(test.numbers.first, .down))
    case .eq: keep(test.numbers.prefix(1))
    case .in: keep(test.numbers[...])
    case .between:
      guard test.numbers.count == 2 else { return false }
      raise(Self.whole(test.numbers[0], .up))
      lower(Self.whole(test.numbers[1], .down))
    default: return false
    }
    return true
  }

  private mutating func raise(_ bound: Int) {
    lowest = max(lowest, bound)
  }

  private mutating func lower(_ bound: Int) {
    highest = min(highest, bound)
  }

  private mutating func keep(_ numbers: ArraySlice<Double>) {
    let wanted = Set(numbers.filter { $0 == $0.rounded() }.map { Self.whole($0, .down) })
    candidates = candidates.map { $0.filter { wanted.contains($0) } } ?? wanted.sorted()
  }

  private static func whole(_ number: Double?, _ rule: FloatingPointRoundingRule) -> Int {
    guard let number, number.isFinite else { return 0 }
    return Int(max(-1e15, min(1e15, number.rounded(rule))))
  }
}

/// The rows that a `where` lets through, in the order of their ids.
enum MatchedRows {
  case range(Range<Int>)
  case rows(ArraySlice<Int>)

  /// How many.
  var count: Int {
    switch self {
    case .range(let range): return range.count
    case .rows(let rows): return rows.count
    }
  }

  /// One page of them; a limit below 1 means all that follow.
  func page(start: Int, limit: Int) -> [Int] {
    let start = max(0, min(start, count))
    let length = limit < 1 ? count - start : min(limit, count - start)
    switch self {
    case .range(let range): return Array(range.dropFirst(start).prefix(length))
    case .rows(let rows): return Array(rows.dropFirst(start).prefix(length))
    }
  }

  /// All of them.
  var all: [Int] { page(start: 0, limit: 0) }
}

/// Rows with ascending ids, as a plan searches them; remembers the last search, because the pages of one pull
/// differ in their lowest id alone.
struct KeysetIndex: Sendable {
  private var key = ""
  private var rows: [Int] = []

  /// Forgets what was found, because a row has changed.
  mutating func invalidate() {
    if !key.isEmpty {
      key = ""
      rows = []
    }
  }

  /// The rows that pass.
  mutating func rows(
    of plan: KeysetPlan, count: Int, id: (Int) -> Int, cell: (Int, Int) -> ConditionCell
  ) -> MatchedRows {
    if let candidates = plan.candidates {
      let found = candidates.filter { $0 >= plan.lowest && $0 <= plan.highest }.compactMap { wanted in
        let place = Self.first(count) { id($0) >= wanted }
        return place < count && id(place) == wanted ? place : nil
      }
      return .rows(
        found.filter { row in plan.residual.allSatisfy { $0.holds { cell($0, row) } } }[...])
    }
    if plan.residual.isEmpty {
      let start = plan.lowest == .min ? 0 : Self.first(count) { id($0) >= plan.lowest }
      let end = plan.highest == .max ? count : Self.first(count) { id($0) > plan.highest }
      return .range(start..<max(start, end))
    }
    let wanted = plan.residualKey
    if wanted != key {
      key = wanted
      rows = (0..<count).filter { row in plan.residual.allSatisfy { $0.holds { cell($0, row) } } }
    }
    let found = rows
    let start = plan.lowest == .min ? 0 : Self.first(found.count) { id(found[$0]) >= plan.lowest }
    let end = plan.highest == .max ? found.count : Self.first(found.count) { id(found[$0]) > plan.highest }
    return .rows(found[start..<max(start, end)])
  }

  /// The first place below a count at which something that stays true has become true; the count if none has.
  static func first(_ count: Int, where isReached: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isReached(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
