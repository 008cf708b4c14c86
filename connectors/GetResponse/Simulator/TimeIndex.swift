/// A range of moments, both ends inclusive; it is empty if its end lies before its beginning.
struct TimeRange {
  var from = Int64.min
  var to = Int64.max

  func contains(_ time: Int64) -> Bool { time >= from && time <= to }
}

/// Places of records in the order of a moment of theirs, and of their place where moments are alike.
struct TimeIndex: Sendable {
  private struct Entry: Comparable {
    let time: Int64
    let place: Int32

    static func < (left: Entry, right: Entry) -> Bool {
      left.time < right.time || (left.time == right.time && left.place < right.place)
    }
  }

  private static let none = Int64.min
  private var entries: [Entry] = []
  /// By place: the moment under which it stands; `none` if it does not.
  private var times: [Int64] = []
  private var isTidy = true

  /// Puts a record under another moment, or takes it out.
  mutating func set(_ place: Int, to time: Int64?) {
    while times.count <= place { times.append(Self.none) }
    let wanted = time ?? Self.none
    guard times[place] != wanted else { return }
    let isNew = times[place] == Self.none
    times[place] = wanted
    if let time { entries.append(Entry(time: time, place: Int32(place))) }
    let isInOrder = entries.count < 2 || entries[entries.count - 2] < entries[entries.count - 1]
    if !isNew || !isInOrder { isTidy = false }
  }

  /// The places whose moment lies in a range, in order; `part` picks from the count those that are wanted.
  mutating func places(in range: TimeRange, part: (Int) -> Range<Int>) -> (count: Int, places: [Int]) {
    tidy()
    let start = firstIndex { $0.time >= range.from }
    let end = range.to < range.from ? start : firstIndex { $0.time > range.to }
    let wanted = part(end - start)
    return (
      end - start,
      entries[start..<end].dropFirst(wanted.lowerBound).prefix(wanted.count).map { Int($0.place) }
    )
  }

  private mutating func tidy() {
    guard !isTidy else { return }
    entries.removeAll { times[Int($0.place)] != $0.time }
    entries.sort()
    // A record that came back to an earlier moment has two entries there.
    var kept: [Entry] = []
    kept.reserveCapacity(entries.count)
    for entry in entries where kept.last != entry { kept.append(entry) }
    entries = kept
    isTidy = true
  }

  private func firstIndex(where isBehind: (Entry) -> Bool) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(entries[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
