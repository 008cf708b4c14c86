/// A record of any kind: a contact, a deal, a call.
struct CRMRecord: Sendable {
  let id: Int64
  var created: Moment
  var modified: Moment
  var archived: Moment?
  /// Values that are held; an empty text is no value.
  private(set) var values: [Value] = []

  /// A property's value; the property is named by its place.
  struct Value: Sendable {
    let place: UInt16
    var text: String
  }

  init(id: Int64, created: Moment) {
    self.id = id
    self.created = created
    modified = created
  }

  /// What is held for the property at this place; nil for none.
  subscript(place: Int) -> String? {
    get { values.first { $0.place == place }?.text }
    set {
      let index = values.firstIndex { $0.place == place }
      if let newValue, !newValue.isEmpty {
        if let index { values[index].text = newValue } else { add(newValue, place) }
      } else if let index {
        values.remove(at: index)
      }
    }
  }

  private mutating func add(_ text: String, _ place: Int) {
    values.append(Value(place: UInt16(place), text: text))
  }
}

/// All records of a kind, ascending by id.
struct RecordStore: Sendable {
  private(set) var records: [CRMRecord] = []
  /// The id of the next record.
  var nextID: Int64

  init(firstID: Int64) {
    nextID = firstID
  }

  /// Where the first record stands whose id is at least this.
  func firstPlace(from id: Int64) -> Int {
    var (low, high) = (0, records.count)
    while low < high {
      let middle = (low + high) / 2
      if records[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Where a record stands, archived or not; nil if there is none.
  func place(of id: Int64) -> Int? {
    let place = firstPlace(from: id)
    return place < records.count && records[place].id == id ? place : nil
  }

  subscript(place: Int) -> CRMRecord {
    get { records[place] }
    _modify { yield &records[place] }
  }

  /// Adds a record with the next id and gives its place; ids leave gaps.
  mutating func add(created: Moment) -> Int {
    records.append(CRMRecord(id: nextID, created: created))
    nextID += 1 + Int64(records.count % 7)
    return records.count - 1
  }

  mutating func remove(at place: Int) {
    records.remove(at: place)
  }
}
