import Scoring

/// One connection's file of activities.
struct ActivityFile {
  static let header = "contact,email,kind,at,target,campaign,value,id"

  private let world: GeneratedWorld
  private let connection: SandboxConnection
  /// Stands in the identities of rows that were appended later.
  private let batch: Int?
  private let catalogue: Catalogue
  private let kinds: [[UInt8]]
  private var file: BufferedFile
  private var day = Int64.min
  private var date: [UInt8] = []

  /// How many rows were written.
  private(set) var rows = 0

  init(
    path: String, world: GeneratedWorld, connection: SandboxConnection, catalogue: Catalogue,
    batch: Int? = nil
  ) throws(SandboxFailure) {
    self.world = world
    self.connection = connection
    self.batch = batch
    self.catalogue = catalogue
    var kinds = [[UInt8]](repeating: [], count: Int(KnownKind.firstCustomCode))
    for kind in KnownKind.allCases { kinds[Int(kind.rawValue)] = Array(kind.name.utf8) }
    self.kinds = kinds
    file = try BufferedFile(path: path, append: batch != nil)
    if batch == nil {
      file.add(plain: Self.header)
      try file.endRow()
    }
  }

  mutating func write(_ row: GeneratedActivity) throws(SandboxFailure) {
    let person = Int(row.person)
    addContact(person, row.marks)
    file.add(kinds[Int(row.kind.rawValue)])
    file.add(0x2C)
    addTime(world.origin.seconds + Int64(row.time))
    file.add(0x2C)
    file.add(catalogue.targets[Int(row.target)])
    file.add(0x2C)
    file.add(catalogue.campaigns[Int(row.campaign)])
    file.add(0x2C)
    addValue(row)
    file.add(0x2C)
    if !row.marks.contains(.nameless) {
      file.add("a")
      file.add(number: person + 1)
      if let batch {
        file.add("-b")
        file.add(number: batch)
      }
      file.add("-")
      file.add(number: Int(row.ordinal))
    }
    try file.endRow()
    rows += 1
  }

  mutating func close() throws(SandboxFailure) {
    try file.close()
  }

  private mutating func addContact(_ person: Int, _ marks: GeneratedActivity.Marks) {
    if marks.contains(.byAddress) {
      let contact = world.contact(person, on: connection)
      if contact.ownsAddress {
        file.add(0x2C)
        file.add(field: contact.email.lowercased())
        file.add(0x2C)
        return
      }
    }
    if connection == .web {
      file.add(number: person + 1)
    } else {
      file.add(plain: world.id(of: person, on: connection))
    }
    file.add(",,")
  }

  /// `web` writes UTC, `shop` the time of Vietnam with its offset.
  private mutating func addTime(_ utc: Int64) {
    let seconds = connection == .web ? utc : utc + 7 * 3_600
    let today = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    if today != day {
      day = today
      date = Array(Timestamp(today * 86_400).description.prefix(11).utf8)
    }
    let rest = Int(seconds - today * 86_400)
    file.add(date)
    file.add(number: rest / 3_600, width: 2)
    file.add(":")
    file.add(number: rest / 60 % 60, width: 2)
    file.add(":")
    file.add(number: rest % 60, width: 2)
    if connection == .web { file.add("Z") } else { file.add("+07:00") }
  }

  private mutating func addValue(_ row: GeneratedActivity) {
    guard row.value >= 0 else { return }
    let value = Int(row.value)
    switch row.kind {
    case .purchase, .dealWon:
      file.add(number: value / 100)
      file.add(".")
      file.add(number: value % 100, width: 2)
    default: file.add(number: value)
    }
  }
}
