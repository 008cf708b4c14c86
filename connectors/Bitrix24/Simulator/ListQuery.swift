/// What a list method was asked for.
struct ListQuery: Sendable {
  var filter = Filter.all([])
  /// Fields and whether they descend; the last one is always the id.
  var order: [(field: Field, descends: Bool)] = []
  /// How many rows are left out; nil if nothing is counted.
  var start: Int? = 0
  var size: Int

  /// A page of rows, and what is told of the rest.
  struct Found {
    var places: [Int] = []
    /// 0 if nothing was counted.
    var total = 0
    var next: Int?
  }

  /// Goes through rows that ascend by id.
  func find(in rows: [some Row]) -> Found {
    if let places = listed(in: rows) { return find(among: places, of: rows) }
    return find(among: range(of: rows), of: rows)
  }

  private func find(among candidates: some Sequence<Int>, of rows: [some Row]) -> Found {
    let hits = candidates.lazy.filter { !rows[$0].isHidden && filter.holds(for: rows[$0]) }
    if start == nil, isByID { return Found(places: Array(hits.prefix(size))) }
    var places = Array(hits)
    if !isByID { sort(&places, rows) }
    return page(places)
  }

  func page(_ places: [Int]) -> Found {
    guard let start else { return Found(places: Array(places.prefix(size))) }
    let rest = places.dropFirst(start)
    return Found(
      places: Array(rest.prefix(size)), total: places.count, next: rest.count > size ? start + size : nil)
  }

  private var isByID: Bool {
    guard let first = order.first else { return true }
    return first.field.name == "ID" && !first.descends
  }

  private func sort(_ places: inout [Int], _ rows: [some Row]) {
    places.sort { left, right in
      for (field, descends) in order {
        let (one, other) = (rows[left].cell(field), rows[right].cell(field))
        if Self.isLess(one, other) { return !descends }
        if Self.isLess(other, one) { return descends }
      }
      return left < right
    }
  }

  private static func isLess(_ left: Cell, _ right: Cell) -> Bool {
    switch (left, right) {
    case (.whole(let one), .whole(let other)), (.time(let one), .time(let other)): return one < other
    case (.number(let one), .number(let other)): return one < other
    default: return left.plain < right.plain
    }
  }

  /// The rows that the filter's bounds of the id leave.
  private func range(of rows: [some Row]) -> Range<Int> {
    var (low, high) = (0, rows.count)
    for demand in filter.demands where demand.field.name == "ID" && demand.operands.count == 1 {
      guard case .number(let number) = demand.operands[0], abs(number) < 1e15 else { continue }
      let floor = Int64(number.rounded(.down))
      switch demand.comparison {
      case .above: low = max(low, rows.firstPlace(from: floor + 1))
      case .atLeast: low = max(low, rows.firstPlace(from: Int64(number.rounded(.up))))
      case .atMost: high = min(high, rows.firstPlace(from: floor + 1))
      case .below: high = min(high, rows.firstPlace(from: Int64(number.rounded(.up))))
      case .equals, .isIn:
        low = max(low, rows.firstPlace(from: floor))
        high = min(high, rows.firstPlace(from: floor + 1))
      default: break
      }
    }
    return low..<max(low, high)
  }

  /// The rows whose ids the filter lists, if it lists any.
  private func listed(in rows: [some Row]) -> [Int]? {
    let list = filter.demands.first {
      $0.field.name == "ID" && $0.operands.count > 1 && [.isIn, .equals].contains($0.comparison)
    }
    guard let list else { return nil }
    let ids = list.operands.compactMap { operand -> Int64? in
      if case .number(let number) = operand, abs(number) < 1e15 { return Int64(number) }
      return nil
    }
    return Set(ids).sorted().compactMap { id in
      let place = rows.firstPlace(from: id)
      return place < rows.count && rows[place].id == id ? place : nil
    }
  }
}
