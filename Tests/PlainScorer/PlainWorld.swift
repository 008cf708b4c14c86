/// A record on a connection.
public struct PlainContact: Sendable, Equatable {
  /// The connection's name.
  public var connection: String
  /// The connection's platform.
  public var platform: String
  /// The id on the connection, which no other of its contacts has.
  public var id: String
  /// E-mail addresses, the primary one first.
  public var addresses: [String]
  /// When it was created, in seconds since 1970; nil if that is not known.
  public var createdAt: Int64?
  /// Fields by name.
  public var fields: [String: String]

  /// A contact.
  public init(
    connection: String, platform: String, id: String, addresses: [String] = [], createdAt: Int64? = nil,
    fields: [String: String] = [:]
  ) {
    self.connection = connection
    self.platform = platform
    self.id = id
    self.addresses = addresses
    self.createdAt = createdAt
    self.fields = fields
  }
}

/// Something that a contact did, or that was done with it.
public struct PlainActivity: Sendable, Equatable {
  /// The connection's name.
  public var connection: String
  /// The id of the contact on that connection.
  public var contact: String
  /// What tells it from all other activities of the connection.
  public var identity: String
  /// The kind: `page_visit` …
  public var kind: String
  /// When it was, in seconds since 1970.
  public var time: Int64
  /// The page, file, link … if there is one.
  public var target: String?
  /// The name of the e-mail, if there is one.
  public var campaign: String?
  /// Seconds or money, if known.
  public var value: Double?

  /// An activity.
  public init(
    connection: String, contact: String, identity: String, kind: String, time: Int64, target: String? = nil,
    campaign: String? = nil, value: Double? = nil
  ) {
    self.connection = connection
    self.contact = contact
    self.identity = identity
    self.kind = kind
    self.time = time
    self.target = target
    self.campaign = campaign
    self.value = value
  }
}

/// All that the platforms know.
public struct PlainWorld: Sendable, Equatable {
  /// Names of the connections, in the order of the configuration.
  public var connections: [String]
  /// All contacts.
  public var contacts: [PlainContact]
  /// All activities; one that is there twice, by connection and identity, counts once.
  public var activities: [PlainActivity]

  /// A world.
  public init(connections: [String], contacts: [PlainContact], activities: [PlainActivity]) {
    self.connections = connections
    self.contacts = contacts
    self.activities = activities
  }

  /// The contacts as people: those are one who have an address in common, directly or over others.
  ///
  /// The people stand in the order of their first contacts: by connection, then by id.
  public func people() -> [PlainPerson] {
    let crowded = crowdedAddresses()
    var people: [(contacts: [PlainContact], addresses: Set<String>)] = []
    for contact in contacts.sorted(by: precedes) {
      let addresses = Set(contact.addresses.compactMap(PlainAddress.normalised)).subtracting(crowded)
      let same = people.filter { !$0.addresses.isDisjoint(with: addresses) }
      people.removeAll { !$0.addresses.isDisjoint(with: addresses) }
      people.append(
        (same.flatMap(\.contacts) + [contact], same.reduce(into: addresses) { $0.formUnion($1.addresses) }))
    }
    return people.map {
      PlainPerson(contacts: $0.contacts.sorted(by: precedes), activities: activities(of: $0.contacts))
    }
    .sorted { precedes($0.contacts[0], $1.contacts[0]) }
  }

  /// Addresses that more than 10 contacts of one connection share.
  private func crowdedAddresses() -> Set<String> {
    var result: Set<String> = []
    for connection in connections {
      var count: [String: Int] = [:]
      for contact in contacts where contact.connection == connection {
        for address in Set(contact.addresses.compactMap(PlainAddress.normalised)) {
          count[address, default: 0] += 1
        }
      }
      result.formUnion(count.filter { $0.value > 10 }.keys)
    }
    return result
  }

  private func activities(of contacts: [PlainContact]) -> [PlainActivity] {
    var seen: Set<[String]> = []
    return activities.filter { activity in
      contacts.contains { $0.connection == activity.connection && $0.id == activity.contact }
        && seen.insert([activity.connection, activity.identity]).inserted
    }
  }

  private func precedes(_ left: PlainContact, _ right: PlainContact) -> Bool {
    let places = (place(of: left), place(of: right))
    return places.0 == places.1 ? PlainText.precedes(left.id, right.id) : places.0 < places.1
  }

  private func place(of contact: PlainContact) -> Int {
    connections.firstIndex(of: contact.connection) ?? connections.count
  }
}

/// All contacts that are the same human.
public struct PlainPerson: Sendable, Equatable {
  /// By the order of the connections, then by id as text.
  public var contacts: [PlainContact]
  /// What these contacts did, each activity once.
  public var activities: [PlainActivity]

  /// A person. The contacts stand in the order in which their fields count.
  public init(contacts: [PlainContact], activities: [PlainActivity]) {
    self.contacts = contacts
    self.activities = activities
  }

  /// For each field the first value that is not empty.
  public var profile: [String: String] {
    var result: [String: String] = [:]
    for contact in contacts {
      for (name, value) in contact.fields where result[name] == nil && !PlainText.isBlank(value) {
        result[name] = value
      }
    }
    return result
  }

  /// When the first of the contacts was created, as far as known.
  public var knownSince: Int64? {
    contacts.compactMap(\.createdAt).min()
  }

  /// The platform of a connection that the person has contacts on.
  func platform(of connection: String) -> String? {
    contacts.first { $0.connection == connection }?.platform
  }
}
