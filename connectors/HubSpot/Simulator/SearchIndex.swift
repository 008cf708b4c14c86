/// What a search sees: records as they were some seconds ago.
struct SearchIndex: Sendable {
  /// How a search sees a record that changed lately; nil inside if it does not see it yet.
  private var older: [Int64: CRMRecord?] = [:]
  private var waiting: [Change] = []
  private var firstWaiting = 0
  private var waitingCount: [Int64: Int] = [:]

  private struct Change: Sendable {
    let due: Moment
    let id: Int64
    let record: CRMRecord
  }

  /// A record became another; `before` is nil for a new one.
  mutating func change(from before: CRMRecord?, to after: CRMRecord, due: Moment) {
    if older[after.id] == nil { older.updateValue(before, forKey: after.id) }
    waiting.append(Change(due: due, id: after.id, record: after))
    waitingCount[after.id, default: 0] += 1
  }

  /// Takes in what is due by now.
  mutating func advance(to now: Moment) {
    while firstWaiting < waiting.count, waiting[firstWaiting].due <= now {
      let change = waiting[firstWaiting]
      firstWaiting += 1
      let left = (waitingCount[change.id] ?? 1) - 1
      waitingCount[change.id] = left > 0 ? left : nil
      if left > 0 { older.updateValue(change.record, forKey: change.id) } else { older[change.id] = nil }
    }
    if firstWaiting > 1_000, firstWaiting * 2 > waiting.count {
      waiting.removeFirst(firstWaiting)
      firstWaiting = 0
    }
  }

  /// A record as a search sees it; nil if it does not.
  func seen(_ record: CRMRecord) -> CRMRecord? {
    guard record.archived == nil else { return nil }
    if older.isEmpty { return record }
    guard let old = older[record.id] else { return record }
    return old
  }
}

/// Everything about one kind of records.
struct ObjectSpace: Sendable {
  let type: ObjectType
  var store: RecordStore
  var properties: PropertyRegistry
  var groups: [PropertyGroup]
  var index = SearchIndex()
  /// The contacts that a record is linked with.
  var links: [Int64: [Int64]] = [:]

  init(_ type: ObjectType) {
    self.type = type
    store = RecordStore(firstID: type.firstID)
    properties = PropertyRegistry(StandardProperties.all(of: type))
    groups = StandardProperties.groups(of: type)
  }

  /// Where a record stands that is not archived.
  func livePlace(of id: Int64) -> Int? {
    store.place(of: id).flatMap { store[$0].archived == nil ? $0 : nil }
  }
}

/// All kinds of records.
struct ObjectSpaces: Sendable {
  private var all = ObjectType.allCases.map { ObjectSpace($0) }

  subscript(type: ObjectType) -> ObjectSpace {
    get { all[type.rawValue] }
    _modify { yield &all[type.rawValue] }
  }
}
