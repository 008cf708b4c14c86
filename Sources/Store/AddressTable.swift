import GRDB
import Platform
import Scoring

/// Who has which address.
final class AddressTable {
  private let find: HotStatement
  private let insert: HotStatement
  private let delete: HotStatement
  private let dirty: HotStatement
  private let isMember: HotStatement
  private let dirtySubject: HotStatement
  private let hash: StableHash
  private let byAddress: Set<Int64>

  init(_ db: Database, hash: StableHash) throws {
    self.hash = hash
    byAddress = try Set(Int64.fetchAll(db, sql: "SELECT id FROM connections WHERE by_address = 1"))
    dirtySubject = try HotStatement(
      db, "INSERT OR IGNORE INTO dirty_subjects (id) SELECT id FROM address_subjects WHERE id = ?")
    find = try HotStatement(
      db, "SELECT connection, contact FROM addresses WHERE address = ? LIMIT \(Identity.mostSharers * 64)")
    insert = try HotStatement(
      db, "INSERT OR IGNORE INTO addresses (address, connection, contact) VALUES (?, ?, ?)")
    delete = try HotStatement(
      db, "DELETE FROM addresses WHERE address = ? AND connection = ? AND contact = ?")
    dirty = try HotStatement(db, "INSERT OR IGNORE INTO dirty_addresses (address) VALUES (?)")
    isMember = try HotStatement(db, "SELECT 1 FROM members WHERE person = ? LIMIT 1")
  }

  /// Changes a contact's addresses and notes those by which somebody may have become someone else.
  func change(_ contact: Int64, _ connection: Int64, from old: String, to new: String, person: Int64) throws {
    let before = old.split(separator: "\n").map(String.init)
    let after = new.split(separator: "\n").map(String.init)
    for address in before where !after.contains(address) {
      try noteSubjects(of: address)
      try delete.bind(1, address).bind(2, connection).bind(3, contact).run()
      try dirty.bind(1, address).run()
    }
    for address in after where !before.contains(address) {
      try noteSubjects(of: address)
      if try joinsOthers(address) { try dirty.bind(1, address).run() }
      try insert.bind(1, address).bind(2, connection).bind(3, contact).run()
    }
    isMember.bind(1, person)
    defer { isMember.reset() }
    // A contact that leaves a person leaves others behind: they are found by any address it keeps or had.
    if !before.isEmpty, try isMember.step() { for address in after { try dirty.bind(1, address).run() } }
  }

  /// What connections name by the address may belong to another contact now.
  private func noteSubjects(of address: String) throws {
    guard !byAddress.isEmpty, let address = EmailAddress(address) else { return }
    for connection in byAddress {
      try dirtySubject.bind(1, ContactKey(address, connection: connection, hash: hash).value).run()
    }
  }

  /// True if somebody has the address already and it is not yet shared by too many to join anybody.
  private func joinsOthers(_ address: String) throws -> Bool {
    find.bind(1, address)
    defer { find.reset() }
    var sharers: [Int64: Int] = [:]
    while try find.step() { sharers[find.int64(0), default: 0] += 1 }
    return !sharers.isEmpty && sharers.values.allSatisfy { $0 <= Identity.mostSharers }
  }
}
