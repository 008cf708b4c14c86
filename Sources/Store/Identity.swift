import GRDB
import Platform
import Scoring

/// Who is whom: contacts that share a normalised address, on any connection and transitively, are one person.
///
/// A person is numbered by the smallest key of its contacts; only persons with several contacts have rows in
/// `members`.
enum Identity {
  /// An address that more contacts of one connection share joins nobody anywhere.
  static let mostSharers = 10

  /// Regroups whoever the noted addresses may have joined or parted, and finds new owners for what is named
  /// by address.
  static func settle(_ db: Database) throws {
    while true {
      let addresses = try String.fetchAll(db, sql: "SELECT address FROM dirty_addresses LIMIT 2000")
      if addresses.isEmpty { break }
      try db.inTransaction {
        let grouping = try Grouping(db)
        for address in addresses {
          try grouping.regroup(whoHas: address)
          try db.execute(sql: "DELETE FROM dirty_addresses WHERE address = ?", arguments: [address])
        }
        return .commit
      }
    }
    try AddressOwners.settle(db)
  }

  /// Forgets a contact with its activities; the journal keeps the id alone. False if it is not known.
  ///
  /// - Parameter keepsAddressed: What was read by its addresses stays, since another contact takes them over and
  ///   may not have been read yet.
  static func forget(_ key: Int64, keepsAddressed: Bool = false, _ db: Database) throws -> Bool {
    guard
      let row = try Row.fetchOne(
        db, sql: "SELECT connection, emails, person FROM contacts WHERE id = ?", arguments: [key])
    else { return false }
    let (connection, emails, person): (Int64, String, Int64) = try (
      row.value(0), row.value(1), row.value(2)
    )
    let others = try Int64.fetchAll(
      db, sql: "SELECT contact FROM members WHERE person = ? AND contact <> ?", arguments: [person, key])
    for table in ["contacts", "activities", "identities", "held"] {
      try db.execute(sql: "DELETE FROM \(table) WHERE id = ?", arguments: [key])
    }
    try OutboxTable.forget(key, others: others, db)
    for table in ["dirty", "pending", "missing", "history"] {
      try db.execute(sql: "DELETE FROM \(table) WHERE contact = ?", arguments: [key])
    }
    for address in emails.split(separator: "\n") {
      try db.execute(
        sql: "DELETE FROM addresses WHERE address = ? AND connection = ? AND contact = ?",
        arguments: [String(address), connection, key])
    }
    try db.execute(sql: "DELETE FROM scores WHERE person = ?", arguments: [person])
    try db.execute(sql: "DELETE FROM members WHERE person = ? AND contact = ?", arguments: [person, key])
    try db.execute(
      sql: "INSERT OR IGNORE INTO forgotten (id, connection) VALUES (?, ?)", arguments: [key, connection])
    try db.execute(
      sql: "UPDATE connections SET contacts = contacts - 1 WHERE id = ?", arguments: [connection])
    let grouping = try Grouping(db)
    for other in others {
      try grouping.regroup(other)
      // They have to be scored again also if they stay together as they were.
      try db.execute(sql: "INSERT OR IGNORE INTO dirty (contact) VALUES (?)", arguments: [other])
    }
    // What was read by address alone goes with the last contact that has the address.
    for address in emails.split(separator: "\n") {
      let arguments: StatementArguments = [String(address), connection]
      if !keepsAddressed {
        try db.execute(
          sql: """
            DELETE FROM activities WHERE id IN (
              SELECT id FROM address_subjects s WHERE s.address = ?1 AND s.connection = ?2 AND s.owner = ?3
              AND NOT EXISTS (SELECT 1 FROM addresses a WHERE a.address = ?1 AND a.connection = ?2))
            """, arguments: arguments + [key])
      }
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO dirty_subjects (id)
            SELECT id FROM address_subjects WHERE owner = ?
          """, arguments: [key])
    }
    return true
  }

  /// Takes what is known of forgotten contacts out of the journal, in one walk over it; their ids stay.
  static func clearJournal(_ db: Database) throws {
    guard try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM forgotten WHERE in_journal = 1)") ?? false
    else { return }
    try db.execute(
      sql: """
        UPDATE journal SET was = x'', wanted = x'', note = NULL
          WHERE contact IN (SELECT id FROM forgotten WHERE in_journal = 1);
        UPDATE forgotten SET in_journal = 0 WHERE in_journal = 1;
        """)
  }

  /// A merge on the platform: the loser's activities are the winner's, also those that come later.
  static func merge(loser: Int64, winner: Int64, _ db: Database) throws {
    guard loser != winner else { return }
    try ActivityMergeTable(db).move(from: loser, to: winner)
    try OutboxTable.move(from: loser, to: winner, db)
    _ = try forget(loser, keepsAddressed: true, db)
    try db.execute(sql: "DELETE FROM activities WHERE id = ?", arguments: [loser])
    try db.execute(sql: "DELETE FROM identities WHERE id = ?", arguments: [loser])
    try db.execute(sql: "DELETE FROM forgotten WHERE id = ?", arguments: [loser])
    try db.execute(sql: "UPDATE aliases SET winner = ?2 WHERE winner = ?1", arguments: [loser, winner])
    try db.execute(
      sql: "INSERT OR REPLACE INTO aliases (id, winner) VALUES (?, ?)", arguments: [loser, winner])
  }
}

/// Finds out with whom a contact forms a person, and writes it down.
final class Grouping {
  private let db: Database
  private let emailsOf: HotStatement
  private let whoHas: HotStatement
  private let personOf: HotStatement
  private let membersOf: HotStatement
  private let setPerson: HotStatement
  private let dropMembers: HotStatement
  private let addMember: HotStatement
  private let dropScore: HotStatement
  private let dirty: HotStatement
  private var shared: Set<String> = []

  init(_ db: Database) throws {
    self.db = db
    emailsOf = try HotStatement(db, "SELECT emails FROM contacts WHERE id = ?")
    whoHas = try HotStatement(db, "SELECT connection, contact FROM addresses WHERE address = ?")
    personOf = try HotStatement(db, "SELECT person FROM contacts WHERE id = ?")
    membersOf = try HotStatement(db, "SELECT contact FROM members WHERE person = ?")
    setPerson = try HotStatement(db, "UPDATE contacts SET person = ?2 WHERE id = ?1")
    dropMembers = try HotStatement(db, "DELETE FROM members WHERE person = ?")
    addMember = try HotStatement(db, "INSERT OR IGNORE INTO members (person, contact) VALUES (?, ?)")
    dropScore = try HotStatement(db, "DELETE FROM scores WHERE person = ?")
    dirty = try HotStatement(db, "INSERT OR IGNORE INTO dirty (contact) VALUES (?)")
  }

  func regroup(whoHas address: String) throws {
    for contact in try contacts(having: address) { try regroup(contact) }
  }

  func regroup(_ contact: Int64) throws {
    var open = [contact]
    var done: Set<Int64> = []
    while let next = open.popLast() {
      guard done.insert(next).inserted, let person = try person(of: next) else { continue }
      let component = try component(of: next)
      done.formUnion(component)
      var persons: Set<Int64> = [person]
      for member in component {
        if let person = try self.person(of: member) { persons.insert(person) }
      }
      var leftBehind: Set<Int64> = []
      var grouped: Set<Int64> = []
      for person in persons {
        let members = try self.members(of: person)
        grouped.formUnion(members)
        leftBehind.formUnion(members.subtracting(component))
      }
      guard let leader = component.min() else { continue }
      let isAsBefore =
        persons == [leader] && leftBehind.isEmpty
        && (component.count == 1 ? grouped.isEmpty : grouped == component)
      if isAsBefore { continue }
      for person in persons {
        try dropMembers.bind(1, person).run()
        try dropScore.bind(1, person).run()
      }
      for member in component {
        try setPerson.bind(1, member).bind(2, leader).run()
        try dirty.bind(1, member).run()
        if component.count > 1 { try addMember.bind(1, leader).bind(2, member).run() }
      }
      for member in leftBehind {
        try setPerson.bind(1, member).bind(2, member).run()
        try dirty.bind(1, member).run()
        open.append(member)
      }
    }
  }

  /// Everybody who is reached from a contact over addresses that join.
  private func component(of contact: Int64) throws -> Set<Int64> {
    var found: Set<Int64> = [contact]
    var open = [contact]
    var seen: Set<Substring> = []
    while let next = open.popLast() {
      for address in try emails(of: next).split(separator: "\n") where seen.insert(address).inserted {
        for other in try joined(by: String(address)) where found.insert(other).inserted { open.append(other) }
      }
    }
    return found
  }

  /// The contacts that an address joins: none if too many of one connection share it.
  private func joined(by address: String) throws -> [Int64] {
    if shared.contains(address) { return [] }
    var sharers: [Int64: Int] = [:]
    var contacts: [Int64] = []
    whoHas.bind(1, address)
    while try whoHas.step() {
      sharers[whoHas.int64(0), default: 0] += 1
      contacts.append(whoHas.int64(1))
    }
    guard sharers.values.allSatisfy({ $0 <= Identity.mostSharers }) else {
      shared.insert(address)
      return []
    }
    return contacts
  }

  private func contacts(having address: String) throws -> [Int64] {
    var contacts: [Int64] = []
    whoHas.bind(1, address)
    while try whoHas.step() { contacts.append(whoHas.int64(1)) }
    return contacts
  }

  private func emails(of contact: Int64) throws -> String {
    emailsOf.bind(1, contact)
    defer { emailsOf.reset() }
    return try emailsOf.step() ? emailsOf.text(0) ?? "" : ""
  }

  private func person(of contact: Int64) throws -> Int64? {
    personOf.bind(1, contact)
    defer { personOf.reset() }
    return try personOf.step() ? personOf.int64(0) : nil
  }

  private func members(of person: Int64) throws -> Set<Int64> {
    membersOf.bind(1, person)
    var members: Set<Int64> = []
    while try membersOf.step() { members.insert(membersOf.int64(0)) }
    return members
  }
}
