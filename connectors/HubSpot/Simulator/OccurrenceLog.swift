/// Occurrences of events, by type, ascending by time.
struct OccurrenceLog: Sendable {
  private var byType: [String: [Occurrence]] = [:]
  private var count: UInt32 = 0

  static let pageView = "e_visited_page"
  static let form = "e_form_submission_v2"
  static let attendance = "e_attended_marketing_event"
  /// What every account on the plan is told of, whether or not anything happened.
  private static let standard = [pageView, form, attendance]

  /// All types that can be asked for: the usual ones, then the account's own.
  var types: [String] { Self.standard + byType.keys.filter { !Self.standard.contains($0) }.sorted() }

  mutating func add(_ type: String, contact: Int64, at time: Moment, text: UInt32) {
    count += 1
    let occurrence = Occurrence(number: count, time: time, contact: contact, text: text)
    let place = View.firstPlace(after: (time, count), in: byType[type] ?? [])
    byType[type, default: []].insert(occurrence, at: place)
  }

  /// All occurrences of a type, or of all types in the order of time.
  func view(of type: String?) -> View {
    if let type { return View(type: type, types: [], all: byType[type] ?? []) }
    let all = byType.flatMap { type, occurrences in occurrences.map { (type: type, occurrence: $0) } }
      .sorted { $0.occurrence.key < $1.occurrence.key }
    return View(type: "", types: all.map { $0.type }, all: all.map { $0.occurrence })
  }

  /// Occurrences ascending by time; all of one type, or each with its own.
  struct View {
    fileprivate let type: String
    fileprivate let types: [String]
    let all: [Occurrence]

    func type(at place: Int) -> String { types.isEmpty ? type : types[place] }

    /// Where the first occurrence stands that comes after one of this time and number.
    func firstPlace(after key: (Moment, UInt32)) -> Int { Self.firstPlace(after: key, in: all) }

    fileprivate static func firstPlace(after key: (Moment, UInt32), in all: [Occurrence]) -> Int {
      if let last = all.last, last.key <= key { return all.count }
      var (low, high) = (0, all.count)
      while low < high {
        let middle = (low + high) / 2
        if all[middle].key <= key { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }
}

/// A page view, a form or another event, with its page or name in the server's pool.
struct Occurrence: Sendable {
  let number: UInt32
  let time: Moment
  let contact: Int64
  let text: UInt32

  fileprivate var key: (Moment, UInt32) { (time, number) }
}
