import Platform
import Scoring

/// Hands a world's records of one connection to a simulator, one after the other.
struct SimulatorFilling {
  private let world: GeneratedWorld
  private let catalogue: Catalogue
  private let place: SandboxPlace
  private let kinds: [ActivityKind]
  private var last: GeneratedActivity?
  private var contacts = 0
  private var activities = 0

  init(world: GeneratedWorld, catalogue: Catalogue, place: SandboxPlace) {
    self.world = world
    self.catalogue = catalogue
    self.place = place
    var kinds = [ActivityKind](repeating: .known(.note), count: Int(KnownKind.firstCustomCode))
    for kind in KnownKind.allCases { kinds[Int(kind.rawValue)] = .known(kind) }
    self.kinds = kinds
  }

  /// How many records were handed over.
  var summary: SandboxSummary {
    SandboxSummary(
      people: world.people, contacts: [place.name: contacts], activities: [place.name: activities])
  }

  mutating func addContacts(to simulator: inout some Simulator) {
    for person in 0..<world.people where place.has(person, in: world) {
      simulator.add(world.simulatedContact(person, on: place.base))
      contacts += 1
    }
  }

  /// Hands over what happened on the connection; rows come in the order of time.
  mutating func add(_ row: GeneratedActivity, to simulator: inout some Simulator) {
    // A row with an identity that stands twice in a file happened once.
    let isRepeated =
      !row.marks.contains(.nameless) && last?.person == row.person && last?.ordinal == row.ordinal
      && last?.time == row.time
    last = row
    guard !isRepeated else { return }
    simulator.add(
      SimulatedActivity(
        contact: Int(row.person) + 1, kind: kinds[Int(row.kind.rawValue)],
        time: Timestamp(world.origin.seconds + Int64(row.time)),
        target: catalogue.targetTexts[Int(row.target)], campaign: catalogue.campaignTexts[Int(row.campaign)],
        value: row.plainValue))
    activities += 1
  }
}

extension GeneratedActivity {
  /// Seconds, or whole and hundredth units of money; nil if there is none.
  var plainValue: Double? {
    guard value >= 0 else { return nil }
    switch kind {
    case .purchase, .dealWon: return Double(value) / 100
    default: return Double(value)
    }
  }
}

extension GeneratedWorld {
  /// The record of a person on a connection as a platform holds it that knows people by one address.
  func simulatedContact(_ person: Int, on connection: SandboxConnection = .web) -> SimulatedContact {
    let contact = contact(person, on: connection)
    var fields: [ContactField] = []
    for (name, value) in zip(GeneratedContact.fieldNames, contact.fields)
    where !value.isEmpty && name != "created_at" {
      fields.append(ContactField(name, value))
    }
    return SimulatedContact(
      number: person + 1, email: onlyAddress(of: contact, person, on: connection), fields: fields,
      createdAt: contact.createdAt)
  }

  /// The address that joins the person's contacts; the first one that nobody shares for who has one contact.
  private func onlyAddress(
    of own: GeneratedContact, _ person: Int, on connection: SandboxConnection
  ) -> String {
    let shared = sharedMailbox(of: person)
    var addresses = ([own.email] + own.otherAddresses).filter { !$0.isEmpty }
    if addresses.count > 1 { addresses.removeAll { $0.lowercased() == shared } }
    if places(of: person).count == 2 {
      // Both connections take the address that comes first on `web`, or two that join nobody might be taken.
      guard connection == .web else { return simulatedContact(person).email }
      let shop = contact(person, on: .shop)
      let there = Set(([shop.email] + shop.otherAddresses).map { $0.lowercased() })
      if let joining = addresses.first(where: { there.contains($0.lowercased()) }) { return joining }
    }
    return addresses.first ?? ""
  }
}
