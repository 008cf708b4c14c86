/// A contact, a lead, a deal or a company.
struct Entity: Row {
  let id: Int64
  var created: Int64
  var modified: Int64
  /// The user who changed it last.
  var modifiedBy: Int64 = 1
  var lastActivity: Int64
  /// The contacts of a deal.
  var contacts: [Int64] = []
  var isHidden = false
  private(set) var values: [Value] = []
  var channels: [Channel] = []

  /// A value that not every row has.
  struct Value: Sendable {
    let place: UInt16
    var cell: Cell
  }

  /// An address, a number: what the older methods call a multifield.
  struct Channel: Sendable, Equatable {
    let id: Int64
    let kind: Kind
    var value: String

    enum Kind: String, Sendable, CaseIterable {
      case phone = "PHONE"
      case email = "EMAIL"
      case web = "WEB"
    }
  }

  /// What every row has.
  enum Column: UInt8 {
    case id, created, modified, modifiedBy, lastActivity, hasPhone, hasEmail, hasChat
    case phone, email, web, contact, contacts, createdBy
  }

  init(id: Int64, created: Int64) {
    self.id = id
    self.created = created
    modified = created
    lastActivity = created
  }

  /// What is held at a place.
  subscript(place: UInt16) -> Cell {
    get { values.first { $0.place == place }?.cell ?? .none }
    set {
      let index = values.firstIndex { $0.place == place }
      if newValue.isEmpty {
        if let index { values.remove(at: index) }
      } else if let index {
        values[index].cell = newValue
      } else {
        values.append(Value(place: place, cell: newValue))
      }
    }
  }

  func cell(_ field: Field) -> Cell {
    switch field.source {
    case .stored(let place): return self[place]
    case .column(let number): return Column(rawValue: number).map { column($0) } ?? .none
    }
  }

  private func column(_ column: Column) -> Cell {
    switch column {
    case .id: return .whole(id)
    case .created: return .time(created)
    case .modified: return .time(modified)
    case .modifiedBy: return .whole(modifiedBy)
    case .lastActivity: return .time(lastActivity)
    case .hasPhone: return .flag(channels.contains { $0.kind == .phone })
    case .hasEmail: return .flag(channels.contains { $0.kind == .email })
    case .hasChat: return .flag(false)
    case .phone: return texts(.phone)
    case .email: return texts(.email)
    case .web: return texts(.web)
    case .contact: return contacts.first.map { .whole($0) } ?? .none
    case .contacts: return .many(contacts.map { .whole($0) })
    case .createdBy: return .whole(1)
    }
  }

  private func texts(_ kind: Channel.Kind) -> Cell {
    .many(channels.filter { $0.kind == kind }.map { .text($0.value) })
  }

  /// The first value of a channel.
  func first(_ kind: Channel.Kind) -> Channel? { channels.first { $0.kind == kind } }
}

/// A kind of entity, by the number that the methods use.
enum EntityType: Int64, Sendable, CaseIterable {
  case lead = 1
  case deal = 2
  case contact = 3
  case company = 4

  /// `contact` in `crm.contact.list`.
  var word: String {
    switch self {
    case .lead: return "lead"
    case .deal: return "deal"
    case .contact: return "contact"
    case .company: return "company"
    }
  }

  init?(word: String) {
    guard let type = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = type
  }
}

/// Who or what a row belongs to.
struct EntityReference: Hashable, Sendable {
  var type: EntityType
  var id: Int64
}

/// All entities of a kind, ascending by id, with their fields.
struct EntitySpace: Sendable {
  var fields: FieldList
  var userFields: [UserField] = []
  var rows: [Entity] = []
  var nextID: Int64
  private var nextPlace: UInt16

  init(_ type: EntityType) {
    fields = FieldList(FieldCatalogue.fields(of: type))
    nextPlace = UInt16(fields.fields.count)
    // Numbers of different kinds overlap, as they do on a portal.
    nextID = type == .lead ? 5 : type == .deal ? 11 : 7
  }

  /// Where a row stands; nil if there is none.
  func place(of id: Int64) -> Int? {
    let place = rows.firstPlace(from: id)
    return place < rows.count && rows[place].id == id ? place : nil
  }

  /// Adds a row with the next id and gives its place; ids leave gaps.
  mutating func add(at time: Int64) -> Int {
    rows.append(Entity(id: nextID, created: time))
    nextID += rows.count % 5 == 0 ? 3 : 2
    return rows.count - 1
  }

  /// A place for the values of a new field; none is ever given twice.
  mutating func newPlace() -> UInt16 {
    nextPlace += 1
    return nextPlace
  }
}

/// All entities.
struct EntitySpaces: Sendable {
  private var spaces = EntityType.allCases.map { EntitySpace($0) }

  subscript(type: EntityType) -> EntitySpace {
    get { spaces[Int(type.rawValue) - 1] }
    _modify { yield &spaces[Int(type.rawValue) - 1] }
  }
}

extension Array where Element: Row {
  /// Where the first row stands whose id is at least this.
  func firstPlace(from id: Int64) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
