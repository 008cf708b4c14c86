/// Marketing e-mail events, by type, ascending by time.
struct EmailEventLog: Sendable {
  private(set) var byType: [String: [EmailEvent]] = [:]
  /// The numbers of the e-mails that some event is about.
  private(set) var campaigns: Set<UInt32> = []
  private var count: UInt32 = 0

  static let types: Set<String> = [
    "SENT", "PROCESSED", "DROPPED", "DELIVERED", "DEFERRED", "BOUNCE", "OPEN", "CLICK", "PRINT", "FORWARD",
    "STATUSCHANGE", "SPAMREPORT", "UNBOUNCE", "SUPPRESSED",
  ]

  /// Adds an event where its time says and gives its number.
  @discardableResult
  mutating func add(_ type: String, _ event: EmailEvent) -> UInt32 {
    count += 1
    campaigns.insert(event.campaign)
    var event = event
    event.number = count
    let place = Self.firstPlace(after: event.time, in: byType[type] ?? [])
    byType[type, default: []].insert(event, at: place)
    return count
  }

  /// All events of a type, or of all types in the order of time.
  func events(of type: String?) -> View {
    if let type { return View(type: type, types: [], events: byType[type] ?? []) }
    let all = byType.flatMap { type, events in events.map { (type: type, event: $0) } }
      .sorted { ($0.event.time, $0.event.number) < ($1.event.time, $1.event.number) }
    return View(type: "", types: all.map { $0.type }, events: all.map { $0.event })
  }

  /// Events ascending by time; all of one type, or each with its own.
  struct View {
    fileprivate let type: String
    fileprivate let types: [String]
    let events: [EmailEvent]

    func type(at place: Int) -> String { types.isEmpty ? type : types[place] }
  }

  /// Where the first event stands that is later than a moment.
  static func firstPlace(after time: Moment, in events: [EmailEvent]) -> Int {
    if let last = events.last, last.time <= time { return events.count }
    var (low, high) = (0, events.count)
    while low < high {
      let middle = (low + high) / 2
      if events[middle].time <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// A marketing e-mail event; texts are in the server's pool.
struct EmailEvent: Sendable {
  var number: UInt32 = 0
  let time: Moment
  let contact: Int64
  let recipient: UInt32
  let campaign: UInt32
  var url: UInt32 = 0
  /// A bot or one of the account's own people did it.
  var isFiltered = false
  /// Another event took its place.
  var isObsolete = false
}
